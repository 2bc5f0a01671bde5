import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { mongodbOf } from "../../tests/helpers/program.ts";
import table from "../facts/fields.json" with { type: "json" };
import { fieldAt, fieldProblem, leftAlone, type OpenKind, openFields } from "./fields.ts";
import { checkSettings, type StackConfig } from "./index.ts";

const { resolve } = createRequire(import.meta.url);

describe("the fields that there are", () => {
  // What the classes of the installed SDKs send to their providers.
  it.each<[OpenKind, string, string]>([
    ["cluster", "@pulumi/mongodbatlas/advancedCluster.js", "AdvancedCluster"],
    ["upstash", "@upstash/pulumi/redisDatabase.js", "RedisDatabase"],
  ])("of %s are all that %s takes", (kind, module) => {
    const source = readFileSync(resolve(module), "utf8");
    const sent = [...source.matchAll(/resourceInputs\["(\w+)"\] = args\?\.(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(table[kind].fields).sort()).toEqual([...new Set(sent)].sort());
  });

  it("have a source and a day", () => {
    for (const { source, day } of Object.values(table)) {
      expect(source).toMatch(/^https:\/\//);
      expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
    }
  });

  it("are taken by with: where no setting, no secret and no risk has them", () => {
    expect(openFields("keyValue")).toEqual([
      ["environmentId", "text"],
      ["logStreamOverride", "group"],
    ]);
    expect(openFields("postgres").map(([name]) => name)).not.toContain("datadogApiKey");
    expect(openFields("cluster").map(([name]) => name)).not.toContain("replicationSpecs");
  });
});

describe("a field", () => {
  it.each<[OpenKind, string, unknown, RegExp]>([
    ["cluster", "replicationSpecs", [], /^nothing: the setting kairos:mongodb.tier has it$/],
    ["postgres", "diskSizeGb", 20, /kairos:postgres.disk has it/],
    ["web", "envVars", {}, /kairos:backend.variables has it/],
    ["worker", "preDeployCommand", "alembic upgrade head", /kairos:backend.migration has it/],
    ["cluster", "backupEnabled", false, /^nothing: the stack itself says it/],
    [
      "postgres",
      "diskSizeGB",
      20,
      /^a field of Postgres that has no setting: one of environmentId, logStream/,
    ],
    ["cron", "autoscaling", {}, /^a field of cron job that has no setting/],
    ["cluster", "acceptDataRisksAndForceReplicaSetReconfig", "2026-01-01", /^nothing: it may lose data/],
    ["redisCloud", "sourceIps", ["192.0.2.1/32"], /^nothing: it is of Pay-As-You-Go databases/],
    ["cluster", "paused", "true", /^true or false$/],
    ["web", "maxShutdownDelaySeconds", "60", /^a number$/],
    ["web", "customDomains", {}, /^a list$/],
    ["postgres", "parameterOverrides", ["a"], /^a group$/],
  ])("of %s, %s: %j is refused", (kind, field, value, words) => {
    expect(fieldProblem(kind, field, value)).toEqual({
      expected: expect.stringMatching(words),
      secret: false,
    });
  });

  it.each<[OpenKind, string, unknown]>([
    ["postgres", "datadogApiKey", "x"],
    ["redisCloud", "replica", { syncSources: [] }],
    ["web", "secretFiles", {}],
    ["web", "maintenanceMode", { uri: `https://kairos:${"x".repeat(8)}@status.invalid` }],
    ["cluster", "tags", { API_TOKEN: "x" }],
  ])("of %s, %s holds something secret, which is not repeated", (kind, field, value) => {
    expect(fieldProblem(kind, field, value)).toEqual({
      expected: expect.stringMatching(/secret/),
      secret: true,
    });
  });

  it.each<[OpenKind, string, unknown]>([
    ["cluster", "retainBackupsEnabled", true],
    ["cluster", "tags", { owner: "kairos" }],
    ["postgres", "parameterOverrides", { max_connections: "200" }],
    ["web", "maxShutdownDelaySeconds", 60],
    ["upstash", "prodPack", true],
  ])("of %s, %s may be %j", (kind, field, value) => {
    expect(fieldProblem(kind, field, value)).toBeUndefined();
  });
});

describe("an encrypted value in with:", () => {
  const mongodb = (more: object = {}) => mongodbOf({ with: { tags: { owner: "kairos" } }, ...more });
  const refused = (settings: object, isSecret: StackConfig["isSecret"]) => {
    const backend = [{ name: "kairos-backend", link: "srv-01234567890123456789" }];
    const values = { "kairos:mongodb": JSON.stringify(settings), "kairos:backend": JSON.stringify(backend) };
    return checkSettings({ stack: "prod", values, isSecret }, {}).problems.filter(({ path }) =>
      path.includes("with"),
    );
  };
  const line =
    "kairos:mongodb.with.tags: got an encrypted value; expected a plain one: what is in with: is shown in plans and pull requests";

  it("is refused by whoever reads the file, and by the engine where nothing else of the section is secret", () => {
    const inFile = refused(mongodb(), (_, path) => path?.join() === "mongodb,with,tags");
    const byKey = refused(mongodb(), (key) => key === "kairos:mongodb");
    expect([inFile, byKey].map(([problem]) => problem?.line)).toEqual([line, line]);
  });

  it("is not told from the section's own secret by the engine, which knows the section only", () => {
    expect(refused(mongodb({ password: "x" }), (key) => key === "kairos:mongodb")).toEqual([]);
    expect(refused(mongodb(), () => false)).toEqual([]);
  });
});

it("is told from what a setting or the program says", () => {
  const type = "mongodbatlas:index/advancedCluster:AdvancedCluster";
  expect(fieldAt(type, "tags.owner")).toBe("tags");
  expect(fieldAt(type, "replicationSpecs[0].regionConfigs[0].regionName")).toBeUndefined();
  expect(fieldAt("render:index/envGroup:EnvGroup", "environmentId")).toBeUndefined();
});

it("is no longer left to somebody else", () => {
  expect(leftAlone(["tags", "labels"], { tags: {} })).toEqual(["labels"]);
});
