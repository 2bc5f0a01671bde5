/**
 * What an error of a driver means, and what of it may be shown. Drivers quote URLs in their messages, servers repeat
 * what they were sent: so only codes that are known here, and names of the drivers' own classes, ever leave this file.
 */
import type { FailureKind } from "../advice/texts.ts";
import { Interrupted, TimeUp } from "./deadline.ts";

/**
 * Codes of the three protocols, of Node and of OpenSSL, the most telling first.
 *
 * MongoDB: https://www.mongodb.com/docs/manual/reference/error-codes/; Atlas adds 8000 (AtlasError).
 * PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
 * Redis has none: the first word of a reply, https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 * Node: https://nodejs.org/api/errors.html#common-system-errors, https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const meanings: readonly [RegExp, FailureKind][] = [
  [/^(18|8000|28P01|28000|WRONGPASS|NOAUTH)$/, "login-refused"],
  [/^(13|42501|NOPERM|DENIED)$/, "not-allowed"],
  [/^3D000$/, "no-such-database"],
  [/^(53300|53400)$/, "too-many-connections"],
  [/^(57P03|LOADING|BUSY|11602|91)$/, "starting"],
  [/^(25006|READONLY)$/, "read-only"],
  [/^(53200|OOM)$/, "out-of-memory"],
  [/^(53100|MISCONF)$/, "cannot-persist"],
  [/^(10107|13435|13436|11600|189|MASTERDOWN|CLUSTERDOWN)$/, "no-primary"],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, "certificate-expired"],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, "certificate-wrong-host"],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|CERT_[A-Z_]+|INVALID_CA|INVALID_PURPOSE)$/,
    "certificate-untrusted",
  ],
  [/^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/, "tls-mismatch"],
  [/^(ERR_SSL_[A-Z0-9_/]+|ERR_TLS_[A-Z_]+)$/, "tls-failed"],
  [/^(ENOTFOUND|EAI_AGAIN|ENODATA|EAI_NODATA|EAI_NONAME|ESERVFAIL|ETIMEOUT|EREFUSED)$/, "host-not-found"],
  [
    /^(MongoParseError|MongoInvalidArgumentError|MongoAPIError|MongoMissingCredentialsError)$/,
    "invalid-variables",
  ],
  [/^(ERR_INVALID_URL|EBADNAME|ERR_INVALID_ARG_VALUE)$/, "invalid-variables"],
  [/^ECONNREFUSED$/, "connection-refused"],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/, "unreachable"],
  [/^(59|115|352|42883|0A000|MongoCompatibilityError)$/, "not-supported"],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|57014|50|262|MongoNetworkTimeoutError)$/, "timeout"],
  [/^(ConnectionTimeoutError|SocketTimeoutError|CommandTimeoutError|MongoOperationTimeoutError)$/, "timeout"],
  [/^(ECONNRESET|EPIPE|57P01|57P02|08006|SocketClosedUnexpectedlyError)$/, "connection-closed"],
  [/^(ClientClosedError|ClientOfflineError|DisconnectsClientError|MongoNetworkError)$/, "connection-closed"],
  [/^(MongoServerSelectionError|MongoTimeoutError|MongoWaitQueueTimeoutError)$/, "timeout"],
];

/**
 * Beginnings of messages that have no code, as drivers, servers and the vendors before them word these.
 *
 * Upstash: https://upstash.com/docs/redis/troubleshooting, each a page of its own.
 * Render's Key Value: some drivers show the first words of its refusal, some do not.
 * Atlas: https://www.mongodb.com/docs/atlas/troubleshoot-connection/
 */
export const phrases: readonly [string, FailureKind][] = [
  ["ERR AUTH", "login-refused"],
  ["ERR invalid password", "login-refused"],
  ["AUTH failed: Client IP address is not in the allowlist", "address-refused"],
  ["Client IP address is not in the allowlist", "address-refused"],
  ["ERR max number of clients", "too-many-connections"],
  ["ERR max concurrent connections exceeded", "too-many-connections"],
  ["connection refused because too many open connections", "too-many-connections"],
  ["ERR max daily request limit exceeded", "quota-used-up"],
  ["ERR max requests limit exceeded", "quota-used-up"],
  ["ERR DB capacity quota exceeded", "storage-full"],
  ["you are over your space quota", "storage-full"],
  ["ERR unknown command", "not-supported"],
  ["There was an error establishing an SSL connection", "tls-mismatch"],
  ["timeout expired", "timeout"],
  ["Query read timeout", "timeout"],
  ["Connection terminated due to connection timeout", "timeout"],
  ["Connection terminated", "connection-closed"],
  ["Client network socket disconnected before secure TLS connection was established", "connection-closed"],
];

/** What an error means, and the codes that say so. */
export interface Meaning {
  kind: FailureKind;
  /** Known codes and class names, the telling one first, or a phrase that is known. */
  evidence: string;
}

/** Finds out what an error of a driver means, from all the codes in it and below it. */
export function meaningOf(error: unknown): Meaning {
  if (error instanceof TimeUp) return { kind: "timeout", evidence: "no answer in time" };
  if (error instanceof Interrupted) return { kind: "interrupted", evidence: "interrupted" };
  for (const { message } of errorsIn(error)) {
    const phrase = phraseIn(message);
    if (phrase !== undefined) return { kind: phrase[1], evidence: phrase[0] };
  }
  const found = [...codesOf(error)];
  for (const [pattern, kind] of meanings) {
    const telling = found.find((code) => pattern.test(code));
    if (telling !== undefined) return { kind: refined(kind, error), evidence: evidenceFrom(telling, found) };
  }
  return { kind: "unexpected", evidence: evidenceFrom("error", found) };
}

/** A resolver that refuses or does not answer is no database that does. */
function refined(kind: FailureKind, error: unknown): FailureKind {
  const asksNames = [...errorsIn(error)].some((one) => /^(query|getaddrinfo)/.test(String(one.syscall)));
  return asksNames ? "host-not-found" : kind;
}

function evidenceFrom(telling: string, found: readonly string[]): string {
  const thrower = found.find((code) => /^Mongo\w+$/.test(code) && code !== telling);
  return thrower === undefined ? telling : `${telling} (${thrower})`;
}

const phraseIn = (message: unknown) =>
  typeof message === "string"
    ? phrases.find(([phrase]) => message.toLowerCase().startsWith(phrase.toLowerCase()))
    : undefined;

function* codesOf(error: unknown): Generator<string> {
  for (const { code, name, message } of errorsIn(error)) {
    // The first word of a reply of Redis is its code.
    const word = typeof message === "string" && /^[A-Z]+(?= )/.exec(message)?.[0];
    for (const one of [code, name, word]) if (isKnown(one)) yield String(one);
  }
}

const isKnown = (code: unknown) =>
  (typeof code === "string" || typeof code === "number") &&
  (meanings.some(([pattern]) => pattern.test(String(code))) ||
    /^(Mongo(Server|Runtime|Driver)?Error)$/.test(String(code)));

/** The error, its causes, and what a driver collects from several servers. */
function* errorsIn(error: unknown, depth = 0): Generator<Record<string, unknown>> {
  if (typeof error !== "object" || error === null || depth > 6) return;
  const one = error as Record<string, unknown>;
  yield { ...one, name: one.name ?? error.constructor?.name, message: one.message, code: one.code };
  if (error.constructor?.name !== one.name) yield { name: error.constructor?.name };
  const { cause, reason, error: ofServer, errors, servers } = one;
  const below = [cause, reason, ofServer, ...(Array.isArray(errors) ? errors : [])];
  if (servers instanceof Map) below.push(...servers.values());
  for (const inner of below) yield* errorsIn(inner, depth + 1);
}
