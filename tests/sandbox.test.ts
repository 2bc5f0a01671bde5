/** `npm run sandbox` as its users run it: in processes of its own, interrupted and killed, kept and brought back. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../infra/contract.ts";
import { root } from "../ops/bundle.mjs";
import { folderOf, isAlive, names, type Record } from "../ops/sandbox/folder.ts";
import type { SandboxReport } from "../ops/sandbox/report.ts";
import { leaks } from "./canaries.ts";
import { engineOrReason } from "./engine/harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the sandbox on the real engine (${found.reason})`);

let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "kairos-home-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  /** What was printed so far. */
  printed(): string;
  /** Waits for a line of the progress. */
  says(text: RegExp): Promise<void>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** @param atHome the user's own home folder, with its engine; an empty one by default */
function start(args: string[], atHome = false): Started {
  const child = spawn(process.execPath, ["ops/kairos.mjs", "sandbox", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", HOME: atHome ? os.homedir() : home, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    printed: () => stdout + stderr,
    says: async (text) => {
      while (!text.test(stderr)) {
        if (child.exitCode !== null) throw new Error(`ended before it said ${text}: ${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })),
  };
}

const run = (args: string[], atHome = false) => start(args, atHome).ended;

async function report(
  args: string[],
  atHome = false,
): Promise<{ code: number | null; report: SandboxReport; all: string }> {
  const { code, stdout, stderr } = await run([...args, "--json"], atHome);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as SandboxReport, all: stdout + stderr };
}

const record = async (name: string) =>
  JSON.parse(await readFile(path.join(folderOf(name), "sandbox.json"), "utf8")) as Record;

/** Every process that has a folder of this sandbox in its command line or as its working directory. */
async function processesOf(folder: string): Promise<string[]> {
  const entries = await readdir("/proc").catch(() => []);
  const all = entries
    .filter((entry) => /^\d+$/.test(entry))
    .map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return command.includes(folder) ? `${pid} ${command.replaceAll("\0", " ")}` : undefined;
    });
  return (await Promise.all(all)).filter((one) => one !== undefined);
}

async function eventually(check: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    if (await check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

describe("the dress rehearsal", () => {
  it("shows three databases connected from the booted backend, and leaves nothing", async () => {
    const before = await names();
    const { code, stdout, stderr } = await run(["--rehearse"]);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stderr).toMatch(/engine: none \(asked for with --rehearse\), so this is a dress rehearsal/);
    for (const line of [
      "✅ Connexion MongoDB réussie",
      "✅ MongoDB ping réussi",
      "✅ Connexion PostgreSQL réussie - Version: PostgreSQL 18",
      "✅ Redis connecté avec succès",
    ])
      expect(stdout).toContain(line);
    expect(stdout.match(/✓ connected/g)).toHaveLength(3);
    expect(stdout).toContain("policies: 10 checked, 0 violations");
    for (const name of Object.keys(contract)) expect(stdout).toContain(name);
    expect(stdout).toMatch(/MONGODB_URL +\[secret\]/);
    expect(await readdir(home)).toEqual([]);
    expect((await names()).filter((name) => !before.includes(name))).toEqual([]);
    expect(await processesOf(path.join(root, ".sandbox", "run-"))).toEqual([]);
  });

  it("runs beside another one", async () => {
    const both = await Promise.all([report(["--rehearse"]), report(["--rehearse", "--redis", "render"])]);
    expect(both.map(({ code, report }) => [code, report.ok])).toEqual([
      [0, true],
      [0, true],
    ]);
    const ports = both.flatMap(({ report }) => report.state.databases.map(({ port }) => port));
    expect(new Set(ports).size).toBe(6);
  });

  it.each([
    ["MONGODB_URL", /MongoDB/],
    ["POSTGRES_PASSWORD", /PostgreSQL/],
    ["REDIS_URL", /Redis/],
  ])("fails the deploy when %s is wrong, and says which database refused it", async (variable, database) => {
    const { code, report: found } = await report(["--rehearse", "--wrong", variable]);
    expect(code).toBe(1);
    const [service] = found.state.services;
    expect(service).toMatchObject({ status: "update_failed", deploys: 2 });
    expect(service?.reason).toMatch(database);
    expect(service?.reason).toMatch(/password/);
    const refused = Object.values(service?.databases ?? {}).filter(({ state }) => state === "failed");
    expect(refused).toHaveLength(1);
  });

  it("says in one line what is wrong with the command line", async () => {
    for (const [args, expected] of [
      [["--name", "No/Name", "--keep"], /^error: --name: got "No\/Name"; expected/],
      [["--redis", "memcached"], /^error: option '--redis <provider>' argument 'memcached' is invalid/],
      [["--provisioning", "soon"], /^error: --provisioning: got "soon"; expected seconds/],
      [["status", "--name", "nowhere"], /^error: no sandbox named "nowhere" is kept/],
      [["down", "--name", "nowhere"], /^error: no sandbox named "nowhere" is kept/],
      [["operate", "--name", "nowhere", "true"], /^error: no sandbox named "nowhere" is kept/],
      [["operate"], /^error: missing required argument 'command'/],
    ] as const) {
      const { code, stderr } = await run([...args]);
      expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(expected)]);
      expect(code).toBe(1);
    }
  });

  it("cleans up after Ctrl-C, and when it is killed", async () => {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const before = await names();
      const { child, says, ended } = start(["--rehearse", "--provisioning", "30"]);
      await says(/clouds are up/);
      const [name = ""] = (await names()).filter((one) => !before.includes(one));
      const { pid } = await record(name);
      child.kill(signal);
      const { code } = await ended;
      expect(code).toBe(signal === "SIGINT" ? 130 : null);
      expect(await eventually(async () => !isAlive(pid) && !(await names()).includes(name))).toBe(true);
      expect(await eventually(async () => (await processesOf(folderOf(name))).length === 0)).toBe(true);
    }
  });
});

describe("a sandbox that is kept", () => {
  const name = `test-${process.pid}`;
  afterAll(() => run(["reset", "--name", name]));
  const keep = ["--rehearse", "--keep", "--name", name];

  it("stays, says how it is, and shows no secret anywhere", async () => {
    const { code, report: found, all } = await report(keep);
    expect([code, found.ok]).toEqual([0, true]);
    const { code: well, stdout } = await run(["status", "--name", name]);
    expect(well).toBe(0);
    expect(stdout).toMatch(/^kairos-backend: live, 1 deploy$/m);
    const secrets = await secretsOf(name);
    expect(secrets.length).toBeGreaterThan(5);
    expect(leaks(all + stdout, secrets)).toEqual([]);
    expect(leaks(await logsOf(name), secrets)).toEqual([]);
  });

  it("comes back with its addresses and data after a crash", async () => {
    const { pid } = await record(name);
    const { stdout: before } = await run(["status", "--name", name, "--json"]);
    process.kill(pid, "SIGKILL");
    expect(await eventually(async () => (await processesOf(folderOf(name))).length === 0)).toBe(true);
    const { code, stderr } = await run(["status", "--name", name]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the sandbox ".*" is not running .* reset removes it\n$/);
    // A rehearsal starts from nothing; what brings a sandbox back is shown with the engine.
    expect(JSON.parse(before).databases).toHaveLength(3);
  });

  it("goes without a trace", async () => {
    expect((await run(["reset", "--name", name])).code).toBe(0);
    expect(await names()).not.toContain(name);
    expect(await processesOf(folderOf(name))).toEqual([]);
  });
});

describe.skipIf("reason" in found)("on the real engine", () => {
  const name = `engine-${process.pid}`;
  afterAll(() => run(["reset", "--name", name]));
  const keep = ["--keep", "--name", name];

  it("brings everything up, and a preview changes nothing", async () => {
    const { code, report: found } = await report(keep, true);
    expect([code, found.ok, found.previewChanges, found.errors]).toEqual([0, true, 0, []]);
    expect(found.engine).toMatch(/^pulumi \d/);
    expect(found.policies).toEqual({ checked: 10, violations: [] });
    expect(found.state.refused).toEqual([]);
    expect(found.changes.create).toBeGreaterThanOrEqual(8);
    expect(Object.values(found.state.calls).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
  });

  it("moves Redis, and nothing else but REDIS_URL, with one deploy", async () => {
    for (const provider of ["render", "none"]) {
      const { report: found } = await report([...keep, "--redis", provider], true);
      expect([found.ok, found.previewChanges]).toEqual([true, 0]);
      const { create = 0, delete: gone = 0 } = found.changes;
      expect([create, gone]).toEqual([provider === "none" ? 0 : 1, 1]);
    }
    const { stdout } = await run(["status", "--name", name], true);
    expect(stdout).toContain("kairos-backend: live, 3 deploys");
  });

  it("comes back after a crash as it was: nothing to change, same addresses", async () => {
    const { stdout: before } = await run(["status", "--name", name, "--json"], true);
    process.kill((await record(name)).pid, "SIGKILL");
    const { report: found } = await report([...keep, "--redis", "none"], true);
    expect(found.ok).toBe(true);
    expect(found.changes).toEqual({ same: expect.any(Number) });
    expect(found.state.databases).toEqual(JSON.parse(before).databases);
  });

  it("takes any command of pulumi", async () => {
    const { code, stdout } = await run(["pulumi", "--name", name, "stack", "output", "--json"], true);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ environment: "[secret]" });
    const { code: unknown, stderr } = await run(["pulumi", "--name", name, "no-such-command"], true);
    expect([unknown, stderr]).toEqual([expect.any(Number), expect.stringMatching(/unknown command/)]);
    expect(unknown).not.toBe(0);
  });

  it("goes down and comes back", async () => {
    expect((await run(["down", "--name", name], true)).code).toBe(0);
    expect(await processesOf(folderOf(name))).toEqual([]);
    const { report: found } = await report([...keep, "--redis", "none"], true);
    expect([found.ok, found.changes]).toEqual([true, { same: expect.any(Number) }]);
    const secrets = await secretsOf(name);
    expect(leaks(await logsOf(name), secrets)).toEqual([]);
  });
});

/** Every secret that the clouds of a kept sandbox have handed out. */
async function secretsOf(name: string): Promise<string[]> {
  const files = ["atlas.json", "render.json", "upstash.json", "redis-cloud.json"];
  const texts = await Promise.all(
    files.map((file) => readFile(path.join(folderOf(name), file), "utf8").catch(() => "")),
  );
  const secrets = texts.flatMap((text) => [...text.matchAll(/"(?:password|rest_token)": "([^"]{8,})"/g)]);
  const { token, passphrase } = await record(name);
  return [...secrets.map(([, value = ""]) => value), token, passphrase];
}

/** All that is written there besides what a cloud must remember: logs, and the stack's state. */
async function logsOf(name: string): Promise<string> {
  const files = await readdir(folderOf(name), { recursive: true, withFileTypes: true });
  const texts = files
    .filter(
      (file) => file.isFile() && (/\.(log|yaml)$/.test(file.name) || file.parentPath.includes("/state/")),
    )
    .map((file) => readFile(path.join(file.parentPath, file.name), "utf8").catch(() => ""));
  return (await Promise.all(texts)).join("\n");
}
