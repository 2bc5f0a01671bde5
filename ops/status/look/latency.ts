/** How fast a database answers. */
import type { Latency } from "../model.ts";

/** How often, where that does not take too long. */
const tries = 5;

/**
 * Asks the same small question several times, one after another.
 *
 * @param patience milliseconds after which it is not asked again: a slow database needs the time for other questions
 */
export async function latencyOf(ask: () => Promise<unknown>, patience: number): Promise<Latency> {
  const times: number[] = [];
  const start = performance.now();
  do {
    const since = performance.now();
    await ask();
    times.push(performance.now() - since);
  } while (times.length < tries && performance.now() - start < patience);
  return latencyFrom(times);
}

/** @param times in milliseconds */
export function latencyFrom(times: number[]): Latency {
  times.sort((a, b) => a - b);
  const rounded = (ms = 0) => Math.round(ms * 100) / 100;
  return {
    tries: times.length,
    median: rounded(times[Math.floor(times.length / 2)]),
    fastest: rounded(times[0]),
    slowest: rounded(times.at(-1)),
  };
}
