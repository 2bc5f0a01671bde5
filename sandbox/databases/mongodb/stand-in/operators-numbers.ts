/** Operators of expressions that compute, in MongoDB's types of numbers. */
import { Double, Int32, Long } from "bson";
import { CommandError } from "./errors.ts";
import { isNothing, type Operator, of, strict } from "./operator.ts";
import { compute, isDouble, numeric, type Operation, toNumber } from "./values.ts";

/** Beyond 64 bits as a double. */
const arithmetic = (operation: Operation, a: unknown, b: unknown): unknown =>
  compute(operation, a, b) ?? compute(operation, new Double(Number(numeric(a))), b);

export const sum = (numbers: unknown[]): unknown =>
  numbers.reduce((total, value) => arithmetic("add", total, value), new Int32(0));

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

export const numberOperators: Record<string, Operator> = {
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
};
