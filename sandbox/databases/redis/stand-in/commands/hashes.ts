import { bigint, float, inRange, pairs } from "../arguments.ts";
import { sum } from "../long-double.ts";
import { Failure, ok, Pairs, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

const hash = ({ db }: Call, key: string) => db.get(key, "hash");

function write({ db }: Call, key: string, fields: [string, string][]): number {
  const value = db.open(key, "hash");
  const before = value.size;
  for (const [field, content] of fields) value.set(field, content);
  db.changed(key);
  return value.size - before;
}

function hincrby(call: Call, key: string, field: string, amount: string): Reply {
  const increment = bigint(amount);
  const known = bigint(hash(call, key)?.get(field) ?? "0", "ERR hash value is not an integer");
  const value = inRange(known + increment, "ERR increment or decrement would overflow");
  write(call, key, [[field, String(value)]]);
  return value;
}

function hincrbyfloat(call: Call, key: string, field: string, amount: string): Reply {
  if (!Number.isFinite(float(amount))) throw new Failure("ERR value is NaN or Infinity");
  const value = sum(hash(call, key)?.get(field) ?? "0", amount, "ERR hash value is not a float");
  write(call, key, [[field, value]]);
  return value;
}

export const hashes: Commands = {
  hset: (call, key) => write(call, key, pairs(call, 1)),
  hmset: (call, key) => {
    write(call, key, pairs(call, 1));
    return ok;
  },
  hsetnx: (call, key, field, value) => (hash(call, key)?.has(field) ? 0 : write(call, key, [[field, value]])),
  hget: (call, key, field) => hash(call, key)?.get(field) ?? null,
  hmget: (call, key) => {
    const value = hash(call, key);
    return call.args.slice(1).map((field) => value?.get(field) ?? null);
  },
  hgetall: (call, key) => new Pairs(hash(call, key) ?? []),
  hkeys: (call, key) => [...(hash(call, key)?.keys() ?? [])],
  hvals: (call, key) => [...(hash(call, key)?.values() ?? [])],
  hlen: (call, key) => hash(call, key)?.size ?? 0,
  hexists: (call, key, field) => Number(hash(call, key)?.has(field) ?? false),
  hstrlen: (call, key, field) => hash(call, key)?.get(field)?.length ?? 0,
  hdel: ({ db, args }, key) => db.remove(key, "hash", args.slice(1)),
  hincrby,
  hincrbyfloat,
};
