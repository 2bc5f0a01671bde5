/** Against a real PostgreSQL. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../../tests/helpers/databases.ts";
import { createAuthority } from "../clouds/certificates.ts";
import { type PostgresServer, startPostgres } from "../databases/postgres/index.ts";
import { Checks } from "./health.ts";
import { postgres } from "./postgres.ts";

const password = randomBytes(12).toString("hex");
const all = ["users", "courses", "modules", "enrollments", "user_progress"];
let folder: string;
let server: PostgresServer;
let admin: pg.Client;
let log: string[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kairos-tables-"));
  server = await startPostgres({ folder, user: "kairos", password, database: "kairos_db", tls: await tls() });
  admin = new pg.Client(settings());
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  log = [];
  await admin.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
});

/** An authority that nobody trusts. */
async function tls() {
  const authority = await createAuthority();
  return { ...(await authority.issue("127.0.0.1")), authorityFile: "" };
}

const settings = () => ({
  host: "127.0.0.1",
  port: server.port,
  user: "kairos",
  password,
  database: "kairos_db",
});

/** All sessions but the one that asks. */
const others = "pg_stat_activity WHERE usename = 'kairos' AND pid <> pg_backend_pid()";
/** A session that was closed is listed for a moment longer. */
const alone = () => until(async () => (await admin.query(`SELECT FROM ${others}`)).rowCount === 0);

const present = async () => {
  const { rows } = await admin.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  return rows.map(({ tablename }) => tablename).sort();
};

async function stateOf(given: object = {}) {
  const checks = new Checks((line) => log.push(line));
  checks.add(
    "postgres",
    "PostgreSQL",
    postgres({ ...settings(), ...given }, (line) => log.push(line)),
    "",
  );
  const { databases, final } = await checks.health();
  await checks.close();
  return { ...databases.postgres, final };
}

describe("PostgreSQL", () => {
  it("gets its five tables, once", async () => {
    expect(await stateOf()).toMatchObject({ state: "connected", version: server.version });
    expect(await present()).toEqual(all.toSorted());
    const connected = `✅ Connexion PostgreSQL réussie - Version: PostgreSQL ${server.version}`;
    expect(log).toEqual([connected, `✅ Tables PostgreSQL créées : ${all.join(", ")}`]);
    log = [];
    await stateOf();
    expect(log).toEqual([connected, "✅ Tables PostgreSQL déjà présentes"]);
  });

  it("keeps what is in a table that is there, and creates the others", async () => {
    await admin.query(
      "CREATE TABLE users (id serial PRIMARY KEY, name text); INSERT INTO users (name) VALUES ('Ada')",
    );
    await stateOf();
    expect(await present()).toEqual(all.toSorted());
    expect((await admin.query("SELECT name FROM users")).rows).toEqual([{ name: "Ada" }]);
  });

  it("goes on when a type of a failed creation is in the way, and says so as Kaïros does", async () => {
    await admin.query("CREATE TYPE users AS ENUM ('left behind')");
    expect(await stateOf()).toMatchObject({ state: "connected" });
    expect(await present()).toEqual(["courses", "modules"]);
    expect(log.at(-1)).toBe("⚠️  Erreur lors de la création des tables (conflit de type)");
  });

  it("is created once by two services that start at the same moment", async () => {
    await Promise.all([stateOf(), stateOf(), stateOf()]);
    expect(log.filter((line) => line.startsWith("⚠️"))).toEqual([]);
  });

  it("says why it cannot be used", async () => {
    const wrong = randomBytes(12).toString("hex");
    expect(await stateOf({ password: wrong })).toMatchObject({
      reason: "wrong user or password",
      final: true,
    });
    expect(await stateOf({ database: "kairos_other" })).toMatchObject({ state: "failed", final: true });
    expect(await stateOf({ port: 1 })).toMatchObject({ reason: "connection refused", final: false });
    expect(log.join("\n")).not.toContain(wrong);
  });

  it("is connected to again after the connection is lost", async () => {
    const database = postgres(settings(), (line) => log.push(line));
    await alone();
    await database.check();
    // Waits until the session is gone; the client may hear of it a moment later.
    const lost = await admin.query(`SELECT pid, pg_terminate_backend(pid, 30000) AS gone FROM ${others}`);
    expect(lost.rows).toEqual([{ pid: expect.any(Number), gone: true }]);
    await until(() => database.check().then(Boolean, () => false));
    expect(await database.check()).toMatchObject({ version: server.version });
    const { rows } = await admin.query(`SELECT pid FROM ${others}`);
    expect(rows).toEqual([{ pid: expect.any(Number) }]);
    expect(rows).not.toEqual([{ pid: lost.rows[0].pid }]);
    await database.close();
  });

  it("is spoken to with TLS where the server offers it, and without where it does not", async () => {
    await alone();
    const database = postgres(settings(), () => undefined);
    await database.check();
    const { rows } = await admin.query(
      `SELECT ssl FROM pg_stat_ssl JOIN (SELECT pid FROM ${others}) USING (pid)`,
    );
    expect(rows).toEqual([{ ssl: true }]);
    await database.close();
    const below = path.join(folder, "plain");
    const plain = await startPostgres({ folder: below, user: "kairos", password, database: "kairos_db" });
    expect(await stateOf({ port: plain.port })).toMatchObject({ state: "connected" });
    await plain.close();
  });
});
