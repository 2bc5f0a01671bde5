/** ZUNION, ZINTER and ZDIFF of sorted sets, and of sets whose members count 1. */
import { countedKeys, float, options, syntaxError } from "../arguments.ts";
import { Entries, type Reply } from "../reply.ts";
import type { Call, Command, Commands } from "../session.ts";
import { ranked } from "./ranges.ts";
import { limited } from "./sets.ts";
import { scored } from "./sorted-sets.ts";

type Scores = Map<string, number>;

const aggregates: Record<string, (a: number, b: number) => number> = {
  SUM: (a, b) => number(a + b),
  MIN: Math.min,
  MAX: Math.max,
};

/** What is no number, such as inf - inf, is 0. */
const number = (value: number) => (Number.isNaN(value) ? 0 : value);

function scores({ db }: Call, key: string): Scores {
  const entry = db.entry(key);
  if (entry?.type === "set") return new Map([...entry.value].map((member) => [member, 1]));
  return db.get(key, "zset") ?? new Map();
}

type Combine = (sources: Scores[], aggregate: (a: number, b: number) => number) => Scores;

const union: Combine = (sources, aggregate) => {
  const result: Scores = new Map();
  for (const [member, score] of sources.flatMap((source) => [...source])) {
    const before = result.get(member);
    result.set(member, before === undefined ? score : aggregate(before, score));
  }
  return result;
};

const inter: Combine = (sources, aggregate) =>
  new Map([...union(sources, aggregate)].filter(([member]) => sources.every((one) => one.has(member))));

const diff: Combine = ([first = new Map(), ...rest]) =>
  new Map([...first].filter(([member]) => !rest.some((one) => one.has(member))));

/** @param from where the number of keys is */
function combined(call: Call, combine: Combine, from: number) {
  const { keys, rest } = countedKeys(call, from);
  const given = options(rest, {
    ...(combine !== diff && { WEIGHTS: keys.length, AGGREGATE: 1 }),
    ...(from === 0 && { WITHSCORES: 0 }),
  });
  const weights = given.get("WEIGHTS")?.map((weight) => float(weight, "ERR weight value is not a float"));
  const name = given.get("AGGREGATE")?.at(-1)?.toUpperCase() ?? "SUM";
  const aggregate = Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
  if (aggregate === undefined) throw syntaxError();
  const sources = keys.map((key, i): Scores => {
    const weighted = ([member, score]: [string, number]): [string, number] => [
      member,
      number(score * (weights?.[i] ?? 1)),
    ];
    return new Map([...scores(call, key)].map(weighted));
  });
  return { value: combine(sources, aggregate), withScores: given.has("WITHSCORES") };
}

const read =
  (combine: Combine): Command =>
  (call): Reply => {
    const { value, withScores } = combined(call, combine, 0);
    const found = ranked(value);
    return withScores ? new Entries(scored(found)) : found.map(([member]) => member);
  };

const store =
  (combine: Combine): Command =>
  (call, key) => {
    const { value } = combined(call, combine, 1);
    call.db.set(key, { type: "zset", value });
    return value.size;
  };

export const setAlgebra: Commands = {
  zunion: read(union),
  zinter: read(inter),
  zdiff: read(diff),
  zunionstore: store(union),
  zinterstore: store(inter),
  zdiffstore: store(diff),
  zintercard: (call) => {
    const { keys, rest } = countedKeys(call, 0);
    return limited(
      inter(
        keys.map((key) => scores(call, key)),
        Math.max,
      ).size,
      rest,
    );
  },
};
