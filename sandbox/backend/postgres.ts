/** PostgreSQL, optional: relations and transactions, in five tables that are created only where they are not there yet. */
import pg from "pg";
import type { Database } from "./health.ts";
import type { PostgresSettings } from "./settings.ts";
import { type Log, words } from "./words.ts";

/** Milliseconds for a connection, and for one statement. */
const timeout = 5000;

/** In the order in which they refer to each other. */
const tables = {
  users: "id serial PRIMARY KEY, email text NOT NULL UNIQUE, created_at timestamptz NOT NULL DEFAULT now()",
  courses: "id serial PRIMARY KEY, title text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()",
  modules:
    "id serial PRIMARY KEY, course_id integer NOT NULL REFERENCES courses (id), title text NOT NULL, position integer",
  enrollments:
    "id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id), course_id integer NOT NULL REFERENCES courses (id), UNIQUE (user_id, course_id)",
  user_progress:
    "id serial PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id), module_id integer NOT NULL REFERENCES modules (id), completed_at timestamptz, UNIQUE (user_id, module_id)",
};

export function postgres(settings: PostgresSettings, log: Log): Database {
  let known = false;
  /** One connection, and another when it is lost. */
  const open = (ssl: pg.PoolConfig["ssl"]) =>
    new pg.Pool({
      ...settings,
      ssl,
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
    }).on("error", () => {
      known = false;
    });
  let pool = open({ rejectUnauthorized: false });
  return {
    check: async () => {
      const version = await versionOf(pool).catch((error: Error) => {
        // What libpq calls `prefer`, its default: with TLS where the server offers it, without where it does not. Such TLS
        // hides, but does not prove who answers. https://www.postgresql.org/docs/current/libpq-ssl.html
        if (error.message !== "The server does not support SSL connections") throw error;
        void pool.end();
        pool = open(false);
        return versionOf(pool);
      });
      if (!known) {
        known = true;
        log(words.postgresConnected(version));
        await createTables(pool, log);
      }
      return { version };
    },
    variables: (reason) => {
      if (reason === "wrong user or password") return ["POSTGRES_USER", "POSTGRES_PASSWORD"];
      if (reason === "no such database" || reason === "not allowed") return ["POSTGRES_DB"];
      return ["POSTGRES_HOST", "POSTGRES_PORT"];
    },
    close: () => pool.end(),
  };
}

/** Distributions add their name: `15.18 (Debian 15.18-0+deb12u1)`. */
async function versionOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>("SHOW server_version");
  return rows[0]?.server_version.split(" ")[0] ?? "";
}

/** Looks before it creates. What cannot be created is told, and not critical. */
async function createTables(pool: pg.Pool, log: Log): Promise<void> {
  const before = await missing(pool);
  const refused = new Map<string, unknown>();
  for (const name of before)
    await pool.query(`CREATE TABLE "${name}" (${tables[name]})`).catch(({ code }) => refused.set(name, code));
  const created = before.filter((name) => !refused.has(name));
  // Two services that start at once create the same tables: whoever comes second has lost nothing.
  if ((await missing(pool)).length > 0)
    log([...refused.values()].some(isConflict) ? words.tablesConflict : words.tablesFailed);
  else log(created.length > 0 ? words.tablesCreated(created) : words.tablesThere);
}

/** duplicate_object, duplicate_table, unique_violation: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isConflict = (code: unknown) => ["42710", "42P07", "23505"].includes(String(code));

async function missing(pool: pg.Pool): Promise<(keyof typeof tables)[]> {
  const { rows } = await pool.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
  );
  const there = new Set(rows.map(({ tablename }) => tablename));
  return (Object.keys(tables) as (keyof typeof tables)[]).filter((name) => !there.has(name));
}
