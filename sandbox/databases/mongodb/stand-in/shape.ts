/** What of documents is returned, and in which order. */
import type { Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { compare, isDocument, missing, toNumber, truthy, typeOf } from "./values.ts";

/** A sort as a comparison; undefined when there is nothing to sort by. */
export function sorter(sort: unknown): ((a: Document, b: Document) => number) | undefined {
  if (sort === undefined) return undefined;
  if (!isDocument(sort)) throw new CommandError(14, "Expected field sort to be of type object");
  const keys = Object.entries(sort).map(([path, value]) => {
    if (path.startsWith("$") || isDocument(value))
      throw notImplemented("to sort by $natural, $meta or expressions");
    const direction = toNumber(value);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    return { parts: path.split("."), direction };
  });
  if (keys.length === 0) return undefined;
  return (a, b) => {
    for (const { parts, direction } of keys) {
      const order = compare(sortKey(a, parts, direction), sortKey(b, parts, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

/** Of an array the smallest element counts when ascending, and the largest when descending. */
function sortKey(document: Document, parts: string[], direction: number): unknown {
  const candidates = [...leaves(document, parts, 0)];
  return candidates.reduce(
    (best, value) => (compare(value, best) * direction < 0 ? value : best),
    candidates[0],
  );
}

function* leaves(value: unknown, parts: string[], at: number): Generator<unknown> {
  if (Array.isArray(value)) {
    const part = parts[at];
    if (part !== undefined && /^\d+$/.test(part)) yield* leaves(value[Number(part)], parts, at + 1);
    // An empty array sorts as BSON's `undefined`, before null.
    else if (value.length === 0) yield undefined;
    else for (const element of value) yield* part === undefined ? [element] : leaves(element, parts, at);
    return;
  }
  const part = parts[at];
  if (part === undefined) yield value;
  else if (isDocument(value) && Object.hasOwn(value, part)) yield* leaves(value[part], parts, at + 1);
  else yield missing;
}

/** A tree of the paths of a projection. */
interface Paths {
  [name: string]: Paths | true;
}

/** A projection as a function. Expressions and positional operators are refused. */
export function projector(projection: unknown): (document: Document) => Document {
  if (projection === undefined) return (document) => document;
  if (!isDocument(projection)) throw new CommandError(14, "Expected field projection to be of type object");
  const paths: Paths = {};
  let including: boolean | undefined;
  let id: boolean | undefined;
  for (const [path, value] of Object.entries(projection)) {
    const type = typeOf(value);
    if (type !== "number" && type !== "bool") throw notImplemented("expressions in projections");
    if (path.split(".").some((part) => part === "" || part.startsWith("$")))
      throw notImplemented(`the path "${path}" in a projection`);
    const include = truthy(value);
    if (path === "_id") {
      id = include;
      continue;
    }
    if (including !== undefined && including !== include)
      throw including
        ? new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
        : new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
    including = include;
    addPath(paths, path);
  }
  if (including ?? id ?? false) {
    if (id !== false) paths._id = true;
    return (document) => pick(document, paths);
  }
  if (id === false) paths._id = true;
  return (document) => omit(document, paths);
}

function addPath(paths: Paths, path: string): void {
  const collision = () => new CommandError(31249, `Path collision at ${path}`);
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  let at = paths;
  for (const part of parts) {
    const next = at[part] ?? {};
    if (next === true) throw collision();
    at[part] = next;
    at = next;
  }
  if (at[last] !== undefined) throw collision();
  at[last] = true;
}

function pick(document: Document, paths: Paths): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const below = Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (below === true) result[name] = value;
    else if (below !== undefined) {
      const inner = within(value, (part) => pick(part, below), false);
      if (inner !== missing) result[name] = inner;
    }
  }
  return result;
}

function omit(document: Document, paths: Paths): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const below = Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (below === undefined) result[name] = value;
    else if (below !== true) result[name] = within(value, (part) => omit(part, below), true);
  }
  return result;
}

/** Documents in arrays, too; other values are kept or left out. */
function within(value: unknown, change: (document: Document) => Document, keepOthers: boolean): unknown {
  if (isDocument(value)) return change(value);
  if (Array.isArray(value))
    return value
      .map((element) => within(element, change, keepOthers))
      .filter((element) => element !== missing);
  return keepOthers ? value : missing;
}
