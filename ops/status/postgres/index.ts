/** PostgreSQL: connects as the backend does, and asks in a session that can only read. */
import type { TLSSocket } from "node:tls";
import pg from "pg";
import { vendorOf } from "../causes.ts";
import {
  type CheckOptions,
  Failure,
  grace,
  latencyOf,
  mistaken,
  off,
  type Progress,
  runCheck,
} from "../check.ts";
import type { Meaning } from "../errors.ts";
import type { PostgresFacts, PostgresStatus, Problem, TlsFacts } from "../model.ts";
import { authorities, tlsFactsOf, tlsRemarks } from "../tls.ts";
import type { ConfigurationResult, PostgresSettings } from "../variables.ts";
import { ask } from "./ask.ts";
import { remarksOnPostgres } from "./remarks.ts";

export async function checkPostgres(
  configured: ConfigurationResult<PostgresSettings>,
  options: CheckOptions,
): Promise<PostgresStatus> {
  const facts: PostgresFacts = { connected: false };
  if (configured === undefined) return off(facts);
  if ("mistakes" in configured) return mistaken(configured.mistakes, facts);
  const { settings } = configured;
  const place = { database: "postgres" as const, host: settings.host, tls: true, accepted: false };
  return runCheck(
    place,
    facts,
    options,
    (progress) => inspectPostgres(settings, options, progress),
    variablesOf,
  );
}

function variablesOf({ kind }: Meaning): Problem["variables"] {
  if (kind === "login-refused") return ["POSTGRES_USER", "POSTGRES_PASSWORD"];
  if (kind === "no-such-database") return ["POSTGRES_DB"];
  return kind === "not-allowed" ? ["POSTGRES_USER"] : ["POSTGRES_HOST", "POSTGRES_PORT"];
}

async function inspectPostgres(
  settings: PostgresSettings,
  options: CheckOptions,
  progress: Progress<PostgresFacts>,
): Promise<void> {
  const { facts, deadline, place } = progress;
  const client = await connect(settings, options, progress);
  try {
    progress.stage = "asking";
    await deadline.within(client.query("SET default_transaction_read_only = on"));
    facts.connected = true;
    facts.tls = tlsOf(client);
    // One connection, one question after another: the backend's pool would not be asked otherwise either.
    facts.latency = await deadline.within(latencyOf(() => client.query("SELECT 1"), options.timeout / 5));
    await ask(client, facts, deadline);
    const isPrivate = vendorOf(place.host) === "render-private" || isLoopback(place.host);
    progress.remarks.push(...tlsRemarks(facts.tls, false, isPrivate), ...remarksOnPostgres(facts));
    if (facts.rights?.canWrite === false)
      throw new Failure({
        kind: "not-allowed",
        evidence: `no privilege to write: ${facts.rights.refused.join(", ")}`,
      });
  } finally {
    client.connection.stream.destroy();
  }
}

const isLoopback = (host: string) => /^(localhost|127\.[\d.]+|::1)$/.test(host);

/**
 * With TLS where the server offers it, without where it does not: what libpq calls `prefer`, its default, and the
 * backend's. Such TLS hides and does not prove who answers; whether it could is one of the facts.
 * https://www.postgresql.org/docs/current/libpq-ssl.html
 */
async function connect(
  settings: PostgresSettings,
  options: CheckOptions,
  progress: Progress<PostgresFacts>,
): Promise<pg.Client> {
  try {
    return await open(settings, { rejectUnauthorized: false, ...authorities(options.ca) }, options, progress);
  } catch (error) {
    if ((error as Error).message !== "The server does not support SSL connections") throw error;
    progress.place.tls = false;
    return open(settings, false, options, progress);
  }
}

async function open(
  settings: PostgresSettings,
  ssl: pg.ClientConfig["ssl"],
  { timeout }: CheckOptions,
  { deadline, place }: Progress<PostgresFacts>,
): Promise<pg.Client> {
  const client = new pg.Client({
    ...settings,
    ssl,
    application_name: "kairos-status",
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
  });
  // Whoever waits for an answer is told; nobody else has to be.
  client.on("error", () => undefined);
  client.connection.once("connect", () => {
    place.accepted = true;
  });
  try {
    await deadline.within(client.connect(), timeout + grace / 2);
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

function tlsOf({ connection }: pg.Client): TlsFacts {
  const stream = connection.stream as Partial<TLSSocket>;
  return stream.encrypted === true ? tlsFactsOf(stream as TLSSocket) : { on: false };
}
