/** What of documents is returned: of `find`, and of `$project`. */
import type { Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { type Expression, expression } from "./expressions.ts";
import { matchedPlace, matcher } from "./match.ts";
import { follow, put } from "./paths.ts";
import { isDocument, missing, toNumber, truthy, typeOf } from "./values.ts";

/** A tree of the paths of a projection; what is computed stands at its end. */
interface Paths {
  [name: string]: Paths | true | Expression;
}

export type Projector = (document: Document) => Document;

/**
 * A projection as a function.
 *
 * @param filter of a `find`, which alone knows `$slice`, `$elemMatch` and the positional `$`; its last word is the
 * document as it was found
 */
export function projector(projection: unknown, variables: Document = {}, filter?: unknown): Projector {
  if (projection === undefined) return (document) => document;
  if (!isDocument(projection)) throw new CommandError(14, "Expected field projection to be of type object");
  const paths: Paths = {};
  const late: ((result: Document, found: Document) => void)[] = [];
  let including: boolean | undefined;
  let id: boolean | undefined;
  for (const [path, value] of flat(projection)) {
    const special = filter === undefined ? undefined : ofFind(path, value, filter);
    if (special !== undefined) {
      if (special.including) {
        including = true;
        addPath(paths, special.path, true);
      }
      late.push(special.apply);
      continue;
    }
    if (path.split(".").some((part) => part === "" || part.startsWith("$")))
      throw notImplemented(`the path "${path}" in a projection`);
    const plain = typeOf(value) === "number" || typeOf(value) === "bool";
    if (path === "_id" && plain) {
      id = truthy(value);
      continue;
    }
    const include = plain ? truthy(value) : true;
    if (including !== undefined && including !== include)
      throw including
        ? new CommandError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
        : new CommandError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
    including = include;
    addPath(paths, path, plain || expression(value));
  }
  const inclusive = including ?? id ?? false;
  if (inclusive ? id !== false : id === false) paths._id ??= true;
  return (document) => {
    const scope = { ...variables, ROOT: document, CURRENT: document };
    const result = inclusive ? pick(document, paths, scope) : omit(document, paths);
    for (const apply of late) apply(result, document);
    return result;
  };
}

/** Documents of paths, such as `{ a: { b: 1 } }`, as paths. */
function* flat(projection: Document, prefix = ""): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(projection))
    if (isDocument(value) && Object.keys(value)[0]?.startsWith("$") === false)
      yield* flat(value, `${prefix}${name}.`);
    else yield [prefix + name, value];
}

interface Special {
  path: string;
  including: boolean;
  apply(result: Document, found: Document): void;
}

function ofFind(path: string, value: unknown, filter: unknown): Special | undefined {
  const [operator = ""] = isDocument(value) ? Object.keys(value) : [];
  if (path.endsWith(".$")) {
    const array = path.slice(0, -2);
    return only(array, (items, found) => {
      const place = matchedPlace(filter, found, array);
      if (place === undefined)
        throw new CommandError(
          51246,
          "Executor error during find command: positional operator '.$' found no match",
        );
      return [items[place]];
    });
  }
  if (operator === "$elemMatch") {
    const matches = matcher({ items: value });
    return only(path, (items) => {
      const item = items.find((each) => matches({ items: [each] }));
      return item === undefined ? undefined : [item];
    });
  }
  if (operator !== "$slice") return undefined;
  const slice = (value as Document).$slice;
  const [first = 0, count] = (Array.isArray(slice) ? slice : [slice]).map((each) => toNumber(each) ?? 0);
  const cut = (items: unknown[]) => {
    if (count === undefined) return first < 0 ? items.slice(first) : items.slice(0, first);
    const start = first < 0 ? Math.max(0, items.length + first) : first;
    return items.slice(start, start + count);
  };
  return { ...only(path, cut), including: false };
}

/** Part of an array, which stands where it stood. */
function only(path: string, act: (items: unknown[], found: Document) => unknown[] | undefined): Special {
  const parts = path.split(".");
  const name = parts.pop() ?? "";
  return {
    path,
    including: true,
    apply: (result, found) => {
      const container = follow(result, parts);
      const items = follow(found, [...parts, name]);
      if (!isDocument(container) || !Array.isArray(items)) return;
      const kept = act(items, found);
      if (kept === undefined) delete container[name];
      else put(container, name, kept);
    },
  };
}

function addPath(paths: Paths, path: string, end: true | Expression): void {
  const collision = () => new CommandError(31249, `Path collision at ${path}`);
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  let at = paths;
  for (const part of parts) {
    const next = at[part] ?? {};
    if (next === true || typeof next === "function") throw collision();
    at[part] = next;
    at = next;
  }
  if (at[last] !== undefined) throw collision();
  at[last] = end;
}

/** Fields in the document's order; those that are computed after them. */
function pick(document: Document, paths: Paths, scope: Document): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const below = Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (below === true) put(result, name, value);
    else if (below !== undefined && typeof below !== "function") {
      const inner = within(value, (part) => pick(part, below, scope), false);
      if (inner !== missing) put(result, name, inner);
    }
  }
  for (const [name, below] of Object.entries(paths)) {
    const value =
      typeof below === "function"
        ? below(scope)
        : below !== true && !Object.hasOwn(result, name) && computes(below)
          ? pick({}, below, scope)
          : missing;
    if (value !== missing) put(result, name, value);
  }
  return result;
}

const computes = (paths: Paths): boolean =>
  Object.values(paths).some((below) => typeof below === "function" || (below !== true && computes(below)));

function omit(document: Document, paths: Paths): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const below = Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (below === undefined || typeof below === "function") put(result, name, value);
    else if (below !== true)
      put(
        result,
        name,
        within(value, (part) => omit(part, below), true),
      );
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
