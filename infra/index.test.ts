import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answers, opened, run, secret, start } from "../tests/helpers/program.ts";
import kairos from "./index.ts";

/** The settings of production (Pulumi.prod.yaml), with ids in place of the placeholders. */
const production = {
  region: "oregon",
  mongodb: {
    project: { id: "0123456789abcdef01234567" },
    name: "cluster0",
    tier: "M10",
    database: "kaïros",
    user: "kairos",
    accessList: [{ cidr: "203.0.113.0/24", comment: "Render Oregon, outbound" }],
    driver: { timeout: "5s", maxPoolSize: 200, minPoolSize: 20 },
  },
  postgres: {
    enabled: true,
    name: "kairos-postgres",
    plan: "basic_1gb",
    version: "18",
    database: "kairos_db",
    user: "kairos",
  },
  redis: { provider: "upstash", name: "kairos-redis", eviction: true },
  backend: [{ name: "kairos-backend", link: "srv-01234567890123456789" }],
};

/** A stack file as Pulumi hands it over: every value as text. */
const stackFile = (changes: object = {}): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries({ ...production, ...changes }).map(([name, value]) => [
      `kairos:${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ),
  "render:skipDeployAfterServiceUpdate": "true",
});
const stack = (changes: object = {}, answers: Answers = {}) => run(kairos, answers, stackFile(changes));

const alerts = { alerts: { emails: ["ops@example.com"], workspace: true } };
const without = { redis: { provider: "none" }, postgres: { enabled: false } };
const created = {
  name: "kairos-web",
  type: "web",
  plan: "starter",
  source: { image: "ghcr.io/kairos/backend", tag: "1.2" },
};

beforeEach(() => {
  for (const name of [
    "MONGODB_ATLAS_PUBLIC_API_KEY",
    "MONGODB_ATLAS_PRIVATE_API_KEY",
    "RENDER_API_KEY",
    "RENDER_OWNER_ID",
    "UPSTASH_EMAIL",
    "UPSTASH_API_KEY",
    "REDISCLOUD_ACCESS_KEY",
    "REDISCLOUD_SECRET_KEY",
  ])
    vi.stubEnv(name, randomBytes(12).toString("hex"));
});
afterEach(() => vi.unstubAllEnvs());

// A changed line here means a replaced resource, and for a database the loss of its data, unless the resource gets
// an alias with its old URN. A new line is a new resource; a line that goes is a deletion.
const mongodbUrns = [
  "urn:pulumi:test::kairos::kairos:infra:Mongodb$mongodbatlas:index/advancedCluster:AdvancedCluster::mongodb-cluster",
  "urn:pulumi:test::kairos::kairos:infra:Mongodb$mongodbatlas:index/databaseUser:DatabaseUser::mongodb-user",
  "urn:pulumi:test::kairos::kairos:infra:Mongodb$mongodbatlas:index/projectIpAccessList:ProjectIpAccessList::mongodb-access-203.0.113.0/24",
  "urn:pulumi:test::kairos::kairos:infra:Mongodb$random:index/randomPassword:RandomPassword::mongodb-password",
  "urn:pulumi:test::kairos::kairos:infra:Mongodb::mongodb",
];
const postgresUrns = [
  "urn:pulumi:test::kairos::kairos:infra:Postgres$render:index/postgres:Postgres::postgres-database",
  "urn:pulumi:test::kairos::kairos:infra:Postgres::postgres",
];
const redisUrns = {
  upstash: [
    "urn:pulumi:test::kairos::kairos:infra:Redis$upstash:index/redisDatabase:RedisDatabase::redis-upstash",
    "urn:pulumi:test::kairos::kairos:infra:Redis::redis",
  ],
  render: [
    "urn:pulumi:test::kairos::kairos:infra:Redis$render:index/keyvalue:Keyvalue::redis-render",
    "urn:pulumi:test::kairos::kairos:infra:Redis::redis",
  ],
  "redis-cloud": [
    "urn:pulumi:test::kairos::kairos:infra:Redis$random:index/randomPassword:RandomPassword::redis-password",
    "urn:pulumi:test::kairos::kairos:infra:Redis$rediscloud:index/essentialsDatabase:EssentialsDatabase::redis-redis-cloud",
    "urn:pulumi:test::kairos::kairos:infra:Redis$rediscloud:index/essentialsSubscription:EssentialsSubscription::redis-redis-cloud",
    "urn:pulumi:test::kairos::kairos:infra:Redis::redis",
  ],
};
const alertUrns = [
  ...["connections", "disk", "lag", "no-primary"].map(
    (what) =>
      `urn:pulumi:test::kairos::kairos:infra:Mongodb$mongodbatlas:index/alertConfiguration:AlertConfiguration::mongodb-alert-${what}`,
  ),
  "urn:pulumi:test::kairos::kairos:infra:Alerts$render:index/notificationSetting:NotificationSetting::alerts-workspace",
  "urn:pulumi:test::kairos::kairos:infra:Alerts::alerts",
];
const linkedUrns = [
  "urn:pulumi:test::kairos::kairos:infra:Service$pulumi:index:Stash::kairos-backend-srv-01234567890123456789-deployed",
  "urn:pulumi:test::kairos::kairos:infra:Service$render:index/envGroup:EnvGroup::kairos-backend-srv-01234567890123456789",
  "urn:pulumi:test::kairos::kairos:infra:Service$render:index/envGroupLink:EnvGroupLink::kairos-backend-srv-01234567890123456789",
  "urn:pulumi:test::kairos::kairos:infra:Service::kairos-backend",
];
const createdUrns = [
  "urn:pulumi:test::kairos::kairos:infra:Service$pulumi:index:Stash::kairos-web-deployed",
  "urn:pulumi:test::kairos::kairos:infra:Service$render:index/webService:WebService::kairos-web",
  "urn:pulumi:test::kairos::kairos:infra:Service::kairos-web",
];

/** What was announced before it is created, in every stack: see adoption/record.ts. */
const recordUrn = "urn:pulumi:test::kairos::pulumi:index:Stash::creations";

describe("the tree of resources", () => {
  const { mongodb } = production;
  const ownProject = { name: "kairos", organization: "0123456789abcdef01234567" };
  it.each<[string, object, string[]]>([
    ["production", {}, [...mongodbUrns, ...postgresUrns, ...redisUrns.upstash, ...linkedUrns]],
    ["Redis none and Postgres off: exactly theirs are gone", without, [...mongodbUrns, ...linkedUrns]],
    [
      "Redis at Render",
      { redis: { provider: "render", plan: "starter" } },
      [...mongodbUrns, ...postgresUrns, ...redisUrns.render, ...linkedUrns],
    ],
    [
      "Redis at Redis Cloud",
      { redis: { provider: "redis-cloud", plan: "30MB" } },
      [...mongodbUrns, ...postgresUrns, ...redisUrns["redis-cloud"], ...linkedUrns],
    ],
    ["alerts", { ...without, ...alerts }, [...mongodbUrns, ...linkedUrns, ...alertUrns]],
    ["a created service", { ...without, backend: [created] }, [...mongodbUrns, ...createdUrns]],
    [
      "a project of the stack's own",
      { ...without, mongodb: { ...mongodb, project: ownProject } },
      [
        "urn:pulumi:test::kairos::kairos:infra:Mongodb$mongodbatlas:index/project:Project::mongodb-project",
        ...mongodbUrns,
        ...linkedUrns,
      ],
    ],
    [
      "vendors' names, tiers and plans, which no URN depends on",
      {
        mongodb: { ...mongodb, name: "main", tier: "FLEX", database: "other", user: "other" },
        postgres: { ...production.postgres, name: "other", plan: "pro_4gb" },
        redis: { ...production.redis, name: "other" },
      },
      [...mongodbUrns, ...postgresUrns, ...redisUrns.upstash, ...linkedUrns],
    ],
  ])("has stable URNs: %s", async (_, changes, urns) => {
    const { recorder } = await stack(changes);
    expect(recorder.registrations.map(({ urn }) => urn).sort()).toEqual([...urns, recordUrn].sort());
  });
});

describe("the environment", () => {
  const variables = async (changes: object, type: string) => {
    const { recorder } = await stack(changes);
    return recorder.one(type).inputs.envVars as Record<string, { value: unknown }>;
  };
  const mongodbNames = [
    "MONGODB_DB_NAME",
    "MONGODB_MAX_POOL_SIZE",
    "MONGODB_MIN_POOL_SIZE",
    "MONGODB_TIMEOUT_MS",
    "MONGODB_URL",
  ];
  const postgresNames = [
    "POSTGRES_DB",
    "POSTGRES_HOST",
    "POSTGRES_PASSWORD",
    "POSTGRES_PORT",
    "POSTGRES_USER",
  ];

  it.each<[string, object, string[]]>([
    ["everything", {}, [...mongodbNames, ...postgresNames, "REDIS_URL"]],
    ["MongoDB alone", without, mongodbNames],
    ["Redis off", { redis: without.redis }, [...mongodbNames, ...postgresNames]],
    ["Postgres off", { postgres: without.postgres }, [...mongodbNames, "REDIS_URL"]],
  ])("is the same for a linked and a created service: %s", async (_, changes, names) => {
    expect(Object.keys(await variables(changes, "EnvGroup")).sort()).toEqual(names);
    const both = { ...changes, backend: [created] };
    expect(Object.keys(await variables(both, "WebService")).sort()).toEqual(names);
  });

  it("holds its values in the clear only where they are no secrets", async () => {
    expect(await variables({}, "EnvGroup")).toEqual({
      MONGODB_URL: { value: secret(expect.stringMatching(/^mongodb\+srv:\/\/kairos:[^@]+@cluster0\./)) },
      MONGODB_DB_NAME: { value: "kaïros" },
      MONGODB_TIMEOUT_MS: { value: "5000" },
      MONGODB_MAX_POOL_SIZE: { value: "200" },
      MONGODB_MIN_POOL_SIZE: { value: "20" },
      POSTGRES_HOST: { value: "dpg-x-a" },
      POSTGRES_PORT: { value: "5432" },
      POSTGRES_USER: { value: "kairos" },
      POSTGRES_PASSWORD: { value: secret(expect.any(String)) },
      POSTGRES_DB: { value: "kairos_b34d" },
      REDIS_URL: { value: secret(expect.stringMatching(/^rediss:\/\/default:[^@]+@eager-cat-1\./)) },
    });
  });
});

describe("the stack's outputs", () => {
  it("say what exists, and the environment as one secret", async () => {
    const { result } = await stack();
    const { environment, ...plain } = result;
    expect(await opened(pulumi.output(plain))).toEqual({
      value: {
        mongodb: {
          projectId: "0123456789abcdef01234567",
          cluster: "cluster0",
          database: "kaïros",
          user: "kairos",
        },
        postgres: { id: "postgres-database-id", name: "kairos-postgres" },
        redis: { provider: "upstash", id: "8f1c" },
        services: { "kairos-backend": "srv-01234567890123456789" },
        readme: expect.stringMatching(/^# Kaïros' databases, /),
      },
      isSecret: false,
    });
    expect(await pulumi.isSecret(environment)).toBe(true);
  });

  it("have no entry for a database that is off", async () => {
    expect(Object.keys((await stack(without)).result)).toEqual([
      "mongodb",
      "services",
      "readme",
      "environment",
    ]);
  });
});

describe("before anything is registered", () => {
  const postgres = { type: "render:index/postgres:Postgres", outputs: { name: "kairos-postgres" } };
  it.each<[string, Answers, object, string]>([
    [
      "a database that would be lost",
      { state: { urn: postgres } },
      without,
      "kairos:postgres: these settings",
    ],
    ["a setting that is wrong", {}, { region: "paris" }, 'kairos:region: got "paris"; expected one of'],
  ])("refuses %s", async (_, answers, changes, message) => {
    const recorder = await start(answers, stackFile(changes));
    await expect(kairos()).rejects.toThrow(message);
    expect(recorder.registrations).toEqual([]);
  });
});
