import { describe, expect, it } from "vitest";
import { Deadline, Interrupted, settledWithin, TimeUp } from "./deadline.ts";

const never = new Promise<never>(() => {});

describe("a deadline", () => {
  it("ends what takes longer, counted from when it was made", async () => {
    const deadline = new Deadline(60);
    await expect(deadline.within(Promise.resolve(1))).resolves.toBe(1);
    await expect(deadline.within(never, 10)).rejects.toThrow(TimeUp);
    const since = performance.now();
    await expect(deadline.within(never)).rejects.toThrow(TimeUp);
    expect(performance.now() - since).toBeLessThan(2000);
    expect(deadline.left()).toBe(0);
    await expect(deadline.within(never)).rejects.toThrow(TimeUp);
  });

  it("ends when somebody stops it, before or meanwhile", async () => {
    const stop = new AbortController();
    const deadline = new Deadline(10_000, stop.signal);
    setTimeout(() => stop.abort(), 10);
    await expect(deadline.within(never)).rejects.toThrow(Interrupted);
    await expect(deadline.within(never)).rejects.toThrow(Interrupted);
  });

  it("waits for what is being closed, and not for ever", async () => {
    await settledWithin(10, never);
    await settledWithin(10_000, Promise.reject(new Error("closed already")));
  });
});
