/** Ranges of a sorted set: by index, by score or by bytes. */
import { bound, slice } from "../arguments.ts";
import { Failure } from "../reply.ts";

export type Ranked = [member: string, score: number][];

export interface Order {
  by: "index" | "score" | "lex";
  /** From the highest on; the first bound is the upper one then. */
  reversed: boolean;
}

/** By score, then by bytes. */
export const ranked = (value: Map<string, number> | undefined): Ranked =>
  [...(value ?? [])].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x < y ? -1 : 1));

/** How a member lies to a bound such as `[a`, `(a`, `-` or `+`: negative below, 0 at it where that counts. */
function lexical(text: string): (member: string) => number {
  if (text === "-") return () => 1;
  if (text === "+") return () => -1;
  const [kind, at] = [text[0], text.slice(1)];
  if (kind !== "[" && kind !== "(") throw new Failure("ERR min or max not valid string range item");
  return (member) => (member < at ? -1 : member > at ? 1 : kind === "[" ? 0 : Number.NaN);
}

function numeric(text: string): (score: number) => number {
  const { value, open } = bound(text);
  return (score) => (score < value ? -1 : score > value ? 1 : open ? Number.NaN : 0);
}

function between(by: "score" | "lex", min: string, max: string): (entry: Ranked[number]) => boolean {
  if (by === "lex") {
    const [low, high] = [lexical(min), lexical(max)];
    return ([member]) => low(member) >= 0 && high(member) <= 0;
  }
  const [low, high] = [numeric(min), numeric(max)];
  return ([, score]) => low(score) >= 0 && high(score) <= 0;
}

/**
 * @param limit how many to leave out and how many to take, all where negative
 * @returns what is in the range, of a sorted set to be given
 * @throws Failure for bounds that are none
 */
export function select(
  start: string,
  stop: string,
  { by, reversed }: Order,
  [offset, count]: [number, number] = [0, -1],
): (value: Map<string, number> | undefined) => Ranked {
  const inOrder = (value: Map<string, number> | undefined) =>
    reversed ? ranked(value).reverse() : ranked(value);
  if (by === "index") {
    const within = slice(start, stop);
    return (value) => inOrder(value).slice(...within(value?.size ?? 0));
  }
  const matches = reversed ? between(by, stop, start) : between(by, start, stop);
  return (value) => {
    const found = inOrder(value).filter(matches);
    return offset < 0 ? [] : found.slice(offset, count < 0 ? undefined : offset + count);
  };
}
