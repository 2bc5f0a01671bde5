/**
 * On the real engine, with the vendors' stand-ins: three changes behind Pulumi's back are found and named; an update
 * plan holds the engine to what was looked at. Skipped where there is no engine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { driftIn } from "../../ops/review/drift.ts";
import { previewOf } from "../../ops/review/preview.ts";
import { previewed, refreshed } from "../../ops/review/pulumi.ts";
import { report } from "../../ops/review/watch.ts";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { updatePostgres } from "../../sandbox/clouds/render/index.ts";
import { leaks } from "../canaries.ts";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: drift on the real engine (${found.reason})`);

const organization = "5a4d000000000000000000aa";
const access = "203.0.113.0/24";

describe.skipIf("reason" in found)("a stack that is up", () => {
  let folder: string;
  let clouds: Clouds;
  let stack: EngineStack;
  let look: Stack;
  const settings = (plan: string, maxPoolSize = 200) => ({
    mongodb: {
      project: { name: "kairos-test", organization },
      name: "kairos-test",
      tier: "FLEX",
      accessList: [{ cidr: access, comment: "Render" }],
      mayBeDestroyed: "kairos-test",
      driver: { maxPoolSize },
    },
    postgres: { enabled: true, plan, mayBeDestroyed: "kairos-postgres" },
    redis: { provider: "upstash", mayBeDestroyed: "kairos-redis" },
    backend: [
      {
        name: "kairos-backend",
        type: "web",
        plan: "starter",
        source: { image: "registry.example/kairos/backend", tag: "1" },
        healthCheck: "/health",
      },
    ],
  });

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-clouds-"));
    clouds = await startClouds({ folder, organization });
    stack = await EngineStack.create(found.engine);
    Object.assign(stack.environment, clouds.environment);
    await stack.configure(settings("basic_1gb"));
    await succeeds("up", "--yes", "--skip-preview");
    const project = path.dirname(stack.stateFolder);
    const PATH = `${path.dirname(found.engine.path)}${path.delimiter}${stack.environment.PATH}`;
    const environment = { ...stack.environment, PATH };
    look = new Workspace(found.engine, project, { environment }).stack("test");
  });
  afterAll(async () => {
    await stack?.remove();
    await clouds?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const succeeds = async (...args: string[]) => {
    const { all, exitCode } = await stack.pulumi(...args, "--stack", "test");
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
  };
  const preview = async (options: { plan?: string } = {}) => {
    const { events, error } = await previewed(look, options);
    expect(error).toBeUndefined();
    return previewOf(events);
  };

  it("has no drift and nothing to approve", async () => {
    expect(driftIn(await refreshed(look))).toEqual([]);
    expect((await preview()).steps).toEqual([]);
  });

  it("an update plan lets its own changes through, and no others", async () => {
    const file = path.join(folder, "update-plan.json");
    await stack.configure(settings("basic_4gb", 77));
    await preview({ plan: file });
    await stack.configure(settings("pro_4gb", 77));
    const refused = await stack.pulumi("up", "--yes", "--plan", file, "--stack", "test");
    expect(refused.all).toMatch(/violates plan: properties changed/);
    expect(Object.values(clouds.render.state.postgres)).toMatchObject([{ plan: "basic_1gb" }]);
    await stack.configure(settings("basic_4gb", 77));
    await succeeds("up", "--yes", "--plan", file);
    expect(Object.values(clouds.render.state.postgres)).toMatchObject([{ plan: "basic_4gb" }]);
  });

  it("three changes made by hand are found and named, without a value", async () => {
    const [postgres] = Object.values(clouds.render.state.postgres);
    const [redis] = clouds.upstash.list();
    const [group] = clouds.atlas.projects.list();
    if (!postgres || !redis || !group) throw new Error("something is missing");
    updatePostgres(clouds.render, postgres.id, { plan: "pro_4gb" });
    clouds.upstash.change(redis.database_id, { eviction: !redis.eviction });
    clouds.atlas.accessList.delete(group.id, access);

    const drift = driftIn(await refreshed(look));
    expect(drift).toEqual([
      {
        resource: `mongodb-access-${access}`,
        type: "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
        what: "gone",
        properties: [],
        secrets: [],
      },
      {
        resource: "postgres-database",
        type: "render:index/postgres:Postgres",
        what: "changed",
        properties: ["plan"],
        secrets: [],
      },
      {
        resource: "redis-upstash",
        type: "upstash:index/redisDatabase:RedisDatabase",
        what: "changed",
        properties: ["eviction"],
        secrets: [],
      },
    ]);
    const lead = report({ stack: "test", drift, status: "not asked" })?.lead ?? "";
    expect(lead).toContain("### ⚠️ Drift: 3 resources are not as Pulumi left them");
    expect(lead).toContain("| **gone** | `mongodb-access-203.0.113.0/24` |");
    const secrets = [...stack.secrets, postgres.password, redis.password];
    expect(leaks(lead, secrets)).toEqual([]);
  });
});
