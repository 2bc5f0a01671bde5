/** `npx kairos sandbox` on the real engine: brought up, changed, crashed, brought back, taken down. */
import os from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { policiesOn } from "../../infra/policies/list.ts";
import { folderOf } from "../../ops/sandbox/folder.ts";
import { leaks } from "../canaries.ts";
import * as command from "../sandbox-command.ts";
import { logsOf, processesOf, record, secretsOf } from "../sandbox-command.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the sandbox on the real engine (${found.reason})`);

const run = (args: string[]) => command.run(args, os.homedir());
const report = (args: string[]) => command.report(args, os.homedir());

describe.skipIf("reason" in found)("on the real engine", () => {
  const name = `engine-${process.pid}`;
  afterAll(() => run(["reset", "--name", name]));
  const keep = ["--keep", "--name", name];

  it("brings everything up, and a preview changes nothing", async () => {
    const { code, report: found } = await report(keep);
    expect([code, found.ok, found.previewChanges, found.errors]).toEqual([0, true, 0, []]);
    expect(found.engine).toMatch(/^pulumi \d/);
    expect(found.policies).toEqual({ checked: policiesOn("short").length, violations: [] });
    expect(found.state.refused).toEqual([]);
    expect(found.changes.create).toBeGreaterThanOrEqual(8);
    expect(Object.values(found.state.calls).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
  });

  it("moves Redis, and nothing else but REDIS_URL, with one deploy", async () => {
    for (const provider of ["render", "none"]) {
      const { report: found } = await report([...keep, "--redis", provider]);
      expect([found.ok, found.previewChanges]).toEqual([true, 0]);
      const { create = 0, delete: gone = 0 } = found.changes;
      expect([create, gone]).toEqual([provider === "none" ? 0 : 1, 1]);
    }
    const { stdout } = await run(["status", "--name", name]);
    expect(stdout).toContain("kairos-backend: live, 3 deploys");
  });

  it("comes back after a crash as it was: nothing to change, same addresses", async () => {
    const { stdout: before } = await run(["status", "--name", name, "--json"]);
    process.kill((await record(name)).pid, "SIGKILL");
    const { report: found } = await report([...keep, "--redis", "none"]);
    expect(found.ok).toBe(true);
    expect(found.changes).toEqual({ same: expect.any(Number) });
    expect(found.state.databases).toEqual(JSON.parse(before).databases);
  });

  it("takes any command of pulumi", async () => {
    const { code, stdout } = await run(["pulumi", "--name", name, "stack", "output", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ environment: "[secret]" });
    const { code: unknown, stderr } = await run(["pulumi", "--name", name, "no-such-command"]);
    expect([unknown, stderr]).toEqual([expect.any(Number), expect.stringMatching(/unknown command/)]);
    expect(unknown).not.toBe(0);
  });

  it("goes down and comes back", async () => {
    expect((await run(["down", "--name", name])).code).toBe(0);
    expect(await processesOf(folderOf(name))).toEqual([]);
    const { report: found } = await report([...keep, "--redis", "none"]);
    expect([found.ok, found.changes]).toEqual([true, { same: expect.any(Number) }]);
    const secrets = await secretsOf(name);
    expect(leaks(await logsOf(name), secrets)).toEqual([]);
  });
});
