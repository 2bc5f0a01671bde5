/**
 * The whole stack through its life: the real engine, the vendors' real providers, and stand-ins of all their APIs.
 * What it declares exists afterwards; nothing changes without a reason; Redis moves without anything else moving;
 * nothing is left at the end.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { deploysOf, startDeploy } from "../../sandbox/clouds/render/index.ts";
import { leaks } from "../canaries.ts";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the whole stack on the real engine (${found.reason})`);

const organization = "5a4d000000000000000000aa";

describe.skipIf("reason" in found)("the stack", () => {
  let folder: string;
  let clouds: Clouds;
  let stack: EngineStack;
  let settings: Record<string, unknown>;
  const printed: string[] = [];

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-clouds-"));
    clouds = await startClouds({ folder, organization });
    stack = await EngineStack.create(found.engine);
    Object.assign(stack.environment, clouds.environment);
    settings = {
      mongodb: {
        project: { name: "kairos-test", organization },
        name: "kairos-test",
        // The tier that its provider does not wait 30 seconds for.
        tier: "FLEX",
        accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
        mayBeDestroyed: "kairos-test",
      },
      postgres: { enabled: true, plan: "basic_1gb", mayBeDestroyed: "kairos-postgres" },
      redis: { provider: "none", mayBeDestroyed: "kairos-redis" },
      backend: [
        {
          name: "kairos-backend",
          type: "web",
          plan: "starter",
          source: { image: "registry.example/kairos/backend", tag: "1" },
          healthCheck: "/health",
          variables: { LOG_LEVEL: "info" },
        },
      ],
    };
    await stack.configure(settings);
  });
  afterAll(async () => {
    await stack?.remove();
    await clouds?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const pulumi = async (...args: string[]) => {
    const outcome = await stack.pulumi(...args, "--stack", "test");
    printed.push(outcome.all);
    return outcome;
  };
  const succeeds = async (...args: string[]) => {
    const { all, exitCode } = await pulumi(...args);
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
    expect(all).not.toMatch(/warning:/);
    return all;
  };
  const up = () => succeeds("up", "--yes", "--skip-preview", "--diff");
  const change = (changes: Record<string, unknown>) => {
    settings = { ...settings, ...changes };
    return stack.configure(settings);
  };
  const service = () => {
    const [only] = Object.values(clouds.render.state.services);
    if (only === undefined) throw new Error("there is no service");
    return only;
  };
  const variables = () => deploysOf(clouds.render, service().id)[0]?.variables ?? {};

  it("comes up; its first deploy has every variable, and each leads to what was made", async () => {
    await up();
    expect(deploysOf(clouds.render, service().id)).toHaveLength(1);
    const [postgres] = Object.values(clouds.render.state.postgres);
    expect(variables()).toEqual({
      MONGODB_URL: expect.stringMatching(
        /^mongodb\+srv:\/\/kairos:[A-Za-z0-9]{32}@kairos-test\.[^/]+\/ka%C3%AFros\?retryWrites=true&w=majority$/,
      ),
      MONGODB_DB_NAME: "kaïros",
      MONGODB_TIMEOUT_MS: "5000",
      MONGODB_MAX_POOL_SIZE: "200",
      MONGODB_MIN_POOL_SIZE: "20",
      POSTGRES_HOST: postgres?.id,
      POSTGRES_PORT: "5432",
      POSTGRES_USER: "kairos",
      POSTGRES_PASSWORD: postgres?.password,
      POSTGRES_DB: postgres?.databaseName,
      LOG_LEVEL: "info",
    });
  });

  it("has nothing to change afterwards, with and without a refresh", async () => {
    await succeeds("preview", "--diff", "--expect-no-changes");
    await succeeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await succeeds("preview", "--diff", "--expect-no-changes");
  });

  it("gives its environment as one secret output", async () => {
    const { stdout: hidden } = await pulumi("stack", "output", "--json");
    expect(JSON.parse(hidden)).toMatchObject({
      environment: "[secret]",
      mongodb: { cluster: "kairos-test", database: "kaïros", user: "kairos" },
      services: { "kairos-backend": service().id },
    });
    // Asked for by name, it is what the service has; this output is not kept.
    const { stdout } = await stack.pulumi("stack", "output", "--json", "--show-secrets", "--stack", "test");
    const { LOG_LEVEL: _, ...contract } = variables();
    expect(JSON.parse(stdout).environment).toEqual(contract);
  });

  it.each([
    ["upstash", {}, /^rediss:\/\/default:[^@]+@[^:]+:\d+$/],
    ["render", { plan: "starter" }, /^redis:\/\/red-[0-9a-v]{20}:6379$/],
    ["none", {}, undefined],
  ])(
    "moves Redis to %s: only Redis and REDIS_URL change, and one deploy follows",
    async (provider, more, url) => {
      const before = variables();
      const deploys = deploysOf(clouds.render, service().id).length;
      const { id } = service();
      await change({ redis: { provider, ...more, mayBeDestroyed: "kairos-redis" } });
      const all = await up();
      expect(service().id).toBe(id);
      const { REDIS_URL: was, ...othersBefore } = before;
      const { REDIS_URL: is, ...others } = variables();
      expect(others).toEqual(othersBefore);
      expect(is === was).toBe(false);
      if (url === undefined) expect(is).toBeUndefined();
      else expect(is).toMatch(url);
      expect(deploysOf(clouds.render, id)).toHaveLength(deploys + 1);
      expect(all).not.toMatch(
        /(Postgres|AdvancedCluster|DatabaseUser|Project\w*): \((update|replace|delete|create)/,
      );
      await succeeds("preview", "--diff", "--expect-no-changes");
    },
  );

  it("changes every setting that can change in place, and each is seen at the vendor", async () => {
    const { id, createdAt } = service();
    const [before] = Object.values(clouds.render.state.postgres);
    const mongodb = settings.mongodb as Record<string, unknown>;
    const [backend] = settings.backend as Record<string, unknown>[];
    const password = variables().POSTGRES_PASSWORD;
    await change({
      mongodb: {
        ...mongodb,
        database: "other",
        accessList: [{ cidr: "198.51.100.0/24", comment: "moved" }],
        driver: { timeout: "7s", maxPoolSize: 50, minPoolSize: 5, retryReads: false, compressors: ["zlib"] },
        // No longer to be destroyed: Atlas is told to keep the cluster.
        mayBeDestroyed: undefined,
      },
      postgres: {
        ...(settings.postgres as object),
        name: "kairos-renamed",
        plan: "pro_4gb",
        disk: "20GB",
        highAvailability: true,
        readReplicas: ["kairos-replica"],
        accessList: [{ cidr: "203.0.113.7/32", comment: "office" }],
        // A consent names the database as it is called now: there is none until it has been renamed.
        mayBeDestroyed: undefined,
      },
      redis: { provider: "upstash", mayBeDestroyed: "kairos-redis" },
      backend: [
        {
          ...backend,
          plan: "standard",
          instances: 2,
          healthCheck: "/ready",
          start: "serve",
          source: { image: "registry.example/kairos/backend", tag: "2" },
          variables: { LOG_LEVEL: "warn" },
        },
      ],
    });
    await up();
    const group = clouds.atlas.projects.list()[0]?.id ?? "";
    expect(clouds.atlas.accessList.list(group)).toMatchObject([
      { cidrBlock: "198.51.100.0/24", comment: "moved" },
    ]);
    expect(clouds.atlas.users.list(group)).toMatchObject([
      { roles: [{ roleName: "readWrite", databaseName: "other" }] },
    ]);
    expect(clouds.atlas.flexClusters.list(group)).toMatchObject([{ terminationProtectionEnabled: true }]);
    expect(Object.values(clouds.render.state.postgres)).toMatchObject([
      {
        id: before?.id,
        name: "kairos-renamed",
        plan: "pro_4gb",
        diskSizeGB: 20,
        highAvailabilityEnabled: true,
        readReplicas: [{ name: "kairos-replica" }],
        ipAllowList: [{ cidrBlock: "203.0.113.7/32", description: "office" }],
      },
    ]);
    expect(service()).toMatchObject({
      id,
      createdAt,
      imagePath: "registry.example/kairos/backend:2",
      details: {
        plan: "standard",
        numInstances: 2,
        healthCheckPath: "/ready",
        envSpecificDetails: { dockerCommand: "serve" },
      },
    });
    expect(deploysOf(clouds.render, id)[0]?.image?.ref).toBe("registry.example/kairos/backend:2");
    expect(variables()).toMatchObject({
      MONGODB_URL: expect.stringMatching(
        /\/other\?retryWrites=true&w=majority&retryReads=false&compressors=zlib$/,
      ),
      MONGODB_DB_NAME: "other",
      MONGODB_TIMEOUT_MS: "7000",
      MONGODB_MAX_POOL_SIZE: "50",
      MONGODB_MIN_POOL_SIZE: "5",
      POSTGRES_PASSWORD: password,
      LOG_LEVEL: "warn",
    });
    await succeeds("preview", "--diff", "--expect-no-changes");

    const [database] = clouds.upstash.list();
    await change({
      mongodb,
      redis: {
        provider: "upstash",
        eviction: false,
        budget: 35,
        readRegions: ["us-east-1"],
        mayBeDestroyed: "kairos-redis",
      },
      postgres: {
        ...(settings.postgres as object),
        mayBeDestroyed: "kairos-renamed",
      },
    });
    await up();
    expect(clouds.upstash.list()).toMatchObject([
      { database_id: database?.database_id, eviction: false, budget: 35, read_regions: ["us-east-1"] },
    ]);
    expect(clouds.atlas.flexClusters.list(group)).toMatchObject([{ terminationProtectionEnabled: false }]);
    await succeeds("preview", "--diff", "--expect-no-changes");
  });

  it("keeps the image that a pipeline deployed when the service is told to", async () => {
    const [backend] = settings.backend as Record<string, unknown>[];
    await change({ backend: [{ ...backend, deployedBy: "elsewhere" }] });
    await up();
    startDeploy(clouds.render, service().id, { imageUrl: "registry.example/kairos/backend:2" });
    await change({ backend: [{ ...backend, deployedBy: "elsewhere", variables: { LOG_LEVEL: "debug" } }] });
    await up();
    expect(deploysOf(clouds.render, service().id)[0]).toMatchObject({
      image: { ref: "registry.example/kairos/backend:2" },
      variables: { LOG_LEVEL: "debug" },
    });
  });

  it("destroys everything it made", async () => {
    await succeeds("destroy", "--yes", "--skip-preview");
    const { services, postgres, keyValues, envGroups } = clouds.render.state;
    expect([services, postgres, keyValues, envGroups]).toEqual([{}, {}, {}, {}]);
    expect(clouds.atlas.projects.list()).toEqual([]);
    expect(clouds.upstash.list()).toEqual([]);
  });

  it("asked nobody outside, and showed no secret", () => {
    expect(clouds.refused).toEqual([]);
    const secrets = Object.entries(clouds.environment)
      .filter(([name]) => /(API_KEY|PRIVATE_API_KEY|SECRET_KEY)$/.test(name) && !name.includes("PUBLIC"))
      .map(([, value]) => value);
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    expect(leaks(printed.join("\n"), secrets)).toEqual([]);
  });
});
