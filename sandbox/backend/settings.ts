/** What the backend reads: the variables of the contract, and what Render itself says. */
import { Refusal } from "./reasons.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** The URL is secret; the timeout is in milliseconds. */
const mongodbFrom = (variables: Variables) => ({
  ...texts(variables, { url: "MONGODB_URL", database: "MONGODB_DB_NAME" }),
  timeout: count(variables, "MONGODB_TIMEOUT_MS", 1),
  maxPoolSize: count(variables, "MONGODB_MAX_POOL_SIZE", 1),
  minPoolSize: count(variables, "MONGODB_MIN_POOL_SIZE", 0),
});
export type MongodbSettings = ReturnType<typeof mongodbFrom>;

const postgresNames = {
  host: "POSTGRES_HOST",
  user: "POSTGRES_USER",
  password: "POSTGRES_PASSWORD",
  database: "POSTGRES_DB",
};
const postgresPort = "POSTGRES_PORT";

/** The password is secret. */
const postgresFrom = (variables: Variables) => ({
  ...texts(variables, postgresNames),
  port: count(variables, postgresPort, 1),
});
export type PostgresSettings = ReturnType<typeof postgresFrom>;

/** The URL is secret. */
const redisFrom = (variables: Variables) => texts(variables, { url: "REDIS_URL" });
export type RedisSettings = ReturnType<typeof redisFrom>;

/** Settings of each database: there, not configured, or no good. */
export function settingsFrom(variables: Variables) {
  const has = (names: string[]) => names.some((name) => variables[name]);
  const hasPostgres = has([...Object.values(postgresNames), postgresPort]);
  return {
    /**
     * Where the health check listens; a worker has none. 10000 unless set:
     * https://render.com/docs/environment-variables
     */
    port: variables.RENDER_SERVICE_TYPE === "worker" ? undefined : Number(variables.PORT ?? 10_000),
    mongodb: checked(() => mongodbFrom(variables)),
    postgres: hasPostgres ? checked(() => postgresFrom(variables)) : undefined,
    redis: has(["REDIS_URL"]) ? redisFrom(variables) : undefined,
  };
}

function checked<T>(read: () => T): T | Refusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function texts<K extends string>(variables: Variables, names: Record<K, string>): Record<K, string> {
  const missing = Object.values<string>(names).filter((name) => !variables[name]);
  if (missing.length > 0) throw new Refusal("missing setting", missing);
  const entries = Object.entries<string>(names).map(([key, name]) => [key, variables[name]]);
  return Object.fromEntries(entries) as Record<K, string>;
}

function count(variables: Variables, name: string, least: number): number {
  const text = variables[name];
  if (!text) throw new Refusal("missing setting", [name]);
  if (!/^\d+$/.test(text) || Number(text) < least) throw new Refusal("invalid setting", [name]);
  return Number(text);
}
