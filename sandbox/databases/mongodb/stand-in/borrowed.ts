/** Operators of expressions that mingo has, on texts, dates and numbers. It knows JavaScript's types only. */
import { type Document, Double, Int32, Long, ObjectId, Timestamp } from "bson";
import { Context, computeValue } from "mingo/core";
import * as operators from "mingo/operators/expression";
import { notImplemented } from "./errors.ts";
import { type Expression, expression, isNothing } from "./expressions.ts";
import { isDocument, missing, numeric, toBson, typeOf } from "./values.ts";

const words = (text: string) => text.split(" ");

// Not all that it has: $week, $isoWeekYear, $sortArray and others have other results there than in MongoDB.
const onTexts = words(
  "$concat $toLower $toUpper $strcasecmp $strLenCP $strLenBytes $substr $substrCP $substrBytes $indexOfBytes $split $trim $ltrim $rtrim $replaceOne $replaceAll",
);
const onDates = words(
  "$year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $isoWeek $isoDayOfWeek $dateToString $dateToParts $dateTrunc",
);
const onTwoDates = words("$dateDiff $dateAdd $dateSubtract $dateFromParts");
const onNumbers = words("$pow $toBool $toDate $range");
/** Whose result is of one type, whole number or not. */
const results: Record<string, (value: number) => unknown> = {
  $toInt: (value) => new Int32(value),
  $toLong: (value) => Long.fromNumber(value),
  ...Object.fromEntries(
    words("$toDouble $sqrt $exp $ln $log $log10 $rand").map((name) => [name, (value) => new Double(value)]),
  ),
};
const known = [...onTexts, ...onDates, ...onTwoDates, ...onNumbers, ...Object.keys(results)];

const context = Context.init({ expression: operators } as unknown as Parameters<typeof Context.init>[0]);

/** The operator, or undefined when there is none of this name that is right. */
export function borrowed(name: string): ((operand: unknown) => Expression) | undefined {
  if (!known.includes(name)) return undefined;
  return (operand) => {
    const argument = expression(operand);
    return (scope) => {
      const value = argument(scope);
      if (onDates.includes(name) && isNothing(dateOf(value)) && !hasOnNull(value)) return null;
      refuseWrong(name, value);
      try {
        const given = onDates.includes(name) ? withDate(value) : value;
        return fromPlain(
          computeValue(null, literal(toPlain(given)), name, { context } as never),
          results[name],
        );
      } catch (error) {
        if (!(error instanceof Error) || error.constructor.name === "CommandError") throw error;
        throw notImplemented(`${name} of these values (${error.message})`);
      }
    };
  };
}

const dateOf = (value: unknown): unknown => {
  const inner = Array.isArray(value) ? value[0] : value;
  return isDocument(inner) ? inner.date : inner;
};

const hasOnNull = (value: unknown) => isDocument(value) && "onNull" in value;

/** An ObjectId and a timestamp are dates, too. */
function withDate(value: unknown): unknown {
  const date = dateOf(value);
  const made =
    date instanceof ObjectId
      ? date.getTimestamp()
      : date instanceof Timestamp
        ? new Date(date.getHighBitsUnsigned() * 1000)
        : date;
  return isDocument(value) ? { ...value, date: made } : made;
}

/** Where mingo's result would be another than MongoDB's. */
function refuseWrong(name: string, value: unknown): void {
  const given: Document = isDocument(value) ? value : {};
  if (name === "$dateToString" && /%[GUu]/.test(String(given.format))) throw notImplemented("%G, %U and %u");
  if (name === "$dateTrunc" && (given.timezone ?? "UTC") !== "UTC")
    throw notImplemented("a time zone of $dateTrunc");
  if (!["$dateAdd", "$dateSubtract"].includes(name)) return;
  if (isNothing(given.startDate)) throw notImplemented(`${name} without a date`);
  if (given.timezone !== undefined && given.timezone !== "UTC")
    throw notImplemented(`a time zone of ${name}`);
  if (
    ["month", "quarter", "year"].includes(String(given.unit)) &&
    (given.startDate as Date).getUTCDate() > 28
  )
    throw notImplemented(`${name} by months after the 28th`);
}

function toPlain(value: unknown): unknown {
  if (typeOf(value) === "number") {
    const number = numeric(value);
    if (typeof number === "bigint" && BigInt(Number(number)) !== number)
      throw notImplemented("integers of more than 53 bits in this expression");
    return Number(number);
  }
  if (value === missing || value === undefined) return null;
  if (Array.isArray(value)) return value.map(toPlain);
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toPlain(field)]));
  return value;
}

/** So that nothing in it is taken for a path or an operator. */
function literal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value === "string" && value.startsWith("$")) return { $literal: value };
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, literal(field)]));
  return value;
}

function fromPlain(value: unknown, type: (value: number) => unknown = toBson): unknown {
  if (typeof value === "number") return type(value);
  if (Array.isArray(value)) return value.map((each) => fromPlain(each, type));
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fromPlain(field, type)]));
  return value ?? null;
}
