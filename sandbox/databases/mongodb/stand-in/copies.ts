/**
 * Copies of the stand-in's files: snapshots by their ids, and what each database was after each change. A change is
 * in the history with those of the 100 milliseconds before it at most: so near can a moment be restored.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** Of a database's file in the folder. */
export const suffix = ".ejson";
/** Of an entry of the history that says that the database is gone. */
const gone = ".gone";
/** Bytes that a history may take; the oldest goes first. */
const historyKept = 64 * 1024 * 1024;

/** What to go back to: a snapshot, or a moment in milliseconds since 1970. */
export type Point = { snapshot: string } | { at: number };

const historyOf = (folder: string) => path.join(folder, "history");
const snapshotOf = (folder: string, id: string) => path.join(folder, "snapshots", id);
const filesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)) : [];

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}

/** Keeps the files as they are now, all of which have to be written. */
export function takeSnapshot(folder: string, id: string): void {
  mkdirSync(snapshotOf(folder, id), { recursive: true, mode: 0o700 });
  for (const name of filesIn(folder)) copy(path.join(folder, name), path.join(snapshotOf(folder, id), name));
}

export function dropSnapshot(folder: string, id: string): void {
  rmSync(snapshotOf(folder, id), { recursive: true, force: true });
}

/** The files of all databases at a point. @throws where there is no such snapshot, or nothing of that time any more */
export function filesAt(folder: string, point: Point): string[] {
  if ("snapshot" in point) {
    const place = snapshotOf(folder, point.snapshot);
    if (!existsSync(place)) throw new Error(`MongoDB stand-in: no snapshot ${point.snapshot}`);
    return filesIn(place).map((name) => path.join(place, name));
  }
  const since = historySince(folder);
  if (since === undefined || point.at < since)
    throw new Error(`MongoDB stand-in: nothing is known of ${new Date(point.at).toISOString()}`);
  const last = new Map(
    entriesOf(folder)
      .filter(({ at }) => at <= point.at)
      .map((entry) => [entry.database, entry]),
  );
  return [...last.values()].filter(({ file }) => !file.endsWith(gone)).map(({ file }) => file);
}

/** From when on the history is whole; milliseconds since 1970. */
export function historySince(folder: string): number | undefined {
  const file = path.join(historyOf(folder), "since");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

interface Entry {
  at: number;
  /** As in a file's name. */
  database: string;
  file: string;
}

/** From the oldest on. */
function entriesOf(folder: string): Entry[] {
  const place = historyOf(folder);
  return readdirSync(place)
    .flatMap((name) => {
      const [, at, database] = /^(\d+)-(.+)\.(?:ejson|gone)$/.exec(name) ?? [];
      return at === undefined || database === undefined
        ? []
        : [{ at: Number(at), database, file: path.join(place, name) }];
    })
    .sort((a, b) => a.at - b.at);
}

/** Opens the history of a folder, which begins with the files that are there. */
export function openHistory(folder: string): void {
  if (historySince(folder) !== undefined) return;
  const now = Date.now();
  mkdirSync(historyOf(folder), { recursive: true, mode: 0o700 });
  for (const name of filesIn(folder))
    copy(path.join(folder, name), path.join(historyOf(folder), `${now}-${name}`));
  writeFileSync(path.join(historyOf(folder), "since"), String(now), { mode: 0o600 });
}

/** Notes what a database is since a change; its file has been written, or removed with the database. */
export function note(folder: string, database: string, at: number): void {
  const [file, entry] = [
    path.join(folder, database + suffix),
    path.join(historyOf(folder), `${at}-${database}`),
  ];
  if (existsSync(file)) copy(file, entry + suffix);
  else writeFileSync(entry + gone, "", { mode: 0o600 });
  prune(folder);
}

/** An entry goes only when there is a later one of its database: from then on the history is whole. */
function prune(folder: string): void {
  const entries = entriesOf(folder).map((entry) => ({ ...entry, size: statSync(entry.file).size }));
  let size = entries.reduce((sum, entry) => sum + entry.size, 0);
  for (const [place, entry] of entries.entries()) {
    if (size <= historyKept) return;
    const next = entries.slice(place + 1).find(({ database }) => database === entry.database);
    if (next === undefined) continue;
    rmSync(entry.file);
    size -= entry.size;
    const since = Math.max(historySince(folder) ?? 0, next.at);
    writeFileSync(path.join(historyOf(folder), "since"), String(since));
  }
}
