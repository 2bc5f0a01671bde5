/** Time that a check has, and everything that ends it early. */

/** The time was over. */
export class TimeUp extends Error {
  override name = "TimeUp";
}

/** Somebody stopped the check. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/**
 * The end of a check, from when it is made. Nothing that a check waits for may outlast it: drivers have timeouts of
 * their own for some stages, and none for others, such as a server that accepts and stays silent.
 */
export class Deadline {
  private readonly end: number;
  private readonly signal: AbortSignal | undefined;

  /** @param milliseconds from now */
  constructor(milliseconds: number, signal?: AbortSignal) {
    this.end = performance.now() + milliseconds;
    this.signal = signal;
  }

  /** Milliseconds that are left. */
  left(): number {
    return Math.max(0, this.end - performance.now());
  }

  /**
   * Waits for something, but no longer than there is time, or than `most` milliseconds.
   *
   * @throws TimeUp, Interrupted, or what the promise rejects with
   */
  async within<T>(promise: Promise<T>, most = Number.POSITIVE_INFINITY): Promise<T> {
    let stop = () => {};
    const ended = new Promise<never>((_, reject) => {
      // Timers count whole milliseconds and may come up to one early; after a TimeUp nothing must be left.
      const timer = setTimeout(() => reject(new TimeUp()), Math.min(Math.ceil(this.left()) + 1, most));
      const interrupt = () => reject(new Interrupted());
      if (this.signal?.aborted) interrupt();
      this.signal?.addEventListener("abort", interrupt, { once: true });
      stop = () => {
        clearTimeout(timer);
        this.signal?.removeEventListener("abort", interrupt);
      };
    });
    // Whoever lost the race must not end the process.
    promise.catch(() => undefined);
    try {
      return await Promise.race([promise, ended]);
    } finally {
      stop();
    }
  }
}

/** Resolves when a promise is settled, or after some milliseconds: for closing what may no longer answer. */
export async function settledWithin(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  await new Deadline(milliseconds).within(promise).catch(() => undefined);
}
