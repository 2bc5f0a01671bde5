/** PostgreSQL: connects as the backend does, and asks in a session that can only read. */
import type { TLSSocket } from "node:tls";
import pg from "pg";
import type { Observation, PostgresFacts, TlsFacts } from "../../model.ts";
import type { PostgresSettings } from "../../variables.ts";
import { latencyOf } from "../latency.ts";
import { grace, type LookOptions, look, type Progress } from "../look.ts";
import { authorities, tlsFactsOf } from "../network.ts";
import { ask } from "./ask.ts";

export const lookAtPostgres = (
  settings: PostgresSettings,
  options: LookOptions,
): Promise<Observation<PostgresFacts>> =>
  look<PostgresFacts>(settings.host, options, async (progress) => {
    const { facts, deadline } = progress;
    Object.assign(progress, { tls: true, accepted: false });
    const client = await connect(settings, options, progress);
    try {
      progress.stage = "asking";
      await deadline.within(client.query("SET default_transaction_read_only = on"));
      facts.connected = true;
      facts.tls = tlsOf(client);
      // One connection, one question after another: the backend's pool would not be asked otherwise either.
      facts.latency = await deadline.within(latencyOf(() => client.query("SELECT 1"), options.timeout / 5));
      await ask(client, facts, deadline);
    } finally {
      client.connection.stream.destroy();
    }
  });

/**
 * With TLS where the server offers it, without where it does not: what libpq calls `prefer`, its default, and the
 * backend's. Such TLS hides and does not prove who answers; whether it could is one of the facts.
 * https://www.postgresql.org/docs/current/libpq-ssl.html
 */
export async function connect(
  settings: PostgresSettings,
  options: ConnectOptions,
  progress: Progress<PostgresFacts>,
): Promise<pg.Client> {
  try {
    return await open(settings, { rejectUnauthorized: false, ...authorities(options.ca) }, options, progress);
  } catch (error) {
    if ((error as Error).message !== "The server does not support SSL connections") throw error;
    progress.tls = false;
    return open(settings, false, options, progress);
  }
}

/** `answer`: milliseconds that one question may take, where that is not the timeout. */
type ConnectOptions = LookOptions & { answer?: number };

async function open(
  settings: PostgresSettings,
  ssl: pg.ClientConfig["ssl"],
  { timeout, answer = timeout }: ConnectOptions,
  progress: Progress<PostgresFacts>,
): Promise<pg.Client> {
  const client = new pg.Client({
    ...settings,
    ssl,
    application_name: "kairos-status",
    connectionTimeoutMillis: timeout,
    query_timeout: answer,
  });
  // Whoever waits for an answer is told; nobody else has to be.
  client.on("error", () => undefined);
  client.connection.once("connect", () => {
    progress.accepted = true;
  });
  try {
    await progress.deadline.within(client.connect(), timeout + grace / 2);
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
