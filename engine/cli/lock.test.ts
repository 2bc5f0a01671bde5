import os from "node:os";
import { describe, expect, it } from "vitest";
import { lockIn } from "./lock.ts";

const said = (...holders: string[]) =>
  `error: the stack is currently locked by ${holders.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n${holders
    .map((holder) => `  file:///state/.pulumi/locks/x.json: created by ${holder} at 2026-11-22T00:00:00Z`)
    .join("\n")}`;

/** No process has it: Linux ends at 2^22, macOS before. */
const nobody = 2 ** 30;

describe("a lock", () => {
  it("is held by a process that works", () => {
    const pid = process.pid;
    expect(lockIn(said(`me@${os.hostname()} (pid ${pid})`))).toEqual({ state: "working", pid });
  });

  it("is left by one that is gone", () => {
    expect(lockIn(said(`me@${os.hostname()} (pid ${nobody})`))).toEqual({ state: "gone" });
  });

  it("is somebody else's on another machine, and where nobody is named", () => {
    const mixed = said(`me@${os.hostname()} (pid ${nobody})`, `ci@elsewhere.invalid (pid ${nobody})`);
    expect(lockIn(mixed)).toEqual({ state: "elsewhere" });
    const cloud = "error: [409] Conflict: Another update is currently in progress.";
    expect(lockIn(cloud)).toEqual({ state: "elsewhere" });
  });

  it("is not what other errors are about", () => {
    expect(lockIn("error: passphrase must be set")).toBeUndefined();
  });
});
