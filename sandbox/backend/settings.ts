/** What the backend reads: the variables of the contract, and what Render itself says. */
import { Refusal } from "./reasons.ts";

export interface MongodbSettings {
  /** Secret. */
  url: string;
  database: string;
  /** Milliseconds. */
  timeout: number;
  maxPoolSize: number;
  minPoolSize: number;
}

export interface PostgresSettings {
  host: string;
  port: number;
  user: string;
  /** Secret. */
  password: string;
  database: string;
}

export interface RedisSettings {
  /** Secret. */
  url: string;
}

/** Settings of a database: there, not configured, or no good. */
export type Configured<T> = T | undefined | Refusal;

export interface Settings {
  /** Where the health check listens; a worker has none. */
  port: number | undefined;
  mongodb: Configured<MongodbSettings>;
  postgres: Configured<PostgresSettings>;
  redis: Configured<RedisSettings>;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function settingsFrom(variables: Variables): Settings {
  return {
    // https://render.com/docs/environment-variables: 10000 unless set.
    port: variables.RENDER_SERVICE_TYPE === "worker" ? undefined : Number(variables.PORT ?? 10_000),
    mongodb: checked(() => ({
      ...texts(variables, { url: "MONGODB_URL", database: "MONGODB_DB_NAME" }),
      timeout: count(variables, "MONGODB_TIMEOUT_MS", 1),
      maxPoolSize: count(variables, "MONGODB_MAX_POOL_SIZE", 1),
      minPoolSize: count(variables, "MONGODB_MIN_POOL_SIZE", 0),
    })),
    postgres: Object.values(postgresNames).every((name) => !variables[name])
      ? undefined
      : checked(() => {
          const { port: _, ...names } = postgresNames;
          return { ...texts(variables, names), port: count(variables, postgresNames.port, 1) };
        }),
    redis: variables.REDIS_URL ? { url: variables.REDIS_URL } : undefined,
  };
}

const postgresNames = {
  host: "POSTGRES_HOST",
  port: "POSTGRES_PORT",
  user: "POSTGRES_USER",
  password: "POSTGRES_PASSWORD",
  database: "POSTGRES_DB",
} as const;

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
