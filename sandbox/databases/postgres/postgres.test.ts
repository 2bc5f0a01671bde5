import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alive, elsewhere, localTls, temporaryFolder, until } from "../../../tests/helpers/databases.ts";
import { createAuthority } from "../../clouds/certificates.ts";
import { type PostgresOptions, type PostgresServer, startPostgres } from "./index.ts";

const folder = temporaryFolder();
const login = {
  user: "kairos_user",
  password: randomBytes(24).toString("base64url"),
  database: "kairos",
};

/** Runs one statement in a session of its own. */
async function query(server: { port: number }, text: string, config: pg.ClientConfig = {}) {
  const client = new pg.Client({ host: "127.0.0.1", port: server.port, ...login, ...config });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

const postmaster = (home: string) =>
  Number(readFileSync(join(home, "data", "postmaster.pid"), "utf8").split("\n")[0]);

describe("a server", () => {
  const home = join(folder, "one");
  let server: PostgresServer;
  let certificates: Awaited<ReturnType<typeof localTls>>;
  beforeAll(async () => {
    certificates = await localTls(folder);
    server = await startPostgres({ folder: home, ...login, tls: certificates.tls, maxConnections: 7 });
  });
  afterAll(() => server.close());

  it("is a real PostgreSQL, and says which", async () => {
    expect(server).toMatchObject({ real: true, software: `PostgreSQL ${server.version}` });
    expect(await query(server, "SHOW server_version")).toEqual([[server.version]]);
  });

  it("lets the login in with its password, and checks it", async () => {
    expect(await query(server, "SELECT current_user, current_database()")).toEqual([
      ["kairos_user", "kairos"],
    ]);
    const wrong = { password: randomBytes(24).toString("base64url") };
    await expect(query(server, "SELECT 1", wrong)).rejects.toMatchObject({ code: "28P01" });
    await expect(query(server, "SELECT 1", { user: "postgres" })).rejects.toMatchObject({ code: "28P01" });
    await expect(query(server, "SELECT 1", { database: "other" })).rejects.toMatchObject({ code: "3D000" });
  });

  it("gives the login what Render gives it, and no more", async () => {
    const rights = "rolcanlogin, rolcreatedb, rolcreaterole, rolsuper, rolreplication, rolbypassrls";
    const role = `SELECT ${rights} FROM pg_roles WHERE rolname = current_user`;
    expect(await query(server, role)).toEqual([[true, true, true, false, false, false]]);
    await query(server, "CREATE SCHEMA own; CREATE TABLE own.one (id int); CREATE TABLE two (id int)");
    await expect(query(server, "COPY two FROM '/etc/passwd'")).rejects.toMatchObject({ code: "42501" });
    await expect(query(server, "ALTER SYSTEM SET port = 1")).rejects.toMatchObject({ code: "42501" });
    await expect(query(server, "ALTER ROLE postgres PASSWORD 'x'")).rejects.toMatchObject({ code: "42501" });
  });

  it("keeps text as UTF-8 and sorts it as people do", async () => {
    expect(await query(server, "SHOW server_encoding")).toEqual([["UTF8"]]);
    const sorted =
      "SELECT string_agg(word, ' ' ORDER BY word) FROM (VALUES ('zèbre'), ('Été'), ('eau'), ('Kaïros')) AS w(word)";
    expect(await query(server, sorted)).toEqual([["eau Été Kaïros zèbre"]]);
  });

  it("takes connections with TLS and without", async () => {
    const encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    expect(await query(server, encrypted)).toEqual([[false]]);
    expect(await query(server, encrypted, { ssl: { ca: certificates.ca } })).toEqual([[true]]);
    const stranger = (await createAuthority()).certificate;
    await expect(query(server, encrypted, { ssl: { ca: stranger } })).rejects.toThrow(
      /certificate|signature/,
    );
  });

  it("has room for as many connections as it was told", async () => {
    const session = async () => {
      const client = new pg.Client({ host: "127.0.0.1", port: server.port, ...login });
      client.on("error", () => {});
      await client.connect();
      return client;
    };
    const first = await session();
    // A session that was closed takes its place for a moment longer.
    const others =
      "SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    await until(async () => (await first.query(others)).rowCount === 0);
    const clients = [first];
    while (clients.length < 7) clients.push(await session());
    await expect(session()).rejects.toMatchObject({ code: "53300" });
    await Promise.all(clients.map((client) => client.end()));
    await until(() => query(server, "SELECT 1").then(Boolean, () => false));
  });

  it("takes a new password and refuses the old one; who is in stays in", async () => {
    const session = new pg.Client({ host: "127.0.0.1", port: server.port, ...login });
    await session.connect();
    const password = `clé ${randomBytes(16).toString("base64url")}'$\\`;
    await server.setLogins([{ ...login, password }]);
    await expect(query(server, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    expect(await query(server, "SELECT 1", { password })).toEqual([[1]]);
    expect((await session.query("SELECT 2 AS two")).rows).toEqual([{ two: 2 }]);
    await session.end();
    await server.setLogins([login]);
  });

  it("refuses a second server on its folder and on its port", async () => {
    const sameFolder = startPostgres({ folder: home, ...login });
    await expect(sameFolder).rejects.toThrow(/already running/);
    const samePort = startPostgres({ folder: join(folder, "taken"), ...login, port: server.port });
    await expect(samePort).rejects.toThrow(`port ${server.port} on 127.0.0.1 is taken`);
    expect(await query(server, "SELECT 1")).toEqual([[1]]);
  });

  it("runs beside another one", async () => {
    const other = { ...login, password: randomBytes(24).toString("base64url") };
    const beside = await startPostgres({ folder: join(folder, "two"), ...other });
    expect(beside.port).not.toBe(server.port);
    expect(await query(beside, "SELECT to_regclass('two')", other)).toEqual([[null]]);
    await beside.close();
  });

  it("keeps passwords out of its log, its command line and its files", async () => {
    const secret = randomBytes(24).toString("base64url");
    await query(server, `CREATE ROLE more PASSWORD '${secret}'`);
    await expect(query(server, `ALTER ROLE nobody_knows PASSWORD '${secret}'`)).rejects.toThrow();
    for (const name of readdirSync(home).filter((name) => statSync(join(home, name)).isFile())) {
      const text = readFileSync(join(home, name), "utf8");
      expect(text, name).not.toContain(secret);
      expect(text, name).not.toContain(login.password);
    }
    expect(statSync(join(home, "data")).mode & 0o077).toBe(0);
    expect(statSync(join(home, "server.log")).mode & 0o077).toBe(0);
  });

  it("leaves the vendor's own role alone", async () => {
    const own = startPostgres({ folder: join(folder, "own"), ...login, user: "postgres" });
    await expect(own).rejects.toThrow("the user postgres is the vendor's own");
  });
});

describe("over restarts", () => {
  const options = (name: string): PostgresOptions => {
    const home = join(folder, name);
    mkdirSync(home);
    return { folder: home, ...login };
  };
  const start = "const { startPostgres } = await load('databases/postgres/index.ts');";

  it("keeps data and port, and sets the password it is told", async () => {
    const given = options("restart");
    const first = await startPostgres(given);
    await query(first, "CREATE TABLE kept (text text); INSERT INTO kept VALUES ('Kaïros ⏳')");
    await first.close();
    await expect(query(first, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const password = randomBytes(24).toString("base64url");
    const second = await startPostgres({ ...given, password, port: first.port });
    expect(second.port).toBe(first.port);
    expect(await query(second, "SELECT text FROM kept", { password })).toEqual([["Kaïros ⏳"]]);
    await expect(query(second, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    await second.close();
  });

  it("recovers when the server itself was killed", async () => {
    const given = options("killed");
    const first = await startPostgres(given);
    await query(first, "CREATE TABLE kept AS SELECT 42 AS n");
    process.kill(postmaster(given.folder), "SIGKILL");
    await first.close();
    const second = await startPostgres(given);
    expect(await query(second, "SELECT n FROM kept")).toEqual([[42]]);
    await second.close();
  });

  it("ends with the process that started it, and can be started again at once", async () => {
    const given = options("parent");
    const parent = await elsewhere(
      `${start} console.log((await startPostgres(${JSON.stringify(given)})).port)`,
    );
    const port = Number(parent.said);
    await query({ port }, "CREATE TABLE kept AS SELECT 43 AS n");
    const pid = postmaster(given.folder);
    parent.kill();
    const second = await startPostgres({ ...given, port });
    expect(alive(pid)).toBe(false);
    expect(await query(second, "SELECT n FROM kept")).toEqual([[43]]);
    await second.close();
  });

  it("stops a server that nobody supervises any more", async () => {
    const given = options("orphan");
    const parent = await elsewhere(`${start}
      const { processInfo } = await load("processes/orphans.ts");
      const { readFileSync } = await import("node:fs");
      await startPostgres(${JSON.stringify(given)});
      const pid = readFileSync(${JSON.stringify(join(given.folder, "data", "postmaster.pid"))}, "utf8").split("\\n")[0];
      console.log(processInfo(Number(pid)).parent);`);
    const pid = postmaster(given.folder);
    const supervisor = Number(parent.said);
    // Stopped first: it must not hear that its parent is gone.
    process.kill(supervisor, "SIGSTOP");
    parent.kill();
    process.kill(supervisor, "SIGKILL");
    await until(() => !alive(supervisor));
    expect(alive(pid)).toBe(true);
    const second = await startPostgres(given);
    expect(alive(pid)).toBe(false);
    expect(await query(second, "SELECT 1")).toEqual([[1]]);
    await second.close();
  });
});
