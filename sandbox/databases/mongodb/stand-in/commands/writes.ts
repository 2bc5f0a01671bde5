/** Writing. */
import { type Document, Double } from "bson";
import type { Commands, UserCall } from "../call.ts";
import type { Collection } from "../collection.ts";
import { CommandError, unknown } from "../errors.ts";
import { parseNamespace } from "../names.ts";
import { projector } from "../projection.ts";
import { select } from "../sort.ts";
import type { Storage } from "../storage.ts";
import { changer, upsertSeed } from "../update.ts";
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
    if (other !== undefined) throw unknown(40415, `the field '${other}' of ${name}`);
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

interface Updated {
  n: number;
  nModified: number;
  /** The document before and after; without a document there was none to update. */
  before?: Document;
  after?: Document;
  upserted?: { _id: unknown };
}

/** One update, described as the command of that name does, whatever command it came by. */
function updateDocuments(storage: Storage, db: string, name: unknown, spec: Document): Updated {
  const { q, u } = spec;
  const [upsert, multi] = [truthy(spec.upsert), truthy(spec.multi)];
  const change = changer(u, q, spec.arrayFilters);
  if (multi && !Array.isArray(u) && Object.keys(u)[0]?.startsWith("$") !== true)
    throw new CommandError(9, "multi update is not supported for replacement-style update");
  const collection = upsert ? storage.open(db, name) : storage.find(db, name);
  const found = chosen(collection, spec, multi);
  const result: Updated = { n: found.length, nModified: 0 };
  for (const document of found) {
    const after = change(document, false);
    Object.assign(result, { before: document, after });
    if (sameBytes(document, after)) continue;
    collection?.replace(document, after);
    result.nModified++;
  }
  if (found.length > 0 || !upsert || collection === undefined) return result;
  const after = collection.insert(change(upsertSeed(q), true));
  return { n: 1, nModified: 0, after, upserted: { _id: after._id } };
}

/** The documents that a write is about. */
function chosen(collection: Collection | undefined, spec: Document, multi: boolean): Document[] {
  const found = select(collection?.documents(spec.hint) ?? [], spec.q, spec.sort);
  return multi ? found : found.slice(0, 1);
}

function update({ server: { storage }, db, body }: UserCall): Document {
  const updates = items(body, "updates", ["q", "u", "upsert", "multi", "hint", "arrayFilters", "sort"]);
  const upserted: Document[] = [];
  let n = 0;
  let nModified = 0;
  const errors = batch(body, updates, (spec, index) => {
    const done = updateDocuments(storage, db, body.update, spec);
    n += done.n;
    nModified += done.nModified;
    if (done.upserted !== undefined) upserted.push({ index, ...done.upserted });
  });
  storage.changed(db);
  return { n, nModified, ...(upserted.length > 0 && { upserted }), ...errors };
}

/** Gives the documents that are gone. */
function removeDocuments(storage: Storage, db: string, name: unknown, spec: Document): Document[] {
  const collection = storage.find(db, name);
  const over = chosen(collection, spec, spec.limit === 0);
  for (const document of over) collection?.remove(document);
  return over;
}

function remove({ server: { storage }, db, body }: UserCall): Document {
  let n = 0;
  const deletes = items(body, "deletes", ["q", "limit", "hint"]);
  const errors = batch(body, deletes, (spec) => {
    const limit = toNumber(spec.limit);
    if (limit !== 0 && limit !== 1)
      throw new CommandError(9, "The limit field in delete objects must be 0 or 1.");
    n += removeDocuments(storage, db, body.delete, { ...spec, limit }).length;
  });
  storage.changed(db);
  return { n, ...errors };
}

function findAndModify({ server: { storage }, db, body }: UserCall): Document {
  const { findAndModify: name, query: q = {}, update: u, remove } = body;
  if (truthy(remove) === (u !== undefined))
    throw new CommandError(9, "Either an update or remove=true must be specified, and not both");
  const project = projector(body.fields, {}, q);
  if (truthy(remove)) {
    const [document] = removeDocuments(storage, db, name, { ...body, q });
    storage.changed(db);
    return {
      lastErrorObject: { n: document === undefined ? 0 : 1 },
      value: document === undefined ? null : project(document),
    };
  }
  const { n, before, after, upserted } = updateDocuments(storage, db, name, { ...body, q, u });
  storage.changed(db);
  const shown = truthy(body.new) ? after : before;
  return {
    lastErrorObject: {
      n,
      updatedExisting: before !== undefined,
      ...(upserted !== undefined && { upserted: upserted._id }),
    },
    value: shown === undefined ? null : project(shown),
  };
}

/** Writes of several collections in one command, since 8.0; each is answered by itself. */
function bulkWrite({ server, account, body }: UserCall): Document {
  const { storage } = server;
  const done = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
  const results: Document[] = [];
  const errors = batch(body, items(body, "ops"), (op, idx) => {
    const { kind, db, collection } = target(body, op);
    const result: Document = { ok: new Double(1), idx, n: 1 };
    if (kind === "insert") {
      storage.open(db, collection).insert(op.document);
      done.nInserted++;
    } else if (kind === "delete") {
      const spec = { q: op.filter, hint: op.hint, limit: truthy(op.multi) ? 0 : 1 };
      result.n = removeDocuments(storage, db, collection, spec).length;
      done.nDeleted += result.n;
    } else {
      const spec = { ...op, q: op.filter, u: op.updateMods };
      const { n, nModified, upserted } = updateDocuments(storage, db, collection, spec);
      Object.assign(result, { n, nModified, ...(upserted !== undefined && { upserted }) });
      done.nModified += nModified;
      if (upserted === undefined) done.nMatched += n;
      else done.nUpserted++;
    }
    storage.changed(db);
    if (!truthy(body.errorsOnly)) results.push(result);
  });
  const failed: Document[] = errors.writeErrors ?? [];
  for (const { index, ...error } of failed) results.push({ ok: new Double(0), idx: index, n: 0, ...error });
  const inOrder = results.sort((a, b) => a.idx - b.idx);
  const answer = server.cursors.first("admin.$cmd.bulkWrite", account, inOrder);
  return { ...answer, nErrors: failed.length, ...done };
}

const kinds = { insert: ["insert"], delete: ["remove"], update: ["update"] };

/** What one of the writes does, and where. */
function target({ nsInfo }: Document, op: Document) {
  const kind = (Object.keys(kinds) as (keyof typeof kinds)[]).find((name) => name in op);
  const namespace = kind && Array.isArray(nsInfo) ? nsInfo[toNumber(op[kind]) ?? -1] : undefined;
  if (kind === undefined || namespace === undefined)
    throw new CommandError(2, "BulkWrite ops entry has an invalid nsInfo index or kind");
  return { kind, ...parseNamespace(namespace.ns) };
}

const needsOfBulkWrite = ({ body }: UserCall) =>
  items(body, "ops").flatMap((op) => {
    const { kind, ...place } = target(body, op);
    const actions = truthy(op.upsert) ? ["update", "insert"] : kinds[kind];
    return actions.map((action) => ({ action, ...place }));
  });

function needsOfUpdate({ db, body }: UserCall) {
  const collection = String(body.update);
  const upserts = Array.isArray(body.updates) && body.updates.some((update) => truthy(update?.upsert));
  return (upserts ? ["update", "insert"] : ["update"]).map((action) => ({ action, db, collection }));
}

function needsOfFindAndModify({ db, body }: UserCall) {
  const collection = String(body.findAndModify);
  const actions = ["find", truthy(body.remove) ? "remove" : "update"];
  if (truthy(body.upsert)) actions.push("insert");
  return actions.map((action) => ({ action, db, collection }));
}

const common = ["ordered", "bypassDocumentValidation", "hint"];
const modifying = ["query", "update", "remove", "new", "upsert", "sort", "fields", "arrayFilters"];

export const writeCommands: Commands = {
  insert: { write: true, fields: [...common, "documents"], needs: named("insert", "insert"), run: insert },
  update: { write: true, fields: [...common, "updates"], needs: needsOfUpdate, run: update },
  delete: { write: true, fields: [...common, "deletes"], needs: named("delete", "remove"), run: remove },
  findAndModify: {
    write: true,
    fields: [...common, ...modifying],
    needs: needsOfFindAndModify,
    run: findAndModify,
  },
  bulkWrite: {
    write: true,
    adminOnly: true,
    fields: [...common, "ops", "nsInfo", "errorsOnly", "cursor"],
    needs: needsOfBulkWrite,
    run: bulkWrite,
  },
};
