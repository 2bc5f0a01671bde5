/** Starts the process that is the sandbox, or finds the one that runs. */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../engine/errors.ts";
import { bundle, root } from "../bundle.mjs";
import { Control } from "./control.ts";
import { folderOf, isAlive, makeFolder, type Record, readRecord, removeFolder } from "./folder.ts";
import type { HostMessage, HostOptions } from "./host.ts";

/** A running sandbox, as a command holds it. */
export interface SandboxHandle {
  name: string;
  folder: string;
  record: Record;
  control: Control;
  /** Whether it was running already, came back with what it held, or is new. */
  origin: "new" | "running" | "recovered";
  /** Lets it outlive this process. */
  stay(): Promise<void>;
  /** Ends it and waits until it is gone. @param remove its folder, too */
  end(remove: boolean): Promise<void>;
}

export type StartOptions = Pick<
  HostOptions,
  "name" | "keep" | "organization" | "provisioning" | "command" | "plain"
>;

/** Finds or starts it. One that crashed comes back with its data where it was to be kept. */
export async function startHost(options: StartOptions): Promise<SandboxHandle> {
  const { name } = options;
  const known = await readRecord(name);
  if (known !== undefined && isAlive(known.pid) && (await answers(known)))
    return held(name, known, "running", async () => undefined);
  const folder = await makeFolder(name);
  const passphrase = known?.passphrase ?? randomBytes(24).toString("base64url");
  const child = fork(await bundle({ entry: "ops/sandbox/host.ts" }), {
    cwd: root,
    // Of a session of its own: a Ctrl-C on the terminal is for the command.
    detached: true,
    stdio: ["ignore", "ignore", openSync(path.join(folder, "host.log"), "a", 0o600), "ipc"],
  });
  child.send({ ...options, folder, passphrase, cwd: process.cwd() } satisfies HostOptions);
  const message = (await Promise.race([
    once(child, "message").then(([first]) => first),
    once(child, "exit").then(async () => ({ failed: `it did not start: ${await lastWords(folder)}` })),
  ])) as HostMessage;
  if ("failed" in message) {
    if (known === undefined) await removeFolder(name);
    throw new UserError(`sandbox: ${message.failed}`);
  }
  const gone = once(child, "exit");
  return held(
    name,
    message.ready,
    known === undefined ? "new" : "recovered",
    async () => {
      await gone;
    },
    () => {
      child.disconnect();
      child.unref();
    },
  );
}

/** The running sandbox of a name. @throws UserError when there is none */
export async function findHost(name: string): Promise<SandboxHandle> {
  const record = await readRecord(name);
  if (record === undefined)
    throw new UserError(`no sandbox named "${name}" is kept; npm run sandbox -- --keep makes one`);
  if (!isAlive(record.pid) || !(await answers(record)))
    throw new UserError(
      `the sandbox "${name}" is not running (its process ended); npm run sandbox -- --keep brings it back, npm run sandbox -- reset removes it`,
    );
  return held(name, record, "running", async () => undefined);
}

function held(
  name: string,
  record: Record,
  origin: SandboxHandle["origin"],
  gone: () => Promise<void>,
  letGo: () => void = () => undefined,
): SandboxHandle {
  const control = new Control(record);
  return {
    name,
    folder: folderOf(name),
    record,
    control,
    origin,
    stay: async () => {
      await control.stay();
      letGo();
    },
    end: async (remove) => {
      await control.end(remove).catch(() => {
        // What does not answer may be ending, or gone.
        if (isAlive(record.pid)) process.kill(record.pid, "SIGTERM");
      });
      await gone();
      while (isAlive(record.pid)) await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}

/** The error that ended the process, without its stack. */
async function lastWords(folder: string): Promise<string> {
  const log = await readFile(path.join(folder, "host.log"), "utf8").catch(() => "");
  const lines = log.split("\n").map((line) => line.trim());
  return (
    lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.findLast((line) => line !== "") ?? "no word"
  );
}

async function answers(record: Record): Promise<boolean> {
  return new Control(record).state().then(
    () => true,
    () => false,
  );
}
