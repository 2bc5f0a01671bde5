/**
 * Why a database cannot be used, in a word. Made of error codes only: drivers like to quote the URL that they were given,
 * with its password, so their messages are never shown.
 */

/** Each in French, and whether it lasts: nothing changes it by itself, and trying again is pointless. */
const reasons = {
  "missing setting": { french: "variable manquante", lasts: true },
  "invalid setting": { french: "variable invalide", lasts: true },
  "wrong user or password": { french: "utilisateur ou mot de passe refusé", lasts: true },
  "not allowed": { french: "droits insuffisants", lasts: true },
  "no such database": { french: "base de données inconnue", lasts: true },
  "host not found": { french: "hôte introuvable", lasts: false },
  "connection refused": { french: "connexion refusée", lasts: false },
  "connection closed": { french: "connexion fermée par le serveur", lasts: false },
  timeout: { french: "délai dépassé", lasts: false },
  TLS: { french: "TLS refusé", lasts: true },
  error: { french: "erreur inattendue", lasts: false },
};
export type Reason = keyof typeof reasons;

export const isFinal = (reason: Reason) => reasons[reason].lasts;
export const inFrench = (reason: Reason) => reasons[reason].french;

/** A database that refused, or a setting of it that is no good. The variables are named, never their values. */
export class Refusal extends Error {
  constructor(
    readonly reason: Reason,
    readonly variables: readonly string[],
  ) {
    super(reason);
  }
}
/** Rejects with a timeout when a promise takes longer, in milliseconds. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal("timeout", [])), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Codes of the three protocols and of Node, and what they mean.
 * https://www.mongodb.com/docs/manual/reference/error-codes/, of Atlas 8000 as well,
 * https://www.postgresql.org/docs/current/errcodes-appendix.html, https://redis.io/docs/latest/commands/auth/,
 * https://nodejs.org/api/errors.html#common-system-errors
 */
const meanings: readonly [RegExp, Reason][] = [
  [/^(18|8000|28P01|28000|WRONGPASS|NOAUTH)$/, "wrong user or password"],
  [/^(13|42501|NOPERM)$/, "not allowed"],
  [/^3D000$/, "no such database"],
  [/^(ENOTFOUND|EAI_AGAIN|ENODATA|EAI_NODATA)$/, "host not found"],
  [/^(MongoParseError|MongoInvalidArgumentError|MongoAPIError|ERR_INVALID_URL|EBADNAME)$/, "invalid setting"],
  [/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|^ERR_(TLS|SSL)_|^EPROTO$|^HOSTNAME_MISMATCH$/, "TLS"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES)$/, "connection refused"],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|ConnectionTimeoutError|MongoNetworkTimeoutError|57014)$/, "timeout"],
  [/^(ECONNRESET|EPIPE|SocketClosedUnexpectedlyError|ClientClosedError|57P0\d)$/, "connection closed"],
  [/^MongoNetworkError$/, "connection closed"],
  [/^(MongoServerSelectionError|MongoOperationTimeoutError|MongoTimeoutError)$/, "timeout"],
];

/** A code for messages that carry none; each is one that a driver has fixed, and none has a value in it. */
const fixedMessages: Record<string, string> = {
  "timeout expired": "ETIMEDOUT",
  "timeout exceeded when trying to connect": "ETIMEDOUT",
  "Query read timeout": "ETIMEDOUT",
  "Connection terminated unexpectedly": "ECONNRESET",
  "There was an error establishing an SSL connection": "EPROTO",
};

/** Finds out what an error of a driver means: the most telling of all the codes in it and below it. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof Refusal) return error.reason;
  const codes = [...codesOf(error)];
  for (const [pattern, reason] of meanings) if (codes.some((code) => pattern.test(code))) return reason;
  return "error";
}

/** Codes, names and first words of an error, of its causes, and of what a driver collects from several servers. */
function* codesOf(error: unknown, depth = 0): Generator<string> {
  if (typeof error !== "object" || error === null || depth > 6) return;
  const { code, name, message, cause, reason, errors, servers } = error as Record<string, unknown>;
  const { error: ofServer } = error as Record<string, unknown>;
  if (typeof code === "string" || typeof code === "number") yield String(code);
  if (typeof name === "string") yield name;
  yield error.constructor.name;
  if (typeof message === "string") {
    // Redis has no codes: a reply's first word is one.
    yield fixedMessages[message] ?? /^[A-Z]+(?= )/.exec(message)?.[0] ?? "";
  }
  const below = [cause, reason, ofServer, ...(Array.isArray(errors) ? errors : [])];
  if (servers instanceof Map) below.push(...servers.values());
  for (const one of below) yield* codesOf(one, depth + 1);
}
