import { atLeast, float, integer, options, syntaxError } from "../arguments.ts";
import { Entries, Failure, Float, noList, type Reply } from "../reply.ts";
import type { Call, Command, Commands } from "../session.ts";
import { orWait } from "../waiting.ts";
import { timeout } from "./lists.ts";
import { type Order, type Ranked, ranked, select } from "./ranges.ts";

const zset = ({ db }: Call, key: string) => db.get(key, "zset");

export const scored = (found: Ranked) =>
  found.map(([member, score]): [string, Float] => [member, new Float(score)]);

function zadd(call: Call, key: string): Reply {
  const isOption = (word: string) => /^(NX|XX|GT|LT|CH|INCR)$/i.test(word);
  const words = call.args.slice(1);
  const rest = words.slice(words.findIndex((word) => !isOption(word)));
  const given = new Set(words.slice(0, words.length - rest.length).map((word) => word.toUpperCase()));
  const [nx, xx, gt, lt, incr] = ["NX", "XX", "GT", "LT", "INCR"].map((option) => given.has(option));
  if (rest.length % 2 !== 0 || words.every(isOption)) throw syntaxError();
  if (nx && xx) throw new Failure("ERR XX and NX options at the same time are not compatible");
  if ((gt && lt) || (nx && (gt || lt)))
    throw new Failure("ERR GT, LT, and/or NX options at the same time are not compatible");
  if (incr && rest.length > 2) throw new Failure("ERR INCR option supports a single increment-element pair");
  const scores = rest.filter((_, i) => i % 2 === 0).map((score) => float(score));
  const members = rest.filter((_, i) => i % 2 === 1);
  const value = call.db.open(key, "zset");
  const counts = { added: 0, updated: 0 };
  let result: number | undefined;
  for (const [i, member] of members.entries()) {
    const old = value.get(member);
    if (old === undefined ? xx : nx) continue;
    const score = (scores[i] as number) + (incr ? (old ?? 0) : 0);
    if (Number.isNaN(score)) throw new Failure("ERR resulting score is not a number (NaN)");
    if (old !== undefined && ((gt && score <= old) || (lt && score >= old))) continue;
    if (old === undefined) counts.added += 1;
    else if (old !== score) counts.updated += 1;
    value.set(member, score);
    result = score;
  }
  call.db.changed(key);
  if (incr) return result === undefined ? null : new Float(result);
  return counts.added + (given.has("CH") ? counts.updated : 0);
}

/** What ZRANGE takes, and its relatives whose names say the order. */
const rangeOptions = { BYSCORE: 0, BYLEX: 0, REV: 0, LIMIT: 2, WITHSCORES: 0 };
const namedOptions = { LIMIT: 2, WITHSCORES: 0 };

interface Range {
  found: Ranked;
  withScores: boolean;
}

/**
 * What ZRANGE and its like ask for: a key, two bounds and options.
 *
 * @param fixed what the command's name says; ZRANGE says it by options
 */
function rangeOf(call: Call, args: string[], sizes: Record<string, number>, fixed?: Order): Range {
  const [key, start, stop, ...rest] = args as [string, string, string, ...string[]];
  const given = options(rest, sizes);
  const byOption = given.has("BYSCORE") ? "score" : given.has("BYLEX") ? "lex" : "index";
  if (given.has("BYSCORE") && given.has("BYLEX")) throw syntaxError();
  const { by, reversed } = fixed ?? { by: byOption, reversed: given.has("REV") };
  const limit = given
    .get("LIMIT")
    ?.slice(-2)
    .map((one) => integer(one)) as [number, number] | undefined;
  if (limit && by === "index")
    throw new Failure(
      "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    );
  const withScores = given.has("WITHSCORES");
  if (withScores && by === "lex")
    throw new Failure("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  const wanted = select(start, stop, { by, reversed }, limit);
  return { found: wanted(zset(call, key)), withScores };
}

const range =
  (fixed?: Order): Command =>
  (call) => {
    const { found, withScores } = rangeOf(call, call.args, fixed ? namedOptions : rangeOptions, fixed);
    return withScores ? new Entries(scored(found)) : found.map(([member]) => member);
  };

function zrangestore(call: Call, key: string): number {
  const { WITHSCORES: _, ...sizes } = rangeOptions;
  const { found } = rangeOf(call, call.args.slice(1), sizes);
  call.db.set(key, { type: "zset", value: new Map(found) });
  return found.length;
}

/** Counts or removes what is in a range. */
const within =
  (by: Order["by"], remove: boolean) => (call: Call, key: string, start: string, stop: string) => {
    const found = select(start, stop, { by, reversed: false })(zset(call, key));
    return remove ? take(call, key, found).length : found.length;
  };

function take({ db }: Call, key: string, found: Ranked): Ranked {
  db.remove(
    key,
    "zset",
    found.map(([member]) => member),
  );
  return found;
}

type Extreme = "MIN" | "MAX";

function popped(call: Call, key: string, from: Extreme, count: number): Ranked {
  const all = ranked(zset(call, key));
  if (from === "MAX") all.reverse();
  return take(call, key, all.slice(0, count));
}

const pop = (from: Extreme) => (call: Call, key: string, count?: string) => {
  if (call.args.length > 2) throw syntaxError();
  const found = scored(popped(call, key, from, count === undefined ? 1 : atLeast(0, count)));
  return count === undefined ? found.flat() : new Entries(found);
};

const blockingPop = (from: Extreme) => (call: Call) =>
  orWait(timeout(call.args.at(-1) as string), () => {
    const key = call.args.slice(0, -1).find((one) => zset(call, one) !== undefined);
    return key === undefined ? undefined : [key, ...scored(popped(call, key, from, 1)).flat()];
  });

const rank = (reversed: boolean) => (call: Call, key: string, member: string) => {
  const withScore = options(call.args.slice(2), { WITHSCORE: 0 }).has("WITHSCORE");
  const all = ranked(zset(call, key));
  if (reversed) all.reverse();
  const at = all.findIndex(([one]) => one === member);
  if (at === -1) return withScore ? noList : null;
  return withScore ? [at, new Float((all[at] as Ranked[number])[1])] : at;
};

function score(call: Call, key: string, member: string): Reply {
  const value = zset(call, key)?.get(member);
  return value === undefined ? null : new Float(value);
}

export const sortedSets: Commands = {
  zadd,
  zincrby: (call, key, amount, member) => zadd({ ...call, args: [key, "INCR", amount, member] }, key),
  zcard: (call, key) => zset(call, key)?.size ?? 0,
  zscore: score,
  zmscore: (call, key) => call.args.slice(1).map((member) => score(call, key, member)),
  zrank: rank(false),
  zrevrank: rank(true),
  zcount: within("score", false),
  zlexcount: within("lex", false),
  zrange: range(),
  zrevrange: range({ by: "index", reversed: true }),
  zrangebyscore: range({ by: "score", reversed: false }),
  zrevrangebyscore: range({ by: "score", reversed: true }),
  zrangebylex: range({ by: "lex", reversed: false }),
  zrevrangebylex: range({ by: "lex", reversed: true }),
  zrangestore,
  zrem: ({ db, args }, key) => db.remove(key, "zset", args.slice(1)),
  zremrangebyrank: within("index", true),
  zremrangebyscore: within("score", true),
  zremrangebylex: within("lex", true),
  zpopmin: pop("MIN"),
  zpopmax: pop("MAX"),
  bzpopmin: blockingPop("MIN"),
  bzpopmax: blockingPop("MAX"),
};
