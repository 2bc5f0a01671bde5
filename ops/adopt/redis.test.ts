import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeRedis, type Redis, withoutRedis } from "./redis.ts";

const password = randomBytes(12).toString("base64url");

describe("describeRedis", () => {
  const upstash = {
    vendor: "Upstash",
    provider: "upstash",
    kind: "Redis",
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
    vendor: "Render",
    provider: "render",
    kind: "Redis",
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
    vendor: "Redis Cloud",
    provider: "redis-cloud",
    kind: "Redis",
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
