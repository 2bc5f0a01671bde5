/** Server processes that never outlive the process that started them. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { source } from "../root.ts";

/** How to run a server. */
export interface SuperviseOptions {
  cwd: string;
  /** The whole environment of the server; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Runs as this user and group; only root may ask for it. */
  uid?: number;
  gid?: number;
  /** What the server reads on standard input, for example a configuration with secrets; nothing by default. */
  stdin?: string;
  /** Where both outputs are appended to; made with mode 0600. */
  logFile: string;
  /** What asks the server to end in good order. */
  stopSignal: NodeJS.Signals;
  /** Milliseconds that it has for that before it is killed; 10 seconds by default. */
  killAfter?: number;
}

/** A running server. */
export interface Supervised {
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason; never rejects. */
  readonly exited: Promise<Exit>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

/** How a process ended: one of both is set. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What supervisor.mjs is told, on its standard input: a command line would show it to everybody. */
export type Order = Omit<SuperviseOptions, "killAfter"> & {
  executable: string;
  args: readonly string[];
  killAfter: number;
};

/** What supervisor.mjs answers. */
export type Report = { pid: number } | { error: string } | Exit;

const supervisor = source("databases/supervisor.mjs");

/**
 * Starts a server below a small process of Node that ends it as soon as this process is gone, even by SIGKILL. Ctrl-C
 * does not reach the server: who started it decides when it ends.
 *
 * @throws when the executable cannot be started
 */
export async function supervise(
  executable: string,
  args: readonly string[],
  { killAfter = 10_000, ...options }: SuperviseOptions,
): Promise<Supervised> {
  const child = spawn(process.execPath, [supervisor], {
    // A process group of its own: the terminal sends Ctrl-C to whole groups.
    detached: true,
    // No NODE_OPTIONS, no loader. Windows starts nothing without its own folder.
    env: { SystemRoot: process.env.SystemRoot },
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  // It may end before it has read everything; that shows in `ended`.
  child.stdin.on("error", () => {});
  const order: Order = { executable, args, killAfter, ...options };
  child.stdin.write(`${JSON.stringify(order)}\n`);

  let exit: Exit | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  const pid = await new Promise<number>((resolve, reject) => {
    const failed = (reason: string) => reject(new Error(`${executable} does not start: ${reason}`));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const report: Report = JSON.parse(line);
      if ("pid" in report) resolve(report.pid);
      else if ("error" in report) failed(report.error);
      else exit = report;
    });
    child.once("error", (error) => failed(error.message));
    child.once("close", () => failed("its supervisor ended"));
  });
  return {
    pid,
    exited: ended.then(() => exit ?? abandoned(pid)),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** Somebody killed the supervisor: the server must not stay behind. */
function abandoned(pid: number): Exit {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
  return { code: null, signal: "SIGKILL" };
}
