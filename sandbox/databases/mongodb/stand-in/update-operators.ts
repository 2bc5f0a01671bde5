/** What the operators of an update make of a value. */
import { type Document, Int32 } from "bson";
import { timestamp } from "./collection.ts";
import { CommandError, unknown } from "./errors.ts";
import { matcher, valueMatcher } from "./match.ts";
import { sorter } from "./sort.ts";
import {
  compare,
  compute,
  equal,
  isDocument,
  missing,
  type Operation,
  toNumber,
  typeName,
  typeOf,
} from "./values.ts";

/** Of the value at a path, `missing` where there is none, to what is there then; `missing` to take it away. */
export type Change = (before: unknown) => unknown;
type Operator = (operand: unknown, path: string) => Change;

const arithmetic =
  (name: string, operation: Operation): Operator =>
  (operand, path) => {
    if (typeOf(operand) !== "number")
      throw new CommandError(14, `Cannot apply ${name} with a non-numeric argument: {${path}: …}`);
    return (before) => {
      if (before === missing)
        return operation === "add" ? operand : compute(operation, operand, new Int32(0));
      if (typeOf(before) !== "number")
        throw new CommandError(
          14,
          `Cannot apply ${name} to a value of non-numeric type at '${path}', which is of type ${typeName(before)}`,
        );
      const result = compute(operation, before, operand);
      if (result === undefined)
        throw new CommandError(
          2,
          `Failed to apply ${name} operations to current value at '${path}': more than 64 bits`,
        );
      return result;
    };
  };

const extreme =
  (sign: number): Operator =>
  (operand) =>
  (before) =>
    before === missing || compare(operand, before) * sign > 0 ? operand : before;

/** The elements of the array at the path. */
const elements = (name: string, path: string, before: unknown): unknown[] => {
  if (Array.isArray(before)) return before;
  throw new CommandError(
    2,
    `The field '${path}' must be an array for ${name} but is of type ${typeName(before)}`,
  );
};

/** An operator that changes an array, and nothing where there is none. */
const onArray =
  (name: string, make: (operand: unknown) => (items: unknown[]) => unknown[]): Operator =>
  (operand, path) => {
    const change = make(operand);
    return (before) => (before === missing ? missing : change(elements(name, path, before)));
  };

function each(name: string, operand: unknown): unknown[] {
  if (!isDocument(operand) || !("$each" in operand)) return [operand];
  if (Array.isArray(operand.$each)) return operand.$each;
  throw new CommandError(14, `The argument to $each in ${name} must be an array`);
}

const push: Operator = (operand, path) => {
  const items = each("$push", operand);
  const modifiers: Document = isDocument(operand) && "$each" in operand ? operand : {};
  const other = Object.keys(modifiers).find(
    (name) => !["$each", "$position", "$slice", "$sort"].includes(name),
  );
  if (other !== undefined) throw unknown(2, `the clause ${other} of $push`);
  const [position, slice] = [modifiers.$position, modifiers.$slice].map(toNumber);
  const order = modifiers.$sort === undefined ? undefined : elementOrder(modifiers.$sort);
  return (before) => {
    const result = before === missing ? [] : [...elements("$push", path, before)];
    result.splice(position ?? result.length, 0, ...items);
    if (order !== undefined) result.sort(order);
    if (slice === undefined) return result;
    return slice < 0 ? result.slice(slice) : result.slice(0, slice);
  };
};

function elementOrder(sort: unknown): (a: unknown, b: unknown) => number {
  if (!isDocument(sort)) {
    const direction = toNumber(sort);
    if (direction === 1 || direction === -1) return (a, b) => compare(a, b) * direction;
  }
  const order = sorter(sort);
  if (order === undefined)
    throw new CommandError(2, "The $sort of $push has to be 1, -1 or a document of fields");
  return (a, b) => order(isDocument(a) ? a : {}, isDocument(b) ? b : {});
}

const addToSet: Operator = (operand, path) => {
  const items = each("$addToSet", operand);
  return (before) => {
    const result = before === missing ? [] : [...elements("$addToSet", path, before)];
    for (const item of items) if (!result.some((other) => equal(other, item))) result.push(item);
    return result;
  };
};

/** What `$pull` takes away: as in a filter, of fields when it is about documents, or else of the elements. */
function pulled(operand: unknown): (item: unknown) => boolean {
  const isFilter = isDocument(operand) && !Object.keys(operand)[0]?.startsWith("$");
  if (!isFilter) return valueMatcher(operand);
  const matches = matcher(operand);
  return (item) => isDocument(item) && matches(item);
}

function currentDate(operand: unknown): Change {
  const type = isDocument(operand) ? operand.$type : operand;
  if (type === true || type === false || type === "date") return () => new Date();
  if (type === "timestamp") return () => timestamp();
  throw new CommandError(2, "$currentDate: expected true, or a $type of 'date' or 'timestamp'");
}

const set: Operator = (operand) => () => operand;

export const changes: Record<string, Operator> = {
  $set: set,
  $setOnInsert: set,
  $unset: () => () => missing,
  $inc: arithmetic("$inc", "add"),
  $mul: arithmetic("$mul", "multiply"),
  $min: extreme(-1),
  $max: extreme(1),
  $rename: (operand, path) => {
    if (typeof operand === "string" && operand !== "" && operand !== path) return () => operand;
    throw new CommandError(2, `The 'to' field for $rename must be another path: ${path}`);
  },
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pull: onArray("$pull", (operand) => {
    const goes = pulled(operand);
    return (items) => items.filter((item) => !goes(item));
  }),
  $pullAll: onArray("$pullAll", (operand) => {
    if (!Array.isArray(operand)) throw new CommandError(2, "$pullAll requires an array argument");
    return (items) => items.filter((item) => !operand.some((other) => equal(other, item)));
  }),
  $pop: onArray("$pop", (operand) => {
    const end = toNumber(operand);
    if (end !== 1 && end !== -1) throw new CommandError(9, "$pop expects 1 or -1");
    return (items) => (end === 1 ? items.slice(0, -1) : items.slice(1));
  }),
};
