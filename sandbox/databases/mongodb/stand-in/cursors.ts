/** Answers that are fetched in several batches. */
import { type Document, Long, serialize } from "bson";
import { maxDocumentBytes } from "./collection.ts";
import { CommandError } from "./errors.ts";
import type { Account } from "./users.ts";

/** After this long unused a cursor is forgotten, in milliseconds; MongoDB's `cursorTimeoutMillis`. */
const timeout = 10 * 60_000;
/** Documents in a first batch that names no size. */
const firstBatch = 101;

interface Cursor {
  namespace: string;
  owner: Account;
  rest: Document[];
  used: number;
}

export class Cursors {
  private readonly open = new Map<string, Cursor>();
  private last = BigInt(Date.now()) << 20n;

  /** A command's answer: the first batch, and a cursor for the rest. */
  first(
    namespace: string,
    owner: Account,
    documents: Document[],
    batchSize = firstBatch,
    single = false,
  ): Document {
    const batch = takeBatch(documents, batchSize);
    const rest = documents.slice(batch.length);
    let id = 0n;
    if (rest.length > 0 && !single) {
      this.expire();
      this.last += 1n;
      id = this.last;
      this.open.set(String(id), { namespace, owner, rest, used: Date.now() });
    }
    return { cursor: { firstBatch: batch, id: Long.fromBigInt(id), ns: namespace } };
  }

  next(id: bigint, namespace: string, owner: Account, batchSize: number | undefined): Document {
    const cursor = this.open.get(String(id));
    if (cursor === undefined || Date.now() - cursor.used > timeout)
      throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace)
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    if (cursor.owner !== owner)
      throw new CommandError(13, `cursor id ${id} was not created by the authenticated user`);
    const batch = takeBatch(cursor.rest, batchSize || Number.POSITIVE_INFINITY);
    cursor.rest = cursor.rest.slice(batch.length);
    cursor.used = Date.now();
    const done = cursor.rest.length === 0;
    if (done) this.open.delete(String(id));
    return { cursor: { nextBatch: batch, id: Long.fromBigInt(done ? 0n : id), ns: namespace } };
  }

  kill(id: bigint, owner: Account): boolean {
    return this.open.get(String(id))?.owner === owner && this.open.delete(String(id));
  }

  /** The number of cursors that are open. */
  get size(): number {
    return this.open.size;
  }

  private expire(): void {
    for (const [id, { used, owner }] of this.open)
      if (owner.gone || Date.now() - used > timeout) this.open.delete(id);
  }
}

/** As many as asked for, and as fit into one answer; at least one, or nothing would ever come. */
function takeBatch(documents: Document[], size: number): Document[] {
  let bytes = 0;
  let count = 0;
  for (const document of documents) {
    if (count >= size) break;
    bytes += serialize(document).length;
    if (count > 0 && bytes > maxDocumentBytes) break;
    count++;
  }
  return documents.slice(0, count);
}
