/** The vendors' recovery with the real databases behind it: asked for over HTTP, looked at by a client. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { client, cluster, flexCluster } from "../tests/helpers/atlas.ts";
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

describe("an Atlas cluster", () => {
  const password = randomBytes(12).toString("hex");
  let group: string;
  const atlas = () => {
    const {
      MONGODB_ATLAS_BASE_URL: url = "",
      MONGODB_ATLAS_PUBLIC_API_KEY = "",
      ...keys
    } = sandbox.clouds.environment;
    const privateKey = keys.MONGODB_ATLAS_PRIVATE_API_KEY ?? "";
    const call = client(url, { publicKey: MONGODB_ATLAS_PUBLIC_API_KEY, privateKey });
    return (method: string, place: string, body?: object) => call(method, `/groups/${group}/${place}`, body);
  };
  beforeAll(async () => {
    const { atlas: cloud } = sandbox.clouds;
    group = cloud.projects.create({ name: "demo", orgId: cloud.orgId }).id;
    const backedUp = { backupEnabled: true, pitEnabled: true };
    await atlas()("POST", "clusters", { ...cluster("one"), ...backedUp });
    await atlas()("POST", "clusters", cluster("two"));
    await atlas()("POST", "flexClusters", flexCluster("flex"));
    // Its first snapshot is not taken at once.
    cloud.flexClusters.get(group, "flex").createDate = new Date(Date.now() - 3_600_000).toISOString();
    await cloud.snapshots.keepUp();
    const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];
    await atlas()("POST", "databaseUsers", { databaseName: "admin", username: "kairos", password, roles });
  });

  /** The database of a cluster, with the project's user. */
  async function withDatabase<T>(name: string, work: (db: ReturnType<MongoClient["db"]>) => Promise<T>) {
    const place = name === "flex" ? "flexClusters/flex" : `clusters/${name}`;
    const { standard } = (await atlas()("GET", place)).body.connectionStrings;
    const mongo = new MongoClient(standard, { auth: { username: "kairos", password } });
    try {
      return await work(mongo.db("kaïros"));
    } finally {
      await mongo.close();
    }
  }
  const names = (cluster: string) =>
    withDatabase(cluster, async (db) =>
      (await db.collection("people").find().toArray()).map(({ name }) => name),
    );

  it("is restored from a snapshot into another one, which loses what it had", async () => {
    await withDatabase("one", async (db) => {
      await db.collection("people").insertOne({ name: "Zoé" });
      await db.collection("people").createIndex({ name: 1 }, { unique: true });
    });
    await withDatabase("two", (db) => db.collection("other").insertOne({ a: 1 }));
    const { body: snapshot } = await atlas()("POST", "clusters/one/backup/snapshots", { retentionInDays: 1 });
    expect(snapshot.status).toBe("completed");
    await withDatabase("one", (db) => db.collection("people").deleteMany({}));
    const target = { targetClusterName: "two", targetGroupId: group };
    const job = { deliveryType: "automated", snapshotId: snapshot.id, ...target };
    expect((await atlas()("POST", "clusters/one/backup/restoreJobs", job)).body.failed).toBe(false);
    expect(await names("two")).toEqual(["Zoé"]);
    expect(await names("one")).toEqual([]);
    await withDatabase("two", async (db) => {
      expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(["people"]);
      await expect(db.collection("people").insertOne({ name: "Zoé" })).rejects.toMatchObject({ code: 11000 });
    });
  });

  it("is restored to a second, also in place", async () => {
    await withDatabase("one", (db) => db.collection("people").insertMany([{ name: "Ana" }, { name: "Ben" }]));
    // A moment is a whole second, and what changed is kept within 100 ms.
    await sleep(1_200);
    const pointInTimeUTCSeconds = Math.floor(Date.now() / 1000);
    await sleep(1_200);
    await withDatabase("one", (db) => db.collection("people").drop());
    await sleep(200);
    const target = { targetClusterName: "one", targetGroupId: group };
    const job = { deliveryType: "pointInTime", pointInTimeUTCSeconds, ...target };
    const { body } = await atlas()("POST", "clusters/one/backup/restoreJobs", job);
    expect(body.failed).toBe(false);
    expect(await names("one")).toEqual(["Ana", "Ben"]);
  });

  it("of Flex is restored from its day's snapshot; what was taken outlives the cluster where it shall", async () => {
    await withDatabase("flex", (db) => db.collection("people").insertOne({ name: "Éva" }));
    const [first] = (await atlas()("GET", "flexClusters/flex/backup/snapshots")).body.results;
    const toFlex = { snapshotId: first.id, targetDeploymentItemName: "flex" };
    const { body } = await atlas()("POST", "flexClusters/flex/backup/restoreJobs", toFlex);
    // Of when the cluster was made: the day's one, and no other.
    expect([body.status, await names("flex")]).toEqual(["COMPLETED", []]);

    const { body: kept } = await atlas()("POST", "clusters/one/backup/snapshots", { retentionInDays: 1 });
    await atlas()("DELETE", "clusters/one?retainBackups=true");
    const target = { targetClusterName: "two", targetGroupId: group };
    const job = { deliveryType: "automated", snapshotId: kept.id, ...target };
    expect((await atlas()("POST", "clusters/one/backup/restoreJobs", job)).body.failed).toBe(false);
    expect(await names("two")).toEqual(["Ana", "Ben"]);
  });
});
