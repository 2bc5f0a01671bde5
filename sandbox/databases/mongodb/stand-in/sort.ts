/** Which documents a command is about, and in which order. */
import type { Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { matcher } from "./match.ts";
import { keysOf, noMissing } from "./paths.ts";
import { compare, isDocument, toNumber } from "./values.ts";

/** A sort as a comparison; undefined when there is nothing to sort by. */
export function sorter(sort: unknown): ((a: Document, b: Document) => number) | undefined {
  if (sort === undefined) return undefined;
  if (!isDocument(sort)) throw new CommandError(14, "Expected field sort to be of type object");
  const paths = Object.keys(sort);
  const directions = Object.entries(sort).map(([path, value]) => {
    if (path.startsWith("$") || isDocument(value))
      throw notImplemented("to sort by $natural, $meta or expressions");
    const direction = toNumber(value);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    return direction;
  });
  if (paths.length === 0) return undefined;
  const order = (a: unknown[], b: unknown[]) => {
    for (const [i, direction] of directions.entries()) {
      const result = compare(noMissing(a[i]), noMissing(b[i]));
      if (result !== 0) return result * direction;
    }
    return 0;
  };
  // Of an array that element counts that comes first in this order.
  const keys = new WeakMap<Document, unknown[]>();
  const first = (document: Document) => {
    const known = keys.get(document);
    if (known !== undefined) return known;
    const key = keysOf(document, paths, 2).reduce((best, other) => (order(other, best) < 0 ? other : best));
    keys.set(document, key);
    return key;
  };
  return (a, b) => order(first(a), first(b));
}

/** The documents that match, in the order of the sort. */
export function select(documents: Document[], filter: unknown, sort: unknown): Document[] {
  const matches = matcher(filter);
  const order = sorter(sort);
  const found = documents.filter(matches);
  return order === undefined ? found : found.sort(order);
}
