/** A mongod for who has none on the PATH: where mongodb-memory-server keeps it, or downloads it to. */
import { readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { execa } from "execa";
import type { DryMongoBinary as Binaries } from "mongodb-memory-server-core/lib/util/DryMongoBinary.js";
import { UserError } from "../../engine/errors.ts";
import { findExecutable } from "../../sandbox/processes/executables.ts";
import { root } from "../bundle.mjs";

// From its package, not from the bundle: the program below loads it, too.
const load = createRequire(path.join(root, "package.json"));
const library = (file: string) => load.resolve(`mongodb-memory-server-core/lib/util/${file}`);

/**
 * The executable; undefined where the PATH has one, or there is none.
 *
 * @param download when there is none, to the library's usual cache, its checksum verified. Its variables hold here, too:
 *   https://typegoose.github.io/mongodb-memory-server/docs/api/config-options
 * @throws UserError when that fails
 */
export async function findMongod(download: boolean): Promise<string | undefined> {
  if (findExecutable("mongod") !== undefined) return undefined;
  const { DryMongoBinary } = load(library("DryMongoBinary")) as { DryMongoBinary: typeof Binaries };
  const options = await DryMongoBinary.generateOptions();
  const find = () => DryMongoBinary.locateBinary(options);
  const known = await find();
  if (known !== undefined || !download) return known;
  // In a process of its own: it tells of its progress on stdout, which is for the report here.
  const script = `require(${JSON.stringify(library("MongoBinary"))}).MongoBinary.getPath({ checkMD5: true })
    .catch(({ message }) => { process.stderr.write(message); process.exitCode = 1; })`;
  const { failed, stderr } = await execa(process.execPath, ["-e", script], {
    stdio: ["ignore", process.stderr, "pipe"],
    reject: false,
  });
  if (!failed) return find();
  // The library would take what it has for whole the next time.
  for (const file of await readdir(options.downloadDir).catch(() => []))
    if (file.startsWith("mongodb-")) await rm(path.join(options.downloadDir, file), { force: true });
  throw new UserError(`--download: MongoDB: ${stderr.trim().replace(/\n[\s\S]*/, "")}`);
}
