/** PostgreSQL: connects as the backend does, and asks in a session that can only read. */
import type { TLSSocket } from "node:tls";
import pg from "pg";
import { isPrivate } from "../causes.ts";
import { type CheckOptions, databaseCheck, Failure, grace, type Progress } from "../check.ts";
import { latencyOf } from "../latency.ts";
import type { PostgresFacts, TlsFacts } from "../model.ts";
import { authorities, tlsFactsOf } from "../tls.ts";
import type { PostgresSettings } from "../variables.ts";
import { ask } from "./ask.ts";
import { remarksOnPostgres } from "./remarks.ts";

export const checkPostgres = databaseCheck<PostgresSettings, PostgresFacts>({
  place: ({ host }) => ({ database: "postgres", host, tls: true, accepted: false }),
  insistsOnTls: false,
  isPrivate,
  variablesOf: (kind) => {
    if (kind === "login-refused") return ["POSTGRES_USER", "POSTGRES_PASSWORD"];
    if (kind === "no-such-database") return ["POSTGRES_DB"];
    return kind === "not-allowed" ? ["POSTGRES_USER"] : ["POSTGRES_HOST", "POSTGRES_PORT"];
  },
  unusable: ({ rights }) =>
    rights?.canWrite === false
      ? new Failure({
          kind: "not-allowed",
          evidence: `no privilege to write: ${rights.refused.join(", ")}`,
        })
      : undefined,
  async inspect(settings, options, progress) {
    const { facts, deadline } = progress;
    const client = await connect(settings, options, progress);
    try {
      progress.stage = "asking";
      await deadline.within(client.query("SET default_transaction_read_only = on"));
      facts.connected = true;
      facts.tls = tlsOf(client);
      // One connection, one question after another: the backend's pool would not be asked otherwise either.
      facts.latency = await deadline.within(latencyOf(() => client.query("SELECT 1"), options.timeout / 5));
      await ask(client, facts, deadline);
      return remarksOnPostgres(facts);
    } finally {
      client.connection.stream.destroy();
    }
  },
});

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
