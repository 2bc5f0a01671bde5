/** Documents of one collection, in the order in which they came, and its indexes. */
import { randomBytes } from "node:crypto";
import { Binary, type Document, serialize } from "bson";
import { CommandError } from "./errors.ts";
import { type Index, noMissing, parseIndex, plain, uniqueKeys, valueAt } from "./indexes.ts";
import { copy, equal, isDocument, keyOf, newObjectId, typeOf } from "./values.ts";

/** MongoDB's limit of a document, in bytes of BSON. */
export const maxDocumentBytes = 16 * 1024 * 1024;

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
    this.uuid = stored?.uuid ?? new Binary(uuid(), Binary.SUBTYPE_UUID);
    this.indexes = stored?.indexes ?? [idIndex()];
    for (const index of this.indexes) if (index.unique === true) this.taken.set(index.name, new Map());
    for (const document of stored?.documents ?? []) this.add(document);
  }

  get size(): number {
    return this.byId.size;
  }

  /** A snapshot: stored documents are never changed, only replaced. */
  documents(): Document[] {
    return [...this.byId.values()];
  }

  bytes(): number {
    return this.documents().reduce((sum, document) => sum + serialize(document).length, 0);
  }

  /** Gives the document as it is stored: with an `_id`, and that first. */
  insert(given: Document): Document {
    const { _id = newObjectId(), ...rest } = given;
    if (["array", "regex", "undefined"].includes(typeOf(_id)))
      throw new CommandError(53, `The '_id' value cannot be of type ${typeOf(_id)}`);
    const document = copy({ _id, ...rest });
    checkStorable(document);
    this.add(document);
    return document;
  }

  replace(before: Document, after: Document): void {
    checkStorable(after);
    const id = keyOf(before._id);
    const changes = this.indexKeys(after);
    this.refuseDuplicates(changes, after, id);
    this.release(before, id);
    for (const { taken, keys } of changes) for (const key of keys) taken.set(key, id);
    this.byId.set(id, after);
  }

  remove(document: Document): void {
    const id = keyOf(document._id);
    this.release(document, id);
    this.byId.delete(id);
  }

  private add(document: Document): void {
    const id = keyOf(document._id);
    if (this.byId.has(id)) throw this.duplicate(idIndex(), document);
    const changes = this.indexKeys(document);
    this.refuseDuplicates(changes, document, id);
    for (const { taken, keys } of changes) for (const key of keys) taken.set(key, id);
    this.byId.set(id, document);
  }

  private indexKeys(document: Document) {
    return this.indexes.flatMap((index) => {
      const taken = this.taken.get(index.name);
      return taken === undefined ? [] : [{ index, taken, keys: uniqueKeys(index, document) }];
    });
  }

  private refuseDuplicates(
    changes: ReturnType<Collection["indexKeys"]>,
    document: Document,
    id: string,
  ): void {
    for (const { index, taken, keys } of changes)
      if (keys.some((key) => (taken.get(key) ?? id) !== id)) throw this.duplicate(index, document);
  }

  private release(document: Document, id: string): void {
    for (const { taken, keys } of this.indexKeys(document))
      for (const key of keys) if (taken.get(key) === id) taken.delete(key);
  }

  private duplicate(index: Index, document: Document): CommandError {
    const keyValue = Object.fromEntries(
      Object.keys(index.key).map((path) => [path, noMissing(valueAt(document, path.split(".")))]),
    );
    const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${display(value)}`);
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${index.name} dup key: { ${shown.join(", ")} }`;
    return new CommandError(11000, message, { keyPattern: index.key, keyValue });
  }

  /** Whether the index is new; one that differs under the same name or key is refused. */
  createIndex(spec: unknown): boolean {
    const index = parseIndex(spec);
    const sameKey = this.indexes.find(
      (other) => JSON.stringify(plain(other.key)) === JSON.stringify(plain(index.key)),
    );
    const sameName = this.indexes.find(({ name }) => name === index.name);
    if (sameName !== undefined && sameName !== sameKey)
      throw new CommandError(86, `An existing index has the same name as the requested index: ${index.name}`);
    if (sameKey !== undefined) {
      if (sameKey.name === "_id_" && index.name === "_id_") return false;
      if (sameKey.name !== index.name)
        throw new CommandError(85, `Index already exists with a different name: ${sameKey.name}`);
      const { key: _, ...options } = index;
      const { key: __, ...others } = sameKey;
      if (!equal(options, others))
        throw new CommandError(
          86,
          `An existing index has the same name as the requested index: ${index.name}`,
        );
      return false;
    }
    if (index.unique === true) this.claim(index);
    this.indexes.push(index);
    return true;
  }

  private claim(index: Index): void {
    const taken = new Map<string, string>();
    for (const document of this.byId.values())
      for (const key of uniqueKeys(index, document)) {
        const id = keyOf(document._id);
        if ((taken.get(key) ?? id) !== id) throw this.duplicate(index, document);
        taken.set(key, id);
      }
    this.taken.set(index.name, taken);
  }

  dropIndex(index: Index): void {
    this.indexes.splice(this.indexes.indexOf(index), 1);
    this.taken.delete(index.name);
  }
}

/** Of a duplicate's key, for its message. */
function display(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeOf(value) === "objectId") return `ObjectId('${String(value)}')`;
  return typeOf(value) === "object" ? "{ … }" : String(value);
}

function checkStorable(document: Document): void {
  if (serialize(document).length > maxDocumentBytes)
    throw new CommandError(10334, `BSONObj size is invalid: a document may have ${maxDocumentBytes} bytes`);
  refuseDollars(document);
}

/** The files are Extended JSON, in which such names have a meaning of their own. */
function refuseDollars(value: unknown): void {
  if (Array.isArray(value)) value.forEach(refuseDollars);
  else if (isDocument(value))
    for (const [name, field] of Object.entries(value)) {
      if (name.startsWith("$") && !["$ref", "$id", "$db"].includes(name))
        throw new CommandError(52, `The dollar ($) prefixed field '${name}' is not valid for storage.`);
      refuseDollars(field);
    }
}

function uuid(): Buffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8(((bytes[6] ?? 0) & 0x0f) | 0x40, 6);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  return bytes;
}
