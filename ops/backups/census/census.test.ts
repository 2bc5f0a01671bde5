/** The questions themselves, on real databases: what is counted, up to which moment; and what may be written. */
import { createHmac, randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStandIn } from "../../../sandbox/databases/mongodb/index.ts";
import { startPostgres } from "../../../sandbox/databases/postgres/index.ts";
import { localTls, temporaryFolder } from "../../../tests/helpers/databases.ts";
import { compared } from "../compare.ts";
import { canary, counted, type Login, type Place, seal } from "./index.ts";

const folder = temporaryFolder();
const password = randomBytes(12).toString("hex");
const point = new Date("2026-11-27T10:00:00Z");

describe("a PostgreSQL and its copy", () => {
  it("are counted up to the moment, with what carries no time, and what nobody may read is told", async () => {
    const { tls, ca } = await localTls(folder);
    const server = await startPostgres({
      folder: `${folder}/pg`,
      user: "kairos",
      password,
      database: "kairos",
      tls,
    });
    onTestFinished(() => server.close());
    const login: Login = {
      host: "127.0.0.1",
      port: server.port,
      user: "kairos",
      password,
      database: "kairos",
    };
    const client = new pg.Client({ ...login, ssl: false });
    await client.connect();
    await client.query(`
      CREATE TABLE "Users" (id int, created_at timestamptz, updated_at timestamptz);
      INSERT INTO "Users" VALUES (1, '2026-11-27 09:00Z', now()), (2, '2026-11-27 09:30Z', now()), (3, '2026-11-27 11:00Z', now()), (4, NULL, now());
      CREATE TABLE plain (id int); INSERT INTO plain VALUES (1), (2);
      CREATE SCHEMA other; CREATE TABLE other.parts (enrolled_at timestamp) PARTITION BY RANGE (enrolled_at);
      CREATE TABLE other.part PARTITION OF other.parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO other.parts VALUES ('2026-11-27 09:59:59');
      CREATE TABLE closed (id int); REVOKE ALL ON closed FROM kairos;
      CREATE VIEW seen AS SELECT * FROM plain`);
    const place = placeOf({
      ...{ POSTGRES_HOST: "127.0.0.1", POSTGRES_PORT: String(server.port), POSTGRES_USER: "kairos" },
      ...{ POSTGRES_PASSWORD: password, POSTGRES_DB: "kairos" },
    });
    const { source, copy } = await counted("postgres", login, point, { ...place, ca });
    expect(source).toEqual([
      { name: "other.parts", rows: 1, before: 1, newest: "2026-11-27T09:59:59+00:00" },
      { name: "public.Users", rows: 4, before: 3, newest: "2026-11-27T09:30:00+00:00" },
      { name: "public.closed", rows: 0, before: 0, refused: true },
      { name: "public.plain", rows: 2, before: 2 },
    ]);
    expect(compared(source, copy, 60_000)).toMatchObject({
      ...{ tables: 3, rows: 7, unread: 1 },
      problems: ["public.closed may not be read in the copy: not compared"],
    });

    await canary("postgres", "drill-ab12cd34-test", "write", { ...place, ca });
    await canary("postgres", "drill-ab12cd34-test", "write", { ...place, ca });
    const names = async () =>
      (await counted("postgres", login, new Date(), { ...place, ca })).source.map(({ name }) => name);
    expect(await names()).toContain("public.kairos_canary_ab12cd34");
    await canary("postgres", "drill-ab12cd34-test", "remove", { ...place, ca });
    await canary("postgres", "drill-ab12cd34-test", "remove", { ...place, ca });
    expect(await names()).not.toContain("public.kairos_canary_ab12cd34");
    await client.end();
  });
});

describe("a MongoDB and its copy", () => {
  it("are counted by the times in their ids, with what has other ids", async () => {
    const { tls, ca } = await localTls(folder);
    const server = await startStandIn({ folder: `${folder}/mongo`, tls, replicaSet: "set" } as never);
    onTestFinished(() => server.close());
    await server.setUsers([
      {
        ...{ username: "kairos", password, databaseName: "admin", groupId: "", labels: [], scopes: [] },
        roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
      } as never,
    ]);
    const bare = server.connectionString;
    const url = bare.replace("://", `://kairos:${password}@`);
    const client = new MongoClient(url, { ca });
    const database = client.db("kaïros");
    const { ObjectId } = await import("mongodb");
    const idOf = (iso: string) => ObjectId.createFromTime(Date.parse(iso) / 1000);
    await database
      .collection("users")
      .insertMany([
        { _id: idOf("2026-11-27T09:00:00Z") },
        { _id: idOf("2026-11-27T09:30:00Z") },
        { _id: idOf("2026-11-27T11:00:00Z") },
      ]);
    await database.collection<{ _id: string }>("words").insertOne({ _id: "a" });
    const place = placeOf({ MONGODB_URL: url, MONGODB_DB_NAME: "kaïros" });
    const login: Login = { url: bare, user: "kairos", password, database: "kaïros" };
    const { source, copy } = await counted("mongodb", login, point, { ...place, ca });
    expect(source).toEqual(
      expect.arrayContaining([
        { name: "users", rows: 3, before: 2, newest: "2026-11-27T09:30:00.000Z" },
        { name: "words", rows: 1, before: 1 },
      ]),
    );
    expect(copy).toEqual(source);
    await canary("mongodb", "drill-ab12cd34-test", "write", { ...place, ca });
    expect((await database.listCollections().toArray()).map(({ name }) => name)).toContain(
      "kairos_canary_ab12cd34",
    );
    await canary("mongodb", "drill-ab12cd34-test", "remove", { ...place, ca });
    expect(await database.listCollections().toArray()).toHaveLength(2);
    await client.close();
  });
});

describe("a password on its way to a job", () => {
  it("can be opened by whoever has the variable, and is another text each time", () => {
    const secret = "p".repeat(45);
    const sealed = seal(secret, "key");
    expect(sealed).not.toBe(seal(secret, "key"));
    const raw = Buffer.from(sealed, "hex");
    const stream = Buffer.concat(
      [0, 1].map((block) =>
        createHmac("sha256", "key")
          .update(raw.subarray(0, 16))
          .update(Buffer.from([block]))
          .digest(),
      ),
    );
    expect(Buffer.from(raw.subarray(16).map((byte, index) => byte ^ (stream[index] ?? 0))).toString()).toBe(
      secret,
    );
    expect(sealed).not.toContain(Buffer.from(secret).toString("hex").slice(0, 8));
  });
});

function placeOf(variables: Record<string, string>): Place {
  const mongodb = {
    ...{ MONGODB_URL: "mongodb://127.0.0.1:1/", MONGODB_DB_NAME: "kaïros", MONGODB_TIMEOUT_MS: "5000" },
    ...{ MONGODB_MAX_POOL_SIZE: "5", MONGODB_MIN_POOL_SIZE: "0" },
  };
  return { variables: { ...mongodb, ...variables }, services: [], account: undefined, from: "here" };
}
