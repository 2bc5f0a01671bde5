/** What of documents is returned: of `find`, and of `$project`. */
import type { Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { expression } from "./expressions.ts";
import { matchedPlace, matcher } from "./match.ts";
import { slice } from "./operators.ts";
import { follow, put, withField } from "./paths.ts";
import { isDocument, missing, truthy, typeOf } from "./values.ts";

/** A tree of the paths of a projection. */
interface Paths {
  [name: string]: Paths | true;
}

export type Projector = (document: Document) => Document;

/**
 * A projection as a function.
 *
 * @param filter of a `find`, which alone knows `$slice`, `$elemMatch` and the positional `$`
 */
export function projector(projection: unknown, variables: Document = {}, filter?: unknown): Projector {
  if (projection === undefined) return (document) => document;
  if (!isDocument(projection)) throw new CommandError(14, "Expected field projection to be of type object");
  const paths: Paths = {};
  const chosen: string[] = [];
  /** What is done to a result after its fields are chosen. */
  const late: ((result: Document, found: Document) => Document)[] = [];
  let including: boolean | undefined;
  let id: boolean | undefined;
  const add = (path: string, include: boolean) => {
    if (including !== undefined && including !== include)
      throw including
        ? new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
        : new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
    including = include;
    addPath(paths, path);
    chosen.push(path);
  };
  for (const [path, value] of flat(projection)) {
    const part = filter === undefined ? undefined : partOfArray(path, value, filter);
    if (part !== undefined) {
      if (part.including) add(part.path, true);
      late.push(part.apply);
      continue;
    }
    if (path.split(".").some((name) => name === "" || name.startsWith("$")))
      throw notImplemented(`the path "${path}" in a projection`);
    if (typeOf(value) !== "number" && typeOf(value) !== "bool") {
      const compute = expression(value);
      if (path === "_id") id = false;
      add(path, true);
      late.push((result, found) =>
        withField(result, path.split("."), compute({ ...variables, ROOT: found, CURRENT: found })),
      );
    } else if (path === "_id") id = truthy(value);
    else add(path, truthy(value));
  }
  const inclusive = including ?? id ?? false;
  if (inclusive ? id !== false : id === false) add("_id", inclusive);
  const omit = (document: Document, path: string) => withField(document, path.split("."), missing);
  return (document) =>
    late.reduce(
      (result, act) => act(result, document),
      inclusive ? pick(document, paths) : chosen.reduce(omit, document),
    );
}

/** Documents of paths, such as `{ a: { b: 1 } }`, as paths. */
export function* flat(projection: Document, prefix = ""): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(projection))
    if (isDocument(value) && Object.keys(value)[0]?.startsWith("$") === false)
      yield* flat(value, `${prefix}${name}.`);
    else yield [prefix + name, value];
}

interface Part {
  path: string;
  including: boolean;
  apply(result: Document, found: Document): Document;
}

/** Some elements of an array only; undefined when that is not what is asked for. */
function partOfArray(path: string, value: unknown, filter: unknown): Part | undefined {
  if (path.endsWith(".$")) {
    const array = path.slice(0, -2);
    return only(array, true, (items, found) => {
      const place = matchedPlace(filter, found, array);
      if (place !== undefined) return [items[place]];
      throw new CommandError(51246, "positional operator '.$' couldn't find a matching element in the array");
    });
  }
  const { $elemMatch, $slice }: Document = isDocument(value) ? value : {};
  if ($elemMatch !== undefined) {
    const matches = matcher({ items: value });
    return only(path, true, (items) => {
      const item = items.find((each) => matches({ items: [each] }));
      return item === undefined ? missing : [item];
    });
  }
  if ($slice === undefined) return undefined;
  const [first, count] = Array.isArray($slice) ? $slice : [$slice];
  return only(path, false, (items) => slice(items, first, count));
}

function only(path: string, including: boolean, act: (items: unknown[], found: Document) => unknown): Part {
  const parts = path.split(".");
  const apply = (result: Document, found: Document) => {
    const items = follow(found, parts, false);
    return Array.isArray(items) ? withField(result, parts, act(items, found)) : result;
  };
  return { path, including, apply };
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

/** Fields in the document's order. */
function pick(document: Document, paths: Paths): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const below = Object.hasOwn(paths, name) ? paths[name] : undefined;
    const inner = below === undefined || below === true ? value : within(value, (part) => pick(part, below));
    if (below !== undefined && inner !== missing) put(result, name, inner);
  }
  return result;
}

/** In a document, and in each of an array; other values are left out. */
function within(value: unknown, change: (document: Document) => Document): unknown {
  if (Array.isArray(value))
    return value.map((element) => within(element, change)).filter((element) => element !== missing);
  return isDocument(value) ? change(value) : missing;
}
