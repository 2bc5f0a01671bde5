import { arg, glob, integer, syntaxError } from "../arguments.ts";
import { Failure, ok, type Reply, Simple } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

function remaining(call: Call, unit: number): number {
  const entry = call.db.entry(arg(call, 0));
  if (entry === undefined) return -2;
  return entry.expires === undefined ? -1 : Math.round((entry.expires - Date.now()) / unit);
}

function expire(call: Call, at: number): Reply {
  const { db } = call;
  const key = arg(call, 0);
  const entry = db.entry(key);
  const condition = call.args[2]?.toUpperCase();
  if (call.args.length > 3 || (condition !== undefined && !/^(NX|XX|GT|LT)$/.test(condition)))
    throw new Failure(`ERR Unsupported option ${call.args[2]}`);
  if (!Number.isSafeInteger(at)) throw new Failure(`ERR invalid expire time in '${call.name}' command`);
  if (entry === undefined) return 0;
  const until = entry.expires ?? Number.POSITIVE_INFINITY;
  if (condition === "NX" && entry.expires !== undefined) return 0;
  if (condition === "XX" && entry.expires === undefined) return 0;
  if ((condition === "GT" && at <= until) || (condition === "LT" && at >= until)) return 0;
  if (at <= Date.now()) db.delete(key);
  else {
    entry.expires = at;
    db.changed(key);
  }
  return 1;
}

function rename(call: Call): boolean {
  const { db } = call;
  const [from, to] = [arg(call, 0), arg(call, 1)];
  const entry = db.entry(from);
  if (entry === undefined) throw new Failure("ERR no such key");
  if (call.name === "renamenx" && db.entry(to) !== undefined) return false;
  if (from !== to) {
    db.delete(from);
    db.set(to, entry);
  }
  return true;
}

/** Everything in one go, which SCAN is free to do. */
function scan(call: Call): Reply {
  let found = call.db.keys();
  if (!/^\d+$/.test(arg(call, 0))) throw new Failure("ERR invalid cursor");
  for (let i = 1; i < call.args.length; i += 2) {
    const [option, value] = [arg(call, i).toUpperCase(), call.args[i + 1]];
    if (value === undefined) throw syntaxError();
    if (option === "MATCH") {
      const pattern = glob(value);
      found = found.filter((key) => pattern.test(key));
    } else if (option === "TYPE")
      found = found.filter((key) => call.db.entry(key)?.type === value.toLowerCase());
    else if (option !== "COUNT" || integer(value) < 1) throw syntaxError();
  }
  return ["0", found];
}

function clear({ args, db }: Call): Reply {
  if (args.length > 1 || !/^(sync|async)?$/i.test(args[0] ?? "")) throw syntaxError();
  db.clear();
  return ok;
}

const removal = {
  arity: -2,
  run: ({ db, args }: Call) => args.filter((key) => db.entry(key) !== undefined && db.delete(key)).length,
};

const inSeconds = (call: Call) => integer(arg(call, 1)) * 1000;
const inMilliseconds = (call: Call) => integer(arg(call, 1));

export const keys: Commands = {
  del: removal,
  unlink: removal,
  exists: { arity: -2, run: ({ db, args }) => args.filter((key) => db.entry(key) !== undefined).length },
  touch: { arity: -2, run: ({ db, args }) => args.filter((key) => db.entry(key) !== undefined).length },
  type: { arity: 2, run: (call) => new Simple(call.db.entry(arg(call, 0))?.type ?? "none") },
  expire: { arity: -3, run: (call) => expire(call, Date.now() + inSeconds(call)) },
  pexpire: { arity: -3, run: (call) => expire(call, Date.now() + inMilliseconds(call)) },
  expireat: { arity: -3, run: (call) => expire(call, inSeconds(call)) },
  pexpireat: { arity: -3, run: (call) => expire(call, inMilliseconds(call)) },
  ttl: { arity: 2, run: (call) => remaining(call, 1000) },
  pttl: { arity: 2, run: (call) => remaining(call, 1) },
  persist: {
    arity: 2,
    run: (call) => {
      const entry = call.db.entry(arg(call, 0));
      if (entry?.expires === undefined) return 0;
      delete entry.expires;
      call.db.changed(arg(call, 0));
      return 1;
    },
  },
  rename: {
    arity: 3,
    run: (call) => {
      rename(call);
      return ok;
    },
  },
  renamenx: { arity: 3, run: (call) => (rename(call) ? 1 : 0) },
  keys: {
    arity: 2,
    run: (call) => {
      const pattern = glob(arg(call, 0));
      return call.db.keys().filter((key) => pattern.test(key));
    },
  },
  scan: { arity: -2, run: scan },
  dbsize: { arity: 1, run: ({ db }) => db.keys().length },
  flushdb: { arity: -1, run: clear },
  flushall: {
    arity: -1,
    run: (call) => {
      for (const db of call.session.server.databases) clear({ ...call, db });
      return ok;
    },
  },
};
