/** What the tests of the database servers share. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { createAuthority } from "../clouds/certificates.ts";
import { processInfo } from "../processes/orphans.ts";
import type { ServerTls } from "./server.ts";

/** A folder that goes with the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kairos-database-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A certificate for 127.0.0.1 and its authority's. */
export async function localTls(folder: string): Promise<{ tls: ServerTls; ca: string }> {
  const authority = await createAuthority();
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, authority.certificate);
  return { tls: { ...(await authority.issue("127.0.0.1")), authorityFile }, ca: authority.certificate };
}

export const alive = (pid: number) => processInfo(pid) !== undefined;

/** @throws when it does not come to pass within 30 seconds */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await condition()); await sleep(20))
    if (Date.now() > end) throw new Error("it did not come to pass within 30 seconds");
}

/**
 * Runs a program in a process of its own; it says something with one `console.log`.
 *
 * @param source TypeScript module; `load` is told of files beside this one
 */
export async function elsewhere(source: string): Promise<{ said: string; kill(): void }> {
  const here = JSON.stringify(new URL(".", import.meta.url).href);
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      `const load = (file) => import(${here} + file);${source}`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit").then(([code]) =>
    Promise.reject(new Error(`it ended with status ${code}`)),
  );
  ended.catch(() => undefined);
  const [data] = await Promise.race([once(child.stdout, "data"), ended]);
  return { said: String(data).trim(), kill: () => child.kill("SIGKILL") };
}
