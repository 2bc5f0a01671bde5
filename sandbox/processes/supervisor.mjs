/**
 * Runs one program for a parent, and ends it, with all that it started, when the parent is gone, however that came to be:
 * the operating system closes the channel between them even after a SIGKILL. Plain JavaScript, so that it runs without a
 * loader, and with no environment of its own. The counterpart of supervised.ts.
 *
 * Without a log file both outputs of the program are this one's own, and are not looked at here.
 */
import { spawn } from "node:child_process";
import { openSync } from "node:fs";

/** @type {import("node:child_process").ChildProcess | undefined} */
let child;
/** @type {NodeJS.Timeout | undefined} */
let deadline;
/** @type {NodeJS.Signals} */
let stopSignal = "SIGTERM";
let patience = 0;

/** @param {import("./supervised.ts").Order | import("./supervised.ts").End} message */
function told(message) {
  if (!("command" in message)) return end(message.killAfter);
  try {
    run(message);
  } catch (error) {
    failed(error);
  }
}

/** @param {import("./supervised.ts").Order} order */
function run({ command: [executable = "", ...args], logFile, stdin, ...order }) {
  patience = order.killAfter;
  stopSignal = order.stopSignal ?? stopSignal;
  const output = logFile === undefined ? "inherit" : openSync(logFile, "a", 0o600);
  const { cwd, env, uid, gid } = order;
  const input = stdin === undefined ? "ignore" : "pipe";
  // A group of its own: what it starts can be found and ended with it, as a container would.
  const group = { detached: true, windowsHide: true };
  child = spawn(executable, args, { cwd, env, uid, gid, stdio: [input, output, output], ...group });
  child.on("spawn", () => report({ pid: Number(child?.pid) }));
  child.on("error", failed);
  child.on("exit", (code, signal) => {
    kill("SIGKILL");
    leave({ code, signal });
  });
  // A program that never reads its input is no concern of ours.
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin);
}

/** @param {unknown} error */
function failed(error) {
  leave({ problem: /** @type {NodeJS.ErrnoException} */ (error).code ?? String(error) });
}

/** @param {number} killAfter milliseconds */
function end(killAfter) {
  if (child === undefined) return process.exit();
  child.kill(stopSignal);
  deadline ??= setTimeout(() => kill("SIGKILL"), killAfter);
}

/** Signals the whole group. @param {NodeJS.Signals} signal */
function kill(signal) {
  try {
    if (child?.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in it, or the system has no groups.
    child?.kill(signal);
  }
}

/** @param {import("./supervised.ts").Report} message */
function report(message) {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** @param {import("./supervised.ts").Report} message */
function leave(message) {
  clearTimeout(deadline);
  if (process.connected) process.send?.(message, undefined, undefined, () => process.exit());
  else process.exit();
}

process.on("message", told);
process.on("disconnect", () => end(patience));
// A Ctrl-C is for the parent, which then ends this.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => {});
