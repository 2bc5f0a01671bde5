// @ts-check
/**
 * Turns the commands, the program and Pulumi's SDKs into one file that loads fast, and keeps it until a source
 * changes. Loading Pulumi's SDK as it is takes longer than the whole plan: it brings a TypeScript compiler and
 * npm's dependency resolver, which only serialized functions need; this program has none.
 *
 * Plain JavaScript, because it runs before anything could run TypeScript.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of this checkout. Inside a bundle, where this file is no longer in its place, it is written in. */
export const root = process.env.KAIROS_ROOT ?? path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} BundleOptions
 * @property {string} entry file to start from, relative to this checkout
 * @property {string} [tree] folder of another version of the program, taken instead of this checkout's
 * @property {string} [key] what the other version is called in the cache, for example its git hash
 * @property {boolean} [hosted] whether Pulumi's own process runs it: it has loaded the SDK already, and two of one
 *   SDK know nothing of each other. Its stack traces name our lines
 * @property {(text: string) => void} [say] told when it has to be built
 */

/** Built together: most of what they load is the same. */
const together = ["ops/main.ts", "ops/sandbox/host.ts", "sandbox/backend/main.ts"];

/**
 * Builds the bundle unless it is there already and newer than all it was made from.
 *
 * @param {BundleOptions} options
 * @returns {Promise<string>} the file to import or to start
 */
export async function bundle({ entry, tree = root, key = "this", hosted = false, say = () => {} }) {
  const file = `${nameOf(entry)}.mjs`;
  const entries = tree === root && together.includes(entry) ? together.filter(isThere) : [entry];
  // From within a bundle: what was built with it is the same version.
  const beside = path.join(path.dirname(fileURLToPath(import.meta.url)), file);
  if (entries.length > 1 && existsSync(beside)) return beside;
  const cache = await writableCache();
  const name = createHash("sha256")
    .update(`${root} ${entries} ${key} ${process.version}`)
    .digest("hex")
    .slice(0, 12);
  // The record says which folder was built from which inputs. Folders are never changed or taken away from a run
  // that may be loading them: another state of the inputs is another folder.
  const record = path.join(cache, `${name}.json`);
  const known = await freshFolder(record);
  if (known !== undefined) return path.join(cache, known, file);

  const { build } = await import("esbuild");
  say("putting the commands together: once, and after each change of their sources");
  const folder = `${name}-${randomUUID()}`;
  const { metafile } = await build({
    entryPoints: Object.fromEntries(entries.map((one) => [nameOf(one), path.join(root, one)])),
    outdir: path.join(cache, folder),
    outExtension: { ".js": ".mjs" },
    absWorkingDir: root,
    nodePaths: [path.join(root, "node_modules")],
    bundle: true,
    splitting: true,
    metafile: true,
    minifySyntax: true,
    minifyWhitespace: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    // CommonJS inside: what it requires of Node itself still has to be found.
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
    define: { "process.env.KAIROS_ROOT": JSON.stringify(root) },
    external: ["esbuild", "pg-native", ...(hosted ? ["@pulumi/pulumi", "@pulumi/policy"] : [])],
    sourcemap: hosted,
    sourcesContent: false,
    plugins: [withoutClosures, programFrom(tree)],
  });
  // What came from a folder that goes away again cannot be compared later; its key says which version it is.
  const files = Object.keys(metafile.inputs)
    .filter((input) => !input.startsWith("left-out:"))
    .map((input) => path.resolve(root, input))
    .filter((input) => input.startsWith(root + path.sep));
  files.push(path.join(root, "package-lock.json"));
  await writeFile(`${record}.${process.pid}`, JSON.stringify({ folder, inputs: await fingerprints(files) }));
  await rename(`${record}.${process.pid}`, record);
  await removeOld(cache);
  return path.join(cache, folder, file);
}

/** A copy may have the commands alone. @param {string} entry */
const isThere = (entry) => existsSync(path.join(root, entry));

/** `ops-main` of `ops/main.ts`. @param {string} entry */
const nameOf = (entry) => entry.replace(/\.ts$/, "").replaceAll("/", "-");

/** The packages' own cache folder, or a temporary one where that cannot be written. */
async function writableCache() {
  const beside = path.join(root, "node_modules", ".cache", "kairos");
  const own = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const elsewhere = path.join(os.tmpdir(), `kairos-cache-${os.userInfo().uid}-${own}`);
  for (const folder of [beside, elsewhere]) {
    try {
      await mkdir(folder, { recursive: true, mode: folder === beside ? 0o777 : 0o700 });
      await access(folder, constants.W_OK);
    } catch {
      // The next one, then.
      continue;
    }
    // What a bundle leaves outside is found from there, too.
    if (folder === elsewhere)
      await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules")).catch(
        () => undefined,
      );
    return folder;
  }
  throw new Error(
    `no folder to keep the commands in: neither ${beside} nor ${os.tmpdir()} can be written; set TMPDIR to one that can`,
  );
}

/** Takes away what nobody can be loading any more: folders of before yesterday. @param {string} cache */
async function removeOld(cache) {
  const yesterday = Date.now() - 24 * 60 * 60 * 1000;
  for (const entry of await readdir(cache, { withFileTypes: true })) {
    const file = path.join(cache, entry.name);
    if (entry.isDirectory() && entry.name !== "compiled" && (await stat(file)).mtimeMs < yesterday)
      await rm(file, { recursive: true, force: true });
  }
}

/** @param {string} record */
async function freshFolder(record) {
  try {
    const { folder, inputs } = JSON.parse(await readFile(record, "utf8"));
    const now = await fingerprints(Object.keys(inputs));
    const same = Object.entries(inputs).every(([input, fingerprint]) => now[input] === fingerprint);
    await access(path.join(path.dirname(record), folder));
    return same ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Size and time of each file. Packages are told apart by the lockfile, which is among the files.
 *
 * @param {string[]} files
 * @returns {Promise<Record<string, string>>}
 */
async function fingerprints(files) {
  const own = files.filter(
    (file) => !file.includes(`${path.sep}node_modules${path.sep}`) && path.isAbsolute(file),
  );
  const entries = own.map(async (file) => {
    const { mtimeMs, size } = await stat(file);
    return [file, `${mtimeMs} ${size}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Leaves out what only serialized functions need. @type {import("esbuild").Plugin} */
const withoutClosures = {
  name: "without-closures",
  setup(build) {
    build.onResolve({ filter: /^@npmcli\/arborist$|\/typescript-shim$/ }, ({ path }) => ({
      path,
      namespace: "left-out",
    }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
      contents: "module.exports = {}",
      loader: "js",
    }));
  },
};

/**
 * Takes the program, its settings and its local SDKs from a folder.
 *
 * @param {string} tree
 * @returns {import("esbuild").Plugin}
 */
function programFrom(tree) {
  return {
    name: "program-from",
    setup(build) {
      build.onResolve({ filter: /^#program$/ }, () => ({ path: path.join(tree, "infra", "index.ts") }));
      build.onResolve({ filter: /^#settings$/ }, () => ({
        path: path.join(tree, "infra", "settings", "index.ts"),
      }));
      build.onResolve({ filter: /^@pulumi\/(render|rediscloud)$/ }, ({ path: name }) => ({
        path: path.join(tree, "sdks", path.basename(name), "index.ts"),
      }));
    },
  };
}
