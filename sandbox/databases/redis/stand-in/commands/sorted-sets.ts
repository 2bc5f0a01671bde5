import { arg, bound, float, integer, slice, syntaxError } from "../arguments.ts";
import { Failure, Float, type Reply } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

const zset = (call: Call, key = arg(call, 0)) => call.db.get(key, "zset");

function zadd(call: Call): Reply {
  const options = new Set<string>();
  let at = 1;
  for (; /^(NX|XX|GT|LT|CH|INCR)$/i.test(call.args[at] ?? ""); at++) options.add(arg(call, at).toUpperCase());
  const rest = call.args.slice(at);
  if (rest.length === 0 || rest.length % 2 !== 0) throw syntaxError();
  const [nx, xx, gt, lt, incr] = ["NX", "XX", "GT", "LT", "INCR"].map((option) => options.has(option));
  if (nx && xx) throw new Failure("ERR XX and NX options at the same time are not compatible");
  if ((gt && lt) || (nx && (gt || lt)))
    throw new Failure("ERR GT, LT, and/or NX options at the same time are not compatible");
  if (incr && rest.length > 2) throw new Failure("ERR INCR option supports a single increment-element pair");
  const scores = rest.filter((_, i) => i % 2 === 0).map(float);
  const members = rest.filter((_, i) => i % 2 === 1);
  const value = call.db.open(arg(call, 0), "zset");
  const counts = { added: 0, updated: 0 };
  let result: number | undefined;
  for (const [i, member] of members.entries()) {
    const old = value.get(member);
    const score = (scores[i] as number) + (incr ? (old ?? 0) : 0);
    if (Number.isNaN(score)) throw new Failure("ERR resulting score is not a number (NaN)");
    if (old === undefined ? xx : nx || (gt && score <= old) || (lt && score >= old)) continue;
    if (old === undefined) counts.added += 1;
    else if (old !== score) counts.updated += 1;
    value.set(member, score);
    result = score;
  }
  call.db.changed(arg(call, 0));
  if (incr) return result === undefined ? null : new Float(result);
  return counts.added + (options.has("CH") ? counts.updated : 0);
}

type Ranked = [member: string, score: number][];

/** By score, then by bytes. */
const ranked = (value: Map<string, number> | undefined): Ranked =>
  [...(value ?? [])].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));

function between(all: Ranked, min: string, max: string): Ranked {
  const [low, high] = [bound(min), bound(max)];
  return all.filter(
    ([, score]) =>
      (low.open ? score > low.value : score >= low.value) &&
      (high.open ? score < high.value : score <= high.value),
  );
}

function zrange(call: Call): Reply {
  const old = call.name !== "zrange";
  let [byScore, rev, withScores] = [old, call.name.startsWith("zrev"), false];
  let limit: [number, number] | undefined;
  for (let i = 3; i < call.args.length; i++) {
    const option = arg(call, i).toUpperCase();
    if (option === "WITHSCORES") withScores = true;
    else if (option === "BYSCORE" && !old) byScore = true;
    else if (option === "REV" && !old) rev = true;
    else if (option === "LIMIT" && i + 2 < call.args.length) {
      limit = [integer(arg(call, i + 1)), integer(arg(call, i + 2))];
      i += 2;
    } else throw syntaxError();
  }
  if (limit && !byScore)
    throw new Failure(
      "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    );
  const all = ranked(zset(call));
  let found: Ranked;
  if (byScore) {
    found = between(all, arg(call, rev ? 2 : 1), arg(call, rev ? 1 : 2));
    if (rev) found.reverse();
    const [offset, count] = limit ?? [0, -1];
    found = offset < 0 ? [] : found.slice(offset, count < 0 ? undefined : offset + count);
  } else {
    if (rev) all.reverse();
    found = all.slice(...slice(arg(call, 1), arg(call, 2), all.length));
  }
  if (!withScores) return found.map(([member]) => member);
  const scored = found.map(([member, score]): [string, Float] => [member, new Float(score)]);
  return call.session.protocol === 3 ? scored : scored.flat();
}

function removeAll(call: Call, members: Ranked): number {
  const value = zset(call);
  for (const [member] of members) value?.delete(member);
  if (members.length > 0) call.db.changed(arg(call, 0));
  return members.length;
}

export const sortedSets: Commands = {
  zadd: { arity: -4, run: zadd },
  zincrby: {
    arity: 4,
    run: (call) => zadd({ ...call, args: [arg(call, 0), "INCR", arg(call, 1), arg(call, 2)] }),
  },
  zcard: { arity: 2, run: (call) => zset(call)?.size ?? 0 },
  zscore: {
    arity: 3,
    run: (call) => {
      const score = zset(call)?.get(arg(call, 1));
      return score === undefined ? null : new Float(score);
    },
  },
  zcount: { arity: 4, run: (call) => between(ranked(zset(call)), arg(call, 1), arg(call, 2)).length },
  zrange: { arity: -4, run: zrange },
  zrangebyscore: { arity: -4, run: zrange },
  zrevrangebyscore: { arity: -4, run: zrange },
  zrem: {
    arity: -3,
    run: (call) => {
      const wanted = new Set(call.args.slice(1));
      return removeAll(
        call,
        ranked(zset(call)).filter(([member]) => wanted.has(member)),
      );
    },
  },
  zremrangebyscore: {
    arity: 4,
    run: (call) => removeAll(call, between(ranked(zset(call)), arg(call, 1), arg(call, 2))),
  },
};
