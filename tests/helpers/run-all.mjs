// @ts-check
/**
 * For tests: runs command lines one after the other as ops/kairos.mjs does, in the bundle, in this one process: to start
 * a process for each would take longer than all of them. Reads them from stdin as JSON, answers in JSON.
 */
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { bundle } from "../../ops/bundle.mjs";

const { main } = await import(pathToFileURL(await bundle({ entry: "ops/main.ts" })).href);
const { exit } = process;
// Each run listens for who stops reading.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
const outputs = { stdout: process.stdout.write, stderr: process.stderr.write };
const answers = [];
for (const args of JSON.parse(await text(process.stdin))) {
  const printed = { stdout: "", stderr: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"]))
    process[name].write = /** @type {any} */ (
      (/** @type {string} */ chunk, /** @type {any} */ ...more) => {
        printed[name] += chunk;
        more.at(-1)?.();
        return true;
      }
    );
  process.exitCode = 0;
  const ended = new Promise((resolve) => {
    process.exit = /** @type {any} */ (
      (code = process.exitCode) => {
        resolve(code);
        return new Promise(() => {});
      }
    );
  });
  void main(["node", "kairos", ...args]);
  const code = await ended;
  Object.assign(process.stdout, { write: outputs.stdout });
  Object.assign(process.stderr, { write: outputs.stderr });
  answers.push({ code, ...printed });
}
process.stdout.write(JSON.stringify(answers), () => exit(0));
