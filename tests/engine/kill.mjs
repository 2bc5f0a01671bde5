/**
 * Preloaded into a command: ends its whole group of processes, as SIGKILL does, at one of the steps that it takes. A step is a
 * call at a vendor, or a tag that is written; they are counted from the one that KAIROS_KILL_FROM names, or from the start.
 * KAIROS_KILL_AT says which: `3 before`, or `3 after`, when it is done and nobody has heard of it.
 */
import { createRequire, syncBuiltinESMExports } from "node:module";

const processes = createRequire(import.meta.url)("node:child_process");
const [at, when] = (process.env.KAIROS_KILL_AT ?? "").split(" ");
const from = process.env.KAIROS_KILL_FROM;
let steps = 0;
let isCounting = from === undefined;

/** @param {string} moment @param {number} step */
function end(moment, step) {
  if (step === Number(at) && moment === when) process.kill(0, "SIGKILL");
}

/** @param {string} name @returns {number} 0: nobody counts yet */
function begin(name) {
  isCounting ||= from !== undefined && name.includes(from);
  if (!isCounting) return 0;
  steps += 1;
  end("before", steps);
  return steps;
}

if (at) {
  const { fetch } = globalThis;
  globalThis.fetch = async (...args) => {
    const step = begin("");
    const answer = await fetch(...args);
    end("after", step);
    return answer;
  };
  const { spawn } = processes;
  /** @type {(file: string, args?: any, options?: any) => any} */
  processes.spawn = (file, args, options) => {
    const text = Array.isArray(args) ? args.join(" ") : "";
    const step = /\btag (set|rm)\b/.test(text) ? begin(text) : 0;
    const child = spawn(file, args, options);
    child.once("exit", () => end("after", step));
    return child;
  };
  syncBuiltinESMExports();
}
