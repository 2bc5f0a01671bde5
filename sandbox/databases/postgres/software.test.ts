import { cpSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/helpers/databases.ts";
import { exe } from "../../processes/executables.ts";
import { postgresAccount, reaches } from "./account.ts";
import { links, removeCopy } from "./copy.ts";
import { findPostgres, sources } from "./software.ts";

const folder = temporaryFolder();
const account = postgresAccount();
const { packaged, installed } = sources();
const root = process.getuid?.() === 0;
const home = (name: string) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

if (packaged === undefined) console.log("skipped: the npm package has no PostgreSQL for this platform");
if (!root) console.log("skipped: what only root has to care for");
if (installed.length === 0) console.log("skipped: no PostgreSQL is installed beside the npm package");

it.skipIf(packaged === undefined)("prefers the npm package's, which is version 18", async () => {
  expect(await findPostgres(account, home("preferred"))).toMatchObject({
    version: expect.stringMatching(/^18\./),
  });
});

it.skipIf(packaged === undefined)(
  "does without npm's install scripts: it makes the links itself",
  async () => {
    const native = join(home("scriptless"), "native");
    cpSync(String(packaged), native, { recursive: true, verbatimSymlinks: true });
    for (const { target } of links(native)) rmSync(target, { force: true });
    const database = home("scriptless-database");
    const { bin, version } = await findPostgres(account, database, { packaged: native, installed: [] });
    expect(version).toMatch(/^18\./);
    expect(bin.startsWith(native)).toBe(false);
    const { stdout } = await execa(join(bin, exe("initdb")), ["--version"], { ...account, cwd: "/" });
    expect(stdout).toContain(version);
    removeCopy(database);
    expect(existsSync(bin)).toBe(false);
  },
);

it.skipIf(packaged === undefined || !root)(
  "goes where nobody can reach it, and leaves nothing there",
  async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const native = join(closed, "native");
    cpSync(String(packaged), native, { recursive: true, verbatimSymlinks: true });
    expect(reaches(account, join(native, "bin"))).toBe(false);
    const database = join(closed, "database");
    mkdirSync(database);
    const { bin } = await findPostgres(account, database, { packaged: native, installed: [] });
    expect(reaches(account, bin)).toBe(true);
    const copy = readlinkSync(join(database, "software"));
    expect(lstatSync(copy).isDirectory()).toBe(true);
    removeCopy(database);
    expect(existsSync(copy)).toBe(false);
    expect(existsSync(join(native, "bin", "postgres"))).toBe(true);
  },
);

it.skipIf(installed.length === 0)("takes an installed one where npm has none", async () => {
  const { bin, version } = await findPostgres(account, home("installed"), { packaged: undefined, installed });
  expect(installed).toContain(bin);
  expect(version).toMatch(/^\d+\.\d+/);
});

it("says what to do when there is none", async () => {
  await expect(findPostgres(account, home("none"), { packaged: undefined, installed: [] })).rejects.toThrow(
    /no PostgreSQL runs on this machine .*; install PostgreSQL 18/,
  );
});
