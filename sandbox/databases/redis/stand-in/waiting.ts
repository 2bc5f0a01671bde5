/** Commands that wait for an element, such as BLPOP: first come, first served. */
import { Failure, noList, type Reply } from "./reply.ts";

/** Nothing to answer yet. */
export class Wait {
  /** Without end where 0. */
  readonly seconds: number;
  /** Tried again after each command of anybody; undefined as long as there is nothing. */
  readonly attempt: () => Reply | undefined;
  /** The answer where nothing can wait, as in a transaction. */
  readonly nothing: Reply;
  constructor(seconds: number, attempt: () => Reply | undefined, nothing: Reply) {
    this.seconds = seconds;
    this.attempt = attempt;
    this.nothing = nothing;
  }
}

/** What a command answers as soon as there is something. */
export const orWait = (
  seconds: number,
  attempt: () => Reply | undefined,
  nothing: Reply = noList,
): Reply | Wait => attempt() ?? new Wait(seconds, attempt, nothing);

export class Waiting {
  private readonly ends = new Map<Wait, (reply: Reply) => void>();

  /** @param signal ends the waiting, when the client has gone */
  add(wait: Wait, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve) => {
      const end = (reply: Reply) => {
        clearTimeout(timer);
        this.ends.delete(wait);
        resolve(reply);
      };
      const milliseconds = wait.seconds === 0 ? Number.POSITIVE_INFINITY : Math.ceil(wait.seconds * 1000);
      // A timer takes 24 days at most.
      const timer = milliseconds < 2 ** 31 ? setTimeout(() => end(noList), milliseconds) : undefined;
      signal.addEventListener("abort", () => end(noList), { once: true });
      this.ends.set(wait, end);
    });
  }

  wake(): void {
    for (const [wait, end] of this.ends) {
      const reply = attempted(wait);
      if (reply === undefined) continue;
      end(reply);
      // What one was given may have moved on to where another waits.
      this.wake();
      return;
    }
  }
}

/** A key that holds something else by now is as good as none. */
function attempted({ attempt }: Wait): Reply | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
