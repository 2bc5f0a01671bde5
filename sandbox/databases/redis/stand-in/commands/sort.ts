import { float, integer, options } from "../arguments.ts";
import type { Keyspace } from "../keyspace.ts";
import type { Reply } from "../reply.ts";
import type { Call, Command, Commands } from "../session.ts";
import { ranked } from "./ranges.ts";

/** What `weight_*` or `user_*->name` says of an element; `#` is the element itself. */
function lookUp(db: Keyspace, pattern: string, element: string): string | null {
  if (pattern === "#") return element;
  const star = pattern.indexOf("*");
  if (star === -1) return null;
  const arrow = pattern.indexOf("->", star + 1);
  const isField = arrow !== -1 && arrow + 2 < pattern.length;
  const tail = isField ? pattern.slice(star + 1, arrow) : pattern.slice(star + 1);
  const entry = db.entry(pattern.slice(0, star) + element + tail);
  if (isField) return entry?.type === "hash" ? (entry.value.get(pattern.slice(arrow + 2)) ?? null) : null;
  return entry?.type === "string" ? entry.value : null;
}

function elements({ db }: Call, key: string): string[] {
  const entry = db.entry(key);
  if (entry?.type === "zset") return ranked(entry.value).map(([member]) => member);
  if (entry?.type === "set") return [...entry.value];
  return [...(db.get(key, "list") ?? [])];
}

const sizes = { ASC: 0, DESC: 0, ALPHA: 0, LIMIT: 2, BY: 1, GET: 1, STORE: 1 };

function sort(call: Call, key: string, given: Map<string, string[]>): (string | null)[] {
  const by = given.get("BY")?.at(-1);
  let all = elements(call, key);
  const order = [...given.keys()].filter((name) => name === "ASC" || name === "DESC").at(-1);
  const down = order === "DESC" ? -1 : 1;
  // A pattern without a star is for who wants no other order than what there is.
  if (by !== undefined && !by.includes("*")) {
    if (down < 0) all.reverse();
  } else {
    const alpha = given.has("ALPHA");
    const weighed = all.map((element): [string, string | number] => {
      const weight = by === undefined ? element : lookUp(call.db, by, element);
      if (alpha) return [element, weight ?? ""];
      return [element, float(weight ?? "0", "ERR One or more scores can't be converted into double")];
    });
    const compare = <T>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
    const tie = (a: string, b: string) => (by === undefined || alpha ? 0 : compare(a, b));
    weighed.sort(([a, x], [b, y]) => down * (compare(x, y) || tie(a, b)));
    all = weighed.map(([element]) => element);
  }
  const [offset, count] = (given.get("LIMIT")?.slice(-2) ?? ["0", "-1"]).map((text) => integer(text));
  const from = Math.max(offset as number, 0);
  all = all.slice(from, (count as number) < 0 ? undefined : from + (count as number));
  const wanted = given.get("GET");
  return wanted === undefined
    ? all
    : all.flatMap((element) => wanted.map((pattern) => lookUp(call.db, pattern, element)));
}

const command =
  (allowed: Record<string, number>): Command =>
  (call, key): Reply => {
    const given = options(call.args.slice(1), allowed);
    const sorted = sort(call, key, given);
    const to = given.get("STORE")?.at(-1);
    if (to === undefined) return sorted;
    call.db.set(to, { type: "list", value: sorted.map((element) => element ?? "") });
    return sorted.length;
  };

const { STORE: _, ...readOnly } = sizes;

export const sorting: Commands = { sort: command(sizes), sort_ro: command(readOnly) };
