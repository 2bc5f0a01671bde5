/** Indexes: how they are described, and what they hold of a document. */
import type { Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { isDocument, keyOf, missing, toNumber, truthy } from "./values.ts";

/** An index as `listIndexes` shows it. Only uniqueness is acted on: queries go through all documents. */
export interface Index {
  v: number;
  key: Document;
  name: string;
  unique?: boolean;
  sparse?: boolean;
  [option: string]: unknown;
}

/** Options that change nothing that is done here. */
const idleOptions = ["background", "v", "ns", "comment"];

export function parseIndex(spec: unknown): Index {
  if (!isDocument(spec) || !isDocument(spec.key) || Object.keys(spec.key).length === 0)
    throw new CommandError(67, "Index keys cannot be empty, and must be a document");
  const { key, name, unique, sparse, ...others } = spec;
  if (typeof name !== "string" || name === "")
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  for (const option of Object.keys(others)) {
    // Time to live changes data by itself; the others change which documents are indexed.
    if (
      ["expireAfterSeconds", "partialFilterExpression", "collation", "hidden", "wildcardProjection"].includes(
        option,
      )
    )
      throw notImplemented(`the index option ${option}`);
    if (!idleOptions.includes(option))
      throw new CommandError(197, `The field '${option}' is not valid for an index specification.`);
  }
  for (const [path, direction] of Object.entries(key as Document)) {
    if (typeof direction === "string") throw notImplemented(`indexes of kind "${direction}"`);
    if (toNumber(direction) === undefined || toNumber(direction) === 0)
      throw new CommandError(
        67,
        `Values in the index key pattern must be numbers other than 0; see '${path}'`,
      );
    if (path === "" || path.split(".").some((part) => part === "" || part.startsWith("$")))
      throw new CommandError(67, `Index key contains an illegal field name: '${path}'`);
  }
  const index: Index = { v: 2, key, name };
  if (truthy(unique)) index.unique = true;
  if (truthy(sparse)) index.sparse = true;
  return index;
}

/** Directions as plain numbers, so that keys compare. */
export const plain = (key: Document) =>
  Object.entries(key).map(([path, direction]) => [path, toNumber(direction)]);

/** One key per element of an array, as an index has it. Several arrays in one index cannot be. */
export function uniqueKeys({ key, sparse }: Index, document: Document): string[] {
  const values = Object.keys(key).map((path) => valueAt(document, path.split(".")));
  if (sparse === true && values.every((value) => value === missing)) return [];
  if (values.filter(Array.isArray).length > 1) throw new CommandError(171, "cannot index parallel arrays");
  let keys: unknown[][] = [[]];
  for (const value of values) {
    const options = Array.isArray(value) && value.length > 0 ? value : [noMissing(value)];
    keys = keys.flatMap((start) => options.map((option) => [...start, option]));
  }
  return [...new Set(keys.map(keyOf))];
}

export const noMissing = (value: unknown) => (value === missing ? null : value);

export function valueAt(document: Document, parts: string[]): unknown {
  let value: unknown = document;
  for (const part of parts) {
    if (Array.isArray(value)) throw notImplemented("unique indexes on fields of documents in arrays");
    if (!isDocument(value) || !Object.hasOwn(value, part)) return missing;
    value = value[part];
  }
  return value;
}
