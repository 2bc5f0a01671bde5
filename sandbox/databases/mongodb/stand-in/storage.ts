/** All databases, in memory and in a folder: one file of Extended JSON per database. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Binary, type Document, EJSON, serialize } from "bson";
import { Collection } from "./collection.ts";
import { note, openHistory, suffix, takeSnapshot } from "./copies.ts";
import { CommandError } from "./errors.ts";
import type { Index } from "./indexes.ts";
import { checkCollectionName, checkDatabaseName, checkNewCollection } from "./names.ts";
import { isDocument } from "./values.ts";
import { parseDocument } from "./wire.ts";

/** Until a write is in the folder, in milliseconds. Only a crash can lose it, and closing does not wait for it. */
const delay = 100;

interface Stored {
  version: 1;
  database: string;
  collections: { name: string; uuid: Binary; indexes: Index[]; documents: (Document | Binary)[] }[];
}

export class Storage {
  private readonly folder: string;
  private readonly databases = new Map<string, Map<string, Collection>>();
  /** By name, and when it was changed last. */
  private readonly unsaved = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private failure: Error | undefined;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(folder)) if (file.endsWith(suffix)) this.load(path.join(folder, file));
    openHistory(folder);
  }

  /** Keeps all databases as they are now. */
  snapshot(id: string): void {
    this.flush();
    takeSnapshot(this.folder, id);
  }

  /** Puts what is in files in the place of everything. */
  replace(files: readonly string[]): void {
    for (const db of this.names()) this.dropDatabase(db);
    for (const file of files) this.load(file);
    for (const db of this.names()) this.changed(db);
    this.flush();
  }

  private load(file: string): void {
    let stored: Stored;
    try {
      stored = EJSON.parse(readFileSync(file, "utf8"), { relaxed: false }) as Stored;
    } catch {
      throw new Error(
        `MongoDB stand-in: ${file} is damaged; expected Extended JSON; reset the sandbox, or remove the file`,
      );
    }
    const { database, collections } = stored;
    this.databases.set(
      database,
      new Map(
        collections.map(({ name, documents, ...rest }) => [
          name,
          new Collection(database, name, { ...rest, documents: documents.map(unpack) }),
        ]),
      ),
    );
  }

  /** Names of the databases that hold a collection. */
  names(): string[] {
    return [...this.databases.keys()].sort();
  }

  collections(db: string): Collection[] {
    return [...(this.databases.get(db)?.values() ?? [])];
  }

  /** Reading of a collection that is not there is no error: it has no documents. */
  find(db: string, name: unknown): Collection | undefined {
    checkCollectionName(db, name);
    return this.databases.get(db)?.get(name);
  }

  /** The collection to write to; made when it is not there. */
  open(db: string, name: unknown): Collection {
    return this.find(db, name) ?? this.create(db, name);
  }

  create(db: string, name: unknown): Collection {
    checkDatabaseName(db);
    checkCollectionName(db, name);
    checkNewCollection(db, name);
    let collections = this.databases.get(db);
    if (collections === undefined) {
      const other = this.names().find((known) => lower(known) === lower(db));
      if (other !== undefined)
        throw new CommandError(
          13297,
          `db already exists with different case already have: [${other}] trying to create [${db}]`,
        );
      collections = new Map();
      this.databases.set(db, collections);
    }
    if (collections.has(name)) throw new CommandError(48, `Collection ${db}.${name} already exists.`);
    const collection = new Collection(db, name);
    collections.set(name, collection);
    this.changed(db);
    return collection;
  }

  /** Gives a collection another name in its database, documents and indexes as they are. */
  rename(db: string, collection: Collection, to: string): void {
    checkCollectionName(db, to);
    checkNewCollection(db, to);
    const { uuid, indexes } = collection;
    const documents = collection.documents();
    this.databases.get(db)?.delete(collection.name);
    this.databases.get(db)?.set(to, new Collection(db, to, { uuid, indexes, documents }));
    this.changed(db);
  }

  /** Removes the documents whose time is over. */
  expire(): void {
    for (const [db, collections] of this.databases)
      for (const collection of collections.values()) if (collection.expire(Date.now()) > 0) this.changed(db);
  }

  drop(db: string, collection: Collection): void {
    const collections = this.databases.get(db);
    collections?.delete(collection.name);
    if (collections?.size === 0) this.databases.delete(db);
    this.changed(db);
  }

  dropDatabase(db: string): boolean {
    const existed = this.databases.delete(db);
    if (existed) this.changed(db);
    return existed;
  }

  /** To be called before a write: what cannot be kept is not taken. */
  checkWritable(): void {
    if (this.failure !== undefined)
      throw new CommandError(
        39,
        `this stand-in for MongoDB cannot write to its folder: ${this.failure.message}`,
      );
  }

  /** To be called after a write. */
  changed(db: string): void {
    this.unsaved.set(db, Date.now());
    this.timer ??= setTimeout(() => this.flush(), delay);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const [db, at] of this.unsaved) {
      try {
        this.save(db);
        note(this.folder, encodeURIComponent(db), at);
        this.unsaved.delete(db);
      } catch (error) {
        this.failure = error as Error;
      }
    }
  }

  /** A crash leaves the old file or the new one, never half of it. */
  private save(db: string): void {
    const file = path.join(this.folder, encodeURIComponent(db) + suffix);
    const collections = this.collections(db);
    if (collections.length === 0) {
      rmSync(file, { force: true });
      return;
    }
    const stored: Stored = {
      version: 1,
      database: db,
      collections: collections.map((collection) => ({
        name: collection.name,
        uuid: collection.uuid,
        indexes: collection.indexes,
        documents: collection.documents().map(pack),
      })),
    };
    writeFileSync(`${file}.new`, EJSON.stringify(stored, undefined, 1, { relaxed: false }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** Writes what is not in the folder yet. */
  close(): void {
    this.flush();
    if (this.unsaved.size > 0 && this.failure !== undefined) throw this.failure;
  }
}

/** MongoDB folds the case of ASCII only. */
const lower = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Names such as `$date` have a meaning of their own in Extended JSON: documents that have one are kept as BSON. */
const pack = (document: Document) => (hasDollars(document) ? new Binary(serialize(document)) : document);
const unpack = (stored: Document) => (stored instanceof Binary ? parseDocument(stored.value()) : stored);

const hasDollars = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(hasDollars)
    : isDocument(value) &&
      Object.entries(value).some(([name, field]) => name.startsWith("$") || hasDollars(field));
