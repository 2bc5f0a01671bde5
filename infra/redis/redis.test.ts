import { describe, expect, it } from "vitest";
import { newPassword, opened, run, secret, settingsOf } from "../../tests/helpers/program.ts";
import type { RenderKeyValue } from "../../vendors/render.ts";
import { holdsData } from "../resources.ts";
import { runOf } from "../run.ts";
import { Redis } from "./index.ts";
import { untilCreated } from "./render.ts";

const password = newPassword();
const encoded = encodeURIComponent(password);
const externalUrl = `rediss://default:${encoded}@redis.example.com:6380/2`;
const outputs = {
  "random:index/randomPassword:RandomPassword": { result: password },
  "upstash:index/redisDatabase:RedisDatabase": {
    databaseId: "8f1c",
    password,
    endpoint: "eager-cat-1.upstash.io",
    port: 6379,
  },
  "rediscloud:index/essentialsDatabase:EssentialsDatabase": {
    publicEndpoint: "redis-1.ec2.redns.redis-cloud.com:14567",
  },
};

const create = (settings: object, region = "oregon") => {
  const all = settingsOf({ region, redis: settings });
  const { redis } = all;
  return run(() => (redis.provider === "none" ? undefined : new Redis("redis", redis, runOf(all))), {
    outputs,
  });
};

interface Case {
  settings: { provider: string; [name: string]: unknown };
  /** Logical name, type and inputs of everything that is registered below the component. */
  registered: [name: string, type: string, inputs: object][];
  url: string;
  id: string;
}

const upstash = {
  databaseName: "kairos-redis",
  region: "global",
  primaryRegion: "us-west-2",
  readRegions: [],
  tls: true,
  eviction: true,
  budget: 20,
};
const upstashExtras = {
  primaryRegion: "eu-west-1",
  readRegions: ["us-east-1", "eu-central-1"],
  eviction: false,
  budget: 45,
};
const upstashUrl = `rediss://default:${encoded}@eager-cat-1.upstash.io:6379`;
const keyValue = {
  name: "kairos-redis",
  plan: "starter",
  region: "oregon",
  maxMemoryPolicy: "allkeys_lru",
  ipAllowLists: [],
};
const essentials = {
  subscriptionId: 51234,
  name: "kairos-redis",
  dataEviction: "allkeys-lru",
  dataPersistence: "none",
  replication: false,
  enableDefaultUser: true,
  password: secret(password),
};
const types = {
  upstash: "upstash:index/redisDatabase:RedisDatabase",
  render: "render:index/keyvalue:Keyvalue",
  password: "random:index/randomPassword:RandomPassword",
  subscription: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
  redisCloud: "rediscloud:index/essentialsDatabase:EssentialsDatabase",
};
const ownPassword: Case["registered"][number] = [
  "redis-password",
  types.password,
  { length: 32, special: false },
];

const cases: [string, Case][] = [
  [
    "Upstash with its defaults",
    {
      settings: { provider: "upstash" },
      registered: [["redis-upstash", types.upstash, upstash]],
      url: upstashUrl,
      id: "8f1c",
    },
  ],
  [
    "Upstash with everything set",
    {
      settings: { provider: "upstash", name: "cache", ...upstashExtras },
      registered: [["redis-upstash", types.upstash, { ...upstash, databaseName: "cache", ...upstashExtras }]],
      url: upstashUrl,
      id: "8f1c",
    },
  ],
  [
    "Upstash with an access list",
    {
      settings: { provider: "upstash", accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }] },
      registered: [["redis-upstash", types.upstash, { ...upstash, ipAllowlists: ["203.0.113.0/24"] }]],
      url: upstashUrl,
      id: "8f1c",
    },
  ],
  [
    "Render with its defaults: closed to the outside",
    {
      settings: { provider: "render", plan: "starter" },
      registered: [["redis-render", types.render, keyValue]],
      url: "redis://red-x:6379",
      id: "redis-render-id",
    },
  ],
  [
    "Render with everything set",
    {
      settings: {
        provider: "render",
        name: "cache",
        plan: "pro",
        maxmemoryPolicy: "noeviction",
        persistence: "journal_snapshot",
      },
      registered: [
        [
          "redis-render",
          types.render,
          {
            ...keyValue,
            name: "cache",
            plan: "pro",
            maxMemoryPolicy: "noeviction",
            persistenceMode: "journal_snapshot",
          },
        ],
      ],
      url: "redis://red-x:6379",
      id: "redis-render-id",
    },
  ],
  [
    "Redis Cloud with its defaults",
    {
      settings: { provider: "redis-cloud", plan: "30MB" },
      registered: [
        ["redis-redis-cloud", types.subscription, { name: "kairos-redis", planId: 34858 }],
        ownPassword,
        ["redis-redis-cloud", types.redisCloud, essentials],
      ],
      url: `rediss://default:${encoded}@redis-1.ec2.redns.redis-cloud.com:14567`,
      id: "51234",
    },
  ],
  [
    "Redis Cloud with everything set",
    {
      settings: {
        provider: "redis-cloud",
        name: "cache",
        plan: "Single-Zone_1GB",
        eviction: "noeviction",
        persistence: "aof-every-1-second",
        replication: true,
        paymentMethod: 815,
        tls: false,
      },
      registered: [
        ["redis-redis-cloud", types.subscription, { name: "cache", planId: 34858, paymentMethodId: 815 }],
        ownPassword,
        [
          "redis-redis-cloud",
          types.redisCloud,
          {
            ...essentials,
            name: "cache",
            dataEviction: "noeviction",
            dataPersistence: "aof-every-1-second",
            replication: true,
          },
        ],
      ],
      url: `redis://default:${encoded}@redis-1.ec2.redns.redis-cloud.com:14567`,
      id: "51234",
    },
  ],
  [
    "an external one: nothing but its URL",
    {
      settings: { provider: "external", url: externalUrl },
      registered: [],
      url: externalUrl,
      id: "external",
    },
  ],
];

describe("redis", () => {
  it.each(cases)("registers what the settings say: %s", async (_, { settings, registered }) => {
    const { recorder } = await create(settings);
    const [component, ...resources] = recorder.registrations;
    expect(component).toMatchObject({ name: "redis", type: "kairos:infra:Redis" });
    const byName = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    expect(resources.map(({ name, type, inputs }) => [name, type, inputs]).sort(byName)).toEqual(
      [...registered].sort(byName),
    );
  });

  it.each(cases)("has the same shape whoever runs it: %s", async (_, { settings, url, id }) => {
    const { result } = await create(settings);
    if (result === undefined) throw new Error("there should be a Redis");
    expect(await opened(result.url)).toEqual({ value: url, isSecret: true });
    expect(await opened(result.id)).toEqual({ value: id, isSecret: false });
    expect(result.provider).toBe(settings.provider);
  });

  it.each(cases)("protects exactly what holds data: %s", async (_, { settings }) => {
    const { recorder } = await create(settings);
    for (const { type, protect } of recorder.registrations) expect(protect, type).toBe(holdsData(type));
  });

  it.each(cases.filter(([, { settings }]) => settings.provider !== "external"))(
    "protects nothing any more once its name is given: %s",
    async (_, { settings }) => {
      const { recorder } = await create({ ...settings, mayBeDestroyed: settings.name ?? "kairos-redis" });
      for (const { type, protect } of recorder.registrations) expect(protect, type).toBe(false);
    },
  );

  it.each([
    ["oregon", "us-west-2", "us-west-2"],
    ["ohio", "us-east-2", "us-east-2"],
    ["virginia", "us-east-1", "us-east-1"],
    ["frankfurt", "eu-central-1", "eu-central-1"],
    ["singapore", "ap-southeast-1", "ap-southeast-1"],
  ])("stands beside a backend in %s", async (region, upstashRegion, awsRegion) => {
    const atUpstash = await create({ provider: "upstash" }, region);
    expect(atUpstash.recorder.one("RedisDatabase").inputs.primaryRegion).toBe(upstashRegion);

    const atRender = await create({ provider: "render", plan: "starter" }, region);
    expect(atRender.recorder.one("Keyvalue").inputs.region).toBe(region);

    const atRedisCloud = await create({ provider: "redis-cloud", plan: "30MB" }, region);
    expect(atRedisCloud.recorder.calls).toEqual([
      {
        token: "rediscloud:index/getEssentialsPlan:getEssentialsPlan",
        inputs: { name: "30MB", cloudProvider: "AWS", region: awsRegion },
      },
    ]);
  });
});

describe("with:", () => {
  it.each<[string, object, string, object, string]>([
    ["upstash", { provider: "upstash" }, "RedisDatabase", { prodPack: true }, "autoScale"],
    [
      "render",
      { provider: "render", plan: "starter" },
      "Keyvalue",
      { environmentId: "evm-1" },
      "logStreamOverride",
    ],
    [
      "redis-cloud",
      { provider: "redis-cloud", plan: "30MB" },
      "EssentialsDatabase",
      { tags: { owner: "kairos" } },
      "alerts",
    ],
  ])(
    "reaches the database of %s as it is, and is no longer left alone",
    async (_, settings, type, given, left) => {
      const { inputs, ignoreChanges } = (await create({ ...settings, with: given })).recorder.one(type);
      expect(inputs).toMatchObject(given);
      expect(ignoreChanges).toContain(left);
      expect(ignoreChanges).not.toContain(Object.keys(given)[0]);
    },
  );
});

describe("a Key Value", () => {
  const answering = (...statuses: (string | undefined)[]) => ({
    keyValue: async (id: string) =>
      ({ id, name: "kairos-redis", status: statuses.shift() }) as RenderKeyValue,
  });

  it("is waited for while Render creates it", async () => {
    const api = answering("unknown", "creating", "creating", "available", "never asked");
    await untilCreated(api, "red-1", { pause: 1 });
    expect(await api.keyValue("red-1")).toMatchObject({ status: "never asked" });
  });

  it("is not waited for without end", async () => {
    await expect(untilCreated(answering("creating"), "red-1", { limit: 0 })).rejects.toThrow(
      /kairos-redis is still creating/,
    );
  });
});
