/** Indexes: how they are described, and what they hold of a document. */
import { type Document, Int32 } from "bson";
import { CommandError, notImplemented, unknown } from "./errors.ts";
import { matcher } from "./match.ts";
import { keysOf, noMissing } from "./paths.ts";
import { compare, equal, isDocument, keyOf, missing, toNumber, truthy } from "./values.ts";

/**
 * An index as `listIndexes` shows it. Queries go through all documents: what is acted on is that an index refuses
 * documents, and that one with `expireAfterSeconds` removes them.
 */
export interface Index {
  v: number;
  key: Document;
  name: string;
  unique?: boolean;
  sparse?: boolean;
  expireAfterSeconds?: unknown;
  partialFilterExpression?: Document;
  [option: string]: unknown;
}

/** Options that change nothing that is done here; the second kind is shown. */
const idleOptions = ["background", "v", "ns", "comment"];
const shownOptions = ["hidden", "wildcardProjection", "default_language", "language_override", "weights"];

const cannot = (message: string) => new CommandError(67, message);

export function parseIndex(spec: unknown): Index {
  if (!isDocument(spec) || !isDocument(spec.key) || Object.keys(spec.key).length === 0)
    throw cannot("Index keys cannot be empty, and must be a document");
  const { key, name, unique, sparse, expireAfterSeconds, partialFilterExpression, collation, ...others } =
    spec;
  if (typeof name !== "string" || name === "")
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  if (isDocument(collation) && collation.locale !== "simple") throw notImplemented("collations of indexes");
  const index: Index = { v: 2, ...parseKey(key as Document, others), name };
  for (const [option, value] of Object.entries(others)) {
    if (shownOptions.includes(option)) index[option] ??= value;
    else if (!idleOptions.includes(option) && option !== "textIndexVersion")
      throw unknown(197, `the option '${option}' of an index`);
  }
  if (truthy(unique)) index.unique = true;
  if (
    index.unique &&
    Object.entries(index.key).some(([path, kind]) => kind === "hashed" || path.endsWith("$**"))
  )
    throw cannot("Index type 'hashed' or 'wildcard' does not support the unique option");
  if (truthy(sparse)) index.sparse = true;
  if (expireAfterSeconds !== undefined) {
    const seconds = toNumber(expireAfterSeconds);
    if (seconds === undefined || !(seconds >= 0) || seconds > 2 ** 31 - 1)
      throw cannot("TTL index 'expireAfterSeconds' option must be numeric, and within 0 and 2147483647");
    if (Object.keys(index.key).length > 1)
      throw cannot("TTL indexes are single-field indexes, compound indexes do not support TTL");
    index.expireAfterSeconds = expireAfterSeconds;
  }
  if (partialFilterExpression !== undefined) {
    if (truthy(sparse)) throw cannot("cannot mix 'partialFilterExpression' and 'sparse' options");
    matcher(partialFilterExpression);
    index.partialFilterExpression = partialFilterExpression;
  }
  return index;
}

function parseKey(key: Document, options: Document): { key: Document; [option: string]: unknown } {
  for (const [path, direction] of Object.entries(key)) {
    if (typeof direction === "string" && !["text", "hashed"].includes(direction))
      throw notImplemented(`indexes of kind "${direction}"`);
    if (typeof direction !== "string" && !toNumber(direction))
      throw cannot(`Values in the index key pattern must be numbers other than 0; see '${path}'`);
    const fields = path.endsWith("$**") ? path.slice(0, -3).replace(/\.$/, "") : path;
    if (
      fields.split(".").some((part) => (part === "" && fields !== "") || part.startsWith("$")) ||
      path === ""
    )
      throw cannot(`Index key contains an illegal field name: '${path}'`);
  }
  const texts = Object.keys(key).filter((path) => key[path] === "text");
  if (texts.length === 0 || "_fts" in key) return { key };
  // MongoDB shows a text index not as it was asked for.
  const entries = Object.entries(key).filter(([path]) => !texts.includes(path));
  const before = Object.keys(key).indexOf(texts[0] ?? "");
  entries.splice(before, 0, ["_fts", "text"], ["_ftsx", new Int32(1)]);
  const weights = Object.fromEntries(texts.sort().map((path) => [path, new Int32(1)]));
  const asked: unknown = options.weights;
  return {
    key: Object.fromEntries(entries),
    weights: { ...weights, ...(isDocument(asked) && asked) },
    default_language: options.default_language ?? "english",
    language_override: options.language_override ?? "language",
    textIndexVersion: new Int32(3),
  };
}

export const isText = ({ key }: Index) => "_fts" in key;

/** Of the same fields in the same order and direction, and of the same documents. */
export const sameKey = (a: Index, b: Index) =>
  equal(Object.entries(a.key), Object.entries(b.key)) &&
  equal(a.partialFilterExpression ?? null, b.partialFilterExpression ?? null);

/** The keys of the document in the index, one per element of an array; none when the document is not in it. */
export function indexKeys({ key, sparse, partialFilterExpression }: Index, document: Document): string[] {
  const paths = Object.keys(key).filter((path) => !path.includes("$") && !path.startsWith("_fts"));
  if (partialFilterExpression !== undefined && !matcher(partialFilterExpression)(document)) return [];
  const keys = keysOf(document, paths);
  if (sparse === true && keys.every((values) => values.every((value) => value === missing))) return [];
  return [...new Set(keys.map((values) => keyOf(values.map(noMissing))))];
}

/** Whether the index says that the document's time is over. */
export function isExpired(
  { key, expireAfterSeconds, partialFilterExpression }: Index,
  document: Document,
  now: number,
) {
  const seconds = toNumber(expireAfterSeconds);
  const [path] = Object.keys(key);
  if (seconds === undefined || path === undefined) return false;
  if (partialFilterExpression !== undefined && !matcher(partialFilterExpression)(document)) return false;
  const dates = keysOf(document, [path]).flatMap(([value]) => (value instanceof Date ? [value] : []));
  const [first] = dates.sort(compare);
  return first !== undefined && first.getTime() + seconds * 1000 <= now;
}

/** @throws CommandError when a query names an index that there is not */
export function checkHint(indexes: readonly Index[], hint: unknown): void {
  if (hint === undefined || (isDocument(hint) && ("$natural" in hint || Object.keys(hint).length === 0)))
    return;
  if (typeof hint !== "string" && !isDocument(hint))
    throw new CommandError(9, "Hint must be a string or an object");
  const known = indexes.some(({ name, key }) =>
    typeof hint === "string" ? name === hint : equal(key, hint),
  );
  if (!known)
    throw new CommandError(
      2,
      "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index",
    );
}
