import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder, until } from "../../../tests/helpers/databases.ts";
import { type PostgresServer, startPostgres } from "./index.ts";
import type { Login } from "./logins.ts";

const newLogin = (user: string): Login => ({ user, password: randomBytes(24).toString("base64url") });
const database = "kairos";
const first = newLogin("kairos");
const second = newLogin("kairos_2");

describe("the logins of a server", () => {
  let server: PostgresServer;
  const folder = temporaryFolder();
  beforeAll(async () => {
    server = await startPostgres({ folder, ...first, database });
  });
  afterAll(() => server?.close());

  async function session(login: Login): Promise<pg.Client> {
    const client = new pg.Client({ host: "127.0.0.1", port: server.port, ...login, database });
    client.on("error", () => {});
    await client.connect();
    return client;
  }
  async function run(login: Login, text: string) {
    const client = await session(login);
    try {
      return (await client.query({ text, rowMode: "array" })).rows;
    } finally {
      await client.end();
    }
  }

  it("are valid side by side, and the later one may do all that the earlier one may", async () => {
    await run(first, "CREATE TABLE courses (title text); INSERT INTO courses VALUES ('one')");
    await server.setLogins([first, second]);
    expect(await run(first, "SELECT title FROM courses")).toEqual([["one"]]);
    await run(second, "INSERT INTO courses VALUES ('two'); ALTER TABLE courses ADD position integer");
    expect(await run(second, "SELECT count(*) FROM courses")).toEqual([["2"]]);
  });

  it("are counted by their sessions", async () => {
    const open = await session(first);
    expect(await server.sessions("kairos")).toBe(1);
    expect(await server.sessions("kairos_2")).toBe(0);
    await open.end();
    await until(async () => (await server.sessions("kairos")) === 0);
  });

  it("end with their sessions, and what they owned is the last one's", async () => {
    const open = await session(first);
    const ended = new Promise((resolve) => open.once("end", resolve));
    await server.setLogins([second]);
    await ended;
    await expect(run(first, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    expect(
      await run(second, "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'courses'"),
    ).toEqual([["kairos_2"]]);
    expect(
      await run(second, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"),
    ).toEqual([["kairos_2"]]);
    expect(await run(second, "SELECT count(*) FROM courses")).toEqual([["2"]]);
    expect(await run(second, "SELECT count(*) FROM pg_roles WHERE rolname = 'kairos'")).toEqual([["0"]]);
  });

  it("come back with a restart", async () => {
    const third = newLogin("kairos_3");
    await server.setLogins([second, third]);
    await server.close();
    server = await startPostgres({ folder, ...second, database });
    await server.setLogins([second, third]);
    for (const login of [second, third])
      expect(await run(login, "SELECT count(*) FROM courses")).toEqual([["2"]]);
  });
});
