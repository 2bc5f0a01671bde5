/** `npm run sandbox` as its users run it: in processes of its own, interrupted and killed, and kept. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../infra/contract.ts";
import { root } from "../ops/bundle.mjs";
import { folderOf, isAlive, names } from "../ops/sandbox/folder.ts";
import { leaks } from "./canaries.ts";
import * as command from "./sandbox-command.ts";
import { eventually, logsOf, processesOf, record, secretsOf } from "./sandbox-command.ts";

/** Without an engine. */
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "kairos-home-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const start = (args: string[]) => command.start(args, home);
const run = (args: string[]) => command.run(args, home);
const report = (args: string[]) => command.report(args, home);

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
