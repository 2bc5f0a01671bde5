/**
 * The real engine with Redis Cloud's unmodified provider against the stand-in. Slow, whatever the stand-in does: the
 * provider sleeps 10 s for a subscription, 30 and 40 s for a database, and again before it deletes them.
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plans, RedisCloudAccount, redisCloudApi } from "../../sandbox/clouds/redis-cloud/index.ts";
import { engineWith } from "./harness.ts";
import { ProviderStack } from "./provider-stack.ts";

const found = await engineWith(["@pulumi/rediscloud"]);
if ("reason" in found) console.log(`skipped: Redis Cloud with the real engine (${found.reason})`);

const password = randomBytes(18).toString("hex");
const rotated = randomBytes(18).toString("hex");

const settings = {
  dataEviction: "allkeys-lru",
  dataPersistence: "none",
  replication: false,
  enableDefaultUser: true,
};

const head = `
import * as pulumi from "@pulumi/pulumi";
import * as rediscloud from "@pulumi/rediscloud";
`;

/** As the stack declares them. */
const ours = `
const plan = rediscloud.getEssentialsPlanOutput({ name: "30MB", cloudProvider: "AWS", region: "us-west-2" });
const subscription = new rediscloud.EssentialsSubscription("kairos", {
  name: "kairos-redis",
  planId: plan.apply(({ id }) => id),
});
const database = new rediscloud.EssentialsDatabase("kairos", {
  subscriptionId: subscription.id.apply(Number),
  name: "kairos-redis",
  ...${JSON.stringify(settings)},
  password: pulumi.secret(${JSON.stringify(password)}),
});
export const endpoint = database.publicEndpoint;
`;

/** A subscription and a database that somebody made by hand. */
interface Older {
  subscription: number;
  database: number;
  planId: number;
  card: number;
}
const older = (
  { subscription, database, planId, card }: Older,
  changes: object = {},
  ignore = ["password"],
) => `
const older = new rediscloud.EssentialsSubscription(
  "older",
  ${JSON.stringify({ name: "older", planId, paymentMethodId: card })},
  { import: "${subscription}" },
);
new rediscloud.EssentialsDatabase(
  "older",
  { subscriptionId: older.id.apply(Number), ...${JSON.stringify({ name: "older", ...settings, ...changes })} },
  { import: "${subscription}/${database}", ignoreChanges: ${JSON.stringify(ignore)} },
);
`;

describe.skipIf("reason" in found)("Redis Cloud's provider", () => {
  const credentials = {
    apiKey: randomBytes(18).toString("hex"),
    secretKey: randomBytes(18).toString("hex"),
  };
  const account = new RedisCloudAccount();
  let stack: ProviderStack;
  let byHand: Older;
  beforeAll(async () => {
    if ("reason" in found) return;
    stack = await ProviderStack.create(found.engine, redisCloudApi(account, credentials), (url) => ({
      REDISCLOUD_URL: `${url}/v1`,
      REDISCLOUD_ACCESS_KEY: credentials.apiKey,
      REDISCLOUD_SECRET_KEY: credentials.secretKey,
    }));
    const planId = plans.find(({ price, region }) => price > 0 && region === "us-west-2")?.id ?? 0;
    const card = account.paymentMethods[0]?.id ?? 0;
    const made = account.createSubscription({ name: "older", planId, paymentMethodId: card });
    const subscription = account.task(made.taskId).response.resourceId ?? 0;
    const task = account.createDatabase(subscription, { name: "older", dataEvictionPolicy: "allkeys-lru" });
    byHand = { subscription, database: account.task(task.taskId).response.resourceId ?? 0, planId, card };
  });
  afterAll(() => stack?.remove("Redis Cloud"));

  const ofStack = () => {
    const subscription = account.subscriptions().find(({ name }) => name === "kairos-redis");
    const [database] = subscription === undefined ? [] : account.databases(subscription.id);
    if (subscription === undefined || database === undefined)
      throw new Error("no subscription with a database");
    return { subscription, database };
  };
  const olderDatabase = () => account.database(byHand.subscription, byHand.database);

  it("imports what exists by its ids", async () => {
    const before = olderDatabase();
    await stack.program(head + older(byHand));
    const imported = await stack.up("import");
    expect(imported).toMatchObject({ exitCode: 0 });
    expect(imported.calls.every(({ method }) => method === "GET")).toBe(true);
    expect(olderDatabase()).toEqual(before);
    expect(await stack.unchanged()).toMatchObject({ exitCode: 0 });
  });

  // Both at once: the provider sleeps through either.
  it("creates a subscription of the free plan and its database, and changes another in place", {
    timeout: 300_000,
  }, async () => {
    const changes = { dataEviction: "noeviction", dataPersistence: "aof-every-1-second", password: rotated };
    await stack.program(head + ours + older(byHand, changes, []));
    const { exitCode, all, calls } = await stack.up("create and change");
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    for (const secret of [password, rotated]) expect(all).not.toContain(secret);
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(2);
    expect(calls.every(({ status }) => status < 300)).toBe(true);
    const { subscription, database } = ofStack();
    expect(plans.find(({ id }) => id === subscription.planId)).toMatchObject({
      name: "30MB",
      region: "us-west-2",
    });
    expect(database).toMatchObject({
      name: "kairos-redis",
      region: "us-west-2",
      dataEvictionPolicy: "allkeys-lru",
    });
    expect(database.security).toMatchObject({ password, defaultUserEnabled: true });
    expect(olderDatabase()).toMatchObject({
      databaseId: byHand.database,
      dataEvictionPolicy: "noeviction",
      dataPersistence: "aof-every-1-second",
      security: { password: rotated },
    });
  });

  it("sees no change, by preview or refresh", async () => {
    expect(await stack.unchanged()).toMatchObject({ exitCode: 0 });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ exitCode: 0 });
  });

  it("hears from the task why a second free plan is refused", async () => {
    const elsewhere = plans.find(({ price, region }) => price === 0 && region === "us-east-1")?.id;
    const second = `new rediscloud.EssentialsSubscription("second", { name: "second", planId: ${elsewhere} });`;
    await stack.program(head + ours + older(byHand, {}, Object.keys({ ...settings, password })) + second);
    const { exitCode, all } = await stack.up("refusal");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("400 BAD_REQUEST - FREE_PLAN_LIMIT");
    expect(account.subscriptions()).toHaveLength(2);
  });

  it("finds in a refresh what was changed outside", async () => {
    const { subscription, database } = ofStack();
    account.updateDatabase(subscription.id, database.databaseId, { dataEvictionPolicy: "noeviction" });
    expect((await stack.refresh()).all).toMatch(/~ 1 updated/);
    const preview = await stack.run("drift", "preview", "--diff");
    expect(preview.all).toMatch(/dataEviction *: "noeviction" => "allkeys-lru"/);
  });

  it("destroys everything, and has asked for no other host", { timeout: 300_000 }, async () => {
    const { exitCode, all } = await stack.run("destroy", "destroy", "--yes", "--skip-preview");
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(account.subscriptions()).toEqual([]);
    expect(stack.refused).toEqual([]);
  });
});
