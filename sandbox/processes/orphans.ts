/** Processes: what the operating system tells of them, and how to end those that a crashed run left behind. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What the operating system tells of a process. */
export interface ProcessInfo {
  parent: number;
  /** Its command line, arguments separated by blanks. */
  command: string;
  /** Its working directory, where the system tells (Linux). */
  cwd?: string;
}

/** A process that runs; undefined when there is none, or only its unread exit status is left. Not on Windows. */
export function processInfo(pid: number): ProcessInfo | undefined {
  try {
    if (process.platform !== "linux") return fromPs(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold anything; state and parent follow its last bracket.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { parent: Number(parent), command, ...cwdOf(pid) };
  } catch {
    return undefined;
  }
}

/** Every process of this machine. */
function processIds(): number[] {
  const names =
    process.platform === "linux"
      ? readdirSync("/proc")
      : execFileSync("ps", ["-axo", "pid="], { encoding: "utf8" }).split("\n");
  return names.map(Number).filter((pid) => pid > 0);
}

function fromPs(pid: number): ProcessInfo | undefined {
  const line = execFileSync("ps", ["-o", "ppid=,stat=,command=", "-p", String(pid)], { encoding: "utf8" });
  const [, parent, state, command = ""] = /^\s*(\d+)\s+(\S+)\s+(.*)/.exec(line) ?? [];
  return state === undefined || state.startsWith("Z") ? undefined : { parent: Number(parent), command };
}

/** Only the owner and root may read it. */
function cwdOf(pid: number): { cwd?: string } {
  try {
    return { cwd: readlinkSync(`/proc/${pid}/cwd`) };
  } catch {
    return {};
  }
}

/**
 * Ends a server that outlived both its supervisor and whoever started it.
 *
 * @param pid as the server noted it; it may have been given to another process since
 * @param isIt whether a process is that server
 * @param what for the message
 * @throws when somebody still supervises it: then it is in use
 */
export async function endOrphan(
  pid: number,
  isIt: (info: ProcessInfo) => boolean,
  what: string,
): Promise<void> {
  const runs = () => {
    const info = processInfo(pid);
    return info !== undefined && isIt(info) ? info : undefined;
  };
  const gone = async (within: number) => {
    for (const end = Date.now() + within; Date.now() < end; await sleep(20)) if (!runs()) return true;
    return false;
  };
  const found = runs();
  if (found === undefined) return;
  const supervisor = processInfo(found.parent);
  if (supervisor?.command.includes("supervisor.mjs")) {
    // Who started it may have been killed a moment ago, unless it was this process: then its supervisor is about to
    // end it, and gives it ten seconds for that.
    if (supervisor.parent !== process.pid && (await gone(12_000))) return;
    throw new Error(`${what} is already running (process ${pid}); stop that one first`);
  }
  signal(pid, "SIGINT");
  if (await gone(5000)) return;
  signal(pid, "SIGKILL");
  if (!(await gone(5000))) throw new Error(`${what} of an earlier run (process ${pid}) cannot be ended`);
}

/** Ends all processes that are meant, in good order within 15 seconds or else at once; resolves when they are gone. */
export async function endAll(isMeant: (info: ProcessInfo) => boolean): Promise<void> {
  const meant = () =>
    processIds().filter((pid) => {
      const info = pid === process.pid ? undefined : processInfo(pid);
      return info !== undefined && isMeant(info);
    });
  for (const name of ["SIGTERM", "SIGKILL"] as const) {
    for (const pid of meant()) signal(pid, name);
    for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50)) if (meant().length === 0) return;
  }
}

/** To a process that may end at this moment. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
