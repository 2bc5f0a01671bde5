/** Databases, collections and indexes. */
import type { Document } from "bson";
import type { Commands, UserCall } from "../call.ts";
import type { Collection } from "../collection.ts";
import { CommandError, notImplemented } from "../errors.ts";
import { matcher } from "../match.ts";
import { checkNewCollection, parseNamespace } from "../names.ts";
import { equal, isDocument, toNumber, truthy } from "../values.ts";

/** The collection that a command names by its own name. */
export const named =
  (command: string, action: string) =>
  ({ db, body }: UserCall) => [{ action, db, collection: String(body[command]) }];

/** The size of the stored documents, in bytes. */
const bytes = (collections: Collection[]) =>
  collections.reduce((sum, collection) => sum + collection.bytes(), 0);

/** Who may not list all is shown those that he may use. */
function listDatabases({ server: { storage }, account, body }: UserCall): Document {
  const { authorizedDatabases } = body;
  const all = account.privileges.allows({ action: "listDatabases" });
  if (!all && authorizedDatabases === false)
    throw new CommandError(
      13,
      "not authorized on admin to execute command { listDatabases: 1.0, authorizedDatabases: false }",
    );
  const onlyOwn = !all || authorizedDatabases === true;
  const matches = matcher(body.filter);
  const databases = storage
    .names()
    .filter((name) => !onlyOwn || account.privileges.sees(name))
    .map((name) => ({ name, sizeOnDisk: bytes(storage.collections(name)), empty: false }))
    .filter(matches);
  if (truthy(body.nameOnly)) return { databases: databases.map(({ name }) => ({ name })) };
  const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20) };
}

function listCollections({ server, account, db, body }: UserCall): Document {
  const matches = matcher(body.filter);
  const nameOnly = truthy(body.nameOnly);
  const all = account.privileges.allows({ action: "listCollections", db });
  const documents = server.storage
    .collections(db)
    .filter(({ name }) => all || account.privileges.allows({ action: "find", db, collection: name }))
    .map((collection) => ({
      name: collection.name,
      type: "collection",
      options: {},
      info: { readOnly: false, uuid: collection.uuid },
      idIndex: collection.indexes[0],
    }))
    .filter(matches)
    .map(({ name, type, ...details }) => (nameOnly ? { name, type } : { name, type, ...details }));
  return server.cursors.first(`${db}.$cmd.listCollections`, account, documents, batchSize(body), false);
}

/** Names of the collections that one may read: that is allowed without a role on the whole database. */
const needsToList = ({ db, body }: UserCall) =>
  truthy(body.nameOnly) && truthy(body.authorizedCollections) ? [] : [{ action: "listCollections", db }];

export function batchSize(body: Document): number | undefined {
  const cursor: unknown = body.cursor;
  if (cursor !== undefined && !isDocument(cursor))
    throw new CommandError(14, "cursor field must be a document");
  const size = toNumber(cursor?.batchSize);
  if (size !== undefined && size < 0) throw new CommandError(2, "batchSize must be at least 0");
  return size;
}

function existing({ server, db }: UserCall, name: unknown): Collection {
  const collection = server.storage.find(db, name);
  if (collection === undefined) throw new CommandError(26, `ns does not exist: ${db}.${String(name)}`);
  return collection;
}

function createIndexes({ server: { storage }, db, body }: UserCall): Document {
  const specs: unknown = body.indexes;
  if (!Array.isArray(specs) || specs.length === 0)
    throw new CommandError(2, "Must specify at least one index to create");
  const missing = storage.find(db, body.createIndexes) === undefined;
  const collection = storage.open(db, body.createIndexes);
  const before = collection.indexes.length;
  const created = specs.filter((spec) => collection.createIndex(spec)).length;
  storage.changed(db);
  return {
    numIndexesBefore: before,
    numIndexesAfter: collection.indexes.length,
    createdCollectionAutomatically: missing,
    ...(created === 0 && { note: "all indexes already exist" }),
  };
}

function dropIndexes(call: UserCall): Document {
  const collection = existing(call, call.body.dropIndexes);
  const wanted: unknown = call.body.index;
  const before = collection.indexes.length;
  const droppable = collection.indexes.filter(({ name }) => name !== "_id_");
  const names = Array.isArray(wanted) ? wanted : [wanted];
  if (names.includes("_id_")) throw new CommandError(72, "cannot drop _id index");
  const dropped =
    wanted === "*"
      ? droppable
      : names.map((each) => {
          const found = droppable.find(({ name, key }) =>
            isDocument(each) ? equal(key, each) : name === each,
          );
          if (found !== undefined) return found;
          throw new CommandError(
            27,
            isDocument(each) ? "can't find index with key" : `index not found with name [${String(each)}]`,
          );
        });
  for (const index of dropped) collection.dropIndex(index);
  call.server.storage.changed(call.db);
  return { nIndexesWas: before };
}

/** Within a database; a collection of the new name goes only when that is said. */
function renameCollection({ server: { storage }, body }: UserCall): Document {
  const [from, to] = [parseNamespace(body.renameCollection), parseNamespace(body.to)];
  const collection = storage.find(from.db, from.collection);
  const target = storage.find(to.db, to.collection);
  if (from.db !== to.db) throw notImplemented("to rename a collection into another database");
  if (collection === undefined)
    throw new CommandError(26, `Source collection ${from.db}.${from.collection} does not exist`);
  if (collection === target) throw new CommandError(20, "Can't rename a collection to itself");
  if (target !== undefined && !truthy(body.dropTarget)) throw new CommandError(48, "target namespace exists");
  if (target !== undefined) storage.drop(to.db, target);
  storage.rename(from.db, collection, to.collection);
  return {};
}

function create({ server, db, body }: UserCall): Document {
  checkNewCollection(db, String(body.create));
  server.storage.create(db, body.create);
  return {};
}

function dbStats({ server, db }: UserCall): Document {
  const collections = server.storage.collections(db);
  const objects = collections.reduce((sum, { size }) => sum + size, 0);
  const dataSize = bytes(collections);
  return {
    db,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize,
    storageSize: dataSize,
    indexes: collections.reduce((sum, { indexes }) => sum + indexes.length, 0),
  };
}

function collStats({ server, db, body }: UserCall): Document {
  const collection = server.storage.find(db, body.collStats);
  const size = collection?.bytes() ?? 0;
  const count = collection?.size ?? 0;
  return {
    ns: `${db}.${String(body.collStats)}`,
    size,
    count,
    ...(count > 0 && { avgObjSize: Math.floor(size / count) }),
    storageSize: size,
    nindexes: collection?.indexes.length ?? 0,
    capped: false,
  };
}

export const catalogCommands: Commands = {
  listDatabases: {
    fields: ["filter", "nameOnly", "authorizedDatabases"],
    adminOnly: true,
    needs: () => [],
    run: listDatabases,
  },
  listCollections: {
    fields: ["filter", "nameOnly", "authorizedCollections", "cursor"],
    needs: needsToList,
    run: listCollections,
  },
  listIndexes: {
    fields: ["cursor"],
    needs: named("listIndexes", "listIndexes"),
    run: (call) => {
      const { indexes, namespace } = existing(call, call.body.listIndexes);
      return call.server.cursors.first(namespace, call.account, [...indexes], batchSize(call.body));
    },
  },
  create: { fields: [], needs: named("create", "createCollection"), run: create },
  createIndexes: {
    fields: ["indexes", "commitQuorum"],
    needs: named("createIndexes", "createIndex"),
    run: createIndexes,
  },
  dropIndexes: { fields: ["index"], needs: named("dropIndexes", "dropIndex"), run: dropIndexes },
  drop: {
    fields: [],
    needs: named("drop", "dropCollection"),
    run: ({ server: { storage }, db, body }) => {
      const collection = storage.find(db, body.drop);
      if (collection === undefined) return {};
      storage.drop(db, collection);
      return { nIndexesWas: collection.indexes.length, ns: collection.namespace };
    },
  },
  dropDatabase: {
    fields: [],
    needs: ({ db }) => [{ action: "dropDatabase", db }],
    run: ({ server, db }) => (server.storage.dropDatabase(db) ? { dropped: db } : {}),
  },
  dbStats: {
    fields: ["scale", "freeStorage"],
    needs: ({ db }) => [{ action: "dbStats", db }],
    run: (call) => {
      if ((toNumber(call.body.scale) ?? 1) !== 1) throw notImplemented("a scale of dbStats");
      return dbStats(call);
    },
  },
  renameCollection: {
    fields: ["to", "dropTarget"],
    adminOnly: true,
    needs: ({ body }) => {
      const { db } = parseNamespace(body.renameCollection);
      const drop = { action: "dropCollection", ...parseNamespace(body.to) };
      return [{ action: "renameCollectionSameDB", db }, ...(truthy(body.dropTarget) ? [drop] : [])];
    },
    run: renameCollection,
  },
  collStats: { fields: [], needs: named("collStats", "collStats"), run: collStats },
};
