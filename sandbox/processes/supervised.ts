/** A process that never outlives the one that booted it, and whose outputs are read line by line. */
import { type ChildProcess, spawn } from "node:child_process";
import { source } from "../root.ts";

/** What supervisor.mjs is told. Not on a command line, where everybody could read it. */
export interface Order {
  /** Program and arguments; no shell in between. */
  command: readonly string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
}
export interface End {
  /** Milliseconds between SIGTERM and SIGKILL. */
  killAfter: number;
}
/** How a process ended. */
export type Exit =
  | { code: number | null; signal: NodeJS.Signals | null }
  /** It never ran; a code of the operating system, such as `ENOENT`. */
  | { problem: string };
/** What supervisor.mjs answers. */
export type Report = { pid: number } | Exit;

const supervisor = source("deploys/supervisor.mjs");

/** A process and all that it starts. */
export class SupervisedProcess {
  pid: number | undefined;
  /** How it ended; undefined while it runs. */
  exit: Exit | undefined;
  /** Resolves when it has ended and its output is read; never rejects. */
  readonly exited: Promise<Exit>;
  private readonly supervisor: ChildProcess;

  /** @param outputs what it writes, as it comes; one function for each output */
  constructor(order: Order, outputs: readonly [Output, Output]) {
    const child = spawn(process.execPath, [supervisor], {
      // Away from the terminal's own group, which gets every Ctrl-C.
      detached: true,
      // No NODE_OPTIONS, no loader. Windows starts nothing without its own folder.
      env: { SystemRoot: process.env.SystemRoot },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.supervisor = child;
    [child.stdout, child.stderr].forEach((stream, index) => {
      stream?.setEncoding("utf8").on("data", (text: string) => outputs[index]?.(text));
    });
    let told: Exit | undefined;
    child.on("message", (report: Report) => {
      if ("pid" in report) this.pid = report.pid;
      else told = report;
    });
    this.exited = new Promise((resolve) => {
      const ended = () => {
        this.exit = told ?? this.abandoned();
        resolve(this.exit);
      };
      child.once("error", ended);
      child.once("close", ended);
    });
    child.send(order, () => undefined);
  }

  /** Asks it to end, and kills it when it has not within that many milliseconds. Resolves when it has ended. */
  async end(killAfter: number): Promise<void> {
    if (this.exit === undefined && this.supervisor.connected)
      this.supervisor.send({ killAfter } satisfies End, () => undefined);
    await this.exited;
  }

  /** Somebody killed the supervisor: its process must not stay behind. */
  private abandoned(): Exit {
    try {
      if (this.pid !== undefined) process.kill(-this.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
    return { code: null, signal: "SIGKILL" };
  }
}

/** Gets text as it comes, in pieces of any length. */
export type Output = (text: string) => void;
