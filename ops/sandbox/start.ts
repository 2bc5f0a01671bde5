/** Starts the process that is the sandbox, or finds the one that runs. */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../engine/errors.ts";
import { exe } from "../../sandbox/processes/executables.ts";
import { bundle, root } from "../bundle.mjs";
import { kept } from "./command.ts";
import { type Ask, asking } from "./control.ts";
import {
  folderOf,
  isAlive,
  keptNames,
  makeFolder,
  type Record,
  readRecord,
  removeFolder,
  writeRecord,
} from "./folder.ts";
import type { HostMessage, HostOptions } from "./host.ts";

/** A running sandbox, as a command holds it. */
export interface SandboxHandle {
  name: string;
  folder: string;
  record: Record;
  ask: Ask;
  /** Whether it was running already, came back with what it held, or is new. */
  origin: "new" | "running" | "recovered";
  /** Lets it outlive this process. */
  stay(): Promise<void>;
  /** Ends it and waits until it is gone. @param remove its folder, too */
  end(remove: boolean): Promise<void>;
}

export interface StartOptions extends Pick<HostOptions, "name" | "organization" | "wish"> {
  /** The executable of MongoDB where the PATH has none. */
  mongod?: string | undefined;
}

/**
 * Finds or starts it; one that was down, or crashed, comes back with its data. One that runs otherwise than is wished is
 * started again, and so is every rehearsal: it takes its process for itself.
 */
export async function startHost(options: StartOptions): Promise<SandboxHandle> {
  const { name, wish, mongod, ...others } = options;
  const known = await readRecord(name);
  const running = known && (await runningHost(name, known));
  if (known !== undefined && running !== undefined) {
    if (wish.engine === "pulumi" && isDeepStrictEqual({ ...known.wish, redis: wish.redis }, wish)) {
      await writeRecord(name, { ...known, wish });
      return running;
    }
    await running.end(false);
  }
  const folder = await makeFolder(name);
  const passphrase = known?.passphrase ?? randomBytes(24).toString("base64url");
  const child = fork(await bundle({ entry: "ops/sandbox/host.ts" }), markOf(name), {
    cwd: root,
    env: { ...process.env, PATH: await withMongod(folder, mongod), ...compileCache },
    // Of a session of its own: a Ctrl-C on the terminal is for the command.
    detached: true,
    stdio: ["ignore", "ignore", openSync(path.join(folder, "host.log"), "a", 0o600), "ipc"],
  });
  child.send({ ...others, name, wish, folder, passphrase } satisfies HostOptions);
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

/** The PATH with a `mongod` in front, in a folder of the sandbox: the library's has its version in its name. */
async function withMongod(folder: string, executable: string | undefined): Promise<string | undefined> {
  if (executable === undefined) return process.env.PATH;
  const bin = path.join(folder, "software");
  await mkdir(bin, { recursive: true });
  await rm(path.join(bin, exe("mongod")), { force: true });
  await symlink(executable, path.join(bin, exe("mongod")));
  return [bin, process.env.PATH].join(path.delimiter);
}

/** Compiled code is kept for the sandbox as for the commands, where Node can do that (22.1 and up). */
const compileCache = {
  NODE_COMPILE_CACHE: path.join(root, "node_modules", ".cache", "kairos", "compiled"),
};

/** The running sandbox of a name. @throws UserError when there is none */
export async function findHost(name: string): Promise<SandboxHandle> {
  const record = await readRecord(name);
  if (record === undefined) {
    const others = await keptNames();
    const there = others.length > 0 ? `; there are ${others.join(", ")}: --name says which` : "";
    throw new UserError(
      `no sandbox named "${name}" is kept; npx kairos sandbox --keep${nameFlag(name)} makes one${there}`,
    );
  }
  const running = await runningHost(name, record);
  if (running !== undefined) return running;
  throw new UserError(
    `the sandbox "${name}" is not running; npx kairos sandbox --keep${nameFlag(name)} brings it back, npx kairos sandbox reset${nameFlag(name)} removes it`,
  );
}

/** On the command line of a sandbox's process: how every one of a name is found, whoever started it. */
export const markOf = (name: string) => ["kairos-sandbox", folderOf(name)];

/** The option that a command for this sandbox needs. */
export const nameFlag = (name: string) => (name === kept ? "" : ` --name ${name}`);

async function runningHost(name: string, record: Record): Promise<SandboxHandle | undefined> {
  if (!isAlive(record.pid)) return undefined;
  const handle = held(name, record, "running", async () => undefined);
  return handle.ask("state").then(
    () => handle,
    () => undefined,
  );
}

function held(
  name: string,
  record: Record,
  origin: SandboxHandle["origin"],
  gone: () => Promise<void>,
  letGo: () => void = () => undefined,
): SandboxHandle {
  const ask = asking(record);
  return {
    name,
    folder: folderOf(name),
    record,
    ask,
    origin,
    stay: async () => {
      await ask("stay");
      letGo();
    },
    end: async (remove) => {
      await ask("end", remove).catch(() => {
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
