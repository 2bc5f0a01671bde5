/**
 * Refusals, in MongoDB's shape.
 * @see https://github.com/mongodb/mongo/blob/v8.0/src/mongo/base/error_codes.yml
 */
import { type Document, Double } from "bson";

const codeNames: Record<number, string> = {
  1: "InternalError",
  2: "BadValue",
  9: "FailedToParse",
  13: "Unauthorized",
  14: "TypeMismatch",
  15: "Overflow",
  17: "ProtocolError",
  18: "AuthenticationFailed",
  20: "IllegalOperation",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  39: "FileStreamFailed",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  100: "UnsatisfiableWriteConcern",
  168: "InvalidPipelineOperator",
  197: "InvalidIndexSpecificationOption",
  225: "TransactionTooOld",
  238: "NotImplemented",
  251: "NoSuchTransaction",
  263: "OperationNotSupportedInTransaction",
  322: "APIVersionError",
  323: "APIStrictError",
  334: "MechanismUnavailable",
  352: "UnsupportedOpQueryCommand",
  10334: "BSONObjectTooLarge",
  11000: "DuplicateKey",
  13297: "DatabaseDifferCase",
};

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
