/** Reading. */
import { type Document, Long } from "bson";
import { aggregation } from "../aggregate.ts";
import type { Commands, UserCall } from "../call.ts";
import { CommandError } from "../errors.ts";
import { matcher, valuesOf } from "../match.ts";
import { projector, sorter } from "../shape.ts";
import { keyOf, toNumber, truthy, typeOf } from "../values.ts";
import { batchSize, named } from "./catalog.ts";

/** A number that is not negative; `limit: 0` is none. */
function amount(body: Document, name: string): number {
  const value = toNumber(body[name]) ?? 0;
  if (!Number.isInteger(value) || value < 0)
    throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${value}'`);
  return value;
}

/** The documents that a query is about, in its order. */
function select({ server, db, body }: UserCall, name: unknown, filter: unknown): Document[] {
  const matches = matcher(filter);
  const order = sorter(body.sort);
  const documents = (server.storage.find(db, name)?.documents() ?? []).filter(matches);
  if (order !== undefined) documents.sort(order);
  const skip = amount(body, "skip");
  const limit = amount(body, "limit");
  return documents.slice(skip, limit === 0 ? undefined : skip + limit);
}

function find(call: UserCall): Document {
  const { server, account, db, body } = call;
  const project = projector(body.projection);
  const documents = select(call, body.find, body.filter).map(project);
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
  for (const document of server.storage.find(db, body.distinct)?.documents() ?? [])
    if (matches(document))
      for (const value of valuesOf(document, key))
        for (const each of Array.isArray(value) ? value : [value])
          if (!values.has(keyOf(each))) values.set(keyOf(each), each);
  return { values: [...values.values()] };
}

function aggregate({ server, account, db, body }: UserCall): Document {
  const { aggregate: name, cursor } = body;
  if (typeOf(cursor) !== "object")
    throw new CommandError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  const run = aggregation(body.pipeline);
  const documents = run(server.storage.find(db, name)?.documents() ?? []);
  return server.cursors.first(`${db}.${name}`, account, documents, batchSize(body));
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
    fields: [...idle, "query", "limit", "skip"],
    needs: named("count", "find"),
    run: (call) => ({ n: select(call, call.body.count, call.body.query).length }),
  },
  distinct: { fields: [...idle, "key", "query"], needs: named("distinct", "find"), run: distinct },
  aggregate: {
    fields: [...idle, "pipeline", "cursor", "bypassDocumentValidation"],
    needs: named("aggregate", "find"),
    run: aggregate,
  },
};
