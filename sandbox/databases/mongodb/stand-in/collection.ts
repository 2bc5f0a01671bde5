/** Documents of one collection, in the order in which they came, and its indexes. */
import { type Binary, type Document, Long, ObjectId, serialize, Timestamp, UUID } from "bson";
import { CommandError } from "./errors.ts";
import { checkHint, type Index, indexKeys, isExpired, isText, parseIndex, sameKey } from "./indexes.ts";
import { follow, noMissing } from "./paths.ts";
import { show } from "./show.ts";
import { copy, equal, isDocument, keyOf, typeOf } from "./values.ts";

/** MongoDB's limits of a document: bytes of BSON, and documents and arrays within each other. */
export const maxDocumentBytes = 16 * 1024 * 1024;
const maxDepth = 100;

const idIndex = (): Index => ({ v: 2, key: { _id: 1 }, name: "_id_" });

export class Collection {
  readonly name: string;
  readonly namespace: string;
  readonly uuid: Binary;
  readonly indexes: Index[];
  private readonly byId = new Map<string, Document>();
  /** Per unique index: which document holds which key. */
  private readonly taken = new Map<string, Map<string, string>>();

  constructor(db: string, name: string, stored?: { uuid: Binary; indexes: Index[]; documents: Document[] }) {
    this.name = name;
    this.namespace = `${db}.${name}`;
    this.uuid = stored?.uuid ?? new UUID();
    this.indexes = stored?.indexes ?? [idIndex()];
    for (const index of this.indexes) if (index.unique === true) this.taken.set(index.name, new Map());
    for (const document of stored?.documents ?? []) this.add(document);
  }

  get size(): number {
    return this.byId.size;
  }

  /** A snapshot: stored documents are never changed, only replaced. */
  documents(hint?: unknown): Document[] {
    checkHint(this.indexes, hint);
    return [...this.byId.values()];
  }

  bytes(): number {
    return this.documents().reduce((sum, document) => sum + serialize(document).length, 0);
  }

  /** Gives the document as it is stored: with an `_id`, and that first. */
  insert(given: Document): Document {
    const { _id = new ObjectId(), ...rest } = given;
    if (["array", "regex", "undefined"].includes(typeOf(_id)))
      throw new CommandError(2, `can't use ${typeOf(_id) === "array" ? "an" : "a"} ${typeOf(_id)} for _id`);
    const document = stamped(copy({ _id, ...rest }));
    checkStorable(document);
    this.add(document);
    return document;
  }

  replace(before: Document, after: Document): void {
    checkStorable(after);
    this.put(after, keyOf(before._id), before);
  }

  remove(document: Document): void {
    const id = keyOf(document._id);
    this.release(document, id);
    this.byId.delete(id);
  }

  /** Removes what its TTL indexes say; gives how many. `now` in milliseconds since 1970. */
  expire(now: number): number {
    const limited = this.indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    if (limited.length === 0) return 0;
    const over = this.documents().filter((document) =>
      limited.some((index) => isExpired(index, document, now)),
    );
    for (const document of over) this.remove(document);
    return over.length;
  }

  private add(document: Document): void {
    const id = keyOf(document._id);
    if (this.byId.has(id)) throw this.duplicate(idIndex(), document);
    this.put(document, id);
  }

  /** Every index is asked before anything changes, for those that are not unique refuse documents, too. */
  private put(document: Document, id: string, before?: Document): void {
    const entries = this.indexes.map((index) => ({ index, keys: indexKeys(index, document) }));
    for (const { index, keys } of entries)
      if (keys.some((key) => (this.taken.get(index.name)?.get(key) ?? id) !== id))
        throw this.duplicate(index, document);
    if (before !== undefined) this.release(before, id);
    for (const { index, keys } of entries) for (const key of keys) this.taken.get(index.name)?.set(key, id);
    this.byId.set(id, document);
  }

  private release(document: Document, id: string): void {
    for (const index of this.indexes) {
      const taken = this.taken.get(index.name);
      if (taken !== undefined)
        for (const key of indexKeys(index, document)) if (taken.get(key) === id) taken.delete(key);
    }
  }

  private duplicate(index: Index, document: Document): CommandError {
    const keyValue = Object.fromEntries(
      Object.keys(index.key).map((path) => [path, noMissing(follow(document, path.split(".")))]),
    );
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${index.name} dup key: ${show(keyValue)}`;
    return new CommandError(11000, message, { keyPattern: index.key, keyValue });
  }

  /** Whether the index is new; one that differs under the same name or key is refused. */
  createIndex(spec: unknown): boolean {
    const index = parseIndex(spec);
    const other =
      this.indexes.find((known) => sameKey(known, index)) ??
      this.indexes.find(({ name }) => name === index.name);
    if (other !== undefined) {
      if ((other.name === "_id_" && sameKey(other, index)) || equal(other, index)) return false;
      if (!sameKey(other, index) || other.name === index.name)
        throw new CommandError(
          86,
          `An existing index has the same name as the requested index: ${index.name}`,
        );
      throw new CommandError(85, `Index already exists with a different name: ${other.name}`);
    }
    const text = isText(index) ? this.indexes.find(isText) : undefined;
    if (text !== undefined)
      throw new CommandError(
        85,
        `only one text index per collection allowed, found existing text index "${text.name}"`,
      );
    const taken = new Map<string, string>();
    for (const document of this.byId.values())
      for (const key of indexKeys(index, document)) {
        if (index.unique === true && taken.has(key)) throw this.duplicate(index, document);
        taken.set(key, keyOf(document._id));
      }
    if (index.unique === true) this.taken.set(index.name, taken);
    this.indexes.push(index);
    return true;
  }

  dropIndex(index: Index): void {
    this.indexes.splice(this.indexes.indexOf(index), 1);
    this.taken.delete(index.name);
  }
}

let lastStamp = 0n;

/** An empty timestamp is filled in by the server. */
export function stamped(document: Document): Document {
  for (const [name, value] of Object.entries(document))
    if (name !== "_id" && value instanceof Timestamp && value.isZero()) document[name] = timestamp();
  return document;
}

/** Now, and never the same. */
export function timestamp(): Timestamp {
  const now = BigInt(Math.floor(Date.now() / 1000)) << 32n;
  lastStamp = now > lastStamp ? now + 1n : lastStamp + 1n;
  return new Timestamp(Long.fromBigInt(lastStamp));
}

function checkStorable(document: Document): void {
  if (depth(document) > maxDepth)
    throw new CommandError(15, `Document exceeds maximum nested object depth: ${maxDepth}`);
  if (serialize(document).length > maxDocumentBytes)
    throw new CommandError(10334, `BSONObj size is invalid: a document may have ${maxDocumentBytes} bytes`);
  const dollar = isDocument(document._id) && Object.keys(document._id).find((name) => name.startsWith("$"));
  if (dollar && !["$ref", "$id", "$db"].includes(dollar))
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${dollar}' in '_id' is not valid for storage.`,
    );
}

function depth(value: unknown): number {
  const inner = Array.isArray(value) ? value : isDocument(value) ? Object.values(value) : undefined;
  return inner === undefined ? 0 : 1 + inner.reduce<number>((most, each) => Math.max(most, depth(each)), 0);
}
