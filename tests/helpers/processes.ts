/** What the tests of processes share. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { processInfo } from "../../sandbox/processes/orphans.ts";

/** Whether a process is there; one that has ended and is not yet collected is not. */
export const alive = (pid: number) => processInfo(pid) !== undefined;

/** @throws when it does not come to pass within 30 seconds */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition()); await sleep(20))
    if (Date.now() > end) throw new Error("it did not come to pass within 30 seconds");
}

/**
 * Runs a program in a process of its own; it says something with one `console.log`.
 *
 * @param source TypeScript module; `load` is told of files of sandbox/, such as `deploys/index.ts`
 * @param given variables beside this process' own
 */
export async function elsewhere(
  source: string,
  given: Record<string, string> = {},
): Promise<{ said: string; kill(signal?: NodeJS.Signals): void }> {
  const here = JSON.stringify(new URL("../../sandbox/", import.meta.url).href);
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      `const load = (file) => import(${here} + file);${source}`,
    ],
    { env: { ...process.env, ...given }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit").then(([code]) =>
    Promise.reject(new Error(`it ended with status ${code}`)),
  );
  ended.catch(() => undefined);
  const [data] = await Promise.race([once(child.stdout, "data"), ended]);
  return { said: String(data).trim(), kill: (signal = "SIGKILL") => child.kill(signal) };
}
