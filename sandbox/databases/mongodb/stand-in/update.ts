/**
 * Updates: a replacement, or operators.
 * @see https://www.mongodb.com/docs/manual/reference/operator/update/
 */
import type { Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { add, copy, equal, isDocument, missing, typeOf } from "./values.ts";

/** @param inserting whether the document is new, made by an upsert */
export type Change = (document: Document, inserting: boolean) => Document;

const operators = ["$set", "$unset", "$inc", "$push", "$addToSet", "$setOnInsert"];

/** The update as a function that leaves what it is given alone. */
export function changer(update: unknown): Change {
  if (Array.isArray(update)) throw notImplemented("updates by a pipeline");
  if (!isDocument(update)) throw new CommandError(9, "Update argument must be either an object or an array");
  const names = Object.keys(update);
  if (names[0]?.startsWith("$") !== true) return (document) => replace(document, update);
  const steps: { operator: string; path: string; parts: string[]; operand: unknown }[] = [];
  for (const operator of names) {
    if (!operators.includes(operator)) {
      if (known.includes(operator)) throw notImplemented(operator);
      throw new CommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    const fields: unknown = update[operator];
    if (!isDocument(fields))
      throw new CommandError(9, `Modifiers operate on fields but we found another type for ${operator}`);
    for (const [path, operand] of Object.entries(fields))
      steps.push({ operator, path, parts: parsePath(path), operand });
  }
  refuseConflicts(steps.map(({ path }) => path));
  return (document, inserting) => {
    const result = copy(document);
    for (const { operator, path, parts, operand } of steps)
      if (operator !== "$setOnInsert" || inserting)
        changeAt(result, parts, path, operator === "$unset" ? undefined : operation(operator, path, operand));
    refuseNewId(document, result, inserting);
    return result;
  };
}

const known = ["$currentDate", "$min", "$max", "$mul", "$rename", "$pop", "$pull", "$pullAll", "$bit"];

function replace(document: Document, replacement: Document): Document {
  const bad = Object.keys(replacement).find((name) => name.startsWith("$"));
  if (bad !== undefined)
    throw new CommandError(52, `The dollar ($) prefixed field '${bad}' is not valid for storage`);
  const { _id = document._id, ...rest } = replacement;
  const result = _id === undefined ? rest : { _id, ...rest };
  refuseNewId(document, result, document._id === undefined);
  return copy(result);
}

function refuseNewId(before: Document, after: Document, inserting: boolean): void {
  if (inserting && before._id === undefined) return;
  if (!equal(before._id, after._id) || typeOf(before._id) !== typeOf(after._id))
    throw new CommandError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
}

function parsePath(path: string): string[] {
  const parts = path.split(".");
  if (parts.includes(""))
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  if (parts.some((part) => part.startsWith("$"))) throw notImplemented(`the positional or $-path '${path}'`);
  return parts;
}

function refuseConflicts(paths: string[]): void {
  for (const [i, path] of paths.entries())
    for (const other of paths.slice(i + 1))
      if (path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`))
        throw new CommandError(40, `Updating the path '${other}' would create a conflict at '${path}'`);
}

function operation(operator: string, path: string, operand: unknown): (before: unknown) => unknown {
  switch (operator) {
    case "$inc":
      if (typeOf(operand) !== "number")
        throw new CommandError(14, `Cannot increment with non-numeric argument: {${path}: …}`);
      return (before) => {
        if (before === missing) return operand;
        if (typeOf(before) !== "number")
          throw new CommandError(14, `Cannot apply $inc to a value of non-numeric type at '${path}'`);
        return add(before, operand);
      };
    case "$push":
    case "$addToSet": {
      const items = each(operator, operand);
      return (before) => {
        if (before !== missing && !Array.isArray(before))
          throw new CommandError(2, `The field '${path}' must be an array for ${operator}`);
        const result: unknown[] = before === missing ? [] : [...(before as unknown[])];
        for (const item of items)
          if (operator === "$push" || !result.some((other) => equal(other, item))) result.push(item);
        return result;
      };
    }
    default:
      return () => operand;
  }
}

function each(operator: string, operand: unknown): unknown[] {
  if (!isDocument(operand) || !("$each" in operand)) return [operand];
  const others = Object.keys(operand).filter((name) => name !== "$each");
  if (others.length > 0) throw notImplemented(`${others[0]} of ${operator}`);
  if (!Array.isArray(operand.$each))
    throw new CommandError(14, `The argument to $each in ${operator} must be an array`);
  return operand.$each;
}

/** Without a change the value is taken away. Way that is missing is made, unless there is nothing to take away. */
function changeAt(
  document: Document,
  parts: string[],
  path: string,
  change: ((before: unknown) => unknown) | undefined,
): void {
  let at: Document | unknown[] = document;
  for (const [depth, part] of parts.entries()) {
    const index = Array.isArray(at) ? arrayIndex(at, part, path) : part;
    const container = at as Record<string | number, unknown>;
    const here: unknown = Object.hasOwn(container, index) ? container[index] : missing;
    if (depth === parts.length - 1) {
      if (change !== undefined) put(at, index, change(here));
      else if (here !== missing) {
        if (Array.isArray(at)) put(at, index, null);
        else delete container[index];
      }
      return;
    }
    if (here === missing) {
      if (change === undefined) return;
      const made = {};
      put(at, index, made);
      at = made;
    } else if (Array.isArray(here) || isDocument(here)) at = here;
    else if (change === undefined) return;
    else throw new CommandError(28, `Cannot create field '${parts[depth + 1]}' in element {${part}: …}`);
  }
}

function arrayIndex(array: unknown[], part: string, path: string): number {
  if (!/^\d+$/.test(part))
    throw new CommandError(28, `Cannot create field '${part}' in an array, at '${path}'`);
  const index = Number(part);
  if (index > array.length + 1_500_000)
    throw new CommandError(2, `can't backfill array to larger than 1500000 elements`);
  return index;
}

/** Arrays have no holes; `__proto__` is a name like any other. */
function put(container: Document | unknown[], index: string | number, value: unknown): void {
  if (Array.isArray(container)) while (container.length < Number(index)) container.push(null);
  Object.defineProperty(container, index, { value, enumerable: true, configurable: true, writable: true });
}

/** What an upsert's new document starts with: the fields that its filter says to be equal to something. */
export function upsertSeed(filter: Document): Document {
  const seed: Document = {};
  for (const [path, condition] of Object.entries(filter)) {
    if (path === "$and" && Array.isArray(condition)) {
      for (const part of condition)
        for (const [name, value] of Object.entries(upsertSeed(part))) put(seed, name, value);
      continue;
    }
    if (path.startsWith("$")) continue;
    const operatorsOnly = isDocument(condition) && Object.keys(condition)[0]?.startsWith("$") === true;
    const value: unknown = operatorsOnly ? condition.$eq : condition;
    if ((operatorsOnly && !("$eq" in condition)) || typeOf(value) === "regex") continue;
    changeAt(seed, parsePath(path), path, () => value);
  }
  return seed;
}
