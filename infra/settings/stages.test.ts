import { describe, expect, it } from "vitest";
import { evaluate } from "../policies/evaluate.ts";
import { checkSettings, type Settings } from "./index.ts";
import { stageDefaults, stageOf } from "./stages.ts";

const credentials = {
  MONGODB_ATLAS_PUBLIC_API_KEY: "public",
  MONGODB_ATLAS_PRIVATE_API_KEY: "private",
  RENDER_API_KEY: "key",
  RENDER_OWNER_ID: "tea-1",
  UPSTASH_EMAIL: "ops@example.invalid",
  UPSTASH_API_KEY: "key",
  REDISCLOUD_ACCESS_KEY: "key",
  REDISCLOUD_SECRET_KEY: "key",
};

/** A stack file that says as little as it can. */
const little = (stack: string, changes: Record<string, unknown> = {}) => ({
  mongodb: {
    project: { organization: "5a4d000000000000000000aa" },
    accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
  },
  postgres: { enabled: true },
  redis: { provider: "upstash" },
  backend: [
    {
      name: `kairos-backend-${stack}`,
      type: "web",
      source: { image: "a/b", tag: "1" },
      healthCheck: "/health",
    },
  ],
  ...changes,
});

function check(stack: string, settings: Record<string, unknown>) {
  const values = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`kairos:${key}`, JSON.stringify(value)]),
  );
  values["render:skipDeployAfterServiceUpdate"] = "true";
  return checkSettings({ stack, values, isSecret: (_, path) => path?.at(-1) === "url" }, credentials);
}

const lines = (stack: string, settings: Record<string, unknown>) =>
  check(stack, settings).problems.map(({ line }) => line);

/** The settings of a stack that says as little as it can. @throws when they are not well */
function settingsOf(stack: string, changes?: Record<string, unknown>): Settings {
  const { settings, problems } = check(stack, little(stack, changes));
  if (settings === undefined) throw new Error(problems.map(({ line }) => line).join("\n"));
  return settings;
}

describe("the table of environments", () => {
  it("gives staging what production has, at its smallest, and a short-lived stack the least", () => {
    const [staging, short] = ["staging", "pr-123"].map((stack) => settingsOf(stack)) as [Settings, Settings];
    expect(staging.mongodb).toMatchObject({
      project: { name: "kairos-staging" },
      name: "kairos-staging",
      tier: "M10",
      driver: { maxPoolSize: 50, minPoolSize: 5, timeout: 5000 },
    });
    expect(staging.mongodb.mayBeDestroyed).toBeUndefined();
    expect(staging.postgres).toMatchObject({ name: "kairos-postgres-staging", plan: "basic_256mb" });
    expect(staging.redis).toMatchObject({ name: "kairos-redis-staging", budget: 20 });
    expect(short.mongodb).toMatchObject({
      project: { name: "kairos-pr-123" },
      name: "kairos-pr-123",
      tier: "M0",
      driver: { maxPoolSize: 10, minPoolSize: 0 },
      mayBeDestroyed: "kairos-pr-123",
    });
    expect(short.postgres).toMatchObject({
      name: "kairos-postgres-pr-123",
      mayBeDestroyed: "kairos-postgres-pr-123",
    });
    expect(short.redis).toMatchObject({ budget: 5, mayBeDestroyed: "kairos-redis-pr-123" });
    expect(short.backend[0]).toMatchObject({ plan: "starter" });
  });

  it("leaves production's choices to its stack file, and says so for each", () => {
    const { mongodb, ...others } = little("prod");
    const project = { name: "kairos", organization: "5a4d000000000000000000aa" };
    const said = {
      ...others,
      backend: [{ name: "kairos-backend", type: "web", source: { image: "a/b", tag: "1" } }],
    };
    expect(lines("prod", { ...said, mongodb: { ...mongodb, project } }).sort()).toEqual([
      expect.stringMatching(/^kairos:backend\[0\]\.plan: got nothing; expected one of free, starter/),
      expect.stringMatching(/^kairos:mongodb\.tier: got nothing; expected one of M0, FLEX, M10/),
      expect.stringMatching(/^kairos:postgres\.plan: got nothing; expected one of free, basic_256mb/),
    ]);
  });

  it("gives way to the stack file, setting by setting", () => {
    const settings = settingsOf("pr-1", {
      mongodb: { ...little("").mongodb, tier: "FLEX", driver: { maxPoolSize: 7 }, mayBeDestroyed: "other" },
      redis: { provider: "render", plan: "free" },
    });
    expect(settings.mongodb).toMatchObject({
      tier: "FLEX",
      driver: { maxPoolSize: 7, minPoolSize: 0 },
      mayBeDestroyed: "other",
    });
    expect(settings.redis).toMatchObject({ plan: "free", name: "kairos-redis-pr-1" });
  });

  it("has nothing for a database that is off, nor for what the stack did not make", () => {
    const settings = settingsOf("pr-1", { postgres: { enabled: false }, redis: { provider: "none" } });
    expect(settings.postgres).toEqual({ enabled: false });
    expect(settings.redis).toEqual({ provider: "none" });
  });

  it("leaves what is no group to whoever reports it", () => {
    expect(lines("pr-1", { ...little("pr-1"), mongodb: 5, backend: [7] })).toEqual([
      expect.stringContaining("kairos:mongodb: got 5; expected a group of settings"),
      expect.stringContaining("kairos:backend[0]: got 7"),
    ]);
    expect(lines("pr-1", { ...little("pr-1"), mongodb: { project: 1, driver: "x" } }).join()).toMatch(
      /mongodb\.project: got 1.*mongodb\.driver: got "x"/,
    );
  });

  it("names settings that exist: none is refused as unknown", () => {
    for (const provider of ["upstash", "render", "redis-cloud"])
      for (const stack of ["staging", "dev-anna"]) {
        const redis = provider === "redis-cloud" ? { provider, plan: "30MB" } : { provider };
        expect(() => settingsOf(stack, { redis })).not.toThrow();
      }
    expect(new Set(stageDefaults.map(({ setting }) => setting)).size).toBe(stageDefaults.length);
  });

  it.each(["staging", "pr-7"])("keeps to the policies in %s", (stack) => {
    const settings = settingsOf(stack);
    const tiers = [
      ["mongodbatlas:index/advancedCluster:AdvancedCluster", tierInputs(settings.mongodb.tier)],
      ["render:index/postgres:Postgres", { plan: "plan" in settings.postgres && settings.postgres.plan }],
      [
        "render:index/webService:WebService",
        { plan: settings.backend.flatMap((service) => ("plan" in service ? [service.plan] : []))[0] },
      ],
    ] as const;
    const resources = tiers.map(([type, inputs]) => ({ urn: type, type, name: type, protect: true, inputs }));
    const report = evaluate(resources, {
      stage: stageOf(stack),
      settings,
      exceptions: [],
      now: new Date(),
    });
    expect(report.violations.filter(({ policy }) => policy === "plan-tier")).toEqual([]);
  });
});

function tierInputs(tier: string) {
  return { replicationSpecs: [{ regionConfigs: [{ electableSpecs: { instanceSize: tier } }] }] };
}

describe("names", () => {
  /** Everything that has a name at a vendor. */
  const namesOf = ({ mongodb, postgres, redis, backend }: Settings) => [
    "name" in mongodb.project ? mongodb.project.name : "",
    mongodb.name,
    postgres.enabled ? postgres.name : "",
    "name" in redis ? redis.name : "",
    ...backend.map(({ name }) => name),
  ];

  it("are no two stacks' by default", () => {
    const stacks = ["staging", "staging-eu", "pr-1", "pr-11", "pr-111", "dev-anna", "dev-anna-2", "dev"];
    const all = stacks.flatMap((stack) => [...new Set(namesOf(settingsOf(stack)))]);
    expect(new Set(all).size).toBe(all.length);
  });

  it("have to end in the stack's name, whoever gives them", () => {
    const settings = little("pr-1", {
      mongodb: {
        ...little("").mongodb,
        name: "cluster0",
        project: { name: "Kaïros", organization: "5".repeat(24) },
      },
      postgres: { enabled: true, name: "kairos-postgres-pr-11" },
      redis: { provider: "upstash", name: "kairos-redis" },
      backend: [{ name: "kairos-backend-dev-pr-1", type: "web", source: { image: "a/b", tag: "1" } }],
    });
    expect(lines("pr-1", settings)).toEqual([
      'kairos:mongodb.project.name: got "Kaïros"; expected a name that ends in -pr-1. Stacks share nothing unless they say so: mongodb.project in kairos:shares',
      'kairos:mongodb.name: got "cluster0"; expected a name that ends in -pr-1. Stacks share nothing unless they say so: mongodb.name in kairos:shares',
      'kairos:postgres.name: got "kairos-postgres-pr-11"; expected a name that ends in -pr-1. Stacks share nothing unless they say so: postgres.name in kairos:shares',
      'kairos:redis.name: got "kairos-redis"; expected a name that ends in -pr-1. Stacks share nothing unless they say so: redis.name in kairos:shares',
      'kairos:backend[0].name: got "kairos-backend-dev-pr-1"; expected a name that ends in -pr-1 alone. Stacks share nothing unless they say so: backend.name in kairos:shares',
    ]);
  });

  it("of production do not end as those of the others do", () => {
    const { mongodb } = little("");
    const settings = little("prod", {
      mongodb: { ...mongodb, tier: "M10", project: { name: "kairos", organization: "5".repeat(24) } },
      postgres: { enabled: true, plan: "basic_1gb", name: "kairos-postgres-pr-3" },
      backend: [{ name: "kairos-backend", type: "web", plan: "starter", source: { image: "a/b", tag: "1" } }],
    });
    expect(lines("prod", settings)).toEqual([
      'kairos:postgres.name: got "kairos-postgres-pr-3"; expected a name that does not end as the names of other environments do. Stacks share nothing unless they say so: postgres.name in kairos:shares',
    ]);
    expect(lines("prod", { ...settings, shares: ["postgres.name"] })).toEqual([]);
  });
});

describe("what exists already", () => {
  const link = "srv-00000000000000000001";
  const shared = little("staging", {
    mongodb: { ...little("").mongodb, project: { id: "5a4d000000000000000000ab" } },
    redis: { provider: "external", url: "rediss://user:secret@redis.invalid:6379" },
    backend: [{ name: "kairos-backend", link }],
  });

  it("is refused in staging unless the stack says that it shares it", () => {
    expect(lines("staging", shared)).toEqual([
      expect.stringMatching(
        /^kairos:mongodb\.project\.id: got the existing Atlas project 5a4d0{18}ab; expected \{ organization \}/,
      ),
      expect.stringMatching(/^kairos:redis\.url: got a Redis that the stack does not make; /),
      expect.stringMatching(/^kairos:backend\[0\]\.link: got the existing service srv-0{19}1; /),
    ]);
    expect(lines("staging", shared).join()).not.toContain("secret@");
    const said = { ...shared, shares: ["mongodb.project", "redis.url", "backend.link"] };
    expect(check("staging", said).problems).toEqual([]);
  });

  it("is refused of the workspace's notifications too", () => {
    const alerts = { workspace: true };
    expect(lines("staging", little("staging", { alerts }))).toEqual([
      expect.stringMatching(
        /^kairos:alerts\.workspace: got the notifications of the whole workspace at Render; /,
      ),
    ]);
    expect(lines("staging", little("staging", { alerts, shares: ["alerts.workspace"] }))).toEqual([]);
  });

  it("may not be said to be shared when it is not: the word would let the next one pass", () => {
    expect(lines("staging", little("staging", { shares: ["backend.link"] }))).toEqual([
      "kairos:shares[0]: got backend.link; expected nothing: this stack has no such thing in common",
    ]);
    expect(lines("staging", little("staging", { shares: ["backend.links"] }))).toEqual([
      expect.stringMatching(
        /^kairos:shares\[0\]: got "backend\.links"; expected one of .*did you mean "backend\.link"/,
      ),
    ]);
  });
});

describe("a stack of another name", () => {
  it.each(["demo", "preview-1", "prod-eu", "PR-1"])(
    "%s has names and things of its own, like any but production",
    (stack) => {
      const { mongodb } = little("");
      const file = little(stack, {
        mongodb: { ...mongodb, tier: "M10", project: { id: "5a4d000000000000000000ab" } },
        postgres: { enabled: true, plan: "basic_1gb" },
        backend: [{ name: "kairos-backend", link: "srv-00000000000000000001" }],
      });
      expect(lines(stack, file)).toEqual([
        expect.stringMatching(/^kairos:mongodb\.project\.id: got the existing Atlas project/),
        expect.stringMatching(/^kairos:backend\[0\]\.link: got the existing service/),
      ]);
      const { settings } = check(stack, { ...file, shares: ["mongodb.project", "backend.link"] });
      expect(settings).toMatchObject({
        mongodb: { name: `cluster0-${stack}` },
        postgres: { name: `kairos-postgres-${stack}` },
        redis: { name: `kairos-redis-${stack}` },
      });
    },
  );
});

describe("what a short-lived stack would take away with itself", () => {
  it("it may not take over, whatever it says", () => {
    const import_ = { postgres: "dpg-abc-a", accessList: [] };
    expect(lines("pr-1", little("pr-1", { import: import_ }))).toEqual([
      "kairos:import.postgres: got the id of something that exists; expected nothing: what a short-lived stack takes over is deleted with it",
    ]);
    expect(lines("staging", little("staging", { import: import_ }))).toEqual([]);
  });

  it("is a project's access list, too", () => {
    const project = { id: "5a4d000000000000000000ab" };
    const file = (stack: string) =>
      little(stack, { mongodb: { ...little("").mongodb, project }, shares: ["mongodb.project"] });
    expect(lines("pr-1", file("pr-1"))).toEqual([
      expect.stringMatching(/^kairos:shares: got mongodb\.project; expected/),
    ]);
    expect(lines("staging", file("staging"))).toEqual([]);
  });
});

describe("stacks on stand-ins", () => {
  it.each(["sandbox", "test"])("%s rehearses production: its defaults, and any name", (stack) => {
    const { mongodb } = little("");
    const settings = settingsOf(stack, {
      mongodb: { ...mongodb, tier: "M10", project: { id: "5a4d000000000000000000ab" } },
      postgres: { enabled: false },
      backend: [{ name: "kairos-backend", type: "web", plan: "starter", source: { image: "a/b", tag: "1" } }],
    });
    expect(settings.mongodb).toMatchObject({ name: "cluster0", driver: { maxPoolSize: 200 } });
    expect(settings.mongodb.mayBeDestroyed).toBeUndefined();
  });
});
