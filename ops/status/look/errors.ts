/**
 * What an error of a driver means, and what of it may be shown. Drivers quote URLs in their messages, servers repeat
 * what they were sent: so only codes that are known here, and names of the drivers' own classes, ever leave this file.
 */
import type { FailureKind } from "../advice/texts.ts";
import { Interrupted, TimeUp } from "./deadline.ts";
import table from "./errors.json" with { type: "json" };

/** Codes of the three protocols, of Node and of OpenSSL, the most telling first (errors.json, with the sources). */
const meanings = table.codes.map(
  ([code = "", kind]) => [new RegExp(`^(?:${code})$`), kind as FailureKind] as const,
);

/** Beginnings of messages that have no code, as drivers, servers and the vendors before them word these. */
export const phrases = table.phrases as [string, FailureKind][];

/** Failures that another place may not have: nobody was there, or nobody answered from there. */
export const ofTheWay: ReadonlySet<FailureKind> = new Set([
  "host-not-found",
  "connection-refused",
  "unreachable",
  "connection-closed",
  "address-refused",
  "timeout",
  "tls-failed",
]);

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
