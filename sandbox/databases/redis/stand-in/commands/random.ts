/** Elements by chance, as SRANDMEMBER and its like pick them. */
import { randomInt } from "node:crypto";
import { Failure } from "../reply.ts";

/** More at once would not fit into memory. */
const most = 1_000_000;

export const oneOf = <T>(all: readonly T[]): T | undefined =>
  all.length === 0 ? undefined : all[randomInt(all.length)];

/**
 * So many different ones, or where negative so many of which some may be the same.
 *
 * @param all is put in another order
 */
export function some<T>(all: T[], count: number): T[] {
  if (count < -most) throw new Failure(`ERR this stand-in for Redis picks up to ${most} elements at once`);
  if (count < 0) return all.length === 0 ? [] : Array.from({ length: -count }, () => oneOf(all) as T);
  for (let at = 0; at < Math.min(count, all.length); at++) {
    const other = randomInt(at, all.length);
    [all[at], all[other]] = [all[other] as T, all[at] as T];
  }
  return all.slice(0, count);
}
