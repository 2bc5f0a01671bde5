/** Operators of expressions on values of any type, those that decide or repeat, and those of groups. */
import { type Document, Double, Int32, ObjectId } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import {
  arrayOf,
  type Expression,
  isNothing,
  isTrue,
  lazy,
  type Operator,
  of,
  parts,
  type Scope,
  strict,
} from "./operator.ts";
import { numberOperators, sum } from "./operators-numbers.ts";
import { textOperators } from "./operators-texts.ts";
import { follow, noMissing } from "./paths.ts";
import { compare, equal, isDocument, keyOf, missing, numeric, toNumber, typeName, typeOf } from "./values.ts";

const compares = (accepts: (order: number) => boolean) => of(2, (a, b) => accepts(orderOf(a, b)));

/** Unlike in a filter, what is missing is less than null. */
function orderOf(a: unknown, b: unknown): number {
  if (a === missing || b === missing) return Number(b === missing) - Number(a === missing);
  return compare(a, b);
}

/** The operator on each element, which is the variable `as`; null without an array. */
const onElements =
  (
    inner: string,
    act: (items: unknown[], each: Expression, scope: (item: unknown) => Scope) => unknown,
  ): Operator =>
  (operand, compile, name) => {
    const { input, as = "this", [inner]: body } = parts(operand, name, ["input", inner]);
    const [source, each] = [compile(input), compile(body)];
    return (scope) => {
      const items = source(scope);
      if (isNothing(items)) return null;
      return act(arrayOf(items, name), each, (item) => ({ ...scope, [String(as)]: item }));
    };
  };

const filtering = onElements("cond", (items, each, scope) =>
  items.filter((item) => isTrue(each(scope(item)))),
);

const cond: Operator = (operand, compile, name) => {
  const names = ["if", "then", "else"];
  const given = isDocument(operand) ? names.map((part) => parts(operand, name, names)[part]) : operand;
  if (!Array.isArray(given) || given.length !== 3)
    throw new CommandError(16020, `Expression ${name} takes exactly 3 arguments.`);
  const [condition, whenTrue, whenFalse] = given.map(compile) as [Expression, Expression, Expression];
  return (scope) => (isTrue(condition(scope)) ? whenTrue(scope) : whenFalse(scope));
};

const choose: Operator = (operand, compile, name) => {
  const { branches, default: otherwise } = parts(operand, name, ["branches"]);
  const cases = arrayOf(branches, name).map((branch) => {
    const { case: condition, then } = parts(branch, name, ["case", "then"]);
    return [compile(condition), compile(then)] as const;
  });
  return (scope) => {
    const found = cases.find(([condition]) => isTrue(condition(scope)));
    if (found !== undefined) return found[1](scope);
    if (otherwise === undefined)
      throw new CommandError(40066, "$switch could not find a matching branch for an input, and no default");
    return compile(otherwise)(scope);
  };
};

const letIn: Operator = (operand, compile, name) => {
  const { vars, in: body } = parts(operand, name, ["vars", "in"]);
  const values = Object.entries(vars as Document).map(([key, value]) => [key, compile(value)] as const);
  const inner = compile(body);
  return (scope) =>
    inner({ ...scope, ...Object.fromEntries(values.map(([key, value]) => [key, value(scope)])) });
};

const reduce: Operator = (operand, compile, name) => {
  const { initialValue } = parts(operand, name, ["initialValue"]);
  const start = compile(initialValue);
  return onElements("in", (items, each, scope) =>
    items.reduce((value, item) => each({ ...scope(item), value }), start(scope(null))),
  )(operand, compile, name);
};

function at(array: unknown, place: unknown): unknown {
  const index = toNumber(place) ?? 0;
  const items = arrayOf(array, "$arrayElemAt");
  return index in items || items.length + index in items ? items.at(index) : missing;
}

/** The first so many elements or, when negative, the last; or so many from a place on. */
export function slice(array: unknown, a: unknown, b?: unknown): unknown {
  const items = arrayOf(array, "$slice");
  const [first, count] = [toNumber(a) ?? 0, toNumber(b)];
  if (count === undefined) return first < 0 ? items.slice(first) : items.slice(0, first);
  const start = first < 0 ? Math.max(0, items.length + first) : first;
  return items.slice(start, start + count);
}

const distinct = (values: unknown[]) => [...new Map(values.map((value) => [keyOf(value), value])).values()];
const holds = (values: unknown[], wanted: unknown) => values.some((value) => equal(value, wanted));
const set = (act: (a: unknown[], b: unknown[]) => unknown) =>
  strict(2, (a, b) => act(arrayOf(a, "a set operator"), arrayOf(b, "a set operator")));

/** What `$group` makes of the values of a group; most are expressions, too. */
export type Accumulator = (values: unknown[]) => unknown;

const numbers = (values: unknown[]) => values.filter((value) => typeOf(value) === "number");
const present = (values: unknown[]) => values.filter((value) => value !== missing);

const extreme =
  (sign: number): Accumulator =>
  (values) =>
    values
      .filter((value) => typeOf(value) !== "null" && value !== undefined)
      .reduce<unknown>(
        (best, value) => (best === null || compare(value, best) * sign > 0 ? value : best),
        null,
      );

function mergeObjects(values: unknown[]): Document {
  const given = present(values).filter((value) => value !== null);
  const other = given.find((value) => !isDocument(value));
  if (other === undefined) return Object.assign({}, ...given);
  throw new CommandError(
    40400,
    `$mergeObjects requires object inputs, but got one of type ${typeName(other)}`,
  );
}

export const accumulators: Record<string, Accumulator> = {
  $sum: (values) => sum(numbers(values)),
  $avg: (values) => {
    const all = numbers(values);
    return all.length === 0 ? null : new Double(Number(numeric(sum(all))) / all.length);
  },
  $min: extreme(-1),
  $max: extreme(1),
  $count: (values) => new Int32(values.length),
  $first: (values) => noMissing(values[0] ?? null),
  $last: (values) => noMissing(values.at(-1) ?? null),
  $push: present,
  $addToSet: (values) => distinct(present(values)),
  $mergeObjects: mergeObjects,
};

function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value === "string" && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
  throw new CommandError(241, `Failed to parse objectId in $convert with no onError value: ${String(value)}`);
}

function toPairs(value: unknown): Document[] {
  if (isDocument(value)) return Object.entries(value).map(([k, v]) => ({ k, v }));
  throw new CommandError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
}

function fromPairs(pairs: unknown): Document {
  const entries = arrayOf(pairs, "$arrayToObject") as (Document | unknown[])[];
  return Object.fromEntries(entries.map((pair) => (Array.isArray(pair) ? pair : [pair.k, pair.v])));
}

export const operators: Record<string, Operator> = {
  ...numberOperators,
  ...textOperators,
  $literal: (operand) => () => operand,
  $const: (operand) => () => operand,
  $eq: compares((order) => order === 0),
  $ne: compares((order) => order !== 0),
  $gt: compares((order) => order > 0),
  $gte: compares((order) => order >= 0),
  $lt: compares((order) => order < 0),
  $lte: compares((order) => order <= 0),
  $cmp: of(2, (a, b) => new Int32(Math.sign(orderOf(a, b)))),
  $and: lazy((args, scope) => args.every((arg) => isTrue(arg(scope)))),
  $or: lazy((args, scope) => args.some((arg) => isTrue(arg(scope)))),
  $not: of(1, (value) => !isTrue(value)),
  $cond: cond,
  $switch: choose,
  $ifNull: lazy((args, scope) => {
    let value: unknown = null;
    for (const arg of args) if (isNothing(value)) value = arg(scope);
    return value;
  }),
  $let: letIn,
  $map: onElements("in", (items, each, scope) => items.map((item) => noMissing(each(scope(item))))),
  $filter: (operand, compile, name) => {
    if (parts(operand, name, ["cond"]).limit !== undefined) throw notImplemented("the limit of $filter");
    return filtering(operand, compile, name);
  },
  $reduce: reduce,
  $size: of(1, (value) => new Int32(arrayOf(value, "$size").length)),
  $arrayElemAt: strict(2, at),
  $first: strict(1, (value) => at(value, 0)),
  $last: strict(1, (value) => at(value, -1)),
  $slice: strict(undefined, slice),
  $in: of(2, (wanted, values) => holds(arrayOf(values, "$in"), noMissing(wanted))),
  $isArray: of(1, Array.isArray),
  $concatArrays: strict(undefined, (...values) => values.flatMap((value) => arrayOf(value, "$concatArrays"))),
  $reverseArray: strict(1, (value) => arrayOf(value, "$reverseArray").toReversed()),
  $indexOfArray: strict(
    2,
    (values, wanted) =>
      new Int32(arrayOf(values, "$indexOfArray").findIndex((value) => equal(value, wanted))),
  ),
  $setUnion: set((a, b) => distinct([...a, ...b])),
  $setIntersection: set((a, b) => distinct(a.filter((value) => holds(b, value)))),
  $setDifference: set((a, b) => distinct(a.filter((value) => !holds(b, value)))),
  $setEquals: set((a, b) => a.every((value) => holds(b, value)) && b.every((value) => holds(a, value))),
  $setIsSubset: set((a, b) => a.every((value) => holds(b, value))),
  $mergeObjects: of(undefined, (...values) => mergeObjects(values)),
  $objectToArray: strict(1, toPairs),
  $arrayToObject: strict(1, fromPairs),
  $getField: (operand, compile, name) => {
    const { field, input = "$$CURRENT" } =
      isDocument(operand) && "field" in operand ? operand : { field: operand };
    if (typeof field !== "string") throw notImplemented(`a computed field of ${name}`);
    const source = compile(input);
    return (scope) => follow(source(scope), [field], false);
  },
  $type: of(1, typeName),
  $isNumber: of(1, (value) => typeOf(value) === "number"),
  $toObjectId: strict(1, toObjectId),
};

// Those that also work on one array, or on several values.
for (const name of ["$sum", "$avg", "$min", "$max"]) {
  const accumulate = accumulators[name] ?? noMissing;
  operators[name] = of(undefined, (...values) =>
    accumulate(values.length === 1 && Array.isArray(values[0]) ? values[0] : values),
  );
}
