/**
 * A process for Valkey's thread (thread.mjs), with which it carries messages: V8 needs flags to run it that a thread cannot
 * have (see engine.ts), and should it crash nevertheless, the sandbox goes on.
 */
import { Worker } from "node:worker_threads";

// Ctrl-C reaches every process of a terminal: who started this one ends it, and it never outlives that.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.on("disconnect", () => process.exit());

const worker = new Worker(new URL("thread.mjs", import.meta.url), {
  workerData: JSON.parse(/** @type {string} */ (process.argv[2])),
});
/** @param {import("./engine.ts").FromThread} message */
const tell = (message) => process.send?.(message);
worker.on("message", tell);
worker.once("error", ({ message }) => tell({ failed: message }));
// Last words are sent before it goes.
worker.once("exit", () => process.disconnect());
process.on("message", (message) => worker.postMessage(message));
