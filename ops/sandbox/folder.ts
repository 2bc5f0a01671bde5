/** Where sandboxes live: one folder each, below the checkout. Nothing is written anywhere else. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import lockfile from "proper-lockfile";
import { UserError } from "../../engine/errors.ts";
import { root } from "../bundle.mjs";

/** Of all sandboxes of this checkout; ignored by git. */
const sandboxes = path.join(root, ".sandbox");

/** What a sandbox was asked to be. A kept one goes on from it. */
export interface Wish {
  /** Whether it stays when the command that made it is done. */
  keep: boolean;
  /** What brings its stack up: each knows only what it made itself. */
  engine: "pulumi" | "rehearsal";
  /** The Redis in place of the settings' own. */
  redis?: string;
  /** Milliseconds that vendors take to make a database. */
  provisioning: number;
  /** What deploys run in place of the small backend, and in which folder. */
  backend?: { command: readonly string[]; cwd: string };
  /** Variables of services that the settings say are no secret. */
  plain: readonly string[];
}

/** What is written down of a sandbox. Readable by its owner only: it holds a key to it. */
export interface Record {
  wish: Wish;
  /** The process that runs clouds and databases. */
  pid: number;
  /** Where it answers commands, on 127.0.0.1. */
  port: number;
  /** Secret that its commands need. */
  token: string;
  /** Passphrase of the stack's state; generated, of no use anywhere else. */
  passphrase: string;
}

/** A folder of its own for a sandbox that goes when its command ends. */
export const throwAway = () => `run-${randomBytes(4).toString("hex")}`;

export const folderOf = (name: string) => path.join(sandboxes, name);

/** Makes the folder; others on this machine cannot look into it. */
export async function makeFolder(name: string): Promise<string> {
  // Searchable by others, because the databases run as another user where this one is root.
  await mkdir(folderOf(name), { recursive: true, mode: 0o711 });
  return folderOf(name);
}

/** Seconds without a sign of life after which a lock is nobody's: its command was killed. */
const stale = 5;

/**
 * Does something with a sandbox while no other command starts, changes or stops it.
 *
 * @throws UserError when one is at work on it
 */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = await makeFolder(name);
  const release = await lockfile
    .lock(folder, {
      realpath: false,
      lockfilePath: path.join(folder, "lock"),
      stale: stale * 1000,
      retries: { retries: stale + 1, factor: 1, minTimeout: 1000 },
      // `reset` takes it away with everything else; what is at work hears of that from the sandbox.
      onCompromised: () => undefined,
    })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
      throw new UserError(
        `sandbox "${name}": another command is at work on it; wait for that one, or end it: npx kairos sandbox reset --name ${name}`,
      );
    });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
    // One that did not come to be leaves no folder.
    if ((await readRecord(name)) === undefined) await rmdir(folder).catch(() => undefined);
  }
}

export async function readRecord(name: string): Promise<Record | undefined> {
  const text = await readFile(recordFile(name), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Record);
}

export async function writeRecord(name: string, record: Record): Promise<void> {
  const file = recordFile(name);
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export const removeFolder = (name: string) =>
  rm(folderOf(name), { recursive: true, force: true, maxRetries: 5 });

/** Names of all sandboxes that left something here. */
export async function names(): Promise<string[]> {
  const entries = await readdir(sandboxes, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Of the kept ones, without those that a run has for itself. */
export const keptNames = async (): Promise<string[]> =>
  (await names()).filter((name) => !name.startsWith("run-"));

/** Whether a process is there, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes what crashed runs that nobody wants to keep have left behind. */
export async function sweep(): Promise<void> {
  for (const name of await names()) {
    if (!name.startsWith("run-")) continue;
    const record = await readRecord(name);
    const dead = record === undefined ? await isOld(name) : !isAlive(record.pid);
    if (dead) await removeFolder(name);
  }
  // Away with the last one goes the folder of all; one that is being made meanwhile keeps it.
  await rmdir(sandboxes).catch(() => undefined);
}

/** One that has not got as far as its record may be just starting; one that is gone by now was ending by itself. */
const isOld = (name: string) =>
  stat(folderOf(name)).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > 10 * 60_000,
    () => false,
  );

const recordFile = (name: string) => path.join(folderOf(name), "sandbox.json");
