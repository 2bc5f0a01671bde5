/** Hashes, lists and sets. */
import { arg, bigint, inRange, integer, pairs, slice } from "../arguments.ts";
import { Failure, Members, ok, Pairs, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

const hash = (call: Call) => call.db.get(arg(call, 0), "hash");
const list = (call: Call) => call.db.get(arg(call, 0), "list");
const set = (call: Call) => call.db.get(arg(call, 0), "set");

function hset(call: Call): number {
  const fields = pairs(call, 1);
  const value = call.db.open(arg(call, 0), "hash");
  const before = value.size;
  for (const [field, content] of fields) value.set(field, content);
  call.db.changed(arg(call, 0));
  return value.size - before;
}

/** Removes and counts what was there. */
function remove(call: Call, from: { delete(item: string): boolean } | undefined): number {
  const count = call.args.slice(1).filter((item) => from?.delete(item)).length;
  if (count > 0) call.db.changed(arg(call, 0));
  return count;
}

function hincrby(call: Call): Reply {
  const amount = bigint(arg(call, 2));
  const known = hash(call)?.get(arg(call, 1)) ?? "0";
  if (!/^(0|-?[1-9]\d{0,18})$/.test(known)) throw new Failure("ERR hash value is not an integer");
  const value = inRange(BigInt(known) + amount, "ERR increment or decrement would overflow");
  call.db.open(arg(call, 0), "hash").set(arg(call, 1), String(value));
  call.db.changed(arg(call, 0));
  return value;
}

function push(call: Call, end: "push" | "unshift"): number {
  const value = call.db.open(arg(call, 0), "list");
  for (const item of call.args.slice(1)) value[end](item);
  call.db.changed(arg(call, 0));
  return value.length;
}

function pop(call: Call, end: "pop" | "shift"): Reply {
  const value = list(call);
  const count = call.args[1] === undefined ? undefined : integer(call.args[1]);
  if (call.args.length > 2 || (count !== undefined && count < 0))
    throw new Failure("ERR value is out of range, must be positive");
  if (value === undefined) return null;
  const popped: string[] = [];
  for (let left = count ?? 1; left > 0 && value.length > 0; left--) popped.push(value[end]() as string);
  if (popped.length > 0) call.db.changed(arg(call, 0));
  return count === undefined ? (popped[0] ?? null) : popped;
}

export const collections: Commands = {
  hset: { arity: -4, run: hset },
  hmset: {
    arity: -4,
    run: (call) => {
      hset(call);
      return ok;
    },
  },
  hget: { arity: 3, run: (call) => hash(call)?.get(arg(call, 1)) ?? null },
  hmget: {
    arity: -3,
    run: (call) => {
      const value = hash(call);
      return call.args.slice(1).map((field) => value?.get(field) ?? null);
    },
  },
  hgetall: { arity: 2, run: (call) => new Pairs(hash(call) ?? []) },
  hkeys: { arity: 2, run: (call) => [...(hash(call)?.keys() ?? [])] },
  hvals: { arity: 2, run: (call) => [...(hash(call)?.values() ?? [])] },
  hlen: { arity: 2, run: (call) => hash(call)?.size ?? 0 },
  hexists: { arity: 3, run: (call) => (hash(call)?.has(arg(call, 1)) ? 1 : 0) },
  hdel: { arity: -3, run: (call) => remove(call, hash(call)) },
  hincrby: { arity: 4, run: hincrby },
  lpush: { arity: -3, run: (call) => push(call, "unshift") },
  rpush: { arity: -3, run: (call) => push(call, "push") },
  lpop: { arity: -2, run: (call) => pop(call, "shift") },
  rpop: { arity: -2, run: (call) => pop(call, "pop") },
  llen: { arity: 2, run: (call) => list(call)?.length ?? 0 },
  lrange: {
    arity: 4,
    run: (call) => {
      const value = list(call) ?? [];
      return value.slice(...slice(arg(call, 1), arg(call, 2), value.length));
    },
  },
  ltrim: {
    arity: 4,
    run: (call) => {
      const value = list(call);
      const [from, to] = slice(arg(call, 1), arg(call, 2), value?.length ?? 0);
      if (value === undefined) return ok;
      value.splice(0, value.length, ...value.slice(from, to));
      call.db.changed(arg(call, 0));
      return ok;
    },
  },
  sadd: {
    arity: -3,
    run: (call) => {
      const value = call.db.open(arg(call, 0), "set");
      const before = value.size;
      for (const member of call.args.slice(1)) value.add(member);
      call.db.changed(arg(call, 0));
      return value.size - before;
    },
  },
  srem: { arity: -3, run: (call) => remove(call, set(call)) },
  smembers: { arity: 2, run: (call) => new Members(set(call) ?? []) },
  sismember: { arity: 3, run: (call) => (set(call)?.has(arg(call, 1)) ? 1 : 0) },
  scard: { arity: 2, run: (call) => set(call)?.size ?? 0 },
};
