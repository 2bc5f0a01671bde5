/**
 * Sessions, whose ids drivers make up, and the transactions that there are not. A write that comes a second time in one
 * is answered from memory; a restart forgets it.
 * @see https://www.mongodb.com/docs/manual/core/retryable-writes/
 */
import type { Document } from "bson";
import type { Commands } from "./call.ts";
import { CommandError } from "./errors.ts";
import { keyOf, toNumber } from "./values.ts";

/** Minutes after which a session that is not used ends; drivers are told. */
export const sessionMinutes = 30;

interface Session {
  /** Of its newest write. */
  number: bigint;
  reply?: Document;
  /** Milliseconds since 1970. */
  used: number;
}

export class Sessions {
  private readonly known = new Map<string, Session>();

  /** The write's answer: the one that it got before, or else what `write` gives. */
  once(user: string, lsid: unknown, number: bigint, write: () => Document): Document {
    this.expire();
    const key = sessionKey(user, lsid);
    const session = this.known.get(key);
    if (session !== undefined && number < session.number)
      throw new CommandError(
        225,
        `Retryable write with txnNumber ${number} is prohibited: a newer one with txnNumber ${session.number} has already started on this session.`,
      );
    if (session?.number === number && session.reply !== undefined) return session.reply;
    // Those that were used last are last.
    this.known.delete(key);
    const current: Session = { number, used: Date.now() };
    this.known.set(key, current);
    current.reply = write();
    return current.reply;
  }

  end(user: string, lsids: unknown[]): void {
    for (const lsid of lsids) this.known.delete(sessionKey(user, lsid));
  }

  private expire(): void {
    const oldest = Date.now() - sessionMinutes * 60_000;
    for (const [key, { used }] of this.known) {
      if (used >= oldest) break;
      this.known.delete(key);
    }
  }
}

/** Two users' sessions differ even if their ids do not. */
const sessionKey = (user: string, lsid: unknown) => `${user}\0${keyOf((lsid as Document).id ?? null)}`;

const ids = (list: unknown): unknown[] => {
  if (!Array.isArray(list)) throw new CommandError(14, "expected an array of sessions");
  return list;
};

const noTransaction = (body: Document) => {
  const number = toNumber(body.txnNumber);
  throw new CommandError(
    251,
    `Given transaction number ${number ?? "(none)"} does not match any in-progress transactions.`,
  );
};

export const sessionCommands: Commands = {
  endSessions: {
    open: true,
    fields: [],
    run: ({ server, client, body }) => {
      if (client.account !== undefined) server.sessions.end(client.account.username, ids(body.endSessions));
      return {};
    },
  },
  commitTransaction: { fields: "any", needs: () => [], run: ({ body }) => noTransaction(body) },
  abortTransaction: { fields: "any", needs: () => [], run: ({ body }) => noTransaction(body) },
};
