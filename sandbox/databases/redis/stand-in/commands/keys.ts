import { integer, options, syntaxError, time } from "../arguments.ts";
import { glob } from "../glob.ts";
import type { Entry, Keyspace } from "../keyspace.ts";
import { Failure, ok, Simple } from "../reply.ts";
import type { Call, Commands } from "../session.ts";
import { object } from "./object.ts";
import { oneOf } from "./random.ts";
import { scans } from "./scan.ts";

/** Milliseconds or seconds until a key expires, or when it does. */
const expiring = (unit: 1 | 1000, absolute: boolean) => (call: Call, key: string) => {
  const entry = call.db.entry(key);
  if (entry === undefined) return -2;
  if (entry.expires === undefined) return -1;
  return Math.round((absolute ? entry.expires : entry.expires - Date.now()) / unit);
};

const expire = (unit: string) => (call: Call, key: string, amount: string) => {
  const { db, name } = call;
  const conditions = new Set(call.args.slice(2).map((one) => one.toUpperCase()));
  const unknown = call.args.slice(2).find((one) => !/^(NX|XX|GT|LT)$/i.test(one));
  if (unknown !== undefined) throw new Failure(`ERR Unsupported option ${unknown}`);
  const [nx, xx, gt, lt] = ["NX", "XX", "GT", "LT"].map((one) => conditions.has(one));
  if (nx && (xx || gt || lt))
    throw new Failure("ERR NX and XX, GT or LT options at the same time are not compatible");
  if (gt && lt) throw new Failure("ERR GT and LT options at the same time are not compatible");
  const at = time(unit, amount, name);
  const entry = db.entry(key);
  if (entry === undefined) return 0;
  const until = entry.expires ?? Number.POSITIVE_INFINITY;
  if ((nx && entry.expires !== undefined) || (xx && entry.expires === undefined)) return 0;
  if ((gt && at <= until) || (lt && at >= until)) return 0;
  if (at <= Date.now()) db.delete(key);
  else {
    entry.expires = at;
    db.changed(key);
  }
  return 1;
};

function rename(call: Call, from: string, to: string): boolean {
  const { db } = call;
  const entry = db.entry(from);
  if (entry === undefined) throw new Failure("ERR no such key");
  if (call.name === "renamenx" && db.entry(to) !== undefined) return false;
  if (from !== to) {
    db.delete(from);
    db.set(to, entry);
  }
  return true;
}

/** A numbered database. */
export function database({ session: { server } }: Call, text: string): Keyspace {
  const found = server.databases[integer(text)];
  if (found === undefined) throw new Failure("ERR DB index is out of range");
  return found;
}

function copyTo(call: Call, from: string, target: Keyspace, to: string, replace: boolean): boolean {
  const entry = call.db.entry(from);
  if (target === call.db && from === to) throw new Failure("ERR source and destination objects are the same");
  if (entry === undefined || (!replace && target.entry(to) !== undefined)) return false;
  target.set(to, structuredClone(entry) as Entry);
  return true;
}

function copy(call: Call, from: string, to: string): number {
  const given = options(call.args.slice(2), { DB: 1, REPLACE: 0 });
  const number = given.get("DB")?.at(-1);
  const target = number === undefined ? call.db : database(call, number);
  return Number(copyTo(call, from, target, to, given.has("REPLACE")));
}

function move(call: Call, key: string, number: string): number {
  const moved = copyTo(call, key, database(call, number), key, false);
  if (moved) call.db.delete(key);
  return Number(moved);
}

const clear = (all: boolean) => (call: Call) => {
  if (call.args.length > 1 || !/^(sync|async)$/i.test(call.args[0] ?? "sync")) throw syntaxError();
  for (const db of all ? call.session.server.databases : [call.db]) db.clear();
  return ok;
};

const remove = ({ db, args }: Call) =>
  args.filter((key) => db.entry(key) !== undefined && db.delete(key)).length;
const count = ({ db, args }: Call) => args.filter((key) => db.entry(key) !== undefined).length;

export const keys: Commands = {
  ...object,
  ...scans,
  del: remove,
  unlink: remove,
  exists: count,
  touch: count,
  type: ({ db }, key) => new Simple(db.entry(key)?.type ?? "none"),
  expire: expire("EX"),
  pexpire: expire("PX"),
  expireat: expire("EXAT"),
  pexpireat: expire("PXAT"),
  ttl: expiring(1000, false),
  pttl: expiring(1, false),
  expiretime: expiring(1000, true),
  pexpiretime: expiring(1, true),
  persist: ({ db }, key) => {
    const entry = db.entry(key);
    if (entry?.expires === undefined) return 0;
    delete entry.expires;
    db.changed(key);
    return 1;
  },
  rename: (call, from, to) => {
    rename(call, from, to);
    return ok;
  },
  renamenx: (call, from, to) => Number(rename(call, from, to)),
  copy,
  move,
  keys: ({ db }, pattern) => db.keys().filter(glob(pattern)),
  randomkey: ({ db }) => oneOf(db.keys()) ?? null,
  dbsize: ({ db }) => db.keys().length,
  flushdb: clear(false),
  flushall: clear(true),
};
