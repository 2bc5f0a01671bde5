/**
 * Retryable writes: a write that comes a second time is answered from memory. A restart forgets them.
 * @see https://www.mongodb.com/docs/manual/core/retryable-writes/
 */
import type { Document } from "bson";
import { CommandError } from "./errors.ts";
import { keyOf } from "./values.ts";

/** Minutes after which a session that is not used ends; drivers are told. */
export const sessionMinutes = 30;

interface Session {
  /** Of its newest write. */
  number: bigint;
  reply: Document | undefined;
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
    const current: Session = { number, reply: undefined, used: Date.now() };
    this.renew(key, current);
    const reply = write();
    current.reply = reply;
    return reply;
  }

  end(user: string, lsids: unknown[]): void {
    for (const lsid of lsids) this.known.delete(sessionKey(user, lsid));
  }

  refresh(user: string, lsids: unknown[]): void {
    for (const lsid of lsids) {
      const key = sessionKey(user, lsid);
      const session = this.known.get(key);
      if (session !== undefined) this.renew(key, { ...session, used: Date.now() });
    }
  }

  /** Those that were used last are last. */
  private renew(key: string, session: Session): void {
    this.known.delete(key);
    this.known.set(key, session);
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
