import { randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/helpers/databases.ts";
import { type PostgresServer, startPostgres } from "./index.ts";

const folder = temporaryFolder();
const password = () => randomBytes(24).toString("base64url");
const login = { user: "kairos_user", password: password(), database: "kairos" };

async function query({ port }: { port: number }, text: string, as: { password: string } = login) {
  const client = new pg.Client({ host: "127.0.0.1", port, ...login, ...as });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

const count = "SELECT count(*)::int FROM people";

describe("a recovered server", () => {
  const home = join(folder, "source");
  const servers: PostgresServer[] = [];
  let source: PostgresServer;
  /** After the n-th person. */
  const moments: number[] = [];
  beforeAll(async () => {
    source = await startPostgres({ folder: home, ...login });
    await query(source, "CREATE TABLE people (id int PRIMARY KEY, name text)");
    for (const id of [1, 2, 3]) {
      await query(source, `INSERT INTO people VALUES (${id}, 'Zoé ${id}')`);
      await sleep(5);
      moments[id] = Date.now();
      await sleep(5);
    }
    await query(source, "DELETE FROM people");
  });
  afterAll(() => Promise.all([source, ...servers].map((server) => server.close())));

  const recovered = async (name: string, at: number, from = home) => {
    await source.goOn();
    const own = { ...login, password: password() };
    const server = await startPostgres({ folder: join(folder, name), ...own, origin: { folder: from, at } });
    servers.push(server);
    return { server, own };
  };

  it("has what was there at the moment, to the transaction, and the source goes on without it", async () => {
    const two = await recovered("two", moments[2] ?? 0);
    expect(await query(two.server, "SELECT id, name FROM people ORDER BY id", two.own)).toEqual([
      [1, "Zoé 1"],
      [2, "Zoé 2"],
    ]);
    const three = await recovered("three", moments[3] ?? 0);
    expect(await query(three.server, count, three.own)).toEqual([[3]]);
    expect(await query(source, count)).toEqual([[0]]);
    // Each is its own: neither the source's password nor its writes.
    await expect(query(two.server, count)).rejects.toMatchObject({ code: "28P01" });
    await query(two.server, "INSERT INTO people VALUES (9, 'new')", two.own);
    expect(await query(source, count)).toEqual([[0]]);
  });

  it("keeps what is written to it over a restart, and can be recovered itself", async () => {
    const { server, own } = await recovered("again", moments[1] ?? 0);
    const since = server.recoverableSince() ?? 0;
    await query(server, "INSERT INTO people VALUES (4, 'four')", own);
    await sleep(5);
    const at = Date.now();
    await sleep(5);
    await query(server, "DROP TABLE people", own);
    await server.goOn();
    await server.close();
    const from = join(folder, "again");
    const after = await startPostgres({ folder: from, ...own });
    servers.push(after);
    expect(after.recoverableSince()).toBe(since);
    await after.goOn();
    const more = await startPostgres({
      folder: join(folder, "grandchild"),
      ...own,
      origin: { folder: from, at },
    });
    servers.push(more);
    expect(await query(more, "SELECT id FROM people ORDER BY id", own)).toEqual([[1], [4]]);
  });

  it("is not made from before there was anything to recover, or from nothing", async () => {
    expect(source.recoverableSince()).toBeLessThan(moments[1] ?? 0);
    const nowhere = { folder: join(folder, "nowhere"), at: Date.now() };
    const made = startPostgres({ folder: join(folder, "none"), ...login, origin: nowhere });
    await expect(made).rejects.toThrow("has nothing to recover from");
  });

  it("begins anew at a start after which the log is gone", async () => {
    const own = { ...login, password: password() };
    const here = join(folder, "lost");
    const first = await startPostgres({ folder: here, ...own });
    const since = first.recoverableSince() ?? 0;
    await first.close();
    // As when a server has written more than it keeps.
    rmSync(join(here, "base.json"));
    const second = await startPostgres({ folder: here, ...own });
    servers.push(second);
    expect(second.recoverableSince()).toBeGreaterThan(since);
    expect(readdirSync(here)).not.toContain("base.unfinished");
  });
});
