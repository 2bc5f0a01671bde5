/** PostgreSQL, optional: relations and transactions, in five tables that are created only where they are not there yet. */
import pg from "pg";
import type { Connected, Database } from "./health.ts";
import type { Reason } from "./reasons.ts";
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

/** Each of the five tables, and whether it is there. */
type Tables = Record<string, "there" | "missing">;

export class Postgres implements Database {
  readonly label = "PostgreSQL";
  private readonly settings: PostgresSettings;
  private readonly log: Log;
  private client: pg.Client | undefined;

  constructor(settings: PostgresSettings, log: Log) {
    this.settings = settings;
    this.log = log;
  }

  async check(): Promise<Connected> {
    const client = this.client ?? (await this.connect());
    const since = performance.now();
    await client.query("SELECT 1");
    const latency = performance.now() - since;
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    // Distributions add their name: `15.18 (Debian 15.18-0+deb12u1)`.
    const version = rows[0]?.server_version.split(" ")[0] ?? "";
    if (this.client === undefined) {
      this.log(words.postgresConnected(version));
      this.client = client;
      await this.createTables(client);
    }
    return { latency, version, tables: await present(client) };
  }

  variables(reason: Reason): string[] {
    if (reason === "wrong user or password") return ["POSTGRES_USER", "POSTGRES_PASSWORD"];
    if (reason === "no such database" || reason === "not allowed") return ["POSTGRES_DB"];
    return ["POSTGRES_HOST", "POSTGRES_PORT"];
  }

  async close(): Promise<void> {
    await this.client?.end();
  }

  /**
   * With TLS where the server offers it, without where it does not: what libpq calls `prefer`, its default. Such TLS
   * hides, but does not prove who answers. https://www.postgresql.org/docs/current/libpq-ssl.html
   */
  private async connect(): Promise<pg.Client> {
    try {
      return await this.open({ rejectUnauthorized: false });
    } catch (error) {
      if ((error as Error).message !== "The server does not support SSL connections") throw error;
      return this.open(false);
    }
  }

  private async open(ssl: pg.ClientConfig["ssl"]): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.settings,
      ssl,
      connectionTimeoutMillis: timeout,
      query_timeout: timeout,
    });
    // Without a listener a lost connection would end the process. The next check opens another one.
    client.on("error", () => this.lost(client));
    client.on("end", () => this.lost(client));
    try {
      await client.connect();
      return client;
    } catch (error) {
      // Not waited for: a connection that never opened does not say that it is closed.
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  private lost(client: pg.Client): void {
    if (this.client === client) this.client = undefined;
  }

  /** Looks before it creates. What cannot be created is told, and not critical. */
  private async createTables(client: pg.Client): Promise<void> {
    const before = await present(client);
    const created: string[] = [];
    let codes: unknown[] = [];
    for (const [name, columns] of Object.entries(tables)) {
      if (before[name] === "there") continue;
      await client.query(`CREATE TABLE "${name}" (${columns})`).then(
        () => created.push(name),
        (error) => codes.push(error.code),
      );
    }
    // Two services that start at once create the same tables: whoever comes second has lost nothing.
    if (!Object.values(await present(client)).includes("missing")) codes = [];
    if (codes.length > 0) this.log(codes.some(isConflict) ? words.tablesConflict : words.tablesFailed);
    else this.log(created.length > 0 ? words.tablesCreated(created) : words.tablesThere);
  }
}

/** duplicate_object, duplicate_table, unique_violation: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const isConflict = (code: unknown) => ["42710", "42P07", "23505"].includes(String(code));

async function present(client: pg.Client): Promise<Tables> {
  const names = Object.keys(tables);
  const { rows } = await client.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY($1)",
    [names],
  );
  const there = new Set(rows.map(({ tablename }) => tablename));
  return Object.fromEntries(names.map((name) => [name, there.has(name) ? "there" : "missing"]));
}
