import { atLeast, float, integer, options, slice, syntaxError, wrongArity } from "../arguments.ts";
import { Failure, noList, ok, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";
import { orWait } from "../waiting.ts";

const list = ({ db }: Call, key: string) => db.get(key, "list");

type End = "LEFT" | "RIGHT";

function end(text: string): End {
  const name = text.toUpperCase();
  if (name !== "LEFT" && name !== "RIGHT") throw syntaxError();
  return name;
}

function put({ db }: Call, key: string, items: string[], at: End): number {
  const value = db.open(key, "list");
  if (at === "RIGHT") for (const item of items) value.push(item);
  // Many at once: one by one, each would move all the others.
  else for (let i = 0; i < items.length; i += 10_000) value.unshift(...items.slice(i, i + 10_000).reverse());
  db.changed(key);
  return value.length;
}

/** @returns nothing where there is no list */
function take(call: Call, key: string, from: End, count = 1): string[] {
  const value = list(call, key) ?? [];
  const taken = from === "LEFT" ? value.splice(0, count) : count === 0 ? [] : value.splice(-count).reverse();
  if (taken.length > 0) call.db.changed(key);
  return taken;
}

const push = (at: End, always: boolean) => (call: Call, key: string) =>
  always || list(call, key) !== undefined ? put(call, key, call.args.slice(1), at) : 0;

const pop = (from: End) => (call: Call, key: string, counted?: string) => {
  if (call.args.length > 2) throw wrongArity(call.name);
  if (counted === undefined) return take(call, key, from)[0] ?? null;
  const count = atLeast(0, counted);
  return list(call, key) === undefined ? noList : take(call, key, from, count);
};

/** Moves one element. @returns undefined where there is none */
function move(call: Call, from: string, to: string, out: End, into: End): string | undefined {
  if (list(call, from) === undefined) return undefined;
  // Refuses another type before anything is taken.
  list(call, to);
  const [item] = take(call, from, out);
  if (item !== undefined) put(call, to, [item], into);
  return item;
}

/** From the first of some keys that has something. */
function popFirst(call: Call, keys: string[], from: End): string[] | undefined {
  const key = keys.find((one) => list(call, one) !== undefined);
  return key === undefined ? undefined : [key, ...take(call, key, from)];
}

/** Seconds that somebody waits. */
export function timeout(text: string): number {
  const seconds = float(text, "ERR timeout is not a float or out of range");
  if (seconds < 0) throw new Failure("ERR timeout is negative");
  if (seconds > Number.MAX_SAFE_INTEGER) throw new Failure("ERR timeout is out of range");
  return seconds;
}

const blockingPop = (from: End) => (call: Call) => {
  const seconds = timeout(call.args.at(-1) as string);
  return orWait(seconds, () => popFirst(call, call.args.slice(0, -1), from));
};

function lpos(call: Call, key: string, item: string): Reply {
  const given = options(call.args.slice(2), { RANK: 1, COUNT: 1, MAXLEN: 1 });
  const value = (name: string) => given.get(name)?.at(-1);
  const rank = integer(value("RANK") ?? "1");
  if (rank === 0)
    throw new Failure(
      "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
    );
  const count = atLeast(0, value("COUNT") ?? "1", "ERR COUNT can't be negative");
  const most = atLeast(0, value("MAXLEN") ?? "0", "ERR MAXLEN can't be negative");
  const all = [...(list(call, key) ?? []).entries()];
  if (rank < 0) all.reverse();
  const found = all
    .slice(0, most || undefined)
    .filter(([, one]) => one === item)
    .map(([at]) => at)
    .slice(Math.abs(rank) - 1);
  return given.has("COUNT") ? found.slice(0, count || undefined) : (found[0] ?? null);
}

/** Removes the first so many, from the end where negative, all where 0. */
function lrem(call: Call, key: string, count: string, item: string): number {
  const wanted = integer(count);
  const value = list(call, key) ?? [];
  const found = [...value.keys()].filter((at) => value[at] === item);
  const gone = new Set(wanted < 0 ? found.slice(wanted) : found.slice(0, wanted || undefined));
  if (gone.size === 0) return 0;
  call.db.set(key, { ...call.db.entry(key), type: "list", value: value.filter((_, at) => !gone.has(at)) });
  return gone.size;
}

function linsert(call: Call, key: string, where: string, pivot: string, item: string): number {
  const after = { BEFORE: 0, AFTER: 1 }[where.toUpperCase()];
  if (after === undefined) throw syntaxError();
  const value = list(call, key);
  if (value === undefined) return 0;
  const at = value.indexOf(pivot);
  if (at === -1) return -1;
  value.splice(at + after, 0, item);
  call.db.changed(key);
  return value.length;
}

export const lists: Commands = {
  lpush: push("LEFT", true),
  rpush: push("RIGHT", true),
  lpushx: push("LEFT", false),
  rpushx: push("RIGHT", false),
  lpop: pop("LEFT"),
  rpop: pop("RIGHT"),
  llen: (call, key) => list(call, key)?.length ?? 0,
  lindex: (call, key, index) => list(call, key)?.at(integer(index)) ?? null,
  lrange: (call, key, start, stop) => {
    const within = slice(start, stop);
    const value = list(call, key) ?? [];
    return value.slice(...within(value.length));
  },
  ltrim: (call, key, start, stop) => {
    const within = slice(start, stop);
    const value = list(call, key) ?? [];
    const [from, to] = within(value.length);
    if (value.length === 0) return ok;
    value.splice(Math.max(to, from));
    value.splice(0, from);
    call.db.changed(key);
    return ok;
  },
  lset: (call, key, index, item) => {
    const value = list(call, key);
    if (value === undefined) throw new Failure("ERR no such key");
    const at = integer(index);
    if (value.at(at) === undefined) throw new Failure("ERR index out of range");
    value[at < 0 ? at + value.length : at] = item;
    call.db.changed(key);
    return ok;
  },
  linsert,
  lrem,
  lpos,
  lmove: (call, from, to, out, into) => move(call, from, to, end(out), end(into)) ?? null,
  rpoplpush: (call, from, to) => move(call, from, to, "RIGHT", "LEFT") ?? null,
  blpop: blockingPop("LEFT"),
  brpop: blockingPop("RIGHT"),
  blmove: (call, from, to, out, into, seconds) => {
    const [first, second] = [end(out), end(into)];
    return orWait(timeout(seconds), () => move(call, from, to, first, second), null);
  },
  brpoplpush: (call, from, to, seconds) =>
    orWait(timeout(seconds), () => move(call, from, to, "RIGHT", "LEFT"), null),
};
