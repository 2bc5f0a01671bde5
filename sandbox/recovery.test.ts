/** The vendors' recovery with the real databases behind it: asked for over HTTP, looked at by a client. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallBackend } from "../tests/helpers/deploys.ts";
import { type Sandbox, startSandbox } from "./index.ts";

let folder: string;
let sandbox: Sandbox;
const open = async () =>
  startSandbox({
    folder,
    keep: true,
    organization: randomBytes(12).toString("hex"),
    recoveryLag: 0,
    deploys: await smallBackend(),
  });
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kairos-recovery-"));
  sandbox = await open();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A call of Render's API. */
async function render(method: string, place: string, body?: object) {
  const { RENDER_HOST, RENDER_API_KEY } = sandbox.clouds.environment;
  const response = await fetch(`${RENDER_HOST}${place}`, {
    method,
    headers: { Authorization: `Bearer ${RENDER_API_KEY}`, "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** A statement with the login that the vendor hands out. */
async function query(id: string, text: string) {
  const { body } = await render("GET", `/postgres/${id}/connection-info`);
  const client = new pg.Client({ connectionString: body.internalConnectionString });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

describe("a Render Postgres", () => {
  it("comes back as it was before the rows were gone, beside the one that goes on", async () => {
    const { RENDER_OWNER_ID: ownerId } = sandbox.clouds.environment;
    const request = { ownerId, name: "one", plan: "basic_1gb", version: "18", databaseUser: "kairos" };
    const { id } = (await render("POST", "/postgres", request)).body;
    await query(id, "CREATE TABLE people AS SELECT generate_series(1, 100) AS id");
    // Rotated since it was made: what the second one owns comes back, too.
    expect((await render("POST", `/postgres/${id}/credentials`, { username: "kairos_2" })).status).toBe(202);
    await query(id, "CREATE TABLE letters AS SELECT 'Zoé' AS text");
    const [[at]] = (await query(id, "SELECT clock_timestamp()")) as [[Date]];
    await sleep(5);
    await query(id, "DELETE FROM people; DROP TABLE letters");
    const answer = await render("POST", `/postgres/${id}/recovery`, {
      restoreTime: new Date(at.getTime() + 1).toISOString(),
      restoreName: "two",
    });
    expect([answer.status, answer.body.name]).toEqual([200, "two"]);
    expect(await query(answer.body.id, "SELECT count(*)::int FROM people")).toEqual([[100]]);
    expect(await query(answer.body.id, "SELECT text FROM letters")).toEqual([["Zoé"]]);
    expect(await query(id, "SELECT count(*)::int FROM people")).toEqual([[0]]);
    // Of its own: it outlives the one that it came from, and a restart.
    await query(answer.body.id, "INSERT INTO people VALUES (101)");
    await render("DELETE", `/postgres/${id}`);
    await sandbox.close();
    sandbox = await open();
    expect(await query(answer.body.id, "SELECT count(*)::int FROM people")).toEqual([[101]]);
  });
});
