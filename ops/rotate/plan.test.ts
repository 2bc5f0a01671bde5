import { describe, expect, it } from "vitest";
import type { Metadata } from "../../engine/cli/events.ts";
import { judge, type PlannedStep, plannedStep } from "./plan.ts";

const service = "render:index/webService:WebService";
const user = "mongodbatlas:index/databaseUser:DatabaseUser";
const stash = "pulumi:index:Stash";
const step = (op: string, type: string, name: string, ...diff: string[]): PlannedStep => ({
  op,
  type,
  name,
  diff,
});
const kinds = (...steps: PlannedStep[]) => {
  const { fatal, others, expected } = judge("mongodb", [1, 2], steps);
  return [fatal.length, others.length, expected.length];
};

describe("judge", () => {
  it("expects what a rotation does", () => {
    const steps = [
      step("same", service, "another"),
      step("create", stash, "mongodb-credential"),
      step("update", stash, "creations"),
      step("create", "random:index/randomPassword:RandomPassword", "mongodb-password-2"),
      step("create", user, "mongodb-user-2"),
      step("delete", user, "mongodb-user"),
      step("update", service, "kairos-backend", "envVars.MONGODB_URL.value"),
      step("update", "render:index/envGroup:EnvGroup", "kairos", 'envVars["MONGODB_URL"].value'),
      step("update", service, "kairos-worker", "envVars"),
      step("update", stash, "kairos-backend-deployed"),
      step("update", "pulumi:pulumi:Stack", "kairos-test"),
    ];
    expect(kinds(...steps)).toEqual([0, 0, 9]);
  });

  it.each([
    step("replace", "render:index/postgres:Postgres", "postgres-database"),
    step("delete", "mongodbatlas:index/advancedCluster:AdvancedCluster", "mongodb-cluster"),
    step("delete-replaced", "upstash:index/redisDatabase:RedisDatabase", "redis-upstash"),
    step("create-replacement", "render:index/keyvalue:Keyvalue", "redis-render"),
  ])("never lets a database go: $op $name", (one) => {
    expect(kinds(one)).toEqual([1, 0, 0]);
  });

  it.each([
    ["another database's variable", step("update", service, "b", "envVars.REDIS_URL.value")],
    ["a variable of the service's own", step("update", service, "b", "envVars.LOG_LEVEL.value")],
    ["another property of a service", step("update", service, "b", "envVars.MONGODB_URL.value", "plan")],
    ["a new service", step("create", service, "b")],
    ["a service that goes", step("delete", service, "b")],
    ["a user that is changed in place", step("update", user, "mongodb-user", "password")],
    ["a user that is replaced", step("replace", user, "mongodb-user-2")],
    ["a credential of another rotation", step("delete", user, "mongodb-user-7")],
    ["another database's record", step("update", stash, "postgres-credential")],
    ["a database that is changed", step("update", "render:index/postgres:Postgres", "p", "plan")],
    [
      "a password of Redis Cloud",
      step("update", "rediscloud:index/essentialsDatabase:EssentialsDatabase", "r"),
    ],
  ])("takes for something else: %s", (_, one) => {
    expect(kinds(one)).toEqual([0, 1, 0]);
  });

  it("lets a user be made right that an interrupted run made and that is imported, and no other", () => {
    const imported = [
      step("import", user, "mongodb-user-2"),
      step("update", user, "mongodb-user-2", "password"),
    ];
    expect(kinds(...imported)).toEqual([0, 0, 2]);
    expect(kinds(step("update", user, "mongodb-user-2", "password"))).toEqual([0, 1, 0]);
    const another = [
      step("import", user, "mongodb-user-2"),
      step("update", user, "mongodb-user", "password"),
    ];
    expect(kinds(...another)).toEqual([0, 1, 1]);
  });

  it("lets Redis Cloud's password be changed, and nothing else of it", () => {
    const type = "rediscloud:index/essentialsDatabase:EssentialsDatabase";
    const password = step("update", type, "redis-redis-cloud", "password");
    expect(judge("redis", [1, 2], [password]).expected).toHaveLength(1);
    const more = step("update", type, "redis-redis-cloud", "password", "replication");
    expect(judge("redis", [1, 2], [more]).others).toHaveLength(1);
  });
});

describe("plannedStep", () => {
  const type = "render:index/webService:WebService";
  const hidden = { MONGODB_URL: { value: "[secret]" }, LOG_LEVEL: { value: "[secret]" } };
  // What the bridge names besides what changed: everything that it computes.
  const computed = ["envVars", "slug", "runtimeSource", "numInstances"];
  const changed = (before: object, after: object, diffs = computed) =>
    plannedStep({
      op: "update",
      urn: "urn:pulumi:test::kairos::x::kairos-backend",
      type,
      diffs,
      // As the engine writes it where there is none.
      detailedDiff: null,
      old: { inputs: { plan: "starter", ...before } },
      new: { inputs: { plan: "starter", ...after } },
    } as unknown as Metadata);

  it.each([
    ["secrets that may differ", { envVars: hidden }, { envVars: hidden }, ["envVars"]],
    [
      "a setting beside them",
      { envVars: hidden },
      { envVars: hidden, plan: "standard" },
      ["plan", "envVars"],
    ],
    [
      "variables in clear",
      { envVars: { LOG_LEVEL: { value: "info" } } },
      { envVars: { LOG_LEVEL: { value: "warn" }, MORE: { value: "1" } } },
      ["envVars", "envVars.LOG_LEVEL", "envVars.MORE"],
    ],
  ])("names what differs: %s", (_, before, after, diff) => {
    expect(changed(before, after)).toEqual({ op: "update", name: "kairos-backend", type, diff });
  });

  it("gives the engine's own reasons when the inputs show nothing", () => {
    expect(changed({}, {}, ["slug"]).diff).toEqual(["slug"]);
  });
});
