import { atLeast, integer, options, syntaxError } from "../arguments.ts";
import { Failure, Members, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";
import { oneOf, some } from "./random.ts";

const set = ({ db }: Call, key: string) => db.get(key, "set");

type Combine = (sets: Set<string>[]) => Set<string>;

const combinations: Record<"inter" | "union" | "diff", Combine> = {
  inter: ([first = new Set(), ...rest]) =>
    new Set([...first].filter((member) => rest.every((one) => one.has(member)))),
  union: (sets) => new Set(sets.flatMap((one) => [...one])),
  diff: ([first = new Set(), ...rest]) =>
    new Set([...first].filter((member) => !rest.some((one) => one.has(member)))),
};

const combined = (call: Call, combine: Combine, keys: string[]) =>
  combine(keys.map((key) => set(call, key) ?? new Set()));

const combination = (combine: Combine) => (call: Call) => new Members(combined(call, combine, call.args));

const stored = (combine: Combine) => (call: Call, key: string) => {
  const value = combined(call, combine, call.args.slice(1));
  call.db.set(key, { type: "set", value });
  return value.size;
};

/** As many as were found, or as many as LIMIT says. */
export function limited(found: number, rest: string[]): number {
  const [limit = "0"] = options(rest, { LIMIT: 1 }).get("LIMIT")?.slice(-1) ?? [];
  const most = atLeast(0, limit, "ERR LIMIT can't be negative");
  return most === 0 ? found : Math.min(found, most);
}

function sintercard(call: Call, numkeys: string): number {
  const size = atLeast(1, numkeys, "ERR numkeys should be greater than 0");
  if (size > call.args.length - 1)
    throw new Failure("ERR Number of keys can't be greater than number of args");
  const found = combined(call, combinations.inter, call.args.slice(1, 1 + size));
  return limited(found.size, call.args.slice(1 + size));
}

function spop(call: Call, key: string, count?: string): Reply {
  if (call.args.length > 2) throw syntaxError();
  const wanted = count === undefined ? 1 : atLeast(0, count);
  const popped = some([...(set(call, key) ?? [])], wanted);
  call.db.remove(key, "set", popped);
  return count === undefined ? (popped[0] ?? null) : new Members(popped);
}

function srandmember(call: Call, key: string, count?: string): Reply {
  if (call.args.length > 2) throw syntaxError();
  const all = [...(set(call, key) ?? [])];
  return count === undefined ? (oneOf(all) ?? null) : some(all, integer(count));
}

function smove(call: Call, from: string, to: string, member: string): number {
  const source = set(call, from);
  if (source === undefined) return 0;
  set(call, to);
  if (!source.has(member)) return 0;
  if (from === to) return 1;
  call.db.remove(from, "set", [member]);
  add(call, to, [member]);
  return 1;
}

function add({ db }: Call, key: string, members: string[]): number {
  const value = db.open(key, "set");
  const before = value.size;
  for (const member of members) value.add(member);
  db.changed(key);
  return value.size - before;
}

export const sets: Commands = {
  sadd: (call, key) => add(call, key, call.args.slice(1)),
  srem: ({ db, args }, key) => db.remove(key, "set", args.slice(1)),
  smembers: (call, key) => new Members(set(call, key) ?? []),
  sismember: (call, key, member) => Number(set(call, key)?.has(member) ?? false),
  smismember: (call, key) => {
    const value = set(call, key);
    return call.args.slice(1).map((member) => Number(value?.has(member) ?? false));
  },
  scard: (call, key) => set(call, key)?.size ?? 0,
  spop,
  srandmember,
  smove,
  sinter: combination(combinations.inter),
  sunion: combination(combinations.union),
  sdiff: combination(combinations.diff),
  sinterstore: stored(combinations.inter),
  sunionstore: stored(combinations.union),
  sdiffstore: stored(combinations.diff),
  sintercard,
};
