/** Writing. */
import type { Document } from "bson";
import type { Commands, UserCall } from "../call.ts";
import type { Collection } from "../collection.ts";
import { CommandError, notImplemented } from "../errors.ts";
import { matcher } from "../match.ts";
import { projector, sorter } from "../shape.ts";
import { type Change, changer, upsertSeed } from "../update.ts";
import { isDocument, sameBytes, toNumber, truthy } from "../values.ts";
import { named } from "./catalog.ts";

/** One write of a command; others may follow it. */
function batch(body: Document, items: Document[], write: (item: Document, index: number) => void): Document {
  const writeErrors: Document[] = [];
  for (const [index, item] of items.entries()) {
    try {
      write(item, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (body.ordered !== false) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

function items(body: Document, name: string, known?: string[]): Document[] {
  const list: unknown = body[name];
  if (!Array.isArray(list) || list.length === 0 || list.length > 100_000)
    throw new CommandError(
      72,
      `Write batch sizes must be between 1 and 100000. Got ${Array.isArray(list) ? list.length : 0} operations.`,
    );
  for (const item of list) {
    if (!isDocument(item)) throw new CommandError(14, `BSON field '${name}' must hold documents`);
    const other = Object.keys(item).find((field) => known !== undefined && !known.includes(field));
    if (other !== undefined) throw notImplemented(`${other} in ${name}`);
  }
  return list;
}

function insert({ server: { storage }, db, body }: UserCall): Document {
  const documents = items(body, "documents");
  const collection = storage.open(db, body.insert);
  let n = 0;
  const errors = batch(body, documents, (document) => {
    collection.insert(document);
    n++;
  });
  storage.changed(db);
  return { n, ...errors };
}

function update({ server: { storage }, db, body }: UserCall): Document {
  const updates = items(body, "updates", ["q", "u", "upsert", "multi", "hint"]);
  const upserted: Document[] = [];
  let n = 0;
  let nModified = 0;
  const errors = batch(body, updates, ({ q, u, upsert, multi }, index) => {
    const matches = matcher(q);
    const change = changer(u);
    if (truthy(multi) && isReplacement(u))
      throw new CommandError(9, "multi update is not supported for replacement-style update");
    const collection = truthy(upsert) ? storage.open(db, body.update) : storage.find(db, body.update);
    if (collection === undefined) return;
    const found = collection.documents().filter(matches);
    for (const document of truthy(multi) ? found : found.slice(0, 1)) {
      if (apply(collection, document, change) !== undefined) nModified++;
      n++;
    }
    if (found.length > 0 || !truthy(upsert)) return;
    const { _id } = insertNew(collection, q as Document, change);
    upserted.push({ index, _id });
    n++;
  });
  storage.changed(db);
  return { n, nModified, ...(upserted.length > 0 && { upserted }), ...errors };
}

const isReplacement = (update: unknown) =>
  isDocument(update) && Object.keys(update)[0]?.startsWith("$") !== true;

/** The document as it is now, or nothing if it is the same as before. */
function apply(collection: Collection, document: Document, change: Change): Document | undefined {
  const after = change(document, false);
  if (sameBytes(document, after)) return undefined;
  collection.replace(document, after);
  return after;
}

const insertNew = (collection: Collection, filter: Document, change: Change) =>
  collection.insert(change(upsertSeed(filter), true));

function remove({ server: { storage }, db, body }: UserCall): Document {
  let n = 0;
  const errors = batch(body, items(body, "deletes", ["q", "limit", "hint"]), ({ q, limit }) => {
    const matches = matcher(q);
    const count = toNumber(limit);
    if (count !== 0 && count !== 1)
      throw new CommandError(9, "The limit field in delete objects must be 0 or 1.");
    const collection = storage.find(db, body.delete);
    const found = (collection?.documents() ?? []).filter(matches);
    for (const document of count === 1 ? found.slice(0, 1) : found) {
      collection?.remove(document);
      n++;
    }
  });
  storage.changed(db);
  return { n, ...errors };
}

function findAndModify({ server: { storage }, db, body }: UserCall): Document {
  const name: unknown = body.findAndModify;
  const { query = {}, update, remove, upsert, fields } = body;
  if (truthy(remove) === (update !== undefined))
    throw new CommandError(9, "Either an update or remove=true must be specified, and not both");
  const matches = matcher(query);
  const order = sorter(body.sort);
  const project = projector(fields);
  const change = truthy(remove) ? undefined : changer(update);
  const collection = truthy(upsert) ? storage.open(db, name) : storage.find(db, name);
  const found = (collection?.documents() ?? []).filter(matches);
  if (order !== undefined) found.sort(order);
  const [document] = found;
  const wantsNew = truthy(body.new);
  storage.changed(db);
  if (document === undefined || collection === undefined) {
    if (change === undefined) return { lastErrorObject: { n: 0 }, value: null };
    if (collection === undefined || !truthy(upsert))
      return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
    const made = insertNew(collection, query, change);
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: made._id },
      value: wantsNew ? project(made) : null,
    };
  }
  if (change === undefined) {
    collection.remove(document);
    return { lastErrorObject: { n: 1 }, value: project(document) };
  }
  const after = apply(collection, document, change) ?? document;
  return { lastErrorObject: { n: 1, updatedExisting: true }, value: project(wantsNew ? after : document) };
}

function needsOfUpdate({ db, body }: UserCall) {
  const collection = String(body.update);
  const upserts = Array.isArray(body.updates) && body.updates.some((update) => truthy(update?.upsert));
  return (upserts ? ["update", "insert"] : ["update"]).map((action) => ({ action, db, collection }));
}

function needsOfFindAndModify({ db, body }: UserCall) {
  const collection = String(body.findAndModify);
  const actions = [
    "find",
    truthy(body.remove) ? "remove" : "update",
    ...(truthy(body.upsert) ? ["insert"] : []),
  ];
  return actions.map((action) => ({ action, db, collection }));
}

const common = ["ordered", "bypassDocumentValidation", "hint"];

export const writeCommands: Commands = {
  insert: { write: true, fields: [...common, "documents"], needs: named("insert", "insert"), run: insert },
  update: { write: true, fields: [...common, "updates"], needs: needsOfUpdate, run: update },
  delete: { write: true, fields: [...common, "deletes"], needs: named("delete", "remove"), run: remove },
  findAndModify: {
    write: true,
    fields: [...common, "query", "update", "remove", "new", "upsert", "sort", "fields"],
    needs: needsOfFindAndModify,
    run: findAndModify,
  },
};
