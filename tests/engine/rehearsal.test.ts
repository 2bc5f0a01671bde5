/**
 * The dress rehearsal against `pulumi up`: from the same settings both make the same, in every detail that the
 * vendors' models keep. Redis Cloud is left out: its provider sleeps longer than this whole test may take.
 *
 * Most of the time are the Atlas provider's own pauses, so all runs go side by side.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Engine } from "../../engine/cli/find.ts";
import { root } from "../../ops/bundle.mjs";
import { startClouds } from "../../sandbox/clouds/index.ts";
import { normalised, organization, prepared, type States, statesOf } from "../helpers/rehearsal/clouds.ts";
import { type Job, rehearseApart } from "../helpers/rehearsal/index.ts";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the rehearsal compared with the real engine (${found.reason})`);

const { config } = parse(await readFile(path.join(root, "Pulumi.sandbox.yaml"), "utf8")) as {
  config: Record<string, unknown>;
};
const ownSections = Object.entries(config).filter(([key]) => key.startsWith("kairos:"));
const sandbox: Job = {
  settings: Object.fromEntries(ownSections.map(([key, value]) => [key.slice("kairos:".length), value])),
};

const project = { name: "kairos-test", organization };
const image = "registry.example/kairos/backend";
const repository = "https://git.invalid/kairos/backend";

const dedicated: Job = {
  before: ["service"],
  settings: {
    region: "frankfurt",
    mongodb: {
      project,
      tier: "M10",
      disk: "20GB",
      version: "8.0",
      autoscale: { from: "M10", to: "M30" },
      accessList: [
        { cidr: "203.0.113.0/24", comment: "Render" },
        { cidr: "198.51.100.7/32", comment: "" },
      ],
    },
    postgres: {
      enabled: true,
      plan: "basic_1gb",
      disk: "20GB",
      readReplicas: ["kairos-replica"],
      network: "public",
      accessList: [{ cidr: "203.0.113.0/24", comment: "office" }],
    },
    redis: { provider: "render", plan: "starter", persistence: "snapshot" },
    backend: [
      {
        name: "kairos-worker",
        type: "worker",
        plan: "starter",
        source: { repository, root: "api" },
        start: "python worker.py",
        instances: 2,
      },
      {
        name: "kairos-cron",
        type: "cron",
        plan: "starter",
        source: { image, digest: `sha256:${"0".repeat(64)}` },
        schedule: "0 3 * * *",
        start: "python cron.py",
      },
      { name: "kairos-private", type: "private", plan: "starter", source: { image, tag: "2" } },
      { name: "kairos-linked", link: "<service>", variables: { LOG_LEVEL: "info" } },
    ],
  },
};

const alerted: Job = {
  settings: {
    mongodb: { project, tier: "M10", accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }] },
    redis: { provider: "none" },
    alerts: { emails: ["ops@example.com", "night@example.com"], workspace: true },
    backend: [{ name: "kairos-web", type: "web", plan: "starter", source: { image, tag: "1" } }],
  },
};

const free: Job = {
  settings: {
    mongodb: { project, tier: "M0", accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }] },
    redis: { provider: "none" },
    backend: [
      {
        name: "kairos-web",
        type: "web",
        plan: "starter",
        source: { repository },
        start: "python web.py",
        healthCheck: "/health",
        instances: 1,
        deployedBy: "elsewhere",
      },
      {
        name: "kairos-nightly",
        type: "cron",
        plan: "starter",
        source: { repository, branch: "nightly" },
        start: "python nightly.py",
        schedule: "30 2 * * *",
      },
    ],
  },
};

async function upByEngine(engine: Engine, { settings, before = [] }: Job): Promise<States> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-rehearsed-"));
  const clouds = await startClouds({ folder, organization });
  const stack = await EngineStack.create(engine);
  try {
    Object.assign(stack.environment, clouds.environment);
    await stack.configure(prepared(clouds, before, settings));
    const { exitCode, all } = await stack.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
    return statesOf(clouds);
  } finally {
    await stack.remove();
    await clouds.close();
    await rm(folder, { recursive: true, force: true });
  }
}

describe.skipIf("reason" in found)("a rehearsal makes what pulumi up makes", () => {
  it.concurrent.each([
    ["the sandbox' own settings", sandbox],
    ["a dedicated cluster, Redis and Postgres of Render, four kinds of services", dedicated],
    ["a cluster and a workspace that tell somebody", alerted],
    ["a free cluster, no other database, services from a repository", free],
  ])("%s", async (_, job) => {
    if (!("engine" in found)) return;
    const [real, { states, error, refused }] = await Promise.all([
      upByEngine(found.engine, job),
      rehearseApart(job),
    ]);
    expect(error).toBeUndefined();
    expect(refused).toEqual([]);
    const made = normalised(real);
    expect(normalised(states)).toEqual(made);
    // What was compared is not nothing, and holds nothing that could differ for no reason.
    expect(JSON.stringify(made)).toMatch(/MONGODB_URL.*<password 1>@<host 1>/);
  });
});
