import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { settingsOf } from "../../tests/helpers/program.ts";
import { kinds } from "../resources.ts";
import { stageOf } from "../settings/stages.ts";
import { entropy, suspicion } from "../suspicion.ts";
import { standing } from "./budget.ts";
import { evaluate, type PolicyReport } from "./evaluate.ts";
import type { Exception } from "./exceptions.ts";
import { type PolicyId, policyIds } from "./ids.ts";
import { policies } from "./list.ts";
import type { MonthlyCost, PolicyResource } from "./model.ts";

const unknown = { $unknown: true };
const now = new Date("2026-11-22T10:00:00Z");

const types = {
  cluster: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  access: "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
  user: "mongodbatlas:index/databaseUser:DatabaseUser",
  postgres: "render:index/postgres:Postgres",
  keyValue: "render:index/keyvalue:Keyvalue",
  outbound: "render:index/dedicatedIp:DedicatedIp",
  web: "render:index/webService:WebService",
  group: "render:index/envGroup:EnvGroup",
  upstash: "upstash:index/redisDatabase:RedisDatabase",
  subscription: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
  redisCloud: "rediscloud:index/essentialsDatabase:EssentialsDatabase",
} as const;

/** Inputs under which no policy has anything to say, by kind. */
const good: Record<keyof typeof types, Record<string, unknown>> = {
  cluster: {
    ...cluster({ regionName: "US_WEST_2", electableSpecs: { instanceSize: "M10" } }),
    backupEnabled: true,
    pitEnabled: true,
    retainBackupsEnabled: true,
    terminationProtectionEnabled: true,
  },
  access: { cidrBlock: "203.0.113.0/24" },
  user: {
    roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
    scopes: [{ name: "cluster0", type: "CLUSTER" }],
  },
  postgres: { plan: "basic_1gb", region: "oregon", ipAllowLists: [] },
  keyValue: { plan: "starter", region: "oregon", maxMemoryPolicy: "noeviction", ipAllowLists: [] },
  outbound: { region: "oregon" },
  web: { plan: "starter", region: "oregon", healthCheckPath: "/health", envVars: {} },
  group: { envVars: { MONGODB_URL: { value: { $secret: "x" } }, MONGODB_DB_NAME: { value: "kaïros" } } },
  upstash: { primaryRegion: "us-west-2", tls: true, eviction: false },
  subscription: { planId: unknown },
  redisCloud: { enableTls: true, dataEviction: "noeviction" },
};

function cluster(region: Record<string, unknown>): Record<string, unknown> {
  return { replicationSpecs: [{ regionConfigs: [{ priority: 7, ...region }] }] };
}

function resource(kind: keyof typeof types, inputs: object = {}, protect = true): PolicyResource {
  return { urn: `urn:${kind}`, type: types[kind], name: kind, protect, inputs: { ...good[kind], ...inputs } };
}

const redisCloud = (settings: object = {}) =>
  settingsOf({ redis: { provider: "redis-cloud", plan: "Single-Zone_1GB", ...settings } });

function report(
  resources: PolicyResource[],
  { stack = "prod", settings = settingsOf({ policies: { sessionsInRedis: true } }) } = {},
): PolicyReport {
  return evaluate(resources, { stage: stageOf(stack), settings, exceptions: [], now });
}

describe("a stack that is as it should be", () => {
  it("has no violation, and leaves nothing open", () => {
    const all = (Object.keys(types) as (keyof typeof types)[]).map((kind) => resource(kind));
    const { violations, unknown: open } = report(all, {
      settings: settingsOf({
        redis: { provider: "redis-cloud", plan: "Single-Zone_1GB" },
        policies: { sessionsInRedis: true },
      }),
    });
    expect({ violations, open }).toEqual({ violations: [], open: [] });
  });
});

/** Policy, what is wrong, the resource, and a part of the message. */
const bad: [PolicyId, string, PolicyResource, string][] = [
  ["access-list-open", "everybody", resource("access", { cidrBlock: "0.0.0.0/0" }), "the whole internet"],
  ["access-list-open", "everybody by IPv6", resource("access", { cidrBlock: "::/0" }), "the whole internet"],
  ["access-list-open", "half of everybody", resource("access", { cidrBlock: "128.0.0.0/1" }), "IPv4 /1"],
  ["access-list-open", "a wide block", resource("access", { cidrBlock: "203.0.0.0/15" }), "IPv4 /15"],
  ["access-list-open", "a wide IPv6 block", resource("access", { cidrBlock: "2001::/31" }), "IPv6 /31"],
  ["access-list-open", "no block at all", resource("access", { cidrBlock: "home" }), "no address"],
  [
    "database-user-scope",
    "any database",
    resource("user", { roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }] }),
    "readWriteAnyDatabase",
  ],
  [
    "database-user-scope",
    "MongoDB's own database",
    resource("user", { roles: [{ roleName: "readWrite", databaseName: "admin" }] }),
    "MongoDB's own",
  ],
  [
    "database-user-scope",
    "two databases",
    resource("user", {
      roles: ["a", "b"].map((databaseName) => ({ roleName: "read", databaseName })),
    }),
    "2 databases: a, b",
  ],
  ["database-user-scope", "every cluster", resource("user", { scopes: [] }), "every cluster"],
  [
    "postgres-open",
    "everybody",
    resource("postgres", { ipAllowLists: [{ cidrBlock: "0.0.0.0/0" }] }),
    "the whole internet",
  ],
  [
    "postgres-open",
    "a Key Value for everybody",
    resource("keyValue", { ipAllowLists: [{ cidrBlock: "10.0.0.0/8" }] }),
    "IPv4 /8",
  ],
  ["data-protected", "no protection", resource("upstash", {}, false), "not protected"],
  [
    "data-protected",
    "no termination protection",
    resource("cluster", { terminationProtectionEnabled: false }),
    "termination protection",
  ],
  ["data-backed-up", "no backup", resource("cluster", { backupEnabled: false }), "backup is off"],
  ["data-backed-up", "no point in time", resource("cluster", { pitEnabled: undefined }), "point-in-time"],
  ["data-backed-up", "FLEX", resource("cluster", cluster({ providerName: "FLEX" })), "one backup a day"],
  ["data-backed-up", "a free Postgres", resource("postgres", { plan: "free" }), "no recovery"],
  [
    "region-beside-backend",
    "a cluster elsewhere",
    resource("cluster", cluster({ regionName: "EU_WEST_3", electableSpecs: { instanceSize: "M10" } })),
    "in EU_WEST_3, not beside the backend (oregon: US_WEST_2)",
  ],
  [
    "region-beside-backend",
    "a primary elsewhere",
    resource("cluster", {
      replicationSpecs: [
        {
          regionConfigs: [
            { priority: 6, regionName: "US_WEST_2", electableSpecs: { instanceSize: "M10" } },
            { priority: 7, regionName: "EU_WEST_3", electableSpecs: { instanceSize: "M10" } },
          ],
        },
      ],
    }),
    "EU_WEST_3",
  ],
  ["region-beside-backend", "Upstash", resource("upstash", { primaryRegion: "eu-west-1" }), "eu-west-1"],
  ["region-beside-backend", "Postgres", resource("postgres", { region: "frankfurt" }), "frankfurt"],
  ["tls-required", "Upstash", resource("upstash", { tls: false }), "TLS is off"],
  ["tls-required", "Redis Cloud", resource("redisCloud", { enableTls: false }), "TLS is off"],
  [
    "tls-required",
    "TLS 1.0",
    resource("cluster", { advancedConfiguration: { minimumEnabledTlsProtocol: "TLS1_0" } }),
    "TLS 1.0",
  ],
  [
    "plain-secret",
    "by name",
    resource("web", { envVars: { MAIL_PASSWORD: { value: "x" } } }),
    "MAIL_PASSWORD is plain, and its name says secret",
  ],
  [
    "plain-secret",
    "of the contract",
    resource("group", { envVars: { REDIS_URL: { value: unknown } } }),
    "REDIS_URL is not marked secret",
  ],
  ["plan-tier", "FLEX in production", resource("cluster", cluster({ providerName: "FLEX" })), "FLEX"],
  ["plan-tier", "a trial Postgres", resource("postgres", { plan: "basic_256mb" }), "basic_256mb"],
  [
    "free-tier",
    "M0",
    resource("cluster", cluster({ electableSpecs: { instanceSize: "M0" } })),
    "M0 is a free plan",
  ],
  ["free-tier", "a free service", resource("web", { plan: "free" }), "free is a free plan"],
  ["sessions-evicted", "Upstash", resource("upstash", { eviction: true }), "eviction true"],
  [
    "sessions-evicted",
    "Key Value",
    resource("keyValue", { maxMemoryPolicy: "volatile_lru" }),
    "volatile_lru evicts sessions",
  ],
  ["sessions-evicted", "a default", resource("keyValue", { maxMemoryPolicy: undefined }), "not set"],
  ["health-check", "none", resource("web", { healthCheckPath: undefined }), "no health check path"],
];

describe("a violation", () => {
  it.each(bad)("%s: %s", (policy, _, one, message) => {
    const { violations } = report([one]);
    expect(violations).toContainEqual({
      policy,
      resource: one.name,
      level: "mandatory",
      message: expect.stringContaining(message),
    });
  });

  it("is advised against in production when a dedicated cluster's snapshots would go with it", () => {
    const said = (retainBackupsEnabled: unknown, stack: string, region?: object) =>
      report([resource("cluster", { retainBackupsEnabled, ...(region && cluster({ ...region })) })], {
        stack,
      });
    const [one] = said(undefined, "prod").violations;
    expect(one).toMatchObject({ policy: "backups-retained", level: "advisory" });
    expect(said(true, "prod").violations).toEqual([]);
    expect(said(undefined, "staging").violations).toEqual([]);
    const ofFlex = said(undefined, "prod", { providerName: "FLEX" }).violations;
    expect(ofFlex.map(({ policy }) => policy)).not.toContain("backups-retained");
  });

  it("is advised against in production when Atlas lets all of Render's region in", () => {
    const said = (stack: string, ...more: PolicyResource[]) =>
      report([resource("cluster"), resource("access"), ...more], { stack }).violations.filter(
        ({ policy }) => policy === "shared-outbound",
      );
    expect(said("prod")).toEqual([
      {
        policy: "shared-outbound",
        resource: "cluster",
        level: "advisory",
        message: "its access list lets Render's shared outbound addresses in",
      },
    ]);
    expect([said("staging"), said("prod", resource("outbound"))]).toEqual([[], []]);
  });

  it("is found by every policy in a test, but for those that have their own", () => {
    const tested = new Set<string>([
      ...bad.map(([policy]) => policy),
      ...["data-loss", "budget", "shared-outbound", "backups-retained"],
    ]);
    expect(policyIds.filter((id) => !tested.has(id))).toEqual([]);
  });

  it("comes after the mandatory ones when it is only advised against", () => {
    const { violations } = report(
      [resource("web", { healthCheckPath: "" }), resource("upstash", { tls: false })],
      {
        stack: "staging",
      },
    );
    expect(violations.map(({ level }) => level)).toEqual(["mandatory", "advisory"]);
  });
});

describe("a budget", () => {
  const said = (budget: number | undefined, cost: MonthlyCost, exceptions: Exception[] = []) =>
    evaluate([], {
      stage: "short",
      settings: settingsOf(budget === undefined ? {} : { budget }),
      cost: () => cost,
      exceptions,
      now,
    });
  const costs = { from: 100.01, unknown: [] };

  it("stops what costs more for certain, in every environment", () => {
    expect(said(100, costs).violations).toEqual([
      {
        policy: "budget",
        resource: "stack",
        level: "mandatory",
        message: "costs at least $100.01 a month; kairos:budget is $100.00",
      },
    ]);
  });

  it("names what has no known price, and does not count it", () => {
    const [violation] = said(100, { ...costs, unknown: ["redis", "web"] }).violations;
    expect(violation?.message).toContain("at least $100.01 a month, and what redis, web costs; ");
    expect(said(100, { from: 0, unknown: ["redis"] }).violations).toEqual([]);
  });

  it.each([
    ["nobody set", undefined, costs],
    ["is reached to the cent", 100, { from: 100, to: 100, unknown: [] }],
    ["may be passed and may be not", 100, { from: 20, to: 120, unknown: [] }],
  ])("that %s stops nothing", (_, budget, cost) => {
    expect(said(budget, cost).violations).toEqual([]);
  });

  it("may be passed for a while by an exception", () => {
    const exception = {
      policy: "budget" as const,
      resource: "stack",
      reason: "load test",
      until: "2026-12-01",
    };
    expect(said(100, costs, [exception])).toMatchObject({ violations: [], excused: [{ policy: "budget" }] });
  });

  it.each([
    [79.99, undefined, "within"],
    [80, undefined, "near"],
    [0, 80, "near"],
    [100, 130, "near"],
    [100.01, undefined, "above"],
  ])("of 100 is, at %d to %d: %s", (from, to, expected) => {
    expect(standing({ from, ...(to !== undefined && { to }), unknown: [] }, 100)).toBe(expected);
  });
});

describe("what is not known before up", () => {
  const open: [PolicyId, PolicyResource, string][] = [
    ["access-list-open", resource("access", { cidrBlock: unknown }), "the block"],
    ["access-list-open", resource("access", { cidrBlock: { $secret: "x" } }), "the block"],
    ["database-user-scope", resource("user", { roles: unknown }), "the roles"],
    ["database-user-scope", resource("user", { scopes: unknown }), "the scopes"],
    ["postgres-open", resource("postgres", { ipAllowLists: unknown }), "the allow list"],
    [
      "data-protected",
      resource("cluster", { terminationProtectionEnabled: unknown }),
      "termination protection",
    ],
    ["data-backed-up", resource("cluster", { replicationSpecs: unknown }), "the tier"],
    ["data-backed-up", resource("postgres", { plan: unknown }), "the plan"],
    ["region-beside-backend", resource("cluster", { replicationSpecs: unknown }), "the region"],
    ["tls-required", resource("upstash", { tls: unknown }), "TLS"],
    ["plain-secret", resource("web", { envVars: { MODE: { value: unknown } } }), "the value of MODE"],
    ["plan-tier", resource("keyValue", { plan: unknown }), "the Key Value plan"],
    ["free-tier", resource("keyValue", { plan: unknown }), "the plan"],
    ["sessions-evicted", resource("keyValue", { maxMemoryPolicy: unknown }), "maxMemoryPolicy"],
    ["health-check", resource("web", { healthCheckPath: unknown }), "the health check path"],
  ];
  it.each(open)("%s is neither a violation nor fine: %j", (policy, one, what) => {
    const { violations, unknown: left } = report([one]);
    expect(violations.filter((verdict) => verdict.policy === policy)).toEqual([]);
    expect(left.filter((verdict) => verdict.policy === policy)).toEqual([
      expect.objectContaining({ resource: one.name, message: `${what} is not known before up` }),
    ]);
  });

  it("includes TLS that is switched on by hand, but not one that the settings turn off", () => {
    const database = resource("redisCloud", { enableTls: undefined });
    expect(report([database], { settings: redisCloud({ tls: true }) }).unknown).toMatchObject([
      { policy: "tls-required" },
    ]);
    expect(report([database], { settings: redisCloud({ tls: false }) }).violations).toMatchObject([
      { policy: "tls-required" },
    ]);
  });

  it("knows Redis Cloud's free plan by the name in the settings", () => {
    const settings = redisCloud({ plan: "30MB" });
    expect(report([resource("subscription")], { settings }).violations).toMatchObject([
      { policy: "free-tier", message: "30MB is a free plan" },
    ]);
  });
});

describe("the environment", () => {
  it.each([
    ["prod", "prod"],
    ["production", "prod"],
    ["somebody-new", "prod"],
    ["staging", "staging"],
    ["staging-eu", "staging"],
    ["sandbox", "short"],
    ["pr-123", "short"],
    ["pr-review", "prod"],
    ["developer-tools", "prod"],
    ["test", "short"],
  ])("of %s is %s", (stack, environment) => {
    expect(stageOf(stack)).toBe(environment);
  });

  it("keeps short-lived stacks small, and leaves them unprotected", () => {
    const stack = "pr-1";
    expect(report([resource("cluster", {}, false)], { stack }).violations).toMatchObject([
      { policy: "plan-tier", message: "tier M10 is not allowed in short-lived" },
    ]);
    expect(report([resource("postgres", { plan: "free" }, false)], { stack }).violations).toEqual([]);
  });
});

describe("loss of data", () => {
  const losing = (losses: { resource: string; action: "replace" | "delete" }[]) =>
    evaluate([], { stage: "prod", settings: undefined, exceptions: [], now, losses }).violations;

  it("is found where versions are compared", () => {
    expect(losing([{ resource: "postgres-database", action: "replace" }])).toEqual([
      {
        policy: "data-loss",
        resource: "postgres-database",
        level: "mandatory",
        message: "the change would replace it: all its data is lost",
      },
    ]);
    expect(losing([])).toEqual([]);
  });

  it("is found without a comparison where the consent is all that is left of a database", () => {
    const settings = settingsOf({
      postgres: { enabled: false, mayBeDestroyed: "kairos-postgres" },
      redis: { provider: "none", mayBeDestroyed: "kairos-redis" },
    });
    expect(report([], { settings }).violations.map(({ resource: name }) => name)).toEqual([
      "kairos-postgres",
      "kairos-redis",
    ]);
  });

  it("covers every kind of resource that holds data", () => {
    for (const { type } of Object.values(kinds).filter((kind) => "holdsData" in kind)) {
      const one = { urn: "u", type, name: "one", protect: false, inputs: {} };
      expect(report([one]).violations.map(({ policy }) => policy)).toContain("data-protected");
    }
  });
});

describe("a plain value", () => {
  const random = randomBytes(24);
  it.each([
    ["TOKEN", "x", "name"],
    ["STRIPE_API_KEY", "x", "name"],
    ["DJANGO_SECRET_KEY_OLD", "x", "name"],
    ["MAIL", `smtp://kairos:${random.toString("hex")}@mail.example`, "a URL with a password"],
    ["THING", `sk_live_${random.toString("hex")}`, "a vendor's key"],
    ["THING", ["-----BEGIN", "PRIVATE KEY-----"].join(" "), "a private key"],
    ["THING", `Aa0${random.toString("base64url")}Zz9`, "random"],
    ["THING", random.toString("hex"), "random"],
  ])("of %s is suspected", (name, value, reason) => {
    expect(suspicion(name, value)).toContain(reason);
    expect(suspicion(name, value)).not.toContain(value.length > 8 ? value : "\0");
  });

  it.each([
    ["LOG_LEVEL", "info"],
    ["TOKEN_TTL", "3600"],
    ["USE_TOKEN", "true"],
    ["SECRET_NAME", "kairos/production/database"],
    ["FRONTEND_URL", "https://kairos.example/login?next=/home"],
    ["GIT_COMMIT", randomBytes(20).toString("hex")],
    ["CORS_ORIGINS", "https://a.example,https://b.example"],
    ["QUEUE", "a-rather-long-name-of-a-queue-in-Oregon-2"],
    ["FEATURES", "search,recommendations,notifications"],
    ["EMPTY", ""],
  ])("%s=%s is not", (name, value) => {
    expect(suspicion(name, value)).toBeUndefined();
  });

  it("has an entropy between none and that of a random text", () => {
    expect(entropy("aaaaaaaa")).toBe(0);
    expect(entropy("abababab")).toBe(1);
    expect(entropy("0123456789abcdef")).toBe(4);
  });
});

describe("the list", () => {
  it("has each policy once, in the order of the names, with something to say", () => {
    expect(policies.map(({ id }) => id)).toEqual(policyIds);
    for (const { title, why, checks, fix, resource: one, stack } of policies) {
      expect([title, why, checks, fix].every((text) => text.length > 10)).toBe(true);
      expect(one ?? stack).toBeDefined();
    }
  });
});
