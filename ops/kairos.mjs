#!/usr/bin/env -S node --
// @ts-check
/**
 * Starts the commands: bundles them if a source has changed, then runs the bundle. Before that it looks for what they
 * cannot do without, with nothing but Node's own modules, and with no syntax that a much older Node could not read.
 * The two dashes keep Node from taking `--env-file` for its own: https://nodejs.org/api/cli.html#--env-filefile
 */
import * as module from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {string} reason @returns {never} */
function stop(reason) {
  process.stderr.write(`error: ${reason}\n`);
  process.exit(1);
}

/**
 * package.json says what Pulumi's SDK says, 22; the last of 20 works too, and is tested beside it: many a laptop has it.
 */
const least = "20.19";
const isOlder = process.versions.node.localeCompare(least, "en", { numeric: true }) < 0;
if (isOlder) stop(`Node: got ${process.versions.node}; expected ${least} or newer, from https://nodejs.org`);

// Compiled code is kept between runs where Node can do that (22.8 and up).
/** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (module).enableCompileCache?.(
  path.join(root, "node_modules", ".cache", "kairos", "compiled"),
);
const { bundle } = await import("./bundle.mjs");
/** @param {string} text */
const say = (text) => void (process.stderr.isTTY && process.stderr.write(`${text}\n`));
const file = await bundle({ entry: "ops/main.ts", say }).catch((/** @type {any} */ error) => {
  const { errors = [], code, message } = error;
  const missing = errors.find((/** @type {{ text: string }} */ { text }) =>
    /^Could not resolve "[^./]/.test(text),
  );
  // esbuild tells of its own missing part in many lines.
  if (
    code === "ERR_MODULE_NOT_FOUND" ||
    missing !== undefined ||
    /esbuild for another platform|@esbuild\//.test(message)
  )
    stop(`the packages of package-lock.json are not installed here; run npm ci in ${root}`);
  const [first] = errors;
  if (first?.location) stop(`${first.location.file}:${first.location.line}: ${first.text}`);
  return stop(String(message).replace(/\n[\s\S]*/, ""));
});
const { main } = await import(pathToFileURL(file).href);
await main(process.argv);
