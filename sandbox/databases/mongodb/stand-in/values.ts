/**
 * BSON's values: how they compare, when they are equal, how they are copied.
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
import { type Document, Double, EJSON, Int32, Long, type ObjectId, serialize } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { parseDocument } from "./wire.ts";

/** What a path leads to when there is nothing; not BSON's deprecated `undefined`. */
export const missing = Symbol("missing");

/** In the order in which values of different types sort. */
const order = [
  "MinKey",
  "undefined",
  "null",
  "number",
  "string",
  "object",
  "array",
  "binData",
  "objectId",
  "bool",
  "date",
  "timestamp",
  "regex",
  "code",
  "MaxKey",
] as const;
export type Type = (typeof order)[number];

/** BSON's classes: what `$type` calls them, and their place among types where that is called otherwise. */
const classes: Record<string, [name: string, type?: Type]> = {
  Int32: ["int", "number"],
  Double: ["double", "number"],
  Long: ["long", "number"],
  Decimal128: ["decimal", "number"],
  BSONSymbol: ["symbol", "string"],
  Binary: ["binData"],
  ObjectId: ["objectId"],
  Timestamp: ["timestamp"],
  BSONRegExp: ["regex"],
  Code: ["javascript", "code"],
  MinKey: ["minKey", "MinKey"],
  MaxKey: ["maxKey", "MaxKey"],
};

/** As `$type` calls it. */
export function typeName(value: unknown): string {
  if (value === missing) return "missing";
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "double";
  if (typeof value === "bigint") return "long";
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  const name = (value as { _bsontype?: unknown } | undefined)?._bsontype;
  // A document may have a field of this name.
  if (typeof name !== "string" || Object.hasOwn(value as object, "_bsontype")) return typeof value;
  const known = classes[name];
  if (known === undefined) throw notImplemented(`values of type ${name}`);
  return known[0];
}

const types = new Map(Object.values(classes).map(([name, type]) => [name, type ?? name]));
types.set("missing", "null");

/** The value's place among types. A missing value counts as null. */
export function typeOf(value: unknown): Type {
  const name = typeName(value);
  return (types.get(name) ?? name) as Type;
}

/** The numbers of BSON's types by the names that `$type` knows; `number` is any of them. */
export const typeNumbers: Record<string, number> = {
  ...Object.fromEntries(
    "double string object array binData undefined objectId bool date null regex dbPointer javascript symbol javascriptWithScope int timestamp long decimal"
      .split(" ")
      .map((name, i) => [name, i + 1]),
  ),
  minKey: -1,
  maxKey: 127,
  number: -2,
};

export const isDocument = (value: unknown): value is Document => typeOf(value) === "object";

/** Integers of 64 bits exactly, as JavaScript compares them with other numbers. */
export function numeric(value: unknown): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Long) return value.toBigInt();
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (typeName(value) === "decimal") throw notImplemented("to compare or compute with Decimal128");
  throw new CommandError(14, `expected a number; got a value of type ${typeName(value)}`);
}

/** Which of two values sorts first: negative, 0 or positive. */
export function compare(a: unknown, b: unknown): number {
  const type = typeOf(a);
  const other = typeOf(b);
  if (type !== other) return order.indexOf(type) - order.indexOf(other);
  switch (type) {
    case "number":
      return compareNumbers(numeric(a), numeric(b));
    case "string":
      return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
    case "bool":
    case "date":
      return Math.sign(Number(a) - Number(b));
    case "array":
      return compareAll(a as unknown[], b as unknown[], compare);
    case "object":
      return compareAll(Object.entries(a as Document), Object.entries(b as Document), compareFields);
    case "objectId":
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case "timestamp":
      return Math.sign((a as Long).compare(b as Long));
    case "undefined":
    case "null":
    case "MinKey":
    case "MaxKey":
      return 0;
    default: {
      // Binary, regular expressions, code: by length and then bytes.
      const [left, right] = [Buffer.from(serialize({ v: a })), Buffer.from(serialize({ v: b }))];
      return left.length - right.length || Buffer.compare(left, right);
    }
  }
}

/** NaN is less than any other number, and equal to itself. */
function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareAll<T>(a: T[], b: T[], by: (a: T, b: T) => number): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const result = by(a[i] as T, b[i] as T);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

/** A field's type counts before its name, and its name before its value. */
function compareFields([nameA, a]: [string, unknown], [nameB, b]: [string, unknown]): number {
  return typeOf(a) === typeOf(b) ? compare(nameA, nameB) || compare(a, b) : compare(a, b);
}

export const equal = (a: unknown, b: unknown) => compare(a, b) === 0;

/** A text that equal values share and others do not: numbers of every type by what they are worth. */
export function keyOf(value: unknown): string {
  const type = typeOf(value);
  if (type === "number") {
    const number = numeric(value);
    return `number ${typeof number === "bigint" || Number.isInteger(number) ? BigInt(number) : number}`;
  }
  if (type === "array") return `[${(value as unknown[]).map(keyOf).join()}]`;
  if (type === "object") {
    const fields = Object.entries(value as Document).map(
      ([name, field]) => `${JSON.stringify(name)}:${keyOf(field)}`,
    );
    return `{${fields.join()}}`;
  }
  if (type === "null" || type === "undefined") return type;
  return `${type} ${EJSON.stringify(value, { relaxed: false })}`;
}

/** Stricter than equal: the types of numbers and the order of fields count. */
export const sameBytes = (a: Document, b: Document) => Buffer.compare(serialize(a), serialize(b)) === 0;

/** A copy that shares nothing. */
export const copy = (document: Document): Document => parseDocument(serialize(document));

/** A command's number, or undefined when it is not there. */
export function toNumber(value: unknown): number | undefined {
  return typeOf(value) !== "number" ? undefined : Number(numeric(value));
}

/** Numbers and booleans as flags, as MongoDB takes them. */
export function truthy(value: unknown): boolean {
  if (typeOf(value) === "number") return Number(numeric(value)) !== 0;
  return value !== false && value !== null && value !== undefined;
}

/** The smallest of MongoDB's types that holds a result of arithmetics, and none smaller than its operands'. */
function fromNumeric(value: bigint, ...operands: unknown[]): Int32 | Long {
  if (!operands.some((operand) => operand instanceof Long) && BigInt.asIntN(32, value) === value)
    return new Int32(Number(value));
  return Long.fromBigInt(value);
}

/** A number that JavaScript computed, as MongoDB stores it: an integer where it is one. */
export function toBson(value: number): Int32 | Long | Double {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? fromNumeric(BigInt(value))
    : new Double(value);
}

const operations = {
  add: { double: (a: number, b: number) => a + b, integer: (a: bigint, b: bigint) => a + b },
  subtract: { double: (a: number, b: number) => a - b, integer: (a: bigint, b: bigint) => a - b },
  multiply: { double: (a: number, b: number) => a * b, integer: (a: bigint, b: bigint) => a * b },
  remainder: { double: (a: number, b: number) => a % b, integer: (a: bigint, b: bigint) => a % b },
};
export type Operation = keyof typeof operations;

/** Two numbers computed, in the type that MongoDB gives it; undefined beyond 64 bits. */
export function compute(operation: Operation, a: unknown, b: unknown): Int32 | Long | Double | undefined {
  const { double, integer } = operations[operation];
  const [left, right] = [numeric(a), numeric(b)];
  if (isDouble(a) || isDouble(b)) return new Double(double(Number(left), Number(right)));
  const result = integer(BigInt(left), BigInt(right));
  return BigInt.asIntN(64, result) === result ? fromNumeric(result, a, b) : undefined;
}

export const isDouble = (value: unknown) =>
  value instanceof Double || (typeof value === "number" && !Number.isInteger(value));
