/** Elements by chance, as SRANDMEMBER and its like pick them. */
import { randomInt } from "node:crypto";
import { integer, syntaxError } from "../arguments.ts";
import { Entries, Failure, type Reply } from "../reply.ts";
import type { Call } from "../session.ts";

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

/** HRANDFIELD and ZRANDMEMBER: a name, or with a count several, with what belongs to them where asked. */
export function randomEntries({ args }: Call, all: [string, Reply][], option: string): Reply {
  const [, count, given] = args;
  if (args.length > 3 || (given !== undefined && given.toUpperCase() !== option)) throw syntaxError();
  if (count === undefined) return oneOf(all)?.[0] ?? null;
  const picked = some(all, integer(count));
  return given === undefined ? picked.map(([name]) => name) : new Entries(picked);
}
