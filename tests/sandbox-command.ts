/** `npx kairos sandbox` in a process of its own, and what it leaves on this machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../ops/bundle.mjs";
import { folderOf, type Record } from "../ops/sandbox/folder.ts";
import type { SandboxReport } from "../ops/sandbox/report.ts";

export interface Started {
  child: ChildProcess;
  /** What was printed so far. */
  printed(): string;
  /** Waits for a line of the progress. */
  says(text: RegExp): Promise<void>;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** @param home whose engine it finds: the user's own folder, or an empty one */
export function start(args: string[], home: string): Started {
  const child = spawn(process.execPath, ["ops/kairos.mjs", "sandbox", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", HOME: home, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, to which a test can do what a terminal does on Ctrl-C.
    detached: true,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    printed: () => stdout + stderr,
    says: async (text) => {
      while (!text.test(stderr)) {
        if (child.exitCode !== null) throw new Error(`ended before it said ${text}: ${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    ended: once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr })),
  };
}

export const run = (args: string[], home: string) => start(args, home).ended;

export async function report(
  args: string[],
  home: string,
): Promise<{ code: number | null; report: SandboxReport; all: string }> {
  const { code, stdout, stderr } = await run([...args, "--json"], home);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as SandboxReport, all: stdout + stderr };
}

export const record = async (name: string) =>
  JSON.parse(await readFile(path.join(folderOf(name), "sandbox.json"), "utf8")) as Record;

/** Every process that has a folder of this sandbox in its command line or as its working directory. */
export async function processesOf(folder: string): Promise<string[]> {
  const entries = await readdir("/proc").catch(() => []);
  const all = entries
    .filter((entry) => /^\d+$/.test(entry))
    .map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return command.includes(folder) ? `${pid} ${command.replaceAll("\0", " ")}` : undefined;
    });
  return (await Promise.all(all)).filter((one) => one !== undefined);
}

/** False only long after a busy machine would have done it. */
export async function eventually(check: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    if (await check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Every secret that the clouds of a kept sandbox have handed out. */
export async function secretsOf(name: string): Promise<string[]> {
  const files = ["atlas.json", "render.json", "upstash.json", "redis-cloud.json"];
  const texts = await Promise.all(
    files.map((file) => readFile(path.join(folderOf(name), file), "utf8").catch(() => "")),
  );
  const secrets = texts.flatMap((text) => [...text.matchAll(/"(?:password|rest_token)": "([^"]{8,})"/g)]);
  const { token, passphrase } = await record(name);
  return [...secrets.map(([, value = ""]) => value), token, passphrase];
}

/** All that is written there besides what a cloud must remember: logs, and the stack's state. */
export async function logsOf(name: string): Promise<string> {
  const files = await readdir(folderOf(name), { recursive: true, withFileTypes: true });
  const texts = files
    .filter(
      (file) => file.isFile() && (/\.(log|yaml)$/.test(file.name) || file.parentPath.includes("/state/")),
    )
    .map((file) => readFile(path.join(file.parentPath, file.name), "utf8").catch(() => ""));
  return (await Promise.all(texts)).join("\n");
}
