/**
 * Runs one program for a parent, and ends it when the parent is gone, however that came to be: the parent holds the other
 * end of standard input, which the operating system closes even after a SIGKILL. Plain JavaScript, so that it runs
 * without a loader, with no environment of its own. The counterpart of supervised.ts.
 *
 * In: one line of JSON, an Order; then nothing until the end, which means "stop". Out: one line of JSON per Report.
 */
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createInterface } from "node:readline";

/** @param {import("./supervised.ts").Report} message */
const report = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** @param {import("./supervised.ts").Order} order */
function run({ executable, args, cwd, env, uid, gid, stdin, logFile, stopSignal, killAfter }) {
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(executable, args, { cwd, env, uid, gid, stdio: ["pipe", log, log], windowsHide: true });
  child.on("spawn", () => report({ pid: Number(child.pid) }));
  child.on("error", (error) => report({ error: error.message }));
  child.on("exit", (code, signal) => {
    report({ code, signal });
    process.stdin.destroy();
    clearTimeout(deadline);
  });
  // A program that never reads its input is no concern of ours.
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin);
  /** @type {NodeJS.Timeout | undefined} */
  let deadline;
  return () => {
    child.kill(stopSignal);
    deadline = setTimeout(() => child.kill("SIGKILL"), killAfter);
  };
}

// A Ctrl-C is for the parent, which then stops this; reports to a parent that is gone lead nowhere.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => {});
process.stdout.on("error", () => {});

/** @type {(() => void) | undefined} */
let stop;
createInterface({ input: process.stdin })
  .once("line", (line) => {
    try {
      stop = run(JSON.parse(line));
    } catch (error) {
      report({ error: error instanceof Error ? error.message : String(error) });
      process.stdin.destroy();
    }
  })
  .once("close", () => stop?.());
