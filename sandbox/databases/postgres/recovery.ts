/**
 * Point-in-time recovery by PostgreSQL's own means: a copy of the data folder that no server ran on, and the log of all
 * that was written since. A new server reads both up to a moment, to the transaction.
 *
 * @see https://www.postgresql.org/docs/current/continuous-archiving.html
 */
import {
  appendFileSync,
  constants,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type pg from "pg";

/** MB of the log that a server keeps. What a copy is older than cannot be recovered, and the next start makes another. */
export const logKept = 1024;

/** What there is to know of a copy. */
interface Base {
  /** When it was made; milliseconds since 1970. */
  since: number;
  /** The first file of the log that it needs. */
  segment: string;
}

const dataOf = (folder: string) => join(folder, "data");
const logOf = (folder: string) => join(dataOf(folder), "pg_wal");
const baseOf = (folder: string) => join(folder, "base");
const noteOf = (folder: string) => join(folder, "base.json");

/** Since when the server of a folder can be recovered, in milliseconds since 1970. */
export function recoverableSince(folder: string): number | undefined {
  if (!existsSync(noteOf(folder))) return undefined;
  const { since, segment } = JSON.parse(readFileSync(noteOf(folder), "utf8")) as Base;
  return existsSync(join(logOf(folder), segment)) ? since : undefined;
}

/**
 * Copies the data folder before a server runs on it, unless there is a copy that can still be used.
 *
 * @returns to be called with the server's client once it runs: only then the copy counts
 */
export function keepBase(folder: string): (client: pg.Client) => Promise<void> {
  if (recoverableSince(folder) !== undefined) return async () => {};
  const since = Date.now();
  rmSync(noteOf(folder), { force: true });
  rmSync(baseOf(folder), { recursive: true, force: true });
  const log = logOf(folder);
  copy(dataOf(folder), baseOf(folder), (path) => dirname(path) !== log);
  return async (client) => {
    const { rows } = await client.query<{ segment: string }>(
      "SELECT pg_walfile_name(redo_lsn) AS segment FROM pg_control_checkpoint()",
    );
    const base: Base = { since, segment: rows[0]?.segment ?? "" };
    writeFileSync(noteOf(folder), JSON.stringify(base), { mode: 0o600 });
  };
}

/** Writes a transaction, so that the log goes on beyond every moment before now: a recovery needs to see where to stop. */
export const goOn = (client: pg.Client) =>
  client.query("SELECT pg_logical_emit_message(true, 'recovery', '')");

/**
 * Makes the data of one server from another's, as it was at a moment; the first start on it reads the log up to there.
 *
 * @param from the other's folder; {@link goOn} has been called on its server
 * @param at milliseconds since 1970
 */
export function recoverData(data: string, from: string, at: number): void {
  if (recoverableSince(from) === undefined)
    throw new Error(`PostgreSQL: ${from} has nothing to recover from`);
  copy(baseOf(from), data);
  copy(logOf(from), join(data, "pg_wal"));
  const time = new Date(at).toISOString().replace("T", " ").replace("Z", "+00");
  const settings = {
    recovery_target_time: time,
    recovery_target_action: "promote",
    // All of the log lies beside the data already: a command that finds nothing more.
    restore_command: "exit 1",
    hot_standby: "off",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(data, "postgresql.auto.conf"), lines.join(""));
  writeFileSync(join(data, "recovery.signal"), "");
}

/** A crash leaves the whole copy or none. */
function copy(from: string, to: string, filter: (path: string) => boolean = () => true): void {
  const unfinished = join(dirname(to), `${basename(to)}.unfinished`);
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(from, unfinished, { recursive: true, mode: constants.COPYFILE_FICLONE, filter });
  rmSync(to, { recursive: true, force: true });
  renameSync(unfinished, to);
}
