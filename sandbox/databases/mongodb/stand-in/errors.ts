/**
 * Refusals, in MongoDB's shape. The names of their codes are those that codes.json has of MongoDB's own list.
 * @see https://github.com/mongodb/mongo/blob/v8.0/src/mongo/base/error_codes.yml
 */
import { type Document, Double } from "bson";
import codes from "./codes.json" with { type: "json" };

const codeNames: Readonly<Record<number, string>> = codes;

/** A refusal that the client gets as the answer to its command, or to one of its writes. */
export class CommandError extends Error {
  readonly code: number;
  /** Fields that come with this kind of refusal, such as `keyPattern`. */
  readonly details: Document;

  constructor(code: number, message: string, details: Document = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  reply(): Document {
    return {
      ok: new Double(0),
      errmsg: this.message,
      code: this.code,
      codeName: codeName(this.code),
      ...this.details,
    };
  }
}

/** Errors that have no name are called after their place in the source. */
export const codeName = (code: number) => codeNames[code] ?? `Location${code}`;

/** What MongoDB can and this stand-in cannot: said, rather than answered wrongly. */
export const notImplemented = (what: string) =>
  new CommandError(238, `this stand-in for MongoDB does not support ${what}; a real mongod does`);

/** What may be the client's mistake, or something of MongoDB's that is not known here; the code is MongoDB's. */
export const unknown = (code: number, what: string) =>
  new CommandError(code, `this stand-in for MongoDB does not know ${what}`);
