/** How fast a database answers. */
import type { Latency, Remark } from "./model.ts";

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
  times.sort((a, b) => a - b);
  const rounded = (ms = 0) => Math.round(ms * 100) / 100;
  return {
    tries: times.length,
    median: rounded(times[Math.floor(times.length / 2)]),
    fastest: rounded(times[0]),
    slowest: rounded(times.at(-1)),
  };
}

/** Milliseconds: a database beside the backend answers in a few; above this each page of the application suffers. */
const slow = 250;

/** The remark about a slow database, if it is one. */
export function slowness(latency: Latency | undefined): Remark[] {
  if (latency === undefined || latency.median < slow) return [];
  return [{ kind: "slow", severity: "warning", number: Math.round(latency.median) }];
}
