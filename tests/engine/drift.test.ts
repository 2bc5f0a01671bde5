/**
 * On the real engine, with the vendors' stand-ins: changes behind Pulumi's back are found and explained, and go or
 * stay as the report says; an update plan holds the engine to what was looked at. Skipped where there is no engine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { driftIn } from "../../ops/review/drift.ts";
import { driftOf, driftText } from "../../ops/review/drift-report.ts";
import { previewOf } from "../../ops/review/preview.ts";
import { previewed, refreshed } from "../../ops/review/pulumi.ts";
import { report as reportOf } from "../../ops/review/watch.ts";
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

  const calls = () => Object.values(clouds.served).flatMap((served) => served.calls).length;

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

  const person = { username: "anna@example.com", userId: "5a4d000000000000000000bb" };
  const plan = (value: string) => [{ at: "", stack: "basic_4gb", vendor: value }];

  it("changes made by hand are found, with who and when, what up would do, and how each is kept", async () => {
    const [postgres] = Object.values(clouds.render.state.postgres);
    const [redis] = clouds.upstash.list();
    const [group] = clouds.atlas.projects.list();
    if (!postgres || !redis || !group) throw new Error("something is missing");
    updatePostgres(clouds.render, postgres.id, { plan: "pro_4gb" });
    clouds.upstash.change(redis.database_id, { eviction: !redis.eviction });
    clouds.atlas.as(person, () => {
      clouds.atlas.accessList.delete(group.id, access);
    });

    const before = calls();
    const report = await driftOf(look, { environment: stack.environment });
    console.log(`drift, explained: ${calls() - before} calls to the vendors`);
    const atAtlas = { since: expect.stringMatching(/^20/), by: { person: person.username } };
    expect(report.drift.map(({ resource }) => resource)).toEqual([
      `mongodb-access-${access}`,
      "postgres-database",
      "redis-upstash",
    ]);
    const [gone, database, cache] = report.drift;
    expect(gone).toMatchObject({
      ...{ what: "gone", ...atAtlas },
      properties: [{ undo: "created", keep: "take the entry out of kairos:mongodb.accessList" }],
    });
    expect(database).toMatchObject({
      ...{ isLast: true, since: expect.stringMatching(/^20/) },
      properties: [
        {
          ...{ name: "plan", values: plan("pro_4gb"), undo: "undone" },
          keep: "pulumi config set --stack test --path 'kairos:postgres.plan' pro_4gb",
        },
      ],
    });
    expect(cache).toMatchObject({ properties: [{ name: "eviction", undo: "undone" }] });
    expect(cache).not.toHaveProperty("since");
    expect(report).toMatchObject({ undo: "pulumi up --refresh --stack test", unseen: [] });

    const lead = reportOf({ stack: "test", drift: report, status: "not asked" })?.lead ?? "";
    expect(lead).toContain("### ⚠️ Drift: 3 resources are not as Pulumi left them");
    const secrets = [...stack.secrets, postgres.password, redis.password];
    expect(leaks(`${lead}${driftText(report)}${JSON.stringify(report)}`, secrets)).toEqual([]);
  });

  it("what is kept by its setting stays, and the other command sets the rest back", async () => {
    await stack.configure(settings("pro_4gb", 77));
    const drift = (await driftOf(look, { environment: stack.environment })).drift;
    const undone = drift.flatMap(({ resource, properties }) =>
      properties.map(({ undo }) => [resource, undo]),
    );
    expect(undone).toContainEqual(["postgres-database", "left"]);
    await succeeds("up", "--refresh", "--yes", "--skip-preview");
    expect(await driftOf(look, { environment: stack.environment })).toMatchObject({ drift: [], unseen: [] });
    expect(Object.values(clouds.render.state.postgres)).toMatchObject([{ plan: "pro_4gb" }]);
    const [group] = clouds.atlas.projects.list();
    expect(clouds.atlas.accessList.list(group?.id ?? "").map(({ cidrBlock }) => cidrBlock)).toEqual([access]);
  });
});
