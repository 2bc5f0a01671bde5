/** What `$group` makes of the values of a group; most are expressions, too. */
import { type Document, Double, Int32 } from "bson";
import { CommandError } from "./errors.ts";
import { noMissing } from "./paths.ts";
import { compare, compute, isDocument, keyOf, missing, numeric, typeName, typeOf } from "./values.ts";

export type Accumulator = (values: unknown[]) => unknown;

const numbers = (values: unknown[]) => values.filter((value) => typeOf(value) === "number");
const present = (values: unknown[]) => values.filter((value) => value !== missing);

const sum: Accumulator = (values) =>
  numbers(values).reduce<unknown>(
    (total, value) =>
      compute("add", total, value) ?? compute("add", new Double(Number(numeric(total))), value),
    new Int32(0),
  );

const extreme =
  (sign: number): Accumulator =>
  (values) =>
    values
      .filter((value) => typeOf(value) !== "null" && value !== undefined)
      .reduce<unknown>(
        (best, value) => (best === null || compare(value, best) * sign > 0 ? value : best),
        null,
      );

export function mergeObjects(values: unknown[]): Document {
  const given = present(values).filter((value) => value !== null);
  const other = given.find((value) => !isDocument(value));
  if (other === undefined) return Object.assign({}, ...given);
  throw new CommandError(
    40400,
    `$mergeObjects requires object inputs, but got one of type ${typeName(other)}`,
  );
}

export const accumulators: Record<string, Accumulator> = {
  $sum: sum,
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
  $addToSet: (values) => [...new Map(present(values).map((value) => [keyOf(value), value])).values()],
  $mergeObjects: mergeObjects,
};
