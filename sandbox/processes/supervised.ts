/** Processes that never outlive the one that started them. */
import { type ChildProcess, spawn } from "node:child_process";
import { source } from "../root.ts";

/** What supervisor.mjs is told. Not on a command line, where everybody could read it. */
export interface Order {
  /** Program and arguments; no shell in between. */
  command: readonly string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Runs as this user and group; only root may ask for it. */
  uid?: number;
  gid?: number;
  /** What it reads on standard input, for example a configuration with secrets; nothing by default. */
  stdin?: string;
  /** Where both outputs are appended to, made with mode 0600; without it they come to whoever asked for them. */
  logFile?: string;
  /** What asks it to end in good order; SIGTERM by default. */
  stopSignal?: NodeJS.Signals;
  /** Milliseconds that it has for that before it is killed, when this process is gone and when nothing else is said. */
  killAfter: number;
}

/** What supervisor.mjs is told later: to end its process, within that many milliseconds. */
export interface End {
  killAfter: number;
}

/** How a process ended. */
export type Exit =
  | { code: number | null; signal: NodeJS.Signals | null }
  /** It never ran; a code of the operating system, such as `ENOENT`. */
  | { problem: string };

/** What supervisor.mjs answers. */
export type Report = { pid: number } | Exit;

/** Gets text as it comes, in pieces of any length. */
export type Output = (text: string) => void;

const supervisor = source("processes/supervisor.mjs");

/**
 * A process and all that it starts, below a small process of Node that ends them as soon as this process is gone, even by
 * SIGKILL. Ctrl-C does not reach them: who started them decides when they end.
 */
export class SupervisedProcess {
  pid: number | undefined;
  /** How it ended; undefined while it runs. */
  exit: Exit | undefined;
  /** Resolves when it runs, or has ended without; never rejects. */
  readonly started: Promise<void>;
  /** Resolves when it has ended and its output is read; never rejects. */
  readonly exited: Promise<Exit>;
  private readonly supervisor: ChildProcess;
  private readonly killAfter: number;

  /** @param outputs what it writes, as it comes; one function for each output */
  constructor(order: Order, outputs?: readonly [Output, Output]) {
    const output = outputs === undefined ? "ignore" : "pipe";
    const child = spawn(process.execPath, [supervisor], {
      // Away from the terminal's own group, which gets every Ctrl-C.
      detached: true,
      // No NODE_OPTIONS, no loader. Windows starts nothing without its own folder.
      env: { SystemRoot: process.env.SystemRoot },
      stdio: ["ignore", output, output, "ipc"],
      windowsHide: true,
    });
    this.supervisor = child;
    this.killAfter = order.killAfter;
    [child.stdout, child.stderr].forEach((stream, index) => {
      stream?.setEncoding("utf8").on("data", (text: string) => outputs?.[index]?.(text));
    });
    let told: Exit | undefined;
    const running = new Promise<void>((resolve) => {
      child.on("message", (report: Report) => {
        if ("pid" in report) {
          this.pid = report.pid;
          resolve();
        } else told = report;
      });
    });
    this.exited = new Promise((resolve) => {
      const ended = () => {
        this.exit = told ?? this.abandoned();
        resolve(this.exit);
      };
      child.once("error", ended);
      child.once("close", ended);
    });
    this.started = Promise.race([running, this.exited.then(() => undefined)]);
    child.send(order, () => undefined);
  }

  /** Asks it to end, and kills it when it has not within that many milliseconds. Resolves when it has ended. */
  async end(killAfter = this.killAfter): Promise<void> {
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
