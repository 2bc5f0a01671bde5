import { arg, bigint, expiry, inRange, integer, pairs, syntaxError } from "../arguments.ts";
import type { Entry } from "../keyspace.ts";
import { ok, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

function set(call: Call): Reply {
  const { db, name } = call;
  const [key, value] = [arg(call, 0), arg(call, 1)];
  const options = new Set<string>();
  let expires: number | undefined;
  for (let i = 2; i < call.args.length; i++) {
    const option = arg(call, i).toUpperCase();
    if (/^(EX|PX|EXAT|PXAT)$/.test(option) && expires === undefined) {
      i += 1;
      if (i === call.args.length) throw syntaxError();
      expires = expiry(option, arg(call, i), name);
    } else if (/^(NX|XX|GET|KEEPTTL)$/.test(option)) options.add(option);
    else throw syntaxError();
  }
  const keep = options.has("KEEPTTL");
  if ((options.has("NX") && options.has("XX")) || (keep && expires !== undefined)) throw syntaxError();
  const old = db.entry(key);
  const before = options.has("GET") ? (db.get(key, "string") ?? null) : undefined;
  if (options.has(old === undefined ? "XX" : "NX")) return before ?? null;
  store(call, key, value, keep ? old?.expires : expires);
  return before === undefined ? ok : before;
}

function store({ db }: Call, key: string, value: string, expires?: number): void {
  const entry: Entry = { type: "string", value };
  db.set(key, expires === undefined ? entry : { ...entry, expires });
}

function add(call: Call, amount: bigint): bigint {
  const key = arg(call, 0);
  const value = bigint(call.db.get(key, "string") ?? "0") + amount;
  store(
    call,
    key,
    String(inRange(value, "ERR increment or decrement would overflow")),
    call.db.entry(key)?.expires,
  );
  return value;
}

function getex(call: Call): Reply {
  const { db, args, name } = call;
  const key = arg(call, 0);
  const value = db.get(key, "string");
  const [option, amount] = [args[1]?.toUpperCase(), args[2]];
  if (option === undefined) return value ?? null;
  if (option === "PERSIST" ? args.length !== 2 : !/^(EX|PX|EXAT|PXAT)$/.test(option) || args.length !== 3)
    throw syntaxError();
  if (value === undefined) return null;
  store(call, key, value, amount === undefined ? undefined : expiry(option, amount, name));
  return value;
}

function setWithExpiry(call: Call, unit: string): Reply {
  store(call, arg(call, 0), arg(call, 2), expiry(unit, arg(call, 1), call.name));
  return ok;
}

export const strings: Commands = {
  get: { arity: 2, run: (call) => call.db.get(arg(call, 0), "string") ?? null },
  set: { arity: -3, run: set },
  setex: { arity: 4, run: (call) => setWithExpiry(call, "EX") },
  psetex: { arity: 4, run: (call) => setWithExpiry(call, "PX") },
  setnx: {
    arity: 3,
    run: (call) => {
      if (call.db.entry(arg(call, 0)) !== undefined) return 0;
      store(call, arg(call, 0), arg(call, 1));
      return 1;
    },
  },
  getset: {
    arity: 3,
    run: (call) => {
      const before = call.db.get(arg(call, 0), "string") ?? null;
      store(call, arg(call, 0), arg(call, 1));
      return before;
    },
  },
  getdel: {
    arity: 2,
    run: (call) => {
      const value = call.db.get(arg(call, 0), "string");
      call.db.delete(arg(call, 0));
      return value ?? null;
    },
  },
  getex: { arity: -2, run: getex },
  mget: {
    arity: -2,
    run: ({ db, args }) =>
      args.map((key) => {
        const entry = db.entry(key);
        return entry?.type === "string" ? entry.value : null;
      }),
  },
  mset: {
    arity: -3,
    run: (call) => {
      for (const [key, value] of pairs(call, 0)) store(call, key, value);
      return ok;
    },
  },
  append: {
    arity: 3,
    run: (call) => {
      const key = arg(call, 0);
      const value = (call.db.get(key, "string") ?? "") + arg(call, 1);
      store(call, key, value, call.db.entry(key)?.expires);
      return value.length;
    },
  },
  strlen: { arity: 2, run: (call) => call.db.get(arg(call, 0), "string")?.length ?? 0 },
  incr: { arity: 2, run: (call) => add(call, 1n) },
  decr: { arity: 2, run: (call) => add(call, -1n) },
  incrby: { arity: 3, run: (call) => add(call, bigint(arg(call, 1))) },
  decrby: { arity: 3, run: (call) => add(call, -bigint(arg(call, 1))) },
  getrange: {
    arity: 4,
    run: (call) => {
      const value = call.db.get(arg(call, 0), "string") ?? "";
      const [start, stop] = [integer(arg(call, 1)), integer(arg(call, 2))];
      const at = (index: number) => (index < 0 ? Math.max(index + value.length, 0) : index);
      if (start < 0 && stop < 0 && start > stop) return "";
      return value.slice(at(start), at(stop) + 1);
    },
  },
};
