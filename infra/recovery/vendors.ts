/**
 * Calls to Upstash's and Redis Cloud's APIs that their providers do not make: lists, since they cannot look up by name
 * or do not date; another password.
 */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { EnvHttpProxyAgent, fetch } from "undici";

/** An Upstash database; https://upstash.com/docs/devops/developer-api/redis/list_databases */
interface UpstashDatabase {
  database_id: string;
  database_name: string;
  /** Seconds since 1970. */
  creation_time: number;
}

/** All databases of the Upstash account. */
export function upstashDatabases(): Promise<UpstashDatabase[]> {
  return upstash("GET", "/v2/redis/databases");
}

/**
 * Gives a database another password, which ends the one before.
 *
 * @see https://upstash.com/docs/devops/developer-api/redis/reset_password
 * @returns the new one, which is secret
 */
export async function resetUpstashPassword(databaseId: string): Promise<string> {
  await upstash("POST", `/v2/redis/reset-password/${databaseId}`);
  // Asked for again: that is where its provider reads it.
  const { password } = await upstash<{ password: string }>("GET", `/v2/redis/database/${databaseId}`);
  return password;
}

function upstash<T>(method: Method, path: string): Promise<T> {
  const email = setting("upstash:email", "UPSTASH_EMAIL");
  const key = setting("upstash:apiKey", "UPSTASH_API_KEY");
  const authorization = `Basic ${Buffer.from(`${email}:${key}`).toString("base64")}`;
  return call("Upstash", method, "https://api.upstash.com", path, { authorization });
}

/** A Redis Cloud Essentials subscription. */
interface Subscription {
  id: number;
  name: string;
  /** ISO 8601. */
  creationDate: string;
}

/** All Essentials subscriptions of the account; https://redis.io/docs/latest/operate/rc/api/ */
export async function redisCloudSubscriptions(): Promise<Subscription[]> {
  const { subscriptions } = await redisCloud<{ subscriptions: Subscription[] }>("/fixed/subscriptions");
  return subscriptions;
}

/** The databases of a subscription. */
export async function redisCloudDatabases(
  subscription: string,
): Promise<{ databaseId: number; name: string }[]> {
  const path = `/fixed/subscriptions/${subscription}/databases`;
  const answer = await redisCloud<{
    subscription: { databases: { databaseId: number; name: string }[] };
  }>(path);
  return answer.subscription.databases;
}

function redisCloud<T>(path: string): Promise<T> {
  const url = setting("rediscloud:url", "REDISCLOUD_URL") || "https://api.redislabs.com/v1";
  return call("Redis Cloud", "GET", url, path, {
    "x-api-key": setting("rediscloud:apiKey", "REDISCLOUD_ACCESS_KEY"),
    "x-api-secret-key": setting("rediscloud:secretKey", "REDISCLOUD_SECRET_KEY"),
  });
}

/** As the providers take it: from the stack file, or from the environment. */
const setting = (key: string, variable: string) =>
  pulumi.runtime.getConfig(key) || process.env[variable] || "";

type Method = "GET" | "POST";

/** One call, by the proxy and with the authority that the providers, which are written in Go, would use. */
async function call<T>(
  vendor: string,
  method: Method,
  url: string,
  path: string,
  headers: Record<string, string>,
): Promise<T> {
  const what = `${vendor}: ${method} ${path}`;
  const authority = process.env.SSL_CERT_FILE;
  const tls = authority ? { ca: readFileSync(authority) } : {};
  // The second is for what is reached by the proxy; its type does not know it.
  const dispatcher = new EnvHttpProxyAgent({ connect: tls, requestTls: tls } as EnvHttpProxyAgent.Options);
  try {
    const { status, text } = await fetch(url + path, {
      method,
      headers,
      dispatcher,
      signal: AbortSignal.timeout(30_000),
    }).then(
      async (answer) => ({ status: answer.status, text: await answer.text() }),
      (error: Error & { cause?: { code?: string } }) => {
        // Nothing else of the error: it can hold the request's headers.
        throw new Error(
          `${what} got no answer (${error.cause?.code ?? error.name}); check the network, then run pulumi up again`,
        );
      },
    );
    if (status !== 200)
      throw new Error(`${what} answered ${status}; expected 200. Run pulumi up again later`);
    return JSON.parse(text) as T;
  } finally {
    await dispatcher.close();
  }
}
