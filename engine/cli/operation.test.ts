import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliAnswer, cliIn } from "../../tests/helpers/cli.ts";
import type { Step } from "./operation.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-operation-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** No process has it: Linux ends at 2^22, macOS before. */
const nobody = 2 ** 30;
const locked = (pid: number, host = os.hostname()): CliAnswer => ({
  stderr: `error: the stack is currently locked by 1 lock(s).\n  created by me@${host} (pid ${pid}) at some time`,
  code: 255,
});
const events = (...all: object[]) => all.map((event) => `${JSON.stringify(event)}\n`).join("");
const metadata = (name: string, op: string, type = "a:b:C") => ({
  metadata: { op, type, urn: `urn:pulumi:test::p::${type}::${name}` },
});

describe("an operation", () => {
  it("tells each step, counts what was done, and leaves out what is nothing at a vendor", async () => {
    const stdout = `not JSON\n${events(
      { resourcePreEvent: metadata("stack", "create", "pulumi:pulumi:Stack") },
      { resourcePreEvent: metadata("one", "create") },
      { resOutputsEvent: metadata("one", "create") },
      { resOutputsEvent: metadata("still", "same") },
      { resOpFailedEvent: metadata("two", "update") },
    )}`;
    const { stack, asked } = await cliIn(folder, { up: [{ stdout }] });
    const steps: Step[] = [];
    const options = { onStep: (step: Step) => steps.push(step), variables: { REQUEST: "switch" } };
    const { ok, changes, errors } = await stack.operate("up", ["--refresh"], options).outcome;
    expect({ ok, changes, errors }).toEqual({ ok: true, changes: { create: 1, same: 1 }, errors: [] });
    expect(steps.map(({ name, op, state }) => `${state} ${op} ${name}`)).toEqual([
      "started create one",
      "done create one",
      "failed update two",
    ]);
    const [call] = await asked();
    expect(call?.args.join(" ")).toMatch(/^up --yes --skip-preview --refresh --stack test --json /);
    expect(call?.environment).toMatchObject({ REQUEST: "switch", GIVEN: "yes" });
  });

  it("asks for no consent where it only looks", async () => {
    const { stack, asked } = await cliIn(folder, {});
    await stack.operate("preview").outcome;
    await stack.operate("refresh", ["--preview-only"]).outcome;
    expect((await asked()).filter(({ args }) => args.includes("--yes"))).toEqual([]);
  });

  it("tells errors in one line each, with their resource, once, and without the engine's summary", async () => {
    const error = (message: string, urn?: string) => ({
      diagnosticEvent: { severity: "error", message, urn },
    });
    const { urn } = metadata("one", "").metadata;
    const stdout = events(
      error("\u001b[31mrefused\u001b[0m\n by the vendor", urn),
      error("<{%reset%}>refused<{%reset%}> by the vendor", urn),
      error("update failed"),
    );
    const { stack } = await cliIn(folder, { up: [{ stdout, code: 255 }] });
    const { ok, errors } = await stack.operate("up").outcome;
    expect({ ok, errors }).toEqual({ ok: false, errors: ["one: refused by the vendor"] });
  });

  it("says why where the engine told nothing but words", async () => {
    const { stack } = await cliIn(folder, {
      up: [{ stderr: "error: no stack named 'test' found", code: 255 }],
      destroy: [{ stderr: "warning: x\nerror: gone\nhint", code: 255 }],
      preview: [{ code: 255 }],
    });
    expect((await stack.operate("up").outcome).errors[0]).toMatch(/^there is no such stack; /);
    expect((await stack.operate("destroy").outcome).errors).toEqual(["gone"]);
    expect((await stack.operate("preview").outcome).errors).toEqual(["it failed without an error message"]);
  });
});

describe("a lock", () => {
  it("that a killed engine left is taken away, which is said, and the operation begins again", async () => {
    const { stack, said, asked } = await cliIn(folder, { up: [locked(nobody), {}] });
    expect((await stack.operate("up").outcome).ok).toBe(true);
    expect((await asked()).map(({ args }) => args[0])).toEqual(["up", "cancel", "up"]);
    expect(said).toEqual(["test: the engine was killed; its lock is removed"]);
  });

  it("that comes back is no leftover", async () => {
    const { stack, asked } = await cliIn(folder, { up: [locked(nobody)] });
    await expect(stack.operate("up").outcome).rejects.toThrow(/^locked: a pulumi works on test/);
    expect((await asked()).map(({ args }) => args[0])).toEqual(["up", "cancel", "up"]);
  });

  it("of somebody who may still work is never touched", async () => {
    const { stack, said, asked } = await cliIn(folder, {
      up: [locked(process.pid)],
      destroy: [locked(nobody, "elsewhere.invalid")],
    });
    await expect(stack.operate("up").outcome).rejects.toThrow(
      `locked: pulumi (process ${process.pid}) works on test; expected nobody; wait for it. Nothing was changed`,
    );
    await expect(stack.operate("destroy").outcome).rejects.toThrow(/pulumi cancel --stack test/);
    expect((await asked()).map(({ args }) => args[0])).toEqual(["up", "destroy"]);
    expect(said).toEqual([]);
  });

  it("of a running engine is waited for where that was asked, which is said once", async () => {
    const { stack, said } = await cliIn(folder, { up: [locked(process.pid), locked(process.pid), {}] });
    expect((await stack.operate("up", [], { patient: true }).outcome).ok).toBe(true);
    expect(said).toEqual([`test: pulumi (process ${process.pid}) works on it; waiting for it`]);
  });

  it("is not waited for any more by an operation that is to stop", async () => {
    const { stack, said } = await cliIn(folder, { up: [locked(process.pid)] });
    const operation = stack.operate("up", [], { patient: true });
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    operation.interrupt();
    expect((await operation.outcome).ok).toBe(false);
  });
});

it("what a killed engine left empty beside the state is removed, which is said, for commands and operations", async () => {
  const stacks = path.join(folder, ".pulumi", "stacks");
  await mkdir(stacks, { recursive: true });
  const eof: CliAnswer = { stderr: "error: could not load the stack: EOF", code: 255 };
  const { stack, said } = await cliIn(folder, {
    whoami: [{ stdout: JSON.stringify({ url: `file://${folder}` }) }],
    preview: [eof, {}],
    "stack export": [eof, { stdout: "{}" }],
  });
  for (const work of [() => stack.operate("preview").outcome, () => stack.state()]) {
    await writeFile(path.join(stacks, "test.json.attrs"), "");
    await work();
  }
  expect(said).toHaveLength(2);
  expect(said[0]).toContain("test.json.attrs removed");
});
