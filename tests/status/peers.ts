/** The sandbox's databases as a backend would get them, filled as after its first start. Secrets are canaries. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MongoClient } from "mongodb";
import pg from "pg";
import type { Variables } from "../../ops/status/variables.ts";
import { type Authority, createAuthority } from "../../sandbox/clouds/certificates.ts";
import { type MongodbServer, startMongodb } from "../../sandbox/databases/mongodb/index.ts";
import { type PostgresServer, startPostgres } from "../../sandbox/databases/postgres/index.ts";
import { startRedis } from "../../sandbox/databases/redis/index.ts";
import { canary, plainCanary } from "../canaries.ts";

/** Milliseconds: more than any answer takes, also on a busy machine. */
const timeout = 10_000;

/** Milliseconds where somebody never answers: the test waits for it to be over. */
export const shortTimeout = 4000;

export const tables = ["users", "courses", "modules", "enrollments", "user_progress"];

export interface Login {
  user: string;
  password: string;
}

/** All databases, running. */
export interface Peers {
  authority: Authority;
  folder: string;
  mongodb: MongodbServer;
  postgres: PostgresServer;
  redis: Awaited<ReturnType<typeof startRedis>>;
  logins: { writer: Login; reader: Login; administrator: Login; postgres: Login; postgresReader: Login };
  redisPassword: string;
  /** Every secret that a test may have used. */
  secrets: string[];
  /** The environment in which all is well. */
  variables(): Variables;
  mongodbUrl(login: Login, change?: { port?: number; database?: string; options?: string }): string;
  redisUrl(password: string, port?: number): string;
  sql(text: string, database?: string): Promise<void>;
  close(): Promise<void>;
}

export const database = "kaïros";
export const postgresDatabase = "kairos_db";

export async function startPeers(): Promise<Peers> {
  const folder = mkdtempSync(path.join(tmpdir(), "kairos-status-"));
  const authority = await createAuthority();
  const authorityFile = path.join(folder, "authority.pem");
  writeFileSync(authorityFile, authority.certificate);
  const tls = { ...(await authority.issue("127.0.0.1")), authorityFile };
  const logins = {
    writer: { user: "kairos", password: canary() },
    reader: { user: "reader", password: canary() },
    administrator: { user: "administrator", password: canary() },
    postgres: { user: "kairos_user", password: plainCanary() },
    postgresReader: { user: "kairos_reader", password: plainCanary() },
  };
  const redisPassword = canary();
  const [mongodb, postgres, redis] = await Promise.all([
    startMongodb({ folder: path.join(folder, "mongodb"), tls, replicaSet: "atlas-test-shard-0" }),
    startPostgres({
      folder: path.join(folder, "postgres"),
      ...logins.postgres,
      database: postgresDatabase,
      tls,
    }),
    startRedis({
      folder: path.join(folder, "redis"),
      password: redisPassword,
      tls,
      maxmemoryPolicy: "allkeys-lru",
    }),
  ]);
  const secrets = [...Object.values(logins).map(({ password }) => password), redisPassword];
  const mongodbUrl: Peers["mongodbUrl"] = (login, { port, database: name = database, options = "" } = {}) => {
    const [, hosts = "", query = ""] = /^mongodb:\/\/([^/]+)\/\?(.*)$/.exec(mongodb.connectionString) ?? [];
    const host = port === undefined ? hosts : `127.0.0.1:${port}`;
    // Through a port of another's the driver must not follow the replica set back to its own.
    const direct = port === undefined ? "" : "&directConnection=true";
    const user = [login.user, login.password].map(encodeURIComponent).join(":");
    return `mongodb://${user}@${host}/${encodeURIComponent(name)}?retryWrites=true&w=majority&${query}${direct}${options}`;
  };
  const redisUrl = (password: string, port = redis.port) =>
    `rediss://default:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const sql = (text: string, name = postgresDatabase) =>
    runSql({ port: postgres.port, ...logins.postgres, database: name }, text);
  const peers: Peers = {
    authority,
    folder,
    mongodb,
    postgres,
    redis,
    logins,
    redisPassword,
    secrets,
    variables: () => ({
      MONGODB_URL: mongodbUrl(logins.writer),
      MONGODB_DB_NAME: database,
      MONGODB_TIMEOUT_MS: String(timeout),
      MONGODB_MAX_POOL_SIZE: "200",
      MONGODB_MIN_POOL_SIZE: "20",
      POSTGRES_HOST: "127.0.0.1",
      POSTGRES_PORT: String(postgres.port),
      POSTGRES_USER: logins.postgres.user,
      POSTGRES_PASSWORD: logins.postgres.password,
      POSTGRES_DB: postgresDatabase,
      REDIS_URL: redisUrl(redisPassword),
    }),
    mongodbUrl,
    redisUrl,
    sql,
    close: async () => {
      await Promise.all([mongodb.close(), postgres.close(), redis.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await Promise.all([fillMongodb(peers), fillPostgres(peers)]);
  return peers;
}

async function fillMongodb({ mongodb, logins, mongodbUrl }: Peers): Promise<void> {
  const user = ({ user: username, password }: Login, roleName: string, databaseName: string) => ({
    username,
    password,
    roles: [{ roleName, databaseName }],
  });
  await mongodb.setUsers([
    user(logins.writer, "readWrite", database),
    user(logins.reader, "read", database),
    user(logins.administrator, "readWriteAnyDatabase", "admin"),
  ]);
  const client = new MongoClient(mongodbUrl(logins.writer));
  try {
    await client.db(database).collection("users").createIndex({ email: 1 }, { unique: true });
    await client.db(database).collection("modules").createIndex({ title: 1 });
  } finally {
    await client.close();
  }
}

async function fillPostgres({ logins, sql }: Peers): Promise<void> {
  await sql(tables.map((name) => `CREATE TABLE ${name} (id serial PRIMARY KEY)`).join(";"));
  const { user, password } = logins.postgresReader;
  await sql(
    `CREATE ROLE ${user} LOGIN PASSWORD '${password}'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`,
  );
  await sql("CREATE DATABASE no_tables");
  await sql("CREATE DATABASE conflict");
  await sql("CREATE TYPE users AS (id integer); CREATE TYPE modules AS ENUM ('a')", "conflict");
}

async function runSql(config: pg.ClientConfig, text: string): Promise<void> {
  const client = new pg.Client({ host: "127.0.0.1", ...config });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
