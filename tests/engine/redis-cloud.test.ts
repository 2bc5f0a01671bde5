/**
 * The real engine with Redis Cloud's unmodified provider against the stand-in. Slow, whatever the stand-in does: the
 * provider sleeps 10 s for a subscription, 30 and 40 s for a database, and again before it deletes them.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisCloudApi } from "../../sandbox/redis-cloud/http.ts";
import { RedisCloudAccount } from "../../sandbox/redis-cloud/model.ts";
import { plans } from "../../sandbox/redis-cloud/plans.ts";
import { type Served, serve } from "../../sandbox/serve.ts";
import { serveUpstashProxy, type UpstashProxy } from "../../sandbox/upstash/proxy.ts";
import { engineWith } from "./harness.ts";
import { TestStack } from "./program-stack.ts";

const found = await engineWith(["terraform-provider@1.1.3"], ["redislabs/rediscloud/2.11.0"]);
if ("reason" in found) console.log(`skipped: Redis Cloud with the real engine (${found.reason})`);

const password = randomBytes(18).toString("base64url");

/** As the stack declares them; with `adopted`, a subscription and a database that exist besides. */
const program = (adopted?: { subscription: number; database: number; planId: number; card: number }) => `
import * as pulumi from "@pulumi/pulumi";
import * as rediscloud from "@pulumi/rediscloud";

const settings = { dataEviction: "allkeys-lru", dataPersistence: "none", replication: false, enableDefaultUser: true };
const plan = rediscloud.getEssentialsPlanOutput({ name: "30MB", cloudProvider: "AWS", region: "us-west-2" });
const subscription = new rediscloud.EssentialsSubscription("kairos", {
  name: "kairos-redis",
  planId: plan.apply(({ id }) => id),
});
const database = new rediscloud.EssentialsDatabase("kairos", {
  subscriptionId: subscription.id.apply(Number),
  name: "kairos-redis",
  ...settings,
  password: pulumi.secret(${JSON.stringify(password)}),
});
export const endpoint = database.publicEndpoint;
${
  adopted === undefined
    ? ""
    : `
const older = new rediscloud.EssentialsSubscription(
  "older",
  { name: "older", planId: ${adopted.planId}, paymentMethodId: ${adopted.card} },
  { import: "${adopted.subscription}" },
);
new rediscloud.EssentialsDatabase(
  "older",
  { subscriptionId: older.id.apply(Number), name: "older", ...settings },
  { import: "${adopted.subscription}/${adopted.database}", ignoreChanges: ["password"] },
);`
}`;

describe.skipIf("reason" in found)("Redis Cloud's provider", () => {
  const credentials = {
    apiKey: randomBytes(18).toString("base64url"),
    secretKey: randomBytes(18).toString("base64url"),
  };
  const account = new RedisCloudAccount();
  const seconds: string[] = [];
  let folder: string;
  let served: Served;
  let proxy: UpstashProxy;
  let stack: TestStack;
  beforeAll(async () => {
    if ("reason" in found) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-proxy-"));
    served = await serve(redisCloudApi(account, credentials));
    // For what it refuses: this provider's own address is set in its environment.
    proxy = await serveUpstashProxy({ target: served.url, folder });
    stack = await TestStack.create(found.engine, {
      ...proxy.environment(),
      REDISCLOUD_URL: `${served.url}/v1`,
      REDISCLOUD_ACCESS_KEY: credentials.apiKey,
      REDISCLOUD_SECRET_KEY: credentials.secretKey,
    });
  });
  afterAll(async () => {
    if ("reason" in found) return;
    console.log(`Redis Cloud, seconds and API calls: ${seconds.join("; ")}; ${served.calls.length} calls`);
    await stack.remove();
    await proxy.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async (step: string, ...args: string[]) => {
    const [before, start] = [served.calls.length, Date.now()];
    const outcome = await stack.pulumi(...args);
    const calls = served.calls.slice(before);
    seconds.push(`${step} ${((Date.now() - start) / 1000).toFixed(1)} s, ${calls.length}`);
    return { ...outcome, calls };
  };
  const only = () => {
    const [subscription] = account.subscriptions();
    if (subscription === undefined) throw new Error("no subscription");
    const [database] = account.databases(subscription.id);
    if (database === undefined) throw new Error("no database");
    return { subscription, database };
  };

  it("creates a subscription of the free plan and its database", { timeout: 300_000 }, async () => {
    await stack.program(program());
    const { exitCode, all, calls } = await run("create", "up", "--yes", "--skip-preview");
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(all).not.toContain(password);
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(2);
    expect(calls.every(({ status }) => status < 300)).toBe(true);
    const { subscription, database } = only();
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
  });

  it("sees no change, by preview or refresh", async () => {
    const preview = await run("no change", "preview", "--expect-no-changes");
    expect(preview).toMatchObject({ exitCode: 0 });
    const refresh = await run("refresh", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(refresh).toMatchObject({ exitCode: 0 });
  });

  it("hears from the task why a second free plan is refused", async () => {
    const elsewhere = plans.find(({ price, region }) => price === 0 && region === "us-east-1")?.id;
    const second = `new rediscloud.EssentialsSubscription("second", { name: "second", planId: ${elsewhere} });`;
    await stack.program(program() + second);
    const { exitCode, all } = await run("refusal", "up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("400 BAD_REQUEST - FREE_PLAN_LIMIT");
    expect(account.subscriptions()).toHaveLength(1);
  });

  it("imports what exists by its ids", async () => {
    const planId = plans.find(({ price, region }) => price > 0 && region === "us-west-2")?.id ?? 0;
    const card = account.paymentMethods[0]?.id ?? 0;
    const made = account.createSubscription({ name: "older", planId, paymentMethodId: card });
    const subscription = account.task(made.taskId).response.resourceId ?? 0;
    const task = account.createDatabase(subscription, { name: "older", dataEvictionPolicy: "allkeys-lru" });
    const database = account.task(task.taskId).response.resourceId ?? 0;
    const before = account.database(subscription, database);
    await stack.program(program({ subscription, database, planId, card }));
    const imported = await run("import", "up", "--yes", "--skip-preview");
    expect(imported).toMatchObject({ exitCode: 0 });
    expect(imported.calls.every(({ method }) => method === "GET")).toBe(true);
    expect(account.database(subscription, database)).toEqual(before);
    expect(await run("no change", "preview", "--expect-no-changes")).toMatchObject({ exitCode: 0 });
  });

  it("finds in a refresh what was changed outside", async () => {
    const { subscription, database } = only();
    account.updateDatabase(subscription.id, database.databaseId, { dataEvictionPolicy: "noeviction" });
    const refresh = await run("refresh", "refresh", "--yes", "--skip-preview");
    expect(refresh.all).toMatch(/~ 1 updated/);
    const preview = await run("drift", "preview", "--diff");
    expect(preview.all).toMatch(/dataEviction *: "noeviction" => "allkeys-lru"/);
  });

  it("destroys everything, and has asked for no other host", { timeout: 300_000 }, async () => {
    const { exitCode, all } = await run("destroy", "destroy", "--yes", "--skip-preview");
    expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    expect(account.subscriptions()).toEqual([]);
    expect(proxy.refused).toEqual([]);
  });
});
