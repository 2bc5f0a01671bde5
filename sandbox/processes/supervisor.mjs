/**
 * Runs the process of one deploy for a parent, and ends it, with all that it started, when the parent is gone, however
 * that came to be: the operating system closes the channel between them even after a SIGKILL. Plain JavaScript, so that
 * it runs without a loader, and with no environment of its own. The counterpart of process.ts.
 *
 * Both outputs of the process are this one's own and are not looked at here.
 */
import { spawn } from "node:child_process";

/** Milliseconds that a process has to end by itself when nobody is there any more who could wait. */
const abandoned = 1000;

/** @type {import("node:child_process").ChildProcess | undefined} */
let child;
/** @type {NodeJS.Timeout | undefined} */
let deadline;

/** @param {import("./process.ts").Order | import("./process.ts").End} message */
function told(message) {
  if ("command" in message) run(message);
  else end(message.killAfter);
}

/** @param {import("./process.ts").Order} order */
function run({ command: [executable = "", ...args], cwd, env }) {
  // A group of its own: what it starts can be found and ended with it, as a container would.
  child = spawn(executable, args, { cwd, env, detached: true, stdio: ["ignore", "inherit", "inherit"] });
  child.on("spawn", () => report({ pid: Number(child?.pid) }));
  child.on("error", (error) =>
    leave({ problem: /** @type {NodeJS.ErrnoException} */ (error).code ?? "error" }),
  );
  child.on("exit", (code, signal) => {
    kill("SIGKILL");
    leave({ code, signal });
  });
}

/** @param {number} killAfter milliseconds */
function end(killAfter) {
  if (child === undefined) return process.exit();
  child.kill("SIGTERM");
  deadline ??= setTimeout(() => kill("SIGKILL"), killAfter);
}

/** Signals the whole group. @param {NodeJS.Signals} signal */
function kill(signal) {
  try {
    if (child?.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in it.
  }
}

/** @param {import("./process.ts").Report} message */
function report(message) {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** @param {import("./process.ts").Report} message */
function leave(message) {
  clearTimeout(deadline);
  if (process.connected) process.send?.(message, undefined, undefined, () => process.exit());
  else process.exit();
}

process.on("message", told);
process.on("disconnect", () => end(abandoned));
// A Ctrl-C is for the parent, which then ends this.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => {});
