/** Locks of stacks, which an engine that was killed leaves behind. Where the state is in Pulumi Cloud there are none. */
import os from "node:os";

/** Who holds a stack's lock. */
export type Holder =
  /** A process of this machine that still works. */
  | { state: "working"; pid: number }
  /** Processes of this machine that are gone: `pulumi cancel` may take the lock away. */
  | { state: "gone" }
  /** Somebody on another machine, or nobody can say. */
  | { state: "elsewhere" };

/** What the CLI said about a lock; undefined when that was not what stopped it. */
export function lockIn(said: string): Holder | undefined {
  if (!/currently locked by|another update is currently in progress/i.test(said)) return undefined;
  const holders = [...said.matchAll(/created by \S+@(\S+) \(pid (\d+)\)/g)];
  const here = holders.length > 0 && holders.every(([, host]) => host === os.hostname());
  if (!here) return { state: "elsewhere" };
  const working = holders.map(([, , pid]) => Number(pid)).find(isRunning);
  return working === undefined ? { state: "gone" } : { state: "working", pid: working };
}

/** Whether a process of this machine still runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
