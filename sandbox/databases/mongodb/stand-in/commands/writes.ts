/** Writing. */
import { type Document, Double } from "bson";
import type { Commands, UserCall } from "../call.ts";
import { CommandError, unknown } from "../errors.ts";
import { matcher } from "../match.ts";
import { checkDatabaseName } from "../names.ts";
import { projector } from "../projection.ts";
import { sorter } from "../sort.ts";
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

/** One update, of the command of that name or of another that updates. */
interface Update {
  q: Document;
  u: unknown;
  upsert?: unknown;
  multi?: unknown;
  arrayFilters?: unknown;
  hint?: unknown;
  sort?: unknown;
}

interface Updated {
  n: number;
  nModified: number;
  /** The document before and after; without a document there was none to update. */
  before?: Document;
  after?: Document;
  upserted?: { _id: unknown };
}

function updateDocuments(storage: Storage, db: string, name: unknown, spec: Update): Updated {
  const { q, u, arrayFilters, hint } = spec;
  const matches = matcher(q);
  const order = sorter(spec.sort);
  const change = changer(u, q, arrayFilters);
  if (truthy(spec.multi) && !Array.isArray(u) && Object.keys(u as Document)[0]?.startsWith("$") !== true)
    throw new CommandError(9, "multi update is not supported for replacement-style update");
  const upsert = truthy(spec.upsert);
  const collection = upsert ? storage.open(db, name) : storage.find(db, name);
  const found = collection?.documents(hint).filter(matches) ?? [];
  if (order !== undefined) found.sort(order);
  const result: Updated = { n: 0, nModified: 0 };
  for (const document of truthy(spec.multi) ? found : found.slice(0, 1)) {
    const after = change(document, false);
    if (!sameBytes(document, after)) {
      collection?.replace(document, after);
      result.nModified++;
    }
    Object.assign(result, { n: result.n + 1, before: document, after });
  }
  if (found.length > 0 || !upsert || collection === undefined) return result;
  const after = collection.insert(change(upsertSeed(q), true));
  return { n: 1, nModified: 0, after, upserted: { _id: after._id } };
}

function update({ server: { storage }, db, body }: UserCall): Document {
  const updates = items(body, "updates", [
    "q",
    "u",
    "upsert",
    "multi",
    "hint",
    "arrayFilters",
    "sort",
    "collation",
  ]);
  const upserted: Document[] = [];
  let n = 0;
  let nModified = 0;
  const errors = batch(body, updates, (spec, index) => {
    const done = updateDocuments(storage, db, body.update, spec as Update);
    n += done.n;
    nModified += done.nModified;
    if (done.upserted !== undefined) upserted.push({ index, ...done.upserted });
  });
  storage.changed(db);
  return { n, nModified, ...(upserted.length > 0 && { upserted }), ...errors };
}

/** Gives the documents that are gone. */
function removeDocuments(storage: Storage, db: string, name: unknown, spec: Document): Document[] {
  const matches = matcher(spec.q);
  const order = sorter(spec.sort);
  const collection = storage.find(db, name);
  const found = collection?.documents(spec.hint).filter(matches) ?? [];
  if (order !== undefined) found.sort(order);
  const over = spec.limit === 0 ? found : found.slice(0, 1);
  for (const document of over) collection?.remove(document);
  return over;
}

function remove({ server: { storage }, db, body }: UserCall): Document {
  let n = 0;
  const deletes = items(body, "deletes", ["q", "limit", "hint", "collation"]);
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
  const { findAndModify: name, query: q = {}, update: u, remove, sort, hint } = body;
  if (truthy(remove) === (u !== undefined))
    throw new CommandError(9, "Either an update or remove=true must be specified, and not both");
  const project = projector(body.fields, {}, q);
  if (truthy(remove)) {
    const [document] = removeDocuments(storage, db, name, { q, sort, hint });
    storage.changed(db);
    return {
      lastErrorObject: { n: document === undefined ? 0 : 1 },
      value: document === undefined ? null : project(document),
    };
  }
  const { upsert, arrayFilters } = body;
  const { n, before, after, upserted } = updateDocuments(storage, db, name, {
    q,
    u,
    sort,
    hint,
    upsert,
    arrayFilters,
  });
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
  const namespaces = namespacesOf(body);
  const errors = batch(body, items(body, "ops"), (op, idx) => {
    const { db, collection } = namespaces[toNumber(op[kindOf(op)]) ?? 0] ?? { db: "", collection: "" };
    const result: Document = { ok: new Double(1), idx, n: 1 };
    if (kindOf(op) === "insert") {
      storage.open(db, collection).insert(op.document);
      done.nInserted++;
    } else if (kindOf(op) === "delete") {
      const limit = truthy(op.multi) ? 0 : 1;
      result.n = removeDocuments(storage, db, collection, { q: op.filter, hint: op.hint, limit }).length;
      done.nDeleted += result.n;
    } else {
      const { n, nModified, upserted } = updateDocuments(storage, db, collection, {
        ...(op as Document & Update),
        q: op.filter,
        u: op.updateMods,
      });
      Object.assign(result, { n, nModified, ...(upserted !== undefined && { upserted }) });
      done.nModified += nModified;
      if (upserted === undefined) done.nMatched += n;
      else done.nUpserted++;
    }
    storage.changed(db);
    results.push(result);
  });
  for (const { index, ...error } of errors.writeErrors ?? [])
    results.push({ ok: new Double(0), idx: index, n: 0, ...error });
  const nErrors = errors.writeErrors?.length ?? 0;
  const shown = results
    .filter(({ code }) => code !== undefined || !truthy(body.errorsOnly))
    .sort((a, b) => a.idx - b.idx);
  return { ...server.cursors.first("admin.$cmd.bulkWrite", account, shown), nErrors, ...done };
}

const kindOf = (op: Document) => ["insert", "update", "delete"].find((kind) => kind in op) ?? "update";

function namespacesOf({ nsInfo }: Document): { db: string; collection: string }[] {
  if (!Array.isArray(nsInfo)) throw new CommandError(14, "BSON field 'bulkWrite.nsInfo' must be an array");
  return nsInfo.map(({ ns }) => {
    const [db = "", ...rest] = String(ns).split(".");
    checkDatabaseName(db);
    return { db, collection: rest.join(".") };
  });
}

const needsOfBulkWrite = ({ body }: UserCall) => {
  const namespaces = namespacesOf(body);
  const ops: Document[] = Array.isArray(body.ops) ? body.ops : [];
  return ops.flatMap((op) => {
    const place = namespaces[toNumber(op[kindOf(op)]) ?? 0] ?? { db: "" };
    const actions = {
      insert: ["insert"],
      delete: ["remove"],
      update: truthy(op.upsert) ? ["update", "insert"] : ["update"],
    };
    return actions[kindOf(op) as "insert"].map((action) => ({ action, ...place }));
  });
};

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
