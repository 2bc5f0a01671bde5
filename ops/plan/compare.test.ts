import { describe, expect, it } from "vitest";
import { planWith, resource } from "../../tests/helpers/plan.ts";
import { compare } from "./compare.ts";
import type { ResourceChange } from "./comparison.ts";
import type { PlannedResource, Value } from "./model.ts";
import { counts, fate, manner, shortPath } from "./words.ts";

const parent = "urn:pulumi:prod::kairos::kairos:infra:Mongodb::mongodb";
const cluster = (protect: boolean) =>
  resource("mongodbatlas:index/advancedCluster:AdvancedCluster", "mongodb-cluster", {
    parent,
    protect,
    holdsData: true,
  });
const user = (username: string) =>
  resource("mongodbatlas:index/databaseUser:DatabaseUser", "mongodb-user", { parent, inputs: { username } });
const postgres = (inputs: Record<string, Value>, more: Partial<PlannedResource> = {}) =>
  resource("render:index/postgres:Postgres", "postgres-database", {
    inputs: { name: "kairos-postgres", databaseName: "kairos_db", databaseUser: "kairos", ...inputs },
    holdsData: true,
    protect: true,
    ignoreChanges: ["databaseUser"],
    ...more,
  });
const group = (variables: Record<string, string>) =>
  resource("render:index/envGroup:EnvGroup", "group", {
    inputs: {
      envVars: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
    },
  });
/** A plan of this database, and of one service that gets these variables of it. */
const withVariables = (database: PlannedResource, variables: Record<string, string>) =>
  planWith(
    [database, group(variables)],
    [
      {
        name: "backend",
        via: "group",
        variables: Object.entries(variables).map(([name, value]) => ({
          name,
          value,
          from: [name.startsWith("POSTGRES_") ? database.name : "settings"],
        })),
      },
    ],
  );

describe("another user of Postgres", () => {
  const before = withVariables(postgres({}), { POSTGRES_USER: "kairos", POSTGRES_DB: "kairos_db" });

  it("loses nothing and changes no variable: it is refused, in words", () => {
    const after = withVariables(postgres({ databaseUser: "app" }), {
      POSTGRES_USER: "app",
      POSTGRES_DB: "kairos_db",
    });
    const comparison = compare(before, after);
    expect(comparison.variables).toEqual([]);
    expect(comparison.resources).toEqual([
      {
        action: "update",
        resource: after.resources[0],
        fields: [{ path: "databaseUser", before: "kairos", after: "app" }],
        losesData: false,
        refused: true,
      },
    ]);
    expect(counts(comparison)).toBe("1 refused");
    const [change] = comparison.resources;
    expect(change && fate(change)).toMatch(/nothing is replaced.*unless app is the user.*rotate postgres/);
  });

  it("hides no variable that differs for a reason of its own", () => {
    const after = withVariables(postgres({ databaseUser: "app" }), {
      POSTGRES_USER: "somebody",
      POSTGRES_DB: "app",
      APP_USER: "app",
    });
    const { variables } = compare({ ...before, services: before.services }, after);
    expect(variables.map(({ name }) => name).sort()).toEqual(["APP_USER", "POSTGRES_DB", "POSTGRES_USER"]);
  });

  it("would be a loss for a program that does not leave the user alone", () => {
    const after = planWith([postgres({ databaseUser: "app" }, { ignoreChanges: [] })]);
    expect(compare(before, after).resources[0]).toMatchObject({ action: "replace", losesData: true });
  });
});

describe("another user of MongoDB", () => {
  const changeWith = (protect: boolean) =>
    compare(planWith([cluster(protect), user("kairos")]), planWith([cluster(protect), user("app")]))
      .resources[0];

  it("is refused as long as the cluster is protected", () => {
    const change = changeWith(true);
    expect(change).toMatchObject({ action: "replace", losesData: false, refused: true });
    expect(change && fate(change)).toMatch(/the running backend logs in.*rotate mongodb/);
  });

  it("is replaced where the cluster may be destroyed", () => {
    const change = changeWith(false);
    expect(change).toMatchObject({ action: "replace", losesData: false, refused: false });
    expect(change && fate(change)).toBe("");
  });
});

describe("a database that goes", () => {
  it("says the name that mayBeDestroyed takes, which is the one that it has so far", () => {
    const upstash = (databaseName: string) =>
      resource("upstash:index/redisDatabase:RedisDatabase", "redis-upstash", {
        inputs: { databaseName },
        holdsData: true,
        protect: true,
      });
    const [renamed] = compare(planWith([upstash("one")]), planWith([upstash("two")])).resources;
    expect(renamed && fate(renamed)).toBe(
      "it is deleted with its data and created empty; refused until its section says mayBeDestroyed: one",
    );
    const [gone] = compare(planWith([postgres({})]), planWith([])).resources;
    expect(gone && fate(gone)).toBe(
      "its data is deleted; refused while it is protected: set mayBeDestroyed: kairos-postgres and run pulumi up first",
    );
  });

  it("comes before what is refused, and that before everything else", () => {
    const before = planWith([
      resource("a:b:C", "first", { inputs: { a: 1 } }),
      cluster(true),
      user("kairos"),
    ]);
    const after = planWith([
      resource("a:b:C", "first", { inputs: { a: 2 } }),
      resource("a:b:C", "second"),
      cluster(true),
      user("app"),
    ]);
    const withLoss = { ...before, resources: [...before.resources, postgres({})] };
    expect(compare(withLoss, after).resources.map(({ resource: { name } }) => name)).toEqual([
      "postgres-database",
      "mongodb-user",
      "first",
      "second",
    ]);
  });
});

describe("a field that came by with:", () => {
  const change = (inputs: Record<string, Value>) => {
    const before = planWith([postgres({})]);
    return compare(before, planWith([postgres(inputs)])).resources;
  };

  it("is shown as such, and not called safe", () => {
    const [changed] = change({ parameterOverrides: { max_connections: "200" } });
    expect(changed).toMatchObject({ action: "update", losesData: false, refused: false });
    expect(manner(changed as ResourceChange)).toEqual([
      expect.stringMatching(
        /^with: parameterOverrides: not known to be safe: .* refused while .* protected$/,
      ),
    ]);
    const [field] = changed?.fields ?? [];
    expect(shortPath(field?.path ?? "", postgres({}))).toBe("with: parameterOverrides.max_connections");
  });

  it("is told apart from a setting's", () => {
    const [changed] = change({ plan: "pro_8gb" });
    expect(manner(changed as ResourceChange).join()).not.toContain("with:");
    expect(shortPath("plan", postgres({}))).toBe("plan");
  });
});

describe("another plan of Redis Cloud", () => {
  const subscription = (planId: Value) =>
    planWith([
      resource("rediscloud:index/essentialsSubscription:EssentialsSubscription", "redis-redis-cloud", {
        inputs: { name: "kairos-redis", planId },
        holdsData: true,
        protect: true,
      }),
    ]);
  const change = (before: Value, after: Value) =>
    compare(subscription(before), subscription(after)).resources[0];

  it("is shown by name and region, with what Redis Cloud makes of it", () => {
    expect(change("30MB in us-west-2", "Single-Zone_1GB in us-west-2")).toMatchObject({
      action: "update",
      refused: false,
      fields: [{ path: "planId", before: "30MB in us-west-2", after: "Single-Zone_1GB in us-west-2" }],
      rules: [{ setting: "redis.plan", outcome: "allowed" }],
    });
  });

  it("is refused in another region, and over several zones", () => {
    const refusals = [
      change("30MB in us-west-2", "30MB in eu-central-1"),
      change("Single-Zone_1GB in us-west-2", "Multi-Zone_5GB in us-west-2"),
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ action: "update", refused: true });
  });

  it("says nothing of what an older plan did not know", () => {
    expect(change({ $unknown: true }, "30MB in us-west-2")).toMatchObject({
      action: "update",
      refused: false,
    });
  });
});
