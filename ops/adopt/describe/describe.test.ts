import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AtlasCluster } from "../atlas.ts";
import type { RenderPostgres } from "../inventory.ts";
import type { Redis } from "../redis.ts";
import { mongodbUrlOf } from "../urls.ts";
import { describeMongodb, type MongodbChoice } from "./mongodb.ts";
import { describePostgres, withoutPostgres } from "./postgres.ts";
import { describeRedis, withoutRedis } from "./redis.ts";

const password = randomBytes(12).toString("base64url");
const cluster: AtlasCluster = {
  name: "cluster0",
  tier: "M10",
  region: "US_WEST_2",
  hosts: ["cluster0.example.net"],
  connectionString: "mongodb+srv://cluster0.example.net",
  terminationProtection: true,
  backup: { snapshots: true, pointInTime: true },
};
const choice = (changes: Partial<MongodbChoice> = {}): MongodbChoice => {
  const user = {
    username: "kairos",
    databaseName: "admin",
    roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
    scopes: [{ name: "cluster0", type: "CLUSTER" }],
  };
  const accessList = [{ cidr: "203.0.113.0/24", comment: "office" }];
  return {
    project: {
      id: "0123456789abcdef01234567",
      name: "Kairos",
      clusters: [cluster],
      users: [user],
      accessList,
    },
    cluster,
    user,
    password,
    accessList,
    variables: {},
    url: undefined,
    region: "oregon",
    section: {},
    ...changes,
  };
};

describe("describeMongodb", () => {
  it.each<[string, Partial<AtlasCluster>, string[] | undefined]>([
    ["a dedicated cluster's hardware", {}, ["hardware"]],
    ["no termination protection", { terminationProtection: false }, ["terminationProtection", "hardware"]],
    ["snapshots alone", { backup: { snapshots: true, pointInTime: false } }, ["backup", "hardware"]],
    ["nothing of a FLEX that is as wanted", { tier: "FLEX" }, undefined],
    ["nothing of an M0, which has no protection", { tier: "M0", terminationProtection: false }, undefined],
    ["the place of a FLEX in another cloud", { tier: "FLEX", region: undefined }, ["hardware"]],
  ])("leaves %s", (_, changes, leave) => {
    const { settings, differences } = describeMongodb(choice({ cluster: { ...cluster, ...changes } }));
    expect(settings.leave).toEqual(leave);
    expect(differences).toHaveLength(leave?.length ?? 0);
  });

  it("names a region only where it is not the one beside the backend", () => {
    expect(describeMongodb(choice()).settings.region).toBeUndefined();
    expect(describeMongodb(choice({ region: "ohio" })).settings.region).toBe("US_WEST_2");
  });

  it("takes name, timeout, pool and options from what the backend has, in the file's own words", () => {
    const url = mongodbUrlOf(
      `mongodb+srv://kairos:${password}@cluster0.example.net/old?retryReads=false&compressors=snappy,zlib`,
    );
    const variables = {
      MONGODB_DB_NAME: { value: "autre" },
      MONGODB_TIMEOUT_MS: { value: "5000" },
      MONGODB_MAX_POOL_SIZE: { value: "many" },
    };
    const { settings } = describeMongodb(choice({ url, variables, section: { driver: { timeout: "5s" } } }));
    expect(settings.database).toBe("autre");
    expect(settings.driver).toEqual({ timeout: "5s", retryReads: false, compressors: ["snappy", "zlib"] });
  });

  it("lists wide roles, wide blocks and entries of the file that Atlas does not have", () => {
    const { differences, settings } = describeMongodb(
      choice({
        user: {
          username: "kairos",
          databaseName: "admin",
          roles: [{ roleName: "atlasAdmin", databaseName: "admin" }],
        },
        accessList: [{ cidr: "0.0.0.0/0", comment: "" }],
        cluster: { ...cluster, tier: "M0" },
        section: { accessList: [{ cidr: "<render-outbound-cidr>" }, { cidr: "192.0.2.0/24" }] },
      }),
    );
    expect(differences.map(({ what, is }) => [what, is])).toEqual([
      ["user kairos: roles", "atlasAdmin@admin on every cluster"],
      ["Kairos: access list", "0.0.0.0/0 lets (nearly) everyone in"],
      ["kairos:mongodb.accessList", "192.0.2.0/24 is only in the stack file"],
    ]);
    expect(settings.accessList).toEqual([{ cidr: "0.0.0.0/0", comment: "", allowFromAnywhere: true }]);
  });

  it("never shows the password", () => {
    expect(JSON.stringify(describeMongodb(choice()))).not.toContain(password);
    expect(`${describeMongodb(choice()).settings.password}`).toBe("[secret]");
  });
});

describe("describePostgres", () => {
  const found: RenderPostgres = {
    id: "dpg-1-a",
    name: "Kaïros DB",
    createdAt: "2026-01-01T00:00:00Z",
    plan: "basic_1gb",
    version: "18",
    region: "oregon",
    databaseName: "kairos_db_x1y2",
    databaseUser: "kairos_db_x1y2_user",
    highAvailabilityEnabled: false,
    readReplicas: [],
    ipAllowList: null,
    internalConnectionString: "postgresql://u:p@dpg-1-a/kairos_db_x1y2",
    externalConnectionString: "postgresql://u:p@dpg-1-a.oregon-postgres.render.com/kairos_db_x1y2",
  };
  it.each([
    ["private", "dpg-1-a", "oregon", undefined],
    ["public, as the backend has it", "dpg-1-a.oregon-postgres.render.com", "oregon", "public"],
    ["public, out of another region", undefined, "ohio", "public"],
  ] as const)("is reached over the network that is %s", (_, host, region, network) => {
    const variables = host === undefined ? {} : { POSTGRES_HOST: { value: host } };
    const { settings, imports } = describePostgres(found, { region, variables, section: {} });
    expect(settings).toMatchObject({ name: "Kaïros DB", database: "kairos_db_x1y2" });
    expect(settings.network).toBe(network);
    expect(imports).toEqual({ postgres: "dpg-1-a" });
  });

  it("is turned off where there is none, and says so if it was wanted", () => {
    expect(withoutPostgres({ enabled: true }).differences).toHaveLength(1);
    expect(withoutPostgres({})).toEqual({
      settings: { enabled: false },
      exclusive: true,
      imports: {},
      differences: [],
    });
  });
});

describe("describeRedis", () => {
  const upstash = {
    provider: "upstash",
    id: "uuid",
    name: "cache",
    url: `rediss://default:${password}@cache.upstash.io:6379`,
    database: {
      database_id: "uuid",
      database_name: "cache",
      creation_time: 0,
      region: "global",
      primary_region: "us-west-2",
      endpoint: "cache.upstash.io",
      port: 6379,
      password,
      tls: true,
    },
  } as const satisfies Redis;
  const keyValue = {
    provider: "render",
    id: "red-1",
    name: "cache",
    url: "redis://red-1:6379",
    externalUrl: `rediss://red-1:${password}@oregon-keyvalue.render.com:6379`,
    database: {
      id: "red-1",
      name: "cache",
      createdAt: "2026-01-01T00:00:00Z",
      plan: "starter",
      region: "oregon",
      options: { maxmemoryPolicy: "noeviction", persistenceMode: "off" },
    },
  } as const satisfies Redis;
  const redisCloud = {
    provider: "redis-cloud",
    id: "1/2",
    name: "cache",
    url: `redis://default:${password}@host:1`,
    subscription: { id: 1, name: "by hand", planId: 3, creationDate: "2026-01-01T00:00:00Z" },
    plan: { id: 3, name: "30MB", provider: "AWS", region: "us-west-2" },
    database: {
      databaseId: 2,
      name: "cache",
      publicEndpoint: "host:1",
      dataEvictionPolicy: "volatile-lru",
      dataPersistence: "none",
      replication: false,
      security: { enableTls: false, password },
    },
  } as const satisfies Redis;

  it.each<[string, Redis]>([
    ["upstash", upstash],
    ["render", keyValue],
    ["redis-cloud", redisCloud],
  ])("describes one at %s, to be imported", (provider, found) => {
    const described = describeRedis(found, "oregon", { provider: "none" });
    expect(described).toMatchObject({
      settings: { provider },
      exclusive: true,
      imports: { redis: found.id },
    });
    expect(describeRedis(found, "oregon", { provider }).exclusive).toBe(false);
    expect(JSON.stringify(described)).not.toContain(password);
  });

  it.each<[string, Redis, string]>([
    [
      "a regional one at Upstash",
      { ...upstash, database: { ...upstash.database, region: "us-east-1" } },
      "regional (us-east-1), a kind that Upstash no longer makes",
    ],
    [
      "one without TLS at Upstash",
      { ...upstash, database: { ...upstash.database, tls: false } },
      "without TLS, which this stack asks for",
    ],
    [
      "a Key Value of another region",
      { ...keyValue, database: { ...keyValue.database, region: "ohio" } },
      "in ohio, another region than the backend",
    ],
    [
      "one at Redis Cloud in another place",
      { ...redisCloud, plan: { ...redisCloud.plan, provider: "GCP", region: "europe-west1" } },
      "on GCP europe-west1, not beside the backend",
    ],
    [
      "one at Redis Cloud on a plan that is gone",
      { ...redisCloud, plan: undefined },
      "on a plan that Redis Cloud no longer lists",
    ],
  ])("uses %s by its URL, since its provider would replace it", (_, found, is) => {
    const { settings, imports, differences } = describeRedis(found, "oregon", {});
    expect(settings.provider).toBe("external");
    expect(imports).toEqual({});
    expect(differences).toMatchObject([{ is, wouldBe: "replaced by an empty one" }]);
    expect(JSON.stringify(differences)).not.toContain(password);
  });

  it("is turned off where there is none, and says so if one was wanted", () => {
    expect(withoutRedis({ provider: "upstash" }).differences).toHaveLength(1);
    expect(withoutRedis({ provider: "none" }).differences).toEqual([]);
  });
});
