/**
 * Updates: a replacement, operators, or a pipeline.
 * @see https://www.mongodb.com/docs/manual/reference/operator/update/
 */
import type { Document } from "bson";
import { aggregation } from "./aggregate.ts";
import { stamped } from "./collection.ts";
import { CommandError, notImplemented, unknown } from "./errors.ts";
import { hasOperators, matchedPlace, matcher, type Predicate } from "./match.ts";
import { follow, put } from "./paths.ts";
import { type Change, changes } from "./update-operators.ts";
import { copy, equal, isDocument, missing, typeOf } from "./values.ts";

/** @param inserting whether the document is new, made by an upsert */
export type Changer = (document: Document, inserting: boolean) => Document;

interface Step {
  operator: string;
  path: string;
  parts: string[];
  change: Change;
}

const onlyPlain = ["$rename", "$setOnInsert"];

/**
 * The update as a function that leaves what it is given alone.
 *
 * @param filter by which the document was found: the positional `$` is the element that it matched
 */
export function changer(update: unknown, filter: Document = {}, arrayFilters?: unknown): Changer {
  if (Array.isArray(update)) return byPipeline(update, arrayFilters);
  if (!isDocument(update)) throw new CommandError(9, "Update argument must be either an object or an array");
  const names = Object.keys(update);
  if (names[0]?.startsWith("$") !== true) return (document) => replace(document, update);
  const filters = parseArrayFilters(arrayFilters);
  const steps = names.flatMap((operator) => parse(operator, update[operator]));
  refuseConflicts(steps);
  const used = new Set(steps.flatMap(({ parts }) => parts));
  for (const name of filters.keys())
    if (!used.has(`$[${name}]`))
      throw new CommandError(9, `The array filter for identifier '${name}' was not used in the update`);
  steps.sort((a, b) => comparePaths(a.parts, b.parts));
  return (document, inserting) => {
    const result = copy(document);
    for (const { operator, path, parts, change } of steps) {
      if (operator === "$setOnInsert" && !inserting) continue;
      if (operator === "$rename") rename(result, path, change(missing) as string);
      else
        for (const place of places(document, result, parts, [], filter, filters))
          changeAt(result, place, place.join("."), change);
    }
    refuseNewId(document, result, inserting);
    return result;
  };
}

function parse(operator: string, fields: unknown): Step[] {
  if (operator === "$bit") throw notImplemented(operator);
  const make = Object.hasOwn(changes, operator) ? changes[operator] : undefined;
  if (make === undefined) throw unknown(9, `the operator ${operator} of an update`);
  if (!isDocument(fields))
    throw new CommandError(9, `Modifiers operate on fields but we found another type for ${operator}`);
  return Object.entries(fields).map(([path, operand]) => {
    const parts = parsePath(path);
    if (onlyPlain.includes(operator) && parts.some((part) => part.startsWith("$")))
      throw notImplemented(`the positional or $-path '${path}' of ${operator}`);
    return { operator, path, parts, change: make(operand, path) };
  });
}

function byPipeline(pipeline: unknown[], arrayFilters: unknown): Changer {
  if (arrayFilters !== undefined)
    throw new CommandError(9, "arrayFilters may not be specified for pipeline-style updates");
  const allowed = ["$addFields", "$set", "$unset", "$project", "$replaceRoot", "$replaceWith"];
  const run = aggregation(pipeline, undefined, allowed);
  return (document, inserting) => {
    const [{ _id = document._id, ...rest } = {}] = run([document]);
    const result = copy(_id === undefined ? rest : { _id, ...rest });
    refuseNewId(document, result, inserting);
    return result;
  };
}

function replace(document: Document, replacement: Document): Document {
  const bad = Object.keys(replacement).find((name) => name.startsWith("$"));
  if (bad !== undefined)
    throw new CommandError(52, `The dollar ($) prefixed field '${bad}' is not allowed in a replacement`);
  const { _id = document._id, ...rest } = replacement;
  const result = _id === undefined ? rest : { _id, ...rest };
  refuseNewId(document, result, document._id === undefined);
  return stamped(copy(result));
}

function refuseNewId(before: Document, after: Document, inserting: boolean): void {
  if (["array", "regex", "undefined"].includes(typeOf(after._id ?? null)))
    throw new CommandError(53, `The '_id' value cannot be of type ${typeOf(after._id)}`);
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
  return parts;
}

/** By name, numbers by what they are worth: that is the order in which new fields appear. */
function comparePaths(a: string[], b: string[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i] ?? "";
    if (part === other) continue;
    if (/^\d+$/.test(part) && /^\d+$/.test(other)) return Number(part) - Number(other);
    return Buffer.compare(Buffer.from(part), Buffer.from(other));
  }
  return a.length - b.length;
}

function refuseConflicts(steps: Step[]): void {
  const paths = steps.flatMap(({ operator, path, change }) =>
    operator === "$rename" ? [path, change(missing) as string] : [path],
  );
  for (const [i, path] of paths.entries())
    for (const other of paths.slice(i + 1))
      if (path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`))
        throw new CommandError(40, `Updating the path '${other}' would create a conflict at '${path}'`);
}

/** Which elements `$[name]` is about, by its name. */
function parseArrayFilters(arrayFilters: unknown = []): Map<string, Predicate> {
  if (!Array.isArray(arrayFilters)) throw new CommandError(14, "arrayFilters must be an array");
  const filters = arrayFilters.map((filter): [string, Predicate] => {
    const names = new Set(fieldNames(filter));
    const [name] = names;
    if (name === undefined || names.size > 1)
      throw new CommandError(9, "Expected a single top-level field name in each of arrayFilters");
    return [name, matcher(filter)];
  });
  if (new Map(filters).size < filters.length)
    throw new CommandError(9, "Found multiple array filters with the same top-level field name");
  return new Map(filters);
}

const fieldNames = (filter: unknown): string[] =>
  Object.entries(isDocument(filter) ? filter : {}).flatMap(([name, value]) =>
    name.startsWith("$") && Array.isArray(value) ? value.flatMap(fieldNames) : [name.split(".")[0] ?? ""],
  );

/** The path with places in arrays for its `$`, `$[]` and `$[name]`. */
function places(
  before: Document,
  at: unknown,
  [part, ...rest]: string[],
  way: string[],
  filter: Document,
  filters: Map<string, Predicate>,
): string[][] {
  if (part === undefined) return [way];
  const into = (step: string) => {
    const inner = Array.isArray(at) || isDocument(at) ? (at as Document)[step] : undefined;
    return places(before, inner, rest, [...way, step], filter, filters);
  };
  if (part === "$") {
    const place = matchedPlace(filter, before, way.join("."));
    if (place === undefined)
      throw new CommandError(2, "The positional operator did not find the match needed from the query.");
    return into(String(place));
  }
  const name = /^\$\[(.*)\]$/.exec(part)?.[1];
  if (name === undefined) {
    if (part.startsWith("$") && way.length === 0) throw notImplemented(`the path '${part}' in an update`);
    return into(part);
  }
  const wanted = name === "" ? () => true : filters.get(name);
  if (wanted === undefined)
    throw new CommandError(
      2,
      `No array filter found for identifier '${name}' in path '${way.join(".")}.${part}'`,
    );
  if (!Array.isArray(at))
    throw new CommandError(
      2,
      at === undefined
        ? `The path '${way.join(".")}' must exist in the document in order to apply array updates.`
        : `Cannot apply array updates to non-array element ${way.at(-1)}`,
    );
  return at.flatMap((element, i) => (wanted({ [name]: element }) ? into(String(i)) : []));
}

/** What the change makes `missing` is taken away. Way that is missing is made, unless there is nothing to put. */
function changeAt(document: Document, parts: string[], path: string, change: Change): void {
  let at: Document | unknown[] = document;
  for (const [depth, part] of parts.entries()) {
    const container = at as Record<string | number, unknown>;
    if (Array.isArray(at) && !/^\d+$/.test(part) && change(missing) === missing) return;
    const index = Array.isArray(at) ? arrayIndex(at, part, path) : part;
    const here: unknown = Object.hasOwn(container, index) ? container[index] : missing;
    if (depth === parts.length - 1) {
      const after = change(here);
      if (after !== missing) put(at, index, after);
      else if (here !== missing && Array.isArray(at)) put(at, index, null);
      else delete container[index];
      return;
    }
    if (here !== missing && (Array.isArray(here) || isDocument(here))) at = here;
    else if (change(missing) === missing) return;
    else if (here !== missing)
      throw new CommandError(28, `Cannot create field '${parts[depth + 1]}' in element {${part}: …}`);
    else {
      const made = {};
      put(at, index, made);
      at = made;
    }
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

function rename(document: Document, from: string, to: string): void {
  const [source, target] = [from.split("."), to.split(".")];
  for (const path of [source, target])
    if (path.some((_, i) => Array.isArray(follow(document, path.slice(0, i), false))))
      throw new CommandError(
        2,
        `The source and the target of $rename cannot be in an array: '${path.join(".")}'`,
      );
  const value = follow(document, source, false);
  if (value === missing) return;
  changeAt(document, source, from, () => missing);
  changeAt(document, target, to, () => value);
}

/** What an upsert's new document starts with: the fields that its filter says to be equal to something. */
export function upsertSeed(filter: Document, seed: Document = {}): Document {
  for (const [path, condition] of Object.entries(filter)) {
    if (path === "$and" || (path === "$or" && condition.length === 1))
      for (const part of condition) upsertSeed(part, seed);
    if (path.startsWith("$")) continue;
    const value = hasOperators(condition) ? only(condition) : condition;
    if (value === missing || typeOf(value) === "regex") continue;
    changeAt(seed, parsePath(path), path, (before) => {
      if (before === missing) return value;
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    });
  }
  return seed;
}

/** The one value that the operators leave; `missing` when they leave more. */
function only({ $eq = missing, $in = [], $all = [] }: Document): unknown {
  if ($eq !== missing) return $eq;
  const [list] = [$in, $all].filter((each) => each.length === 1 && !hasOperators(each[0]));
  return list === undefined ? missing : list[0];
}
