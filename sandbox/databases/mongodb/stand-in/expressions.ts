/**
 * Expressions of aggregations: paths, variables, constants, and operators. Those that look at types of numbers, at
 * order or at equality are here; the others are mingo's.
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation/
 */
import { BSONRegExp, type Document, Double, Int32, Long, ObjectId } from "bson";
import { accumulators, mergeObjects } from "./accumulators.ts";
import { borrowed } from "./borrowed.ts";
import { CommandError, notImplemented, unknown } from "./errors.ts";
import { follow, noMissing } from "./paths.ts";
import { regexTest } from "./regex.ts";
import {
  compare,
  compute,
  equal,
  isDocument,
  isDouble,
  keyOf,
  missing,
  numeric,
  type Operation,
  toNumber,
  typeName,
  typeOf,
} from "./values.ts";

/** Variables by their names; ROOT and CURRENT are the document. */
export type Scope = Document;
export type Expression = (scope: Scope) => unknown;
type Operator = (operand: unknown, name: string) => Expression;

/** The expression as a function, which gives `missing` where there is nothing. */
export function expression(value: unknown): Expression {
  if (typeof value === "string" && value.startsWith("$")) return path(value);
  if (Array.isArray(value)) {
    const items = value.map(expression);
    return (scope) => items.map((item) => noMissing(item(scope)));
  }
  if (!isDocument(value)) return () => value;
  const names = Object.keys(value);
  const [first = ""] = names;
  if (first.startsWith("$")) {
    if (names.length > 1)
      throw new CommandError(15983, "an object representing an expression must have exactly one field");
    const operator = Object.hasOwn(operators, first) ? operators[first] : borrowed(first);
    if (operator === undefined) throw unknown(168, `the expression ${first}`);
    return operator(value[first], first);
  }
  const fields = Object.entries(value).map(([name, field]) => [name, expression(field)] as const);
  return (scope) => {
    const values = fields.map(([name, field]) => [name, field(scope)] as const);
    return Object.fromEntries(values.filter(([, field]) => field !== missing));
  };
}

function path(text: string): Expression {
  const [first = "", ...rest] = text.slice(1).split(".");
  if (first === "") throw new CommandError(16872, `'${text}' by itself is not a valid FieldPath`);
  if (!first.startsWith("$")) return ({ CURRENT }) => follow(CURRENT, [first, ...rest]);
  const variable = first.slice(1);
  if (variable === "NOW") return ({ NOW }) => NOW ?? new Date();
  if (variable === "REMOVE") return () => missing;
  return (scope) => {
    if (!Object.hasOwn(scope, variable)) throw unknown(17276, `the variable $$${variable} here`);
    return follow(scope[variable], rest);
  };
}

export const isTrue = (value: unknown) =>
  typeOf(value) === "number" ? Number(numeric(value)) !== 0 : value !== false && !isNothing(value);

export const isNothing = (value: unknown) => value === null || value === undefined || value === missing;

/** An operator of values, of which there have to be so many. */
const of =
  (count: number | undefined, act: (...values: unknown[]) => unknown): Operator =>
  (operand, name) => {
    const args = (Array.isArray(operand) ? operand : [operand]).map(expression);
    if (count !== undefined && args.length !== count)
      throw new CommandError(
        16020,
        `Expression ${name} takes exactly ${count} arguments. ${args.length} were passed in.`,
      );
    return (scope) => act(...args.map((arg) => arg(scope)));
  };

/** Null where a value is null or missing. */
const strict = (count: number | undefined, act: (...values: unknown[]) => unknown): Operator =>
  of(count, (...values) => (values.some(isNothing) ? null : act(...values)));

/** An operator that need not look at all of its values. */
const lazy =
  (act: (args: Expression[], scope: Scope) => unknown): Operator =>
  (operand) => {
    const args = (Array.isArray(operand) ? operand : [operand]).map(expression);
    return (scope) => act(args, scope);
  };

const compares = (accepts: (order: number) => boolean) => of(2, (a, b) => accepts(orderOf(a, b)));

/** Unlike in a filter, what is missing is less than null. */
function orderOf(a: unknown, b: unknown): number {
  if (a === missing || b === missing) return Number(b === missing) - Number(a === missing);
  return compare(a, b);
}

/** Named parts of an operator's operand. */
function parts(operand: unknown, name: string, ...required: string[]): Record<string, unknown> {
  const lacking = required.find((part) => !isDocument(operand) || !(part in operand));
  if (lacking !== undefined)
    throw new CommandError(9, `${name}: got no '${lacking}'; expected an object with it`);
  return operand as Document;
}

function arrayOf(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(17040, `${name}: got a value of type ${typeName(value)}; expected an array`);
}

/** The operator on each element, which is the variable `as`; null without an array. */
const onElements =
  (
    inner: string,
    act: (items: unknown[], each: Expression, scope: (item: unknown) => Scope) => unknown,
  ): Operator =>
  (operand, name) => {
    const { input, as = "this", [inner]: body } = parts(operand, name, "input", inner);
    const [source, each] = [expression(input), expression(body)];
    return (scope) => {
      const items = source(scope);
      if (isNothing(items)) return null;
      return act(arrayOf(items, name), each, (item) => ({ ...scope, [String(as)]: item }));
    };
  };

const arithmetic = (operation: Operation, a: unknown, b: unknown): unknown =>
  compute(operation, a, b) ?? compute(operation, new Double(Number(numeric(a))), b);

function add(a: unknown, b: unknown): unknown {
  const [date, other] = a instanceof Date ? [a, b] : [b, a];
  return date instanceof Date ? new Date(date.getTime() + Number(numeric(other))) : arithmetic("add", a, b);
}

function subtract(a: unknown, b: unknown): unknown {
  if (!(a instanceof Date)) return arithmetic("subtract", a, b);
  if (b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  return new Date(a.getTime() - Number(numeric(b)));
}

function divide(a: unknown, b: unknown): unknown {
  if (Number(numeric(b)) === 0) throw new CommandError(2, "can't $divide by zero");
  return new Double(Number(numeric(a)) / Number(numeric(b)));
}

function remainder(a: unknown, b: unknown): unknown {
  if (Number(numeric(b)) === 0) throw new CommandError(16610, "can't $mod by zero");
  return arithmetic("remainder", a, b);
}

/** Integers stay as they are; a double stays a double. */
const rounding = (round: (value: number) => number) =>
  of(undefined, (value, digits = 0) => {
    if (isNothing(value)) return null;
    const scale = 10 ** (toNumber(digits) ?? 0);
    if (!isDouble(value) && scale >= 1) return value;
    const rounded = round(Number(numeric(value)) * scale) / scale;
    return isDouble(value) ? new Double(rounded) : compute("add", new Int32(0), rounded);
  });

/** Half goes to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const cond: Operator = (operand, name) => {
  const names = ["if", "then", "else"];
  const given = isDocument(operand) ? names.map((part) => parts(operand, name, ...names)[part]) : operand;
  if (!Array.isArray(given) || given.length !== 3)
    throw new CommandError(16020, `Expression ${name} takes exactly 3 arguments.`);
  const [condition, whenTrue, whenFalse] = given.map(expression) as [Expression, Expression, Expression];
  return (scope) => (isTrue(condition(scope)) ? whenTrue(scope) : whenFalse(scope));
};

const choose: Operator = (operand, name) => {
  const { branches, default: otherwise } = parts(operand, name, "branches");
  const cases = arrayOf(branches, name).map((branch) => {
    const { case: condition, then } = parts(branch, name, "case", "then");
    return [expression(condition), expression(then)] as const;
  });
  return (scope) => {
    const found = cases.find(([condition]) => isTrue(condition(scope)));
    if (found !== undefined) return found[1](scope);
    if (otherwise === undefined)
      throw new CommandError(40066, "$switch could not find a matching branch for an input, and no default");
    return expression(otherwise)(scope);
  };
};

const letIn: Operator = (operand, name) => {
  const { vars, in: body } = parts(operand, name, "vars", "in");
  const values = Object.entries(vars as Document).map(([key, value]) => [key, expression(value)] as const);
  const inner = expression(body);
  return (scope) =>
    inner({ ...scope, ...Object.fromEntries(values.map(([key, value]) => [key, value(scope)])) });
};

const reduce: Operator = (operand, name) => {
  const { initialValue } = parts(operand, name, "initialValue");
  const start = expression(initialValue);
  return onElements("in", (items, each, scope) =>
    items.reduce((value, item) => each({ ...scope(item), value }), start(scope(null))),
  )(operand, name);
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

function toText(value: unknown): string {
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Date) return value.toISOString();
  if (["string", "bool", "number"].includes(typeOf(value)))
    return typeOf(value) === "number" ? String(numeric(value)) : String(value);
  throw new CommandError(241, `Unsupported conversion from ${typeName(value)} to string in $convert`);
}

/** Only letters of ASCII change; nothing is an empty text. */
const cased = (letters: RegExp, change: (text: string) => string) =>
  of(1, (value) => (isNothing(value) ? "" : toText(value).replace(letters, change)));

/** Counted in bytes; a length of less than 0, or of more than there is, is to the end. */
function substring(value: unknown, start: unknown, length: unknown): string {
  const bytes = Buffer.from(isNothing(value) ? "" : toText(value));
  const [from, count] = [toNumber(start) ?? 0, toNumber(length) ?? 0];
  const part = bytes.subarray(from, count < 0 ? undefined : from + count);
  if (from >= 0 && Buffer.from(part.toString()).equals(part)) return part.toString();
  throw new CommandError(
    28656,
    "$substrBytes: Invalid range, it starts or ends in the middle of a character",
  );
}

function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value === "string" && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
  throw new CommandError(241, `Failed to parse objectId in $convert with no onError value: ${String(value)}`);
}

function fromPairs(pairs: unknown): Document {
  const entries = arrayOf(pairs, "$arrayToObject") as (Document | unknown[])[];
  return Object.fromEntries(entries.map((pair) => (Array.isArray(pair) ? pair : [pair.k, pair.v])));
}

const operators: Record<string, Operator> = {
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
  $filter: (operand, name) => {
    const { limit } = parts(operand, name, "cond");
    if (limit !== undefined) throw notImplemented("the limit of $filter");
    return onElements("cond", (items, each, scope) => items.filter((item) => isTrue(each(scope(item)))))(
      operand,
      name,
    );
  },
  $reduce: reduce,
  $add: strict(undefined, (...values) => values.reduce(add, new Int32(0))),
  $subtract: strict(2, subtract),
  $multiply: strict(undefined, (...values) =>
    values.reduce((a, b) => arithmetic("multiply", a, b), new Int32(1)),
  ),
  $divide: strict(2, divide),
  $mod: strict(2, remainder),
  $abs: strict(1, (value) =>
    Number(numeric(value)) < 0 ? arithmetic("multiply", value, new Int32(-1)) : value,
  ),
  $ceil: rounding(Math.ceil),
  $floor: rounding(Math.floor),
  $trunc: rounding(Math.trunc),
  $round: rounding(roundHalfEven),
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
  $objectToArray: strict(1, (value) => Object.entries(value as Document).map(([k, v]) => ({ k, v }))),
  $arrayToObject: strict(1, fromPairs),
  $getField: (operand, name) => {
    const { field, input = "$$CURRENT" } =
      isDocument(operand) && "field" in operand ? operand : { field: operand };
    if (typeof field !== "string") throw notImplemented(`a computed field of ${name}`);
    const source = expression(input);
    return (scope) => follow(source(scope), [field]);
  },
  $type: of(1, typeName),
  $isNumber: of(1, (value) => typeOf(value) === "number"),
  $toString: strict(1, toText),
  $toUpper: cased(/[a-z]+/g, (text) => text.toUpperCase()),
  $toLower: cased(/[A-Z]+/g, (text) => text.toLowerCase()),
  $substr: of(3, substring),
  $substrBytes: of(3, substring),
  $regexMatch: (operand, name) => {
    const { input, regex, options } = parts(operand, name, "input", "regex");
    const [pattern, flags] = regex instanceof BSONRegExp ? [regex.pattern, regex.options] : [regex, ""];
    if (typeof pattern !== "string" || pattern.startsWith("$"))
      throw notImplemented(`a computed regex of ${name}`);
    const test = regexTest(pattern, String(options ?? flags));
    const source = expression(input);
    return (scope) => test(source(scope));
  },
  $toObjectId: strict(1, toObjectId),
};

// Those that also work on one array, or on several values.
for (const name of ["$sum", "$avg", "$min", "$max"]) {
  const accumulate = accumulators[name] ?? noMissing;
  operators[name] = of(undefined, (...values) =>
    accumulate(values.length === 1 && Array.isArray(values[0]) ? values[0] : values),
  );
}
