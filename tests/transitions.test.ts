/**
 * The rules of infra/facts on a changed setting against the stand-ins, which have theirs from elsewhere: what each answers
 * to the call that the provider makes for the change.
 */
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KindName, types } from "../infra/resources.ts";
import { judge, transitions, valueIn } from "../infra/transitions.ts";
import { AtlasCloud, atlasApi, generateCredentials } from "../sandbox/clouds/atlas/index.ts";
import { plans as essentialsPlans, RedisCloudAccount } from "../sandbox/clouds/redis-cloud/index.ts";
import { RenderCloud, renderApi } from "../sandbox/clouds/render/index.ts";
import { type Served, serve } from "../sandbox/clouds/serve.ts";
import { type Call, client, cluster, flexCluster } from "./helpers/atlas.ts";
import { runs } from "./helpers/hostile.ts";

const key = `rnd_${randomBytes(12).toString("hex")}`;
const credentials = generateCredentials();
const open: Served[] = [];
let render: Call;
let atlas: Call;

beforeAll(async () => {
  const [renderServer, atlasServer] = await Promise.all([
    serve(renderApi(new RenderCloud({ ownerId: "tea-test" }), key)),
    serve(atlasApi(atlasCloud, credentials)),
  ]);
  open.push(renderServer, atlasServer);
  render = async (method, path, body) => {
    const response = await fetch(`${renderServer.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? "" : JSON.parse(text), headers: response.headers };
  };
  atlas = client(atlasServer.url, credentials);
});
afterAll(() => Promise.all(open.map((one) => one.close())));

let made = 0;
const atlasCloud = new AtlasCloud({});
const name = () => `kairos-${++made}`;
const postgres = { plan: "basic_1gb", region: "oregon", version: "18", diskSizeGB: 20 };
const keyValue = { plan: "starter", region: "oregon" };

/** Creates something at Render and changes it: the answer to the change. */
const atRender = async (path: string, before: object, after: object) => {
  const created = await render("POST", path, { name: name(), ownerId: "tea-test", ...before });
  expect(created.status).toBeLessThan(300);
  const answer = await render("PATCH", `${path}/${created.body.id}`, after);
  await render("DELETE", `${path}/${created.body.id}`);
  return answer.status;
};
/** The same with a cluster, in a project of its own. */
const atAtlas = async (before: object, after: object, path = "clusters") => {
  const group = await atlas("POST", "/groups", { name: name(), orgId: atlasCloud.orgId });
  const all = `/groups/${group.body.id}/${path}`;
  const created = await atlas("POST", all, before);
  expect(created.status).toBeLessThan(300);
  return (await atlas("PATCH", `${all}/one`, after)).status;
};
const inPlace = (instanceSize: string, more: object = {}) => ({
  replicationSpecs: cluster("one", instanceSize, more).replicationSpecs,
});
const version = (mongoDBMajorVersion: string) => ({ mongoDBMajorVersion });
/** The same with the plan or the database of a subscription of Redis Cloud. */
const atRedisCloud = (plan: string, change: { plan?: string; region?: string; database?: object }) => {
  const account = new RedisCloudAccount();
  const [card] = account.paymentMethods;
  const planId = (name: string, region = "us-west-2") =>
    essentialsPlans.find((one) => one.name === name && one.region === region)?.id ?? 0;
  const ended = ({ taskId }: { taskId: string }) => account.task(taskId).response;
  const made = { name: name(), planId: planId(plan), paymentMethodId: card?.id ?? 0 };
  const subscription = ended(account.createSubscription(made)).resourceId ?? 0;
  const database = ended(account.createDatabase(subscription, { name: name() })).resourceId ?? 0;
  const { error } = ended(
    change.database === undefined
      ? account.updateSubscription(subscription, { planId: planId(change.plan ?? plan, change.region) })
      : account.updateDatabase(subscription, database, change.database),
  );
  return Promise.resolve(error === undefined ? 200 : 400);
};
const zone = "Single-Zone_1GB";

/** A call for each rule that is about a call, by the setting and what it becomes. */
const calls: [
  KindName,
  setting: string,
  change: string,
  wanted: "allowed" | "refused",
  () => Promise<number>,
][] = [
  ["cluster", "mongodb.tier", "M10 to M0", "refused", () => atAtlas(cluster("one"), inPlace("M0"))],
  ["cluster", "mongodb.tier", "M10 to M20", "allowed", () => atAtlas(cluster("one"), inPlace("M20"))],
  [
    "cluster",
    "mongodb.disk",
    "20 to 15",
    "allowed",
    () =>
      atAtlas(
        cluster("one", "M10", { specs: { diskSizeGB: 20 } }),
        inPlace("M10", { specs: { diskSizeGB: 15 } }),
      ),
  ],
  [
    "cluster",
    "mongodb.region",
    "M10 elsewhere",
    "allowed",
    () => atAtlas(cluster("one"), inPlace("M10", { region: { regionName: "US_EAST_1" } })),
  ],
  [
    "cluster",
    "mongodb.region",
    "FLEX elsewhere",
    "refused",
    () => atAtlas(flexCluster("one"), { providerSettings: { regionName: "US_EAST_1" } }, "flexClusters"),
  ],
  [
    "cluster",
    "mongodb.version",
    "8.0 to 7.0",
    "refused",
    () => atAtlas({ ...cluster("one"), ...version("8.0") }, version("7.0")),
  ],
  [
    "cluster",
    "mongodb.version",
    "7.0 to 8.0",
    "allowed",
    () => atAtlas({ ...cluster("one"), ...version("7.0") }, version("8.0")),
  ],
  [
    "cluster",
    "mongodb.version",
    "7.0 to 9.0",
    "refused",
    () => atAtlas({ ...cluster("one"), ...version("7.0") }, version("9.0")),
  ],
  [
    "postgres",
    "postgres.plan",
    "paid to free",
    "refused",
    () => atRender("/postgres", postgres, { plan: "free" }),
  ],
  [
    "postgres",
    "postgres.plan",
    "to a legacy one",
    "refused",
    () => atRender("/postgres", postgres, { plan: "standard" }),
  ],
  [
    "postgres",
    "postgres.plan",
    "to a larger one",
    "allowed",
    () => atRender("/postgres", postgres, { plan: "basic_4gb" }),
  ],
  [
    "postgres",
    "postgres.disk",
    "20 to 10",
    "refused",
    () => atRender("/postgres", postgres, { diskSizeGB: 10 }),
  ],
  [
    "postgres",
    "postgres.disk",
    "20 to 25",
    "allowed",
    () => atRender("/postgres", postgres, { diskSizeGB: 25 }),
  ],
  ["keyValue", "redis.plan", "larger", "allowed", () => atRender("/key-value", keyValue, { plan: "pro" })],
  [
    "keyValue",
    "redis.plan",
    "smaller",
    "refused",
    () => atRender("/key-value", { ...keyValue, plan: "pro" }, { plan: "starter" }),
  ],
];

calls.push(
  ["subscription", "redis.plan", "larger", "allowed", () => atRedisCloud("30MB", { plan: zone })],
  ["subscription", "redis.plan", "smaller", "allowed", () => atRedisCloud(zone, { plan: "30MB" })],
  [
    "subscription",
    "redis.plan",
    "over zones",
    "refused",
    () => atRedisCloud(zone, { plan: "Multi-Zone_5GB" }),
  ],
  ["subscription", "redis.plan", "in one", "refused", () => atRedisCloud("Multi-Zone_5GB", { plan: zone })],
  ["subscription", "redis.plan", "to Pro", "refused", () => atRedisCloud(zone, { plan: "Pro" })],
  [
    "subscription",
    "redis.region",
    "elsewhere",
    "refused",
    () => atRedisCloud(zone, { region: "eu-central-1" }),
  ],
  [
    "redisCloud",
    "redis.region",
    "elsewhere",
    "refused",
    () => atRedisCloud("30MB", { region: "eu-central-1" }),
  ],
  [
    "redisCloud",
    "redis.persistence",
    "on",
    "allowed",
    () => atRedisCloud(zone, { database: { dataPersistence: "aof-every-write" } }),
  ],
  [
    "redisCloud",
    "redis.replication",
    "on",
    "allowed",
    () => atRedisCloud(zone, { database: { replication: true } }),
  ],
);

/** What the table says of a change, as a plan would; from a resource's properties before and after. */
const saysOf = (type: string, before: Record<string, unknown>, after: Record<string, unknown>) =>
  judge(
    type,
    (row) => valueIn(before, row),
    (row) => valueIn(after, row),
  ).every(({ outcome }) => outcome === "allowed")
    ? "allowed"
    : "refused";
const answer = (status: number) => (status < 300 ? "allowed" : "refused");

describe("any change is refused by its vendor's stand-in exactly where the table refuses it", () => {
  it("of a Postgres: plan and disk", async () => {
    const plans = ["free", "basic_256mb", "basic_1gb", "basic_4gb", "pro_4gb", "pro_8gb", "accelerated_16gb"];
    const plan = fc.constantFrom(...plans);
    const disk = fc.integer({ min: 1, max: 20 }).map((fives) => fives * 5);
    await fc.assert(
      fc.asyncProperty(
        plan,
        disk,
        fc.option(plan),
        fc.option(disk),
        async (wasPlan, wasDisk, isPlan, isDisk) => {
          // A free one has the disk that it has.
          fc.pre(isPlan !== null || isDisk !== null);
          fc.pre(wasPlan !== "free" && isPlan !== wasPlan && isDisk !== wasDisk);
          const before = { plan: wasPlan, diskSizeGb: wasDisk };
          const after = { plan: isPlan ?? wasPlan, diskSizeGb: isDisk ?? wasDisk };
          const got = await atRender(
            "/postgres",
            { ...postgres, plan: wasPlan, diskSizeGB: wasDisk },
            { ...(isPlan !== null && { plan: isPlan }), ...(isDisk !== null && { diskSizeGB: isDisk }) },
          );
          expect(answer(got)).toBe(saysOf(types.postgres, before, after));
        },
      ),
      runs(60),
    );
  });

  it("of a Key Value: larger plans", async () => {
    const plans = ["free", "starter", "standard", "pro", "pro_plus"];
    const place = fc.nat(plans.length - 1);
    await fc.assert(
      fc.asyncProperty(place, place, async (was, is) => {
        // Where it is gentler than its vendor is said above: known.
        fc.pre(is > was && was > 0);
        const [before, after] = [{ plan: plans[was] }, { plan: plans[is] }];
        const got = await atRender("/key-value", { ...keyValue, ...before }, after);
        expect(answer(got)).toBe(saysOf(types.keyValue, before, after));
      }),
      runs(20),
    );
  });

  it("of a cluster: tier and version", async () => {
    const tier = fc.constantFrom("M10", "M20", "M30", "M40", "M0");
    const major = fc.constantFrom("7.0", "8.0");
    const inputs = (instanceSize: string, mongoDbMajorVersion: string) => ({
      mongoDbMajorVersion,
      replicationSpecs: [{ regionConfigs: [{ electableSpecs: { instanceSize } }] }],
    });
    await fc.assert(
      fc.asyncProperty(tier, tier, major, major, async (wasTier, isTier, wasMajor, isMajor) => {
        fc.pre(wasTier !== "M0" && (wasTier !== isTier || wasMajor !== isMajor));
        const got = await atAtlas(
          { ...cluster("one", wasTier), ...version(wasMajor) },
          { ...inPlace(isTier), ...version(isMajor) },
        );
        const says = saysOf(types.cluster, inputs(wasTier, wasMajor), inputs(isTier, isMajor));
        expect(answer(got)).toBe(says);
      }),
      runs(40),
    );
  });
});

describe("a stand-in does what its vendor's rules say", () => {
  it("to each change", async () => {
    const differences: string[] = [];
    for (const [, setting, change, wanted, call] of calls) {
      const got = (await call()) < 300 ? "allowed" : "refused";
      if (got !== wanted) differences.push(`${setting}, ${change}: ${got}, the vendor: ${wanted}`);
    }
    expect(differences).toEqual([]);
  });

  it("each rule about a call has one here", () => {
    const called = new Set(calls.map(([kind, setting]) => `${kind} ${setting}`));
    const rules = transitions
      .filter(({ outcome, kind }) => outcome !== "loses data" && kind !== "web")
      .map(({ kind, setting }) => `${kind} ${setting}`);
    expect([...new Set(rules)].filter((rule) => !called.has(rule))).toEqual([]);
  });
});
