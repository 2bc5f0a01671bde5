/** A copy of the packaged PostgreSQL for where npm's own folder will not do. */
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { type Account, reaches } from "./account.ts";

/**
 * Copies the software into the database's folder or, where the account cannot reach that, among the system's temporary
 * files, with a link to it from the folder. Files are hard links where the file system allows it.
 *
 * @returns the folder with the programs
 */
export function copyOf(native: string, account: Account, folder: string): string {
  removeCopy(folder);
  const place = join(folder, "software");
  if (reaches(account, place)) copy(native, place);
  else {
    const elsewhere = temporaryFolder(account);
    symlinkSync(elsewhere, place);
    copy(native, elsewhere);
  }
  // PostgreSQL looks for its other files from its real path.
  return join(realpathSync(place), "bin");
}

/** Takes a copy away again, also one of a crashed run. */
export function removeCopy(folder: string): void {
  const place = join(folder, "software");
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink())
    rmSync(readlinkSync(place), { recursive: true, force: true });
  rmSync(place, { recursive: true, force: true });
}

function temporaryFolder(account: Account): string {
  for (const parent of new Set([tmpdir(), "/tmp", "/var/tmp"])) {
    if (!existsSync(parent) || !reaches(account, join(parent, "any"))) continue;
    const made = mkdtempSync(join(parent, "kairos-postgres-"));
    chmodSync(made, 0o755);
    return made;
  }
  throw new Error(
    `PostgreSQL cannot run as nobody from ${tmpdir()}: set TMPDIR to a folder that all may read`,
  );
}

function copy(native: string, target: string): void {
  copyTree(join(native, "lib"), join(target, "lib"), copyLinked);
  copyTree(join(native, "share"), join(target, "share"), copyLinked);
  // A copy, because its mode may have to change.
  copyTree(join(native, "bin"), join(target, "bin"), (from, to) => {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, 0o755);
  });
  for (const link of links(native)) {
    const path = join(target, relative(native, link.target));
    if (!existsSync(path)) symlinkSync(basename(link.source), path);
  }
}

/** The symbolic links that npm cannot pack: `target` is the link, `source` the file. */
export function links(native: string): { source: string; target: string }[] {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const relative: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  return relative.map(({ source, target }) => ({
    source: join(dirname(native), source),
    target: join(dirname(native), target),
  }));
}

function copyTree(from: string, to: string, file: (from: string, to: string) => void): void {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target, file);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    // Static libraries are for compilers.
    else if (!entry.name.endsWith(".a")) file(source, target);
  }
}

function copyLinked(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
