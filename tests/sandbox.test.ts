/** `npx kairos sandbox` as its users run it: in processes of its own, interrupted and killed, and kept. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../infra/contract.ts";
import { policiesOn } from "../infra/policies/list.ts";
import { root } from "../ops/bundle.mjs";
import { alone, folderOf, isAlive, names, writeRecord } from "../ops/sandbox/folder.ts";
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
    expect(stdout).toContain(`policies: ${policiesOn("short").length} checked, 0 violations`);
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

  it("says in one line what is wrong with the command line", async () => {
    for (const [args, expected] of [
      [
        ["--name", "No/Name", "--keep"],
        /^error: option '--name <name>' argument 'No\/Name' is invalid. Expected/,
      ],
      [["--name", "other"], /^error: --name: expected --keep beside it/],
      [
        ["--wrong", "TYPO"],
        /^error: --wrong: got "TYPO"; expected a variable that a service has: MONGODB_URL, /,
      ],
      [["--redis", "none", "--wrong", "REDIS_URL"], /^error: --wrong: got "REDIS_URL"; expected a variable/],
      [["--backend", "no-such-program 1"], /^error: --backend: got "no-such-program 1"; expected a program/],
      [["--rehearse", "--download"], /^error: option '--rehearse' cannot be used with option '--download'/],
      [["--redis", "memcached"], /^error: option '--redis <provider>' argument 'memcached' is invalid/],
      [
        ["--provisioning", "soon"],
        /^error: option '--provisioning <seconds>' argument 'soon' is invalid. Expected seconds/,
      ],
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
  const named = ["--name", name];
  afterAll(() => run(["reset", ...named]));

  /** A value in each database, as a client of the backend's variables puts it there and finds it again. */
  const marks = async (what: "put" | "find", kinds: string) => {
    const script = path.join(root, "tests", "helpers", "marks.mjs");
    const { code, stdout, stderr } = await run(["exec", ...named, process.execPath, script, what, kinds]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.trim();
  };

  it("stays, says how it is, and shows no secret anywhere", async () => {
    const { code, report: found, all } = await report(["--rehearse", "--keep", ...named]);
    expect([code, found.ok, found.changes]).toEqual([0, true, { create: 10 }]);
    const { code: well, stdout } = await run(["status", ...named]);
    expect(well).toBe(0);
    expect(stdout).toMatch(/^kairos-backend: live, 1 deploy$/m);
    const secrets = await secretsOf(name);
    expect(secrets.length).toBeGreaterThan(5);
    expect(leaks(all + stdout, secrets)).toEqual([]);
    expect(leaks(await logsOf(name), secrets)).toEqual([]);
    await marks("put", "mongodb postgres redis");
  });

  it("lets a command that watches end by itself on Ctrl-C, and stays", async () => {
    const watching = ["ops/kairos.mjs", "status", "--from-env", "--watch", "1"];
    const { child, printed, ended } = start(["exec", ...named, process.execPath, ...watching]);
    expect(await eventually(async () => (printed().match(/MongoDB: /g) ?? []).length > 1)).toBe(true);
    process.kill(-(child.pid as number), "SIGINT");
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect((await run(["status", ...named])).code).toBe(0);
  });

  it("is not touched by an option that cannot be met, nor while another command is at work on it", async () => {
    const before = await record(name);
    for (const [args, expected] of [
      [["--wrong", "TYPO"], /^error: --wrong: got "TYPO"/],
      [["--redis", "memcached"], /^error: option '--redis <provider>'/],
      [["--download"], /^error: --download: a rehearsal brought this sandbox up/],
    ] as const) {
      const { code, stderr } = await run(["--keep", ...named, ...args]);
      expect([code, stderr.trim().split("\n")]).toEqual([1, [expect.stringMatching(expected)]]);
    }
    const { code, stderr } = await alone(name, () => run(["down", ...named]));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .* another command is at work on it/)]);
    expect(await record(name)).toEqual(before);
    expect(await marks("find", "mongodb postgres redis")).toBe("mongodb postgres redis");
  });

  it("comes back with its addresses and data after it was down", async () => {
    const databases = async () => JSON.parse((await run(["status", ...named, "--json"])).stdout).databases;
    const before = await databases();
    expect((await run(["down", ...named])).stderr).toMatch(/is down; its data is kept\n$/);
    const { code, stderr } = await run(["status", ...named]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: the sandbox ".*" is not running; .* --name .* brings it back, .* removes it\n$/,
    );
    const { report: found } = await report(["--keep", ...named]);
    expect([found.ok, found.changes]).toEqual([true, { same: 10 }]);
    expect(await databases()).toEqual(before);
    expect(await marks("find", "mongodb postgres redis")).toBe("mongodb postgres redis");
  });

  it("after a crash gets another Redis, keeps all else, and remembers that", async () => {
    process.kill((await record(name)).pid, "SIGKILL");
    expect(await eventually(async () => (await processesOf(folderOf(name))).length === 0)).toBe(true);
    const { report: found } = await report(["--keep", ...named, "--redis", "render"]);
    expect([found.ok, found.changes]).toEqual([true, { create: 1, update: 3, same: 6, delete: 1 }]);
    expect(await marks("find", "mongodb postgres redis")).toBe("mongodb postgres");
    const { code, report: failed } = await report(["--keep", ...named, "--wrong", "POSTGRES_PASSWORD"]);
    expect([code, failed.changes]).toEqual([1, { same: 10 }]);
    expect(failed.state.databases.map(({ vendor }) => vendor)).toEqual(["Atlas", "Render", "Render"]);
    const [service] = failed.state.services;
    expect(service).toMatchObject({ status: "update_failed", reason: /PostgreSQL refused the login/ });
    const refused = Object.values(service?.databases ?? {}).filter(({ state }) => state === "failed");
    expect(refused).toHaveLength(1);
  });

  it("goes without a trace, also a process of it that nobody remembers", async () => {
    const known = await record(name);
    await writeRecord(name, { ...known, port: 1 });
    expect(await processesOf(folderOf(name))).not.toEqual([]);
    expect((await run(["reset", ...named])).code).toBe(0);
    expect(await names()).not.toContain(name);
    expect(await processesOf(folderOf(name))).toEqual([]);
  });
});
