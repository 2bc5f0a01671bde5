/** Operators of expressions that mingo has, on texts, dates and numbers. It knows JavaScript's types only. */
import { type Document, Double, Int32, Long, ObjectId, Timestamp } from "bson";
import { Context, computeValue } from "mingo/core";
import * as arithmetic from "mingo/operators/expression/arithmetic";
import * as array from "mingo/operators/expression/array";
import * as date from "mingo/operators/expression/date";
import * as text from "mingo/operators/expression/string";
import * as type from "mingo/operators/expression/type";
import { notImplemented } from "./errors.ts";
import { isNothing, type Operator } from "./operator.ts";
import { isDocument, missing, numeric, toBson, typeOf } from "./values.ts";

const words = (text: string) => text.split(" ");

// Not all that it has: $week, $toUpper, $sortArray, $arrayToObject and others have other results there than in MongoDB.
const onTexts = words(
  "$concat $strLenCP $strLenBytes $substrCP $split $trim $ltrim $rtrim $replaceOne $replaceAll",
);
const onDates = words(
  "$year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $isoWeek $isoDayOfWeek $dateToString $dateToParts $dateTrunc",
);
const onTwoDates = words("$dateAdd $dateSubtract");
const onNumbers = words("$pow $toBool $toDate $range");
/** Whose result is of one type, whole number or not. */
const results: Record<string, (value: number) => unknown> = {
  $toInt: (value) => new Int32(value),
  $toLong: (value) => Long.fromNumber(value),
  $dateDiff: (value) => Long.fromNumber(value),
  ...Object.fromEntries(
    words("$toDouble $sqrt $exp $ln $log $log10").map((name) => [name, (value) => new Double(value)]),
  ),
};
const known = [...onTexts, ...onDates, ...onTwoDates, ...onNumbers, ...Object.keys(results)];

const context = Context.init();
const constant = { $literal: (_: unknown, value: unknown) => value };
for (const operators of [arithmetic, array, date, text, type, constant])
  context.addExpressionOps(operators as never);

/** The operator, or undefined when there is none of this name that is right. */
export function borrowed(name: string): Operator | undefined {
  if (!known.includes(name)) return undefined;
  return (operand, compile) => {
    const argument = compile(operand);
    return (scope) => {
      const value = argument(scope);
      if (onDates.includes(name) && isNothing(dateOf(value)) && !hasOnNull(value)) return null;
      if (isDocument(value) && [value.startDate, value.endDate].includes(null)) return null;
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
  const { format, timezone = "UTC", unit, startDate }: Document = isDocument(value) ? value : {};
  const refuse = (what: string) => {
    throw notImplemented(`${what} of ${name}`);
  };
  if (name === "$dateToString") {
    if (/%[GUw]/.test(String(format))) refuse("%G, %U and %w");
    if (format === undefined && timezone !== "UTC") refuse("a time zone without a format");
  }
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text === "string" && name.startsWith("$to") && name !== "$toBool") {
    if (
      name === "$toDate" ? !/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/.test(text) : !number.test(text)
    )
      refuse(`the text ${JSON.stringify(text)}`);
  }
  if (!["$dateTrunc", "$dateAdd", "$dateSubtract", "$dateDiff"].includes(name)) return;
  if (timezone !== "UTC") refuse("a time zone");
  if (name === "$dateDiff" && (unit === "second" || unit === "millisecond")) refuse(`the unit ${unit}`);
  const isMonths = ["month", "quarter", "year"].includes(String(unit));
  if (isMonths && startDate instanceof Date && startDate.getUTCDate() > 28 && name !== "$dateDiff")
    refuse("months after the 28th");
}

const number = /^[+-]?\d+(\.\d+)?$/;

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
