/** What surrounds a command that may take long: progress, and how it is stopped. */
import type { Operation } from "../../engine/cli/operation.ts";
import { UserError } from "../../engine/errors.ts";
import { Progress } from "../terminal/progress.ts";

export interface CommandContext {
  progress: Progress;
  /** Tells of an operation that is under way, so that it can be stopped. */
  watch(operation: Operation): void;
  /** Before something is begun. @throws UserError when it has been asked to stop */
  proceed(): void;
  /** Whether it has been asked to stop. */
  isStopped(): boolean;
}

/** npm and the terminal both hand a Ctrl-C on: the second of these two is no second wish. */
const sameWish = 1000;

/**
 * A Ctrl-C asks the engine to stop in good order, nothing more is begun, and what is said then is what is left. A
 * second one asks the engine to stop at once.
 *
 * @param quiet no progress; that it stops is said all the same
 */
export async function interruptible<T>(
  quiet: boolean,
  run: (around: CommandContext) => Promise<T>,
): Promise<T> {
  const progress = new Progress(quiet);
  let current: Operation | undefined;
  let stopped: number | undefined;
  const stop = () => {
    const again = stopped !== undefined;
    if (stopped !== undefined && Date.now() - stopped < sameWish) return;
    stopped = Date.now();
    const text = again ? "stopping at once" : "stopping in good order; what was begun is finished first";
    if (quiet) process.stderr.write(`${text}\n`);
    else progress.say(text);
    current?.interrupt();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await run({
      progress,
      isStopped: () => stopped !== undefined,
      proceed: () => {
        if (stopped !== undefined) throw new UserError("env: stopped; nothing more was begun");
      },
      watch: (operation) => {
        current = operation;
        if (stopped !== undefined) operation.interrupt();
      },
    });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    progress.stop();
  }
}
