/** What a path such as `a.b.0` leads to, by the rules of filters, of sorting and of indexes. */
import type { Document } from "bson";
import { CommandError } from "./errors.ts";
import { isDocument, missing } from "./values.ts";

/** What a filter finds at a path. */
export interface Found {
  value: unknown;
  /** An array counts as its elements, too; one that was named by its place in an array does not. */
  spread: boolean;
}

const isPlace = (part: string) => /^\d+$/.test(part);

/** Through documents and, without being asked to, through the documents in arrays. */
export function* find(value: unknown, parts: string[], at = 0, spread = true): Generator<Found> {
  const part = parts[at];
  if (part === undefined) yield { value, spread };
  else if (Array.isArray(value)) {
    if (isPlace(part) && Number(part) < value.length) yield* find(value[Number(part)], parts, at + 1, false);
    for (const element of value) if (isDocument(element)) yield* find(element, parts, at);
  } else if (isDocument(value) && Object.hasOwn(value, part)) yield* find(value[part], parts, at + 1);
  else yield { value: missing, spread };
}

/** All values of a field, elements of arrays one by one, without what is not there. */
export const valuesOf = (document: Document, path: string): unknown[] =>
  [...find(document, path.split("."))]
    .filter(({ value }) => value !== missing)
    .flatMap(({ value, spread }) => (spread && Array.isArray(value) ? value : [value]));

interface Step {
  value: unknown;
  rest: string[];
}

/**
 * The keys of a document in an index of these paths: one for each element of an array on the way. An empty array
 * counts as BSON's `undefined`.
 *
 * @throws CommandError with `code` when two of the paths go through different arrays
 */
export function keysOf(document: Document, paths: readonly string[], code = 171): unknown[][] {
  return tuples(
    paths.map((path) => ({ value: document, rest: path.split(".") })),
    code,
  );
}

function tuples(steps: Step[], code: number): unknown[][] {
  const reached = steps.map(descend);
  const arrays = new Set(reached.filter(stopped).map(({ value }) => value as unknown[]));
  const [array] = arrays;
  if (array === undefined) return [reached.map(({ value }) => value)];
  if (arrays.size > 1) throw new CommandError(code, "cannot index parallel arrays");
  const elements = array.length === 0 ? [undefined] : array;
  return elements.flatMap((element) =>
    tuples(
      reached.map((step) => (step.value === array ? within(element, step.rest) : step)),
      code,
    ),
  );
}

const stopped = ({ value, rest }: Step) => Array.isArray(value) && rest[0] !== done;

/** An end that is not looked into any more. */
const done = "\0";

/** Down to the first array, or to the end. */
function descend({ value, rest: [part, ...rest] }: Step): Step {
  if (part === undefined || part === done) return { value, rest: part === done ? [done] : [] };
  if (Array.isArray(value) && !(isPlace(part) && Number(part) < value.length))
    return { value, rest: [part, ...rest] };
  if (Array.isArray(value)) return descend({ value: value[Number(part)], rest });
  if (isDocument(value) && Object.hasOwn(value, part)) return descend({ value: value[part], rest });
  return { value: missing, rest: [done] };
}

/** Arrays in arrays are values like any other. */
function within(element: unknown, rest: string[]): Step {
  if (rest.length === 0) return { value: element, rest: [done] };
  return isDocument(element) ? { value: element, rest } : { value: missing, rest: [done] };
}

/**
 * As of an expression: a number is no place in an array, and an array gives an array.
 *
 * @param through whether arrays on the way are gone through
 */
export function follow(value: unknown, parts: string[], through = true): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(value) && through)
    return value.map((element) => follow(element, parts)).filter((each) => each !== missing);
  if (isDocument(value) && Object.hasOwn(value, part)) return follow(value[part], rest, through);
  return missing;
}

export const noMissing = (value: unknown) => (value === missing ? null : value);

/** Arrays have no holes; `__proto__` is a name like any other. */
export function put(container: Document | unknown[], index: string | number, value: unknown): void {
  if (Array.isArray(container)) while (container.length < Number(index)) container.push(null);
  Object.defineProperty(container, index, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy with the value at the path, in each document of an array; `missing` takes it away. */
export function withField(document: Document, [part = "", ...rest]: string[], value: unknown): Document {
  const result: Document = {};
  for (const [name, field] of Object.entries(document)) put(result, name, field);
  const before = Object.hasOwn(result, part) ? result[part] : missing;
  const deeper = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(deeper);
    if (isDocument(inner) || value !== missing) return withField(isDocument(inner) ? inner : {}, rest, value);
    return inner;
  };
  const after = rest.length === 0 ? value : deeper(before);
  if (after === missing) delete result[part];
  else put(result, part, after);
  return result;
}
