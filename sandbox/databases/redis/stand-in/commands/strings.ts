import { bigint, expiry, inRange, integer, options, pairs, syntaxError } from "../arguments.ts";
import type { Entry } from "../keyspace.ts";
import { sum } from "../long-double.ts";
import { Failure, ok, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

const times = { EX: 1, PX: 1, EXAT: 1, PXAT: 1 };
/** Redis holds 512 MB; the sandbox shares its memory with much else. */
const longest = 64 * 1024 * 1024;

function checkLength(length: number): void {
  if (length > longest) throw new Failure("ERR this stand-in for Redis holds strings of up to 64 MB");
}

const text = ({ db }: Call, key: string) => db.get(key, "string");

function store({ db }: Call, key: string, value: string, expires?: number): void {
  checkLength(value.length);
  const entry: Entry = { type: "string", value };
  db.set(key, expires === undefined ? entry : { ...entry, expires });
}

/** Another value; the key's time goes on. */
const change = (call: Call, key: string, value: string) =>
  store(call, key, value, call.db.entry(key)?.expires);

/** The time that one of EX, PX, EXAT and PXAT gives; one at most, and none beside PERSIST or KEEPTTL. */
function expiryOf(given: Map<string, string[]>, command: string): number | undefined {
  const units = [...given.keys()].filter((name) => Object.hasOwn(times, name));
  if (units.length + Number(given.has("KEEPTTL")) + Number(given.has("PERSIST")) > 1) throw syntaxError();
  const [unit] = units;
  return unit === undefined ? undefined : expiry(unit, given.get(unit)?.at(-1) as string, command);
}

function set(call: Call, key: string, value: string): Reply {
  const given = options(call.args.slice(2), { ...times, NX: 0, XX: 0, GET: 0, KEEPTTL: 0 });
  const expires = expiryOf(given, call.name);
  if (given.has("NX") && given.has("XX")) throw syntaxError();
  const old = call.db.entry(key);
  const before = given.has("GET") ? (text(call, key) ?? null) : undefined;
  if (given.has(old === undefined ? "XX" : "NX")) return before ?? null;
  store(call, key, value, given.has("KEEPTTL") ? old?.expires : expires);
  return before === undefined ? ok : before;
}

function getex(call: Call, key: string): Reply {
  const given = options(call.args.slice(1), { ...times, PERSIST: 0 });
  const value = text(call, key);
  if (value === undefined) return null;
  if (given.size > 0) store(call, key, value, expiryOf(given, call.name));
  return value;
}

function add(call: Call, key: string, amount: bigint): bigint {
  const value = bigint(text(call, key) ?? "0") + amount;
  change(call, key, String(inRange(value, "ERR increment or decrement would overflow")));
  return value;
}

function setAll(call: Call): void {
  for (const [key, value] of pairs(call, 0)) store(call, key, value);
}

function setrange(call: Call, key: string, start: string, part: string): Reply {
  const offset = integer(start);
  if (offset < 0) throw new Failure("ERR offset is out of range");
  const value = text(call, key) ?? "";
  if (part === "") return value.length;
  checkLength(offset + part.length);
  change(call, key, value.slice(0, offset).padEnd(offset, "\0") + part + value.slice(offset + part.length));
  return text(call, key)?.length ?? 0;
}

function getrange(call: Call, key: string, first: string, last: string): string {
  const [start, stop] = [integer(first), integer(last)];
  const value = text(call, key) ?? "";
  const at = (index: number) => (index < 0 ? Math.max(index + value.length, 0) : index);
  if (start < 0 && stop < 0 && start > stop) return "";
  return value.slice(at(start), at(stop) + 1);
}

const setWithExpiry = (unit: string) => (call: Call, key: string, amount: string, value: string) => {
  store(call, key, value, expiry(unit, amount, call.name));
  return ok;
};

export const strings: Commands = {
  get: (call, key) => text(call, key) ?? null,
  set,
  setex: setWithExpiry("EX"),
  psetex: setWithExpiry("PX"),
  setnx: (call, key, value) => {
    if (call.db.entry(key) !== undefined) return 0;
    store(call, key, value);
    return 1;
  },
  getset: (call, key, value) => {
    const before = text(call, key) ?? null;
    store(call, key, value);
    return before;
  },
  getdel: (call, key) => {
    const value = text(call, key) ?? null;
    call.db.delete(key);
    return value;
  },
  getex,
  mget: ({ db, args }) =>
    args.map((key) => {
      const entry = db.entry(key);
      return entry?.type === "string" ? entry.value : null;
    }),
  mset: (call) => {
    setAll(call);
    return ok;
  },
  msetnx: (call) => {
    if (pairs(call, 0).some(([key]) => call.db.entry(key) !== undefined)) return 0;
    setAll(call);
    return 1;
  },
  append: (call, key, more) => {
    change(call, key, (text(call, key) ?? "") + more);
    return text(call, key)?.length ?? 0;
  },
  strlen: (call, key) => text(call, key)?.length ?? 0,
  incr: (call, key) => add(call, key, 1n),
  decr: (call, key) => add(call, key, -1n),
  incrby: (call, key, amount) => add(call, key, bigint(amount)),
  decrby: (call, key, amount) => add(call, key, inRange(-bigint(amount), "ERR decrement would overflow")),
  incrbyfloat: (call, key, amount) => {
    const value = sum(text(call, key) ?? "0", amount, "ERR value is not a valid float");
    change(call, key, value);
    return value;
  },
  setrange,
  getrange,
  substr: getrange,
};
