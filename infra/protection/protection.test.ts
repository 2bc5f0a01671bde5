import { describe, expect, it } from "vitest";
import { mongodbOf, settingsOf } from "../../tests/helpers/program.ts";
import { kinds } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { ExistingResource } from "../state.ts";
import { dataLosses } from "./index.ts";

const project = "0123456789abcdef01234567";
const types = {
  cluster: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  postgres: "render:index/postgres:Postgres",
  keyValue: "render:index/keyvalue:Keyvalue",
  upstash: "upstash:index/redisDatabase:RedisDatabase",
  subscription: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
  redisCloud: "rediscloud:index/essentialsDatabase:EssentialsDatabase",
};
/** What the state holds of databases that the settings below want as they are. */
const existing = {
  cluster: { type: types.cluster, outputs: { name: "cluster0", projectId: project } },
  postgres: {
    type: types.postgres,
    outputs: {
      name: "kairos-postgres",
      region: "oregon",
      version: "18",
      databaseName: "kairos_db",
      databaseUser: "kairos",
    },
  },
  keyValue: { type: types.keyValue, outputs: { name: "kairos-redis", region: "oregon" } },
  upstash: {
    type: types.upstash,
    outputs: { databaseName: "kairos-redis", region: "global", primaryRegion: "us-west-2" },
  },
  subscription: { type: types.subscription, outputs: { name: "kairos-redis" } },
  redisCloud: { type: types.redisCloud, outputs: { name: "kairos-redis", subscriptionId: 51234 } },
} satisfies Record<string, ExistingResource>;
type Kind = keyof typeof existing;

const on = {
  mongodb: mongodbOf(),
  postgres: { enabled: true, plan: "basic_1gb", database: "kairos_db", user: "kairos" },
  upstash: { provider: "upstash", name: "kairos-redis" },
  keyValue: { provider: "render", name: "kairos-redis", plan: "starter" },
  redisCloud: { provider: "redis-cloud", name: "kairos-redis", plan: "30MB" },
};
const of = (...kinds: Kind[]): ExistingResource[] => kinds.map((kind) => existing[kind]);
const lossesOf = (kinds: Kind[], sections: Sections) => dataLosses(of(...kinds), settingsOf(sections));
type Sections = Record<string, object | string>;

/** The section of a kind of database, and the name that its consent has to give. */
const sectionOf = (kind: Kind) =>
  kind === "cluster" ? "mongodb" : kind === "postgres" ? "postgres" : "redis";
const nameOf = (kind: Kind) => (kind === "cluster" ? "cluster0" : `kairos-${sectionOf(kind)}`);
const consent = (kind: Kind) => `set kairos:${sectionOf(kind)}.mayBeDestroyed to "${nameOf(kind)}"`;

/** One row for each property that a provider cannot change: what the settings say now, and the line's beginning. */
const office = [{ cidr: "203.0.113.0/24", comment: "office" }];
const elsewhere = "f".repeat(24);
const changed: [string, Kind, Sections, string][] = [
  [
    "the cluster's name",
    "cluster",
    { mongodb: mongodbOf({ name: "main" }) },
    'kairos:mongodb.name: got "main"; expected "cluster0"',
  ],
  [
    "the cluster's project",
    "cluster",
    { mongodb: mongodbOf({ project: { id: elsewhere } }) },
    `kairos:mongodb.project.id: got "${elsewhere}"; expected "${project}"`,
  ],
  [
    "the database of Postgres",
    "postgres",
    { postgres: { ...on.postgres, database: "app" } },
    'kairos:postgres.database: got "app"; expected "kairos_db"',
  ],
  [
    "the version of Postgres",
    "postgres",
    { postgres: { ...on.postgres, version: "17" } },
    'kairos:postgres.version: got "17"; expected "18"',
  ],
  [
    "the region of Postgres",
    "postgres",
    { postgres: { ...on.postgres, region: "ohio", network: "public", accessList: office } },
    'kairos:postgres.region: got "ohio"; expected "oregon"',
  ],
  [
    "the backend's region, which Postgres follows",
    "postgres",
    { region: "ohio", postgres: on.postgres },
    'kairos:region: got "ohio"; expected "oregon"',
  ],
  [
    "the backend's region, which Key Value follows",
    "keyValue",
    { region: "ohio", redis: on.keyValue },
    'kairos:region: got "ohio"; expected "oregon"',
  ],
  [
    "the name of an Upstash database",
    "upstash",
    { redis: { ...on.upstash, name: "cache" } },
    'kairos:redis.name: got "cache"; expected "kairos-redis"',
  ],
  [
    "the primary region of an Upstash database",
    "upstash",
    { redis: { ...on.upstash, primaryRegion: "eu-west-1" } },
    'kairos:redis.primaryRegion: got "eu-west-1"; expected "us-west-2"',
  ],
  [
    "the backend's region, which Upstash follows",
    "upstash",
    { region: "ohio", redis: on.upstash },
    'kairos:region: got "ohio"',
  ],
];

/** One row for each database that the settings no longer have. */
const redisKinds: [Kind[], provider: string][] = [
  [["upstash"], "upstash"],
  [["keyValue"], "render"],
  [["subscription", "redisCloud"], "redis-cloud"],
];
const providers: Record<string, object> = {
  none: { provider: "none" },
  external: { provider: "external", url: "rediss://redis.example.com:6379" },
  upstash: on.upstash,
  render: on.keyValue,
  "redis-cloud": on.redisCloud,
};
const gone: [string, Kind[], Sections][] = [
  ["Postgres off", ["postgres"], { postgres: { enabled: false } }],
  ...redisKinds.flatMap(([kinds, from]) =>
    Object.entries(providers)
      .filter(([to]) => to !== from)
      .map(([to, redis]): [string, Kind[], Sections] => [`Redis from ${from} to ${to}`, kinds, { redis }]),
  ),
];

const consenting = (kind: Kind, sections: Sections): Sections => ({
  ...sections,
  [sectionOf(kind)]: { ...(sections[sectionOf(kind)] as object), mayBeDestroyed: nameOf(kind) },
});
/** Settings that give another name; the rules do not always let that pass, so it is put in after them. */
function withOtherName(kind: Kind, sections: Sections): Settings {
  const settings = settingsOf(sections);
  const section = { ...settings[sectionOf(kind)], mayBeDestroyed: "another" };
  return { ...settings, [sectionOf(kind)]: section };
}

describe("dataLosses", () => {
  it("knows every kind of database that is protected", () => {
    expect(Object.values(types).sort()).toEqual(
      Object.values(kinds)
        .flatMap((kind) => ("holdsData" in kind ? [kind.type] : []))
        .sort(),
    );
  });

  it.each<[string, Kind[], Sections]>([
    ["MongoDB and Postgres", ["cluster", "postgres"], { postgres: on.postgres }],
    ["Upstash", ["upstash"], { redis: on.upstash }],
    ["Render Key Value", ["keyValue"], { redis: on.keyValue }],
    ["Redis Cloud", ["subscription", "redisCloud"], { redis: on.redisCloud }],
    ["another tier", ["cluster"], { mongodb: mongodbOf({ tier: "M20" }) }],
    [
      "another plan and policy",
      ["keyValue"],
      { redis: { ...on.keyValue, plan: "pro", maxmemoryPolicy: "noeviction" } },
    ],
    ["databases that are new", [], { postgres: on.postgres, redis: on.upstash }],
  ])("finds nothing where the settings keep what exists: %s", (_, kinds, sections) => {
    expect(lossesOf(kinds, sections)).toEqual([]);
  });

  it("does not take a property for changed that the state does not have", () => {
    const outputs = { name: "kairos-postgres" };
    expect(dataLosses([{ type: types.postgres, outputs }], settingsOf({ postgres: on.postgres }))).toEqual(
      [],
    );
  });

  it("takes the name that Render made of the setting's for the same database", () => {
    const outputs = { name: "kairos-postgres", databaseName: "kairos_db_ehyv" };
    const losses = (database: string) =>
      dataLosses([{ type: types.postgres, outputs }], settingsOf({ postgres: { ...on.postgres, database } }));
    expect(losses("kairos_db")).toEqual([]);
    expect(losses("kairos_db_ehyv")).toEqual([]);
    expect(losses("kairos")).toEqual([expect.stringContaining('expected "kairos_db_ehyv"')]);
  });

  it.each(changed)(
    "refuses to change %s: setting, value, expectation, way out",
    (_, kind, sections, beginning) => {
      const lines = lossesOf([kind], sections);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.slice(0, beginning.length)).toBe(beginning);
      expect(lines[0]).toContain(`${nameOf(kind)} would be deleted with all its data and created empty`);
      expect(lines[0]).toContain("Set it back");
      expect(lines[0]).toContain(consent(kind));
    },
  );

  it.each(gone)("refuses to delete, in one line: %s", (_, kinds, sections) => {
    const [kind] = kinds as [Kind];
    expect(lossesOf(kinds, sections)).toEqual([
      `kairos:${sectionOf(kind)}: these settings delete the database ${nameOf(kind)} with all its data. Keep its settings; or, if it may go, ${consent(kind)}, run pulumi up, and only then remove it`,
    ]);
  });

  it.each(changed)("accepts the consent that the line asks for: %s", (_, kind, sections) => {
    // settingsOf fails when the settings' own rules refuse what the line told the reader to write.
    expect(lossesOf([kind], consenting(kind, sections))).toEqual([]);
  });

  it.each(gone)("accepts the consent to a deletion: %s", (_, kinds, sections) => {
    expect(lossesOf(kinds, consenting(kinds[0] as Kind, sections))).toEqual([]);
  });

  it("accepts the consent to a new provider under a new name", () => {
    const sections = { redis: { ...on.keyValue, name: "cache" } };
    expect(lossesOf(["upstash"], sections)).toHaveLength(1);
    expect(lossesOf(["upstash"], consenting("upstash", sections))).toEqual([]);
  });

  it("lets a switch that stopped half-way be finished: the new database is there, the old one too", () => {
    const sections = consenting("upstash", { redis: { ...on.keyValue, name: "cache" } });
    const created = { type: types.keyValue, outputs: { name: "cache", region: "oregon" } };
    expect(dataLosses([...of("upstash"), created], settingsOf(sections))).toEqual([]);
  });

  it.each([
    ...changed.map(([what, kind, sections]) => [what, kind, sections] as const),
    ...gone.map(([what, [kind], sections]) => [what, kind as Kind, sections] as const),
  ])("does not take another name for consent: %s", (_, kind, sections) => {
    expect(dataLosses(of(kind), withOtherName(kind, sections))).toHaveLength(1);
  });

  it("refuses another user of Postgres, which nothing is replaced for, and takes no consent to it", () => {
    const sections = { postgres: { ...on.postgres, user: "app" } };
    for (const given of [sections, consenting("postgres", sections)])
      expect(lossesOf(["postgres"], given)).toEqual([
        expect.stringMatching(/^kairos:postgres\.user: got "app"; expected "kairos", .* nothing is replaced/),
      ]);
  });

  it("refuses another region of Redis Cloud, where no call can bring a database", () => {
    const database = { type: types.redisCloud, outputs: { name: "kairos-redis", region: "us-west-2" } };
    const sections = { region: "frankfurt", redis: on.redisCloud };
    for (const given of [sections, consenting("redisCloud", sections)])
      expect(dataLosses([database], settingsOf(given))).toEqual([
        expect.stringMatching(
          /^kairos:region: got "frankfurt"; expected "a region beside the database", .* stays in its region: /,
        ),
      ]);
    expect(dataLosses([database], settingsOf({ redis: on.redisCloud }))).toEqual([]);
  });

  it("reports each database on a line of its own", () => {
    const sections = { mongodb: mongodbOf({ name: "main" }), redis: providers.none as object };
    const lines = lossesOf(["cluster", "postgres", "subscription", "redisCloud"], sections);
    expect(lines.map((line) => line.slice(0, line.indexOf(": ")))).toEqual([
      "kairos:mongodb.name",
      "kairos:postgres",
      "kairos:redis",
    ]);
  });
});

describe("what a vendor does not make of a database", () => {
  const hardware = (tier: string) => ({
    replicationSpecs: [
      {
        regionConfigs: [
          { providerName: "AWS", regionName: "US_WEST_2", electableSpecs: { instanceSize: tier } },
        ],
      },
    ],
  });
  const refusals: [string, ExistingResource, Sections, string | undefined][] = [
    [
      "a free cluster of a dedicated one",
      { ...existing.cluster, outputs: { ...existing.cluster.outputs, ...hardware("M10") } },
      { mongodb: mongodbOf({ tier: "M0" }) },
      'kairos:mongodb.tier: got "M0"; expected "M10", which the database cluster0 has: Atlas makes no shared cluster of a dedicated one. Set it back, or give a cluster of another name that tier, and copy the data',
    ],
    [
      "the hardware that the stack leaves alone",
      { ...existing.cluster, outputs: { ...existing.cluster.outputs, ...hardware("M10") } },
      { mongodb: mongodbOf({ tier: "M0", leave: ["hardware"] }) },
      undefined,
    ],
    [
      "a smaller disk",
      { ...existing.postgres, outputs: { ...existing.postgres.outputs, diskSizeGb: 50 } },
      { postgres: { ...on.postgres, disk: "20GB" } },
      "kairos:postgres.disk: got 20; expected 50, which the database kairos-postgres has: Render's disks never shrink. Set it back",
    ],
    [
      "a paid Key Value of a free one",
      { ...existing.keyValue, outputs: { ...existing.keyValue.outputs, plan: "free" } },
      { redis: on.keyValue },
      'kairos:redis.plan: got "starter"; expected "free", which the database kairos-redis has: Render makes a paid Key Value anew, without what the free one holds, so kairos-redis would be deleted with all its data and created empty. Set it back; or, if the data may go, set kairos:redis.mayBeDestroyed to "kairos-redis"',
    ],
    [
      "that, with consent",
      { ...existing.keyValue, outputs: { ...existing.keyValue.outputs, plan: "free" } },
      { redis: { ...on.keyValue, mayBeDestroyed: "kairos-redis" } },
      undefined,
    ],
    [
      "a legacy plan that it has",
      { ...existing.postgres, outputs: { ...existing.postgres.outputs, plan: "standard" } },
      { postgres: { ...on.postgres, plan: "standard" } },
      undefined,
    ],
  ];
  it.each(refusals)("%s", (_, database, sections, line) => {
    expect(dataLosses([database], settingsOf(sections))).toEqual(line === undefined ? [] : [line]);
  });

  it("a tier that is gone is taken over and kept, not created", () => {
    const mongodb = mongodbOf({ tier: "M2", name: "cluster0" });
    const refused =
      'kairos:mongodb.tier: got "M2"; expected one that Atlas still sells: M2 is gone, its successor is FLEX';
    expect(dataLosses([], settingsOf({ mongodb }))).toEqual([refused]);
    const cluster = "0123456789abcdef01234567-cluster0";
    const user = "0123456789abcdef01234567/kairos/admin";
    expect(
      dataLosses([], settingsOf({ mongodb: { ...mongodb, password: "x" }, import: { cluster, user } })),
    ).toEqual([]);
  });

  it("a legacy plan is taken over and kept, not created", () => {
    const postgres = { ...on.postgres, plan: "standard", version: "11" };
    expect(dataLosses([], settingsOf({ postgres }))).toEqual([
      'kairos:postgres.plan: got "standard"; expected one that Render still sells: standard is gone, its successor is basic_1gb',
      'kairos:postgres.version: got "11"; expected one that Render still sells: 11 is gone, its successor is 18',
    ]);
    expect(dataLosses([], settingsOf({ postgres, import: { postgres: "dpg-1-a" } }))).toEqual([]);
  });
});
