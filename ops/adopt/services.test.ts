import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { schemaOf } from "../../infra/settings/rules.ts";
import type { AtlasCluster } from "./atlas.ts";
import { describeMongodb, type MongodbSelection } from "./mongodb.ts";
import { describePostgres, type RenderPostgres, withoutPostgres } from "./postgres.ts";
import { describeRedis } from "./redis.ts";
import { compared, expectedVariables } from "./services.ts";

const password = `${randomBytes(9).toString("base64url")}@/`;
const encoded = encodeURIComponent(password);
const settings = (changes: object = {}) =>
  schemaOf().parse({
    mongodb: {
      project: { id: "0123456789abcdef01234567" },
      tier: "M10",
      accessList: [{ cidr: "203.0.113.0/24", comment: "office" }],
      password,
    },
    postgres: { enabled: true, plan: "basic_1gb" },
    backend: [{ name: "kairos-api", link: "srv-01234567890123456789" }],
    ...changes,
  });
const cluster = { name: "cluster0", connectionString: "mongodb+srv://c.example.net" } as AtlasCluster;
const postgres = {
  internalConnectionString: `postgresql://kairos:${encoded}@dpg-1-a/kairos_x1`,
  externalConnectionString: `postgresql://kairos:${encoded}@dpg-1-a.example.net/kairos_x1`,
} as RenderPostgres;
const ground = {
  sections: { mongodb: {}, postgres: {}, redis: {}, import: {}, backend: [] },
  variables: {},
  url: undefined,
};
const user = { name: "kairos", roles: [] } as unknown as MongodbSelection["user"];
const project = { name: "Kairos" } as MongodbSelection["project"];
const taken = {
  mongodb: describeMongodb({ project, cluster, user, password, accessList: [] }, "oregon", ground),
  postgres: describePostgres(postgres, "oregon", ground),
};
const url = (text: string) => `mongodb+srv://kairos:${encoded}@c.example.net/${text}`;

describe("expectedVariables", () => {
  it("are what the program gives", () => {
    expect(expectedVariables(settings(), taken)).toEqual({
      MONGODB_URL: url("ka%C3%AFros?retryWrites=true&w=majority"),
      MONGODB_DB_NAME: "kaïros",
      MONGODB_TIMEOUT_MS: "5000",
      MONGODB_MAX_POOL_SIZE: "200",
      MONGODB_MIN_POOL_SIZE: "20",
      POSTGRES_HOST: "dpg-1-a",
      POSTGRES_PORT: "5432",
      POSTGRES_USER: "kairos",
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: "kairos_x1",
    });
  });

  it("leave out what is not taken over now", () => {
    expect(expectedVariables(settings(), { postgres: withoutPostgres({}) })).toEqual({});
  });

  it("have the URL of a Redis that is only used", () => {
    const redis = { provider: "external", url: `rediss://u:${encoded}@redis.example:6379` } as const;
    const found = { ...redis, vendor: "elsewhere", kind: "Redis", id: "external", name: "external" } as const;
    const descriptions = { redis: describeRedis(found, "oregon", {}) };
    expect(expectedVariables(settings({ redis }), descriptions)).toEqual({ REDIS_URL: redis.url });
  });
});

describe("compared", () => {
  const expected = {
    MONGODB_URL: url("ka%C3%AFros?w=majority"),
    MONGODB_TIMEOUT_MS: "5000",
    POSTGRES_PASSWORD: password,
  };
  it.each<[string, Parameters<typeof compared>[1], string[][]]>([
    [
      "nothing",
      {},
      [
        ["MONGODB_URL", "nobody", "would be added"],
        ["MONGODB_TIMEOUT_MS", "nobody", "would be added"],
        ["POSTGRES_PASSWORD", "nobody", "would be added"],
      ],
    ],
    [
      "the same, by itself and by a group",
      {
        MONGODB_URL: { value: expected.MONGODB_URL },
        MONGODB_TIMEOUT_MS: { value: "5000", group: "common" },
        POSTGRES_PASSWORD: { value: password },
      },
      [
        ["MONGODB_URL", "the service", "same"],
        ["MONGODB_TIMEOUT_MS", "env group common", "same"],
        ["POSTGRES_PASSWORD", "the service", "same"],
      ],
    ],
    [
      "others",
      {
        MONGODB_URL: { value: `mongodb://admin:other@h.example.net/?tls=true` },
        MONGODB_TIMEOUT_MS: { value: "1" },
        POSTGRES_PASSWORD: { value: "other" },
      },
      [
        [
          "MONGODB_URL",
          "the service",
          "host h.example.net would become c.example.net; user admin would become kairos; another password; database (none) would become kaïros; tls=true would become (none); w=(none) would become majority",
        ],
        ["MONGODB_TIMEOUT_MS", "the service", "1 would become 5000"],
        ["POSTGRES_PASSWORD", "the service", "would change"],
      ],
    ],
  ])("says of a service with %s what the stack would make of it, and no password", (_, has, rows) => {
    const found = compared("api", has, expected);
    expect(found.map(({ variable, setBy, comparison }) => [variable, setBy, comparison])).toEqual(rows);
    expect(JSON.stringify(found)).not.toContain(password);
    expect(JSON.stringify(found)).not.toContain(encoded);
  });

  it("sees through another way of writing the same URL", () => {
    const again = url("ka%c3%afros?w=majority");
    expect(compared("api", { MONGODB_URL: { value: again } }, { MONGODB_URL: expected.MONGODB_URL })).toEqual(
      [
        {
          service: "api",
          variable: "MONGODB_URL",
          setBy: "the service",
          comparison: "same, written differently",
        },
      ],
    );
  });
});
