/**
 * `up` is green when the backend runs: the whole stack on the real engine, whose deploys run what the settings say. One after
 * the other goes wrong what does go wrong, each `up` says why, and the next one, corrected, is green. Skipped where there is
 * no engine.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { deploysOf, type RenderOptions } from "../../sandbox/clouds/render/index.ts";
import { preDeployCommandOf } from "../../sandbox/clouds/render/model.ts";
import { freePort } from "../../sandbox/processes/ports.ts";
import { leaks } from "../canaries.ts";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: deploys that fail, on the real engine (${found.reason})`);

const organization = "5a4d000000000000000000aa";
const repository = "https://git.invalid/kairos/backend";
const listening = `node -e 'require("node:http").createServer((_, answer) => answer.end()).listen(process.env.PORT, "127.0.0.1")'`;
/** As a driver words it that quotes what it was given: the log may, `up` must not. */
const refused = `echo "starting"; echo "password authentication failed for $POSTGRES_USER with $POSTGRES_PASSWORD"; exit 1`;

/** Milliseconds that a service has to open its port; Render waits 15 minutes. */
const patience = 3000;

describe.skipIf("reason" in found)("a deploy", () => {
  let folder: string;
  let clouds: Clouds;
  let stack: EngineStack;
  let seen = "";
  const printed = new Map<string, { timestamp: string; message: string }[]>();
  const children: { kill(): void }[] = [];

  /** Runs a service's start command with its variables, as Render does, until its port is open or the time is over. */
  const boot: NonNullable<RenderOptions["boot"]> = async (service, deploy) => {
    const say = (text: string) => {
      const lines = text.split("\n").filter((line) => line !== "");
      const timestamp = new Date().toISOString();
      const known = printed.get(service.id) ?? [];
      printed.set(service.id, [...known, ...lines.map((message) => ({ timestamp, message }))]);
    };
    const { imagePath, details } = service;
    if (imagePath?.includes("/no-such-image")) {
      say(`==> Error: failed to pull image ${imagePath}: not found`);
      return "update_failed";
    }
    const { startCommand, dockerCommand } = (details.envSpecificDetails ?? {}) as Record<string, string>;
    const before = preDeployCommandOf(service);
    if (before !== undefined) {
      const env = { ...deploy.variables, PATH: process.env.PATH };
      const { status, stdout, stderr } = spawnSync("sh", ["-c", before], { env, encoding: "utf8" });
      say(stdout + stderr);
      if (status !== 0) return "pre_deploy_failed";
    }
    const PORT = String(await freePort());
    const child = spawn("sh", ["-c", startCommand || dockerCommand || listening], {
      env: { ...deploy.variables, PATH: process.env.PATH, PORT },
      detached: true,
    });
    children.push({ kill: () => process.kill(-(child.pid ?? 0), "SIGKILL") });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => say(String(chunk)));
    for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) {
      if (await isOpen(Number(PORT))) return "live";
      if (child.exitCode !== null) {
        say(`==> Exited with status ${child.exitCode}`);
        return "update_failed";
      }
    }
    say("==> Port scan timeout reached, no open ports detected");
    return "update_failed";
  };

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-failing-"));
    const lines = (id: string) => printed.get(id) ?? [];
    clouds = await startClouds({ folder, organization, render: { boot, lines } });
    stack = await EngineStack.create(found.engine);
    Object.assign(stack.environment, clouds.environment);
  });
  afterAll(async () => {
    for (const child of children) {
      try {
        child.kill();
      } catch {
        // It has ended by itself.
      }
    }
    await stack?.remove();
    await clouds?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const configure = (service: object) =>
    stack.configure({
      mongodb: {
        project: { name: "kairos-test", organization },
        name: "kairos-test",
        tier: "FLEX",
        accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
        mayBeDestroyed: "kairos-test",
      },
      postgres: { enabled: true, plan: "basic_1gb", mayBeDestroyed: "kairos-postgres" },
      redis: { provider: "none" },
      backend: [{ name: "kairos-backend", type: "web", plan: "starter", ...service }],
    });
  const up = async (service?: object) => {
    if (service !== undefined) await configure(service);
    const { exitCode, all } = await stack.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
    seen += all;
    return { exitCode, all };
  };
  const from = (start: string) => ({ source: { repository }, start });
  const deploys = () => {
    const [id = ""] = Object.keys(clouds.render.state.services);
    return deploysOf(clouds.render, id).map(({ status }) => status);
  };

  it("that is a service's first one is waited for, and is red when its start command is wrong", async () => {
    const { exitCode, all } = await up(from("uvicornn main:app"));
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(
      /kairos-backend: Render's deploy dep-\w+ is update_failed; expected live\..*uvicornn.*not found/,
    );
    expect(deploys()).toEqual(["update_failed"]);
  });

  it("is green once the command is right", async () => {
    const { exitCode, all } = await up(from(listening));
    expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
    expect(all).toContain("kairos-backend: live");
  });

  it.each([
    ["whose password is refused", from(refused), /password authentication failed for \S+ with \[secret\]/],
    ["that never opens its port", from("sleep 60"), /no open ports detected/],
  ])("%s is red, what ran before still runs, and the next up tries again", async (_, service, why) => {
    const before = deploys();
    const { exitCode, all } = await up(service);
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(why);
    expect(all).toMatch(/dep-\w+ of .* still runs/);
    expect(deploys()).toEqual(["update_failed", ...before]);
    // It is not forgotten: without a change it is tried again, and fails again.
    expect((await up()).exitCode).not.toBe(0);
    expect((await up(from(listening))).exitCode).toBe(0);
  });

  it("whose migration fails is red with the migration's words, and starts nothing new", async () => {
    const before = deploys();
    const migration = `echo "relation modules exists already, $POSTGRES_PASSWORD"; exit 1`;
    const { exitCode, all } = await up({ ...from(listening), migration });
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(/is pre_deploy_failed; expected live\..*relation modules exists already, \[secret\]/);
    expect(all).toMatch(/dep-\w+ of .* still runs/);
    expect(deploys()).toEqual(["pre_deploy_failed", ...before]);
    const { exitCode: then } = await up({ ...from(listening), migration: "true", seed: "echo seeded" });
    expect(then).toBe(0);
    expect([...printed.values()].flat().at(-1)?.message).toBe("seeded");
    expect((await up(from(listening))).exitCode).toBe(0);
  });

  it("of an image that does not exist is red", async () => {
    const image = { source: { image: "registry.example/no-such-image", tag: "1" } };
    const { exitCode, all } = await up(image);
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(/failed to pull image registry\.example\/no-such-image/);
    expect((await up({ source: { image: "registry.example/kairos/backend", tag: "1" } })).exitCode).toBe(0);
  });

  it("that takes long is waited for", async () => {
    const image = { image: "registry.example/kairos/backend", tag: "1" };
    const since = Date.now();
    const { exitCode, all } = await up({ source: image, start: `sleep 2; ${listening}` });
    expect([exitCode, all]).toEqual([
      0,
      expect.stringMatching(/kairos-backend: deploy \w+[\s\S]*kairos-backend: live/),
    ]);
    expect(Date.now() - since).toBeGreaterThan(2000);
  });

  const inTheDashboard = async (path: string) => {
    const { RENDER_API_KEY: key } = clouds.environment;
    const headers = { Authorization: `Bearer ${key}` };
    const { ok } = await fetch(`${clouds.served.render.url}/v1/services/${path}`, {
      method: "POST",
      headers,
    });
    expect(ok).toBe(true);
  };

  it("of a suspended service is refused, as the preview before says, and made once it is resumed", async () => {
    const [id = ""] = Object.keys(clouds.render.state.services);
    await inTheDashboard(`${id}/suspend`);
    // Nothing of it changes: it may stay suspended.
    expect((await up()).exitCode).toBe(0);
    const before = deploys();
    await configure({ source: { image: "registry.example/kairos/backend", tag: "1" }, start: listening });
    const preview = await stack.pulumi("preview", "--stack", "test");
    const said = new RegExp(`kairos-backend \\(${id}\\) is suspended, .*resume it first`);
    expect([preview.exitCode, preview.all]).toEqual([0, expect.stringMatching(said)]);
    const refused = await up();
    expect([refused.exitCode === 0, refused.all]).toEqual([false, expect.stringMatching(said)]);
    expect(deploys()).toEqual(before);
    await inTheDashboard(`${id}/resume`);
    const resumed = deploys();
    expect((await up()).exitCode).toBe(0);
    expect(deploys()).toHaveLength(resumed.length + 1);
  });

  it("is not asked for, or about, by an up that changes nothing", async () => {
    const { calls } = clouds.served.render;
    const before = calls.length;
    expect((await up()).exitCode).toBe(0);
    const asked = calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(asked.filter((call) => /deploys|jobs|logs/.test(call))).toEqual([]);
  });

  it("shows no secret, whatever the service has printed", () => {
    const { POSTGRES_PASSWORD = "", MONGODB_URL = "" } =
      Object.values(clouds.render.state.deploys)[0]?.variables ?? {};
    expect([...printed.values()].flat().some(({ message }) => message.includes(POSTGRES_PASSWORD))).toBe(
      true,
    );
    const password = /:([^:@]*)@/.exec(MONGODB_URL)?.[1] ?? "";
    expect(leaks(seen, [POSTGRES_PASSWORD, password, ...stack.secrets])).toEqual([]);
  });
});

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
