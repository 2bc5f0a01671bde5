/** What surrounds an operation that may take long: progress, and how it is stopped. */
import type { Operation, Outcome, Step } from "../../engine/cli/operation.ts";
import type { OperationKind, Stack } from "../../engine/cli/stack.ts";
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

/**
 * Follows an operation to its end, with a line for each resource when it is done. A Ctrl-C is for the command, which
 * asks the engine to stop.
 *
 * @throws UserError when somebody else works on the stack
 */
export function follow(
  stack: Stack,
  kind: OperationKind,
  flags: readonly string[],
  { progress, watch }: CommandContext,
): Promise<Outcome> {
  const onStep = ({ name, type, op, state }: Step) => {
    const what = `${op} ${name}`;
    if (state === "started") progress.begin(what);
    else progress.done(what, `${what} (${type.split(":").at(-1)})${state === "failed" ? " failed" : ""}`);
  };
  const operation = stack.operate(kind, flags, { apart: true, onStep });
  watch(operation);
  return operation.outcome;
}
