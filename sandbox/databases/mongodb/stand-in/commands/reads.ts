/** Reading. */
import { type Document, Long } from "bson";
import { aggregation, foreign } from "../aggregate.ts";
import type { Commands, UserCall } from "../call.ts";
import { CommandError, notImplemented, unknown } from "../errors.ts";
import { matcher } from "../match.ts";
import { valuesOf } from "../paths.ts";
import { projector } from "../projection.ts";
import { select } from "../sort.ts";
import { isDocument, keyOf, toNumber, truthy, typeOf } from "../values.ts";
import { batchSize, named } from "./catalog.ts";
import { modules, version } from "./hello.ts";

/** A number that is not negative; `limit: 0` is none. */
function amount(body: Document, name: string): number {
  const value = toNumber(body[name]) ?? 0;
  if (!Number.isInteger(value) || value < 0)
    throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${value}'`);
  return value;
}

/** The documents that a query is about, in its order. */
function query({ server, db, body }: UserCall, name: unknown, filter: unknown): Document[] {
  const documents = select(server.storage.find(db, name)?.documents(body.hint) ?? [], filter, body.sort);
  const skip = amount(body, "skip");
  const limit = amount(body, "limit");
  return documents.slice(skip, limit === 0 ? undefined : skip + limit);
}

function find(call: UserCall): Document {
  const { server, account, db, body } = call;
  const project = projector(body.projection, {}, body.filter ?? {});
  const documents = query(call, body.find, body.filter).map(project);
  const size = body.batchSize === undefined ? undefined : amount(body, "batchSize");
  return server.cursors.first(`${db}.${body.find}`, account, documents, size, truthy(body.singleBatch));
}

function getMore({ server, account, db, body }: UserCall): Document {
  const id: unknown = body.getMore;
  if (!(id instanceof Long)) throw new CommandError(14, "Field 'getMore' must be of type long");
  const size = body.batchSize === undefined ? undefined : amount(body, "batchSize");
  return server.cursors.next(id.toBigInt(), `${db}.${String(body.collection)}`, account, size);
}

function killCursors({ server, account, body }: UserCall): Document {
  const ids: unknown = body.cursors;
  if (!Array.isArray(ids)) throw new CommandError(14, "Field 'cursors' must be of type array");
  const killed = ids.filter((id) => id instanceof Long && server.cursors.kill(id.toBigInt(), account));
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  };
}

function distinct({ server, db, body }: UserCall): Document {
  const { key } = body;
  if (typeof key !== "string" || key === "") throw new CommandError(14, "Field 'key' must be a string");
  const matches = matcher(body.query);
  const values = new Map<string, unknown>();
  for (const document of server.storage.find(db, body.distinct)?.documents(body.hint) ?? [])
    if (matches(document))
      for (const value of valuesOf(document, key))
        if (!values.has(keyOf(value))) values.set(keyOf(value), value);
  return { values: [...values.values()] };
}

function aggregate({ server, account, db, body }: UserCall): Document {
  const { aggregate: name, cursor } = body;
  if (typeOf(cursor) !== "object")
    throw new CommandError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  if (typeof name !== "string") throw notImplemented("aggregations of a whole database");
  const collection = (other: unknown) => server.storage.find(db, other)?.documents() ?? [];
  const run = aggregation(body.pipeline, { collection, variables: { NOW: new Date() } });
  const documents = run(server.storage.find(db, name)?.documents(body.hint) ?? []);
  return server.cursors.first(`${db}.${name}`, account, documents, batchSize(body));
}

/** All documents are gone through, whatever indexes there are. What another command than `find` would do is not tried. */
function explain(call: UserCall): Document {
  const { db, body } = call;
  const command = explained(body);
  const [name = ""] = Object.keys(command);
  const collection = call.server.storage.find(db, command[name]);
  const documents = collection?.documents(command.hint) ?? [];
  const parsedQuery = command.filter ?? command.query ?? {};
  const stage = collection === undefined ? "EOF" : "COLLSCAN";
  const winningPlan = { stage, ...(stage === "COLLSCAN" && { direction: "forward" }) };
  const tried = name === "find" && body.verbosity !== "queryPlanner";
  const nReturned = tried ? query({ ...call, body: command }, command.find, parsedQuery).length : 0;
  const counts = {
    nReturned,
    executionTimeMillis: 0,
    totalKeysExamined: 0,
    totalDocsExamined: documents.length,
  };
  return {
    explainVersion: "1",
    queryPlanner: { namespace: `${db}.${command[name]}`, parsedQuery, winningPlan, rejectedPlans: [] },
    ...(tried && {
      executionStats: { executionSuccess: true, ...counts, executionStages: { stage, ...counts } },
    }),
    command,
    serverInfo: { host: call.server.address, version, modules },
  };
}

const explainable = ["find", "count", "distinct", "aggregate", "update", "delete", "findAndModify"];

function explained({ explain: command }: Document): Document {
  const [name = ""] = isDocument(command) ? Object.keys(command) : [];
  if (!isDocument(command) || !explainable.includes(name)) throw unknown(59, `how to explain '${name}'`);
  return command;
}

/** Neither changes what is found: how it is found, and how long that may take. */
const idle = ["hint", "allowDiskUse"];

export const readCommands: Commands = {
  find: {
    fields: [
      ...idle,
      "filter",
      "sort",
      "projection",
      "skip",
      "limit",
      "batchSize",
      "singleBatch",
      "noCursorTimeout",
    ],
    needs: named("find", "find"),
    run: find,
  },
  // Whose cursor it is was checked when it was made, and is again.
  getMore: { fields: ["collection", "batchSize"], needs: () => [], run: getMore },
  killCursors: { fields: ["cursors"], needs: () => [], run: killCursors },
  count: {
    fields: [...idle, "query", "limit", "skip", "fields"],
    needs: named("count", "find"),
    run: (call) => ({ n: query(call, call.body.count, call.body.query).length }),
  },
  distinct: { fields: [...idle, "key", "query"], needs: named("distinct", "find"), run: distinct },
  aggregate: {
    fields: [...idle, "pipeline", "cursor", "bypassDocumentValidation"],
    needs: ({ db, body }) =>
      [String(body.aggregate), ...foreign(body.pipeline)].map((collection) => ({
        action: "find",
        db,
        collection,
      })),
    run: aggregate,
  },
  // What it is about is read, if only to be counted.
  explain: {
    fields: ["verbosity"],
    needs: ({ db, body }) => {
      const command = explained(body);
      return [{ action: "find", db, collection: String(Object.values(command)[0]) }];
    },
    run: explain,
  },
};
