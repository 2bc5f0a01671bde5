/**
 * The contract between this stack and the Kaïros backend: each variable's name, which database it comes from,
 * whether it is mandatory, whether it is secret, what it says. It is data in one place; everything that shows or
 * checks variables reads it from here.
 *
 * A variable is secret because this table says so, never because a provider did: what a provider marks reaches
 * the real engine, but not a program that runs in process.
 */
import type * as pulumi from "@pulumi/pulumi";

/** Which database a variable belongs to. It is there exactly when the database is. */
export type Owner = "mongodb" | "postgres" | "redis";

/** One variable of the contract. */
export interface Variable {
  owner: Owner;
  /** Whether the backend needs it always, or only while its owner is on. */
  mandatory: "always" | "while on";
  secret: boolean;
  description: { en: string; fr: string };
  /** Of a whole number the least and the greatest; what has none is a text. */
  range?: readonly [least: number, greatest: number];
}

const variable = (
  owner: Owner,
  en: string,
  fr: string,
  more: Partial<Pick<Variable, "secret" | "range">> = {},
): Variable => ({
  owner,
  mandatory: owner === "mongodb" ? "always" : "while on",
  secret: false,
  description: { en, fr },
  ...more,
});

const secret = true;

/** The contract. The order is the one in which people read it. */
export const contract = {
  MONGODB_URL: variable("mongodb", "MongoDB Atlas connection URL", "URL de connexion MongoDB Atlas", {
    secret,
  }),
  MONGODB_DB_NAME: variable("mongodb", "Name of the database", "Nom de la base de données"),
  MONGODB_TIMEOUT_MS: variable("mongodb", "Connection timeout (ms)", "Timeout de connexion (ms)", {
    range: [1, 600_000],
  }),
  MONGODB_MAX_POOL_SIZE: variable(
    "mongodb",
    "Largest size of the connection pool",
    "Taille max du pool de connexions",
    { range: [1, 65_536] },
  ),
  MONGODB_MIN_POOL_SIZE: variable(
    "mongodb",
    "Smallest size of the connection pool",
    "Taille min du pool de connexions",
    { range: [0, 65_536] },
  ),
  POSTGRES_HOST: variable(
    "postgres",
    "Host name of the PostgreSQL service",
    "Hostname du service PostgreSQL",
  ),
  POSTGRES_PORT: variable("postgres", "PostgreSQL port", "Port PostgreSQL", { range: [1, 65_535] }),
  POSTGRES_USER: variable("postgres", "User name", "Nom d'utilisateur"),
  POSTGRES_PASSWORD: variable("postgres", "Password", "Mot de passe", { secret }),
  POSTGRES_DB: variable("postgres", "Name of the database", "Nom de la base de données"),
  REDIS_URL: variable("redis", "Redis connection URL", "URL de connexion Redis", { secret }),
} as const satisfies Record<string, Variable>;

/** Each database as its own people write it. */
export const ownerNames = { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" } as const;

/** A name of the contract. */
export type VariableName = keyof typeof contract;

/** The variables that a service gets, by name; each secret one is an output marked secret. */
export type ContractValues = Readonly<Record<string, pulumi.Output<string>>>;

/** What the environment needs of each database that is on. MongoDB always is. */
export interface ContractDatabases<Text = pulumi.Output<string>> {
  mongodb: {
    url: Text;
    database: string;
    /** Timeout in ms, pool sizes in connections. */
    driver: { timeout: number; maxPoolSize: number; minPoolSize: number };
  };
  postgres: { connection: Record<"host" | "port" | "user" | "password" | "database", Text> } | undefined;
  redis: { url: Text } | undefined;
}

/** Which part of a database each variable says, of those databases that are given. */
export function assigned<Text>({
  mongodb,
  postgres,
  redis,
}: Partial<ContractDatabases<Text>>): Partial<Record<VariableName, Text | string>> {
  return {
    ...(mongodb && {
      MONGODB_URL: mongodb.url,
      MONGODB_DB_NAME: mongodb.database,
      MONGODB_TIMEOUT_MS: String(mongodb.driver.timeout),
      MONGODB_MAX_POOL_SIZE: String(mongodb.driver.maxPoolSize),
      MONGODB_MIN_POOL_SIZE: String(mongodb.driver.minPoolSize),
    }),
    ...(postgres && {
      POSTGRES_HOST: postgres.connection.host,
      POSTGRES_PORT: postgres.connection.port,
      POSTGRES_USER: postgres.connection.user,
      POSTGRES_PASSWORD: postgres.connection.password,
      POSTGRES_DB: postgres.connection.database,
    }),
    ...(redis && { REDIS_URL: redis.url }),
  };
}
