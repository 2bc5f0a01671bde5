/** What only the stand-in promises, and what the other servers are trusted with. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { type Db, Long, MongoClient } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder, until } from "../../../../tests/helpers/databases.ts";
import { newPassword, refusal, url, using, wire } from "../../../../tests/helpers/mongodb.ts";
import type { MongodbServer } from "../types.ts";
import { startStandIn } from "./index.ts";

const folder = temporaryFolder();
const options = { folder: path.join(folder, "data"), replicaSet: "atlas-abc123-shard-0" };
const admin = { username: "admin", password: newPassword() };
const users = [{ ...admin, roles: [{ roleName: "atlasAdmin", databaseName: "admin" }] }];
let server: MongodbServer;
let client: MongoClient;
let db: Db;

beforeAll(async () => {
  server = await startStandIn(options);
  await server.setUsers(users);
  client = new MongoClient(url(server, admin, "kaïros"));
  db = client.db();
});
afterAll(async () => {
  await client.close();
  await server.close();
});
beforeEach(async () => {
  await db.dropDatabase();
});

/** Through a wire that can be listened to, or cut. */
async function through<T>(
  extra: string,
  act: (link: Awaited<ReturnType<typeof wire>>, own: MongoClient) => Promise<T>,
) {
  const link = await wire(server.port);
  const login = [admin.username, admin.password].map(encodeURIComponent).join(":");
  const address = `mongodb://${login}@127.0.0.1:${link.port}/kaïros?authSource=admin&directConnection=true${extra}`;
  try {
    return await using(encodeURI(address), (own) => act(link, own));
  } finally {
    await link.close();
  }
}

test("says what it is, to those who start it and to those who ask", async () => {
  expect(server).toMatchObject({ real: false, software: expect.stringContaining("stand-in") });
  for (const command of ["hello", "buildInfo", "serverStatus"])
    expect(await db.admin().command({ [command]: 1 })).toMatchObject({
      modules: ["kairos-sandbox stand-in"],
    });
});

describe("wire", () => {
  test("compresses with zlib, and falls back to it from snappy", async () => {
    await through("&compressors=snappy,zlib", async (link, own) => {
      await own
        .db()
        .collection("a")
        .insertOne({ text: "é".repeat(5000) });
      expect(await own.db().collection("a").findOne()).toMatchObject({ text: "é".repeat(5000) });
      for (const from of ["client", "server"])
        expect(
          link.seen.filter((seen) => seen.from === from && seen.compressor === 2).length,
        ).toBeGreaterThan(1);
    });
  });

  test("does not compress for those who do not ask", async () => {
    await through("", async (link, own) => {
      await own.db().command({ ping: 1 });
      expect(link.seen.length).toBeGreaterThan(3);
      expect(link.seen.filter(({ compressor }) => compressor !== undefined)).toEqual([]);
    });
  });

  test("ends a connection that speaks something else, and goes on", async () => {
    for (const bytes of [Buffer.from("GET / HTTP/1.1\r\n\r\n"), randomBytes(64), Buffer.alloc(16)]) {
      const socket = connect(server.port, "127.0.0.1");
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.on("error", () => {}).end(bytes);
      await closed;
    }
    await db.command({ ping: 1 });
  });

  test("answers nothing to a write that waits for no answer", async () => {
    await db.collection("a").insertOne({ n: 1 }, { writeConcern: { w: 0 } });
    await until(async () => (await db.collection("a").countDocuments()) === 1);
  });
});

describe("retryable writes", () => {
  test("a write whose answer is lost happens once", async () => {
    await through("&retryWrites=true&maxPoolSize=1", async (link, own) => {
      const a = own.db().collection("a");
      await a.insertOne({ n: 0 });
      link.loseAnswerTo("marker-1");
      await a.insertOne({ text: "marker-1" });
      link.loseAnswerTo("marker-2");
      await a.updateOne({ n: 0 }, { $inc: { n: 1 }, $set: { by: "marker-2" } });
      expect(await a.find({}, { projection: { _id: 0 } }).toArray()).toEqual([
        { n: 1, by: "marker-2" },
        { text: "marker-1" },
      ]);
    });
  });

  test("a write without retries is lost with its answer", async () => {
    await through("&retryWrites=false&maxPoolSize=1", async (link, own) => {
      const a = own.db().collection("a");
      await a.insertOne({ n: 0 });
      link.loseAnswerTo("marker");
      await expect(a.insertOne({ text: "marker" })).rejects.toThrow();
      expect(await a.countDocuments()).toBe(2);
    });
  });

  test("an older number of the same session is refused", async () => {
    // A client of its own: the numbers are not those of the driver, which would get mixed up with them.
    await using(url(server, admin, "kaïros"), (own) =>
      own.withSession(async (session) => {
        const insert = (n: number) => {
          const command = { insert: "a", documents: [{ n }], txnNumber: Long.fromNumber(n) };
          return own.db().command(command, { session });
        };
        expect(await insert(2)).toMatchObject({ n: 1 });
        expect(await insert(2)).toMatchObject({ n: 1 });
        expect(await refusal(insert(1))).toMatchObject({ code: 225, codeName: "TransactionTooOld" });
      }),
    );
    expect(
      await db
        .collection("a")
        .find({}, { projection: { _id: 0 } })
        .toArray(),
    ).toEqual([{ n: 2 }]);
  });

  test("transactions are refused by name", async () => {
    const refused = await refusal(
      client.withSession((session) =>
        session.withTransaction(() => db.collection("a").insertOne({ n: 1 }, { session })),
      ),
    );
    expect(refused).toMatchObject({ code: 263, message: expect.stringContaining("stand-in") });
    expect(await db.collection("a").countDocuments()).toBe(0);
  });
});

test("a damaged file is named, not overwritten", async () => {
  const damaged = path.join(folder, "damaged");
  mkdirSync(damaged);
  writeFileSync(path.join(damaged, "a.ejson"), "{");
  await expect(startStandIn({ ...options, folder: damaged })).rejects.toThrow(/a\.ejson is damaged/);
  expect(readFileSync(path.join(damaged, "a.ejson"), "utf8")).toBe("{");
});

test("a port that is taken is said so", async () => {
  const again = startStandIn({ ...options, folder: path.join(folder, "again"), port: server.port });
  await expect(again).rejects.toThrow(`port ${server.port}`);
});

test("writes what it acknowledged to its folder, for its owner only", async () => {
  const text = newPassword();
  await db.collection("a").insertOne({ text });
  const file = path.join(options.folder, "ka%C3%AFros.ejson");
  await until(() => existsSync(file) && readFileSync(file, "utf8").includes(text));
  expect(readdirSync(options.folder)).toEqual(["history", path.basename(file)]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a document whose fields begin with a dollar survives a restart, and so does the time of another", async () => {
  const own = { ...options, folder: path.join(folder, "dollars") };
  let other = await startStandIn(own);
  await other.setUsers(users);
  await using(url(other, admin, "kaïros"), async (its) => {
    await its
      .db()
      .collection("a")
      .insertOne({ $date: "no date", inner: { $oid: 1 } });
    await its.db().collection("b").createIndex({ at: 1 }, { expireAfterSeconds: 0 });
    await its
      .db()
      .collection("b")
      .insertMany([{ at: new Date(Date.now() + 1500) }, { at: new Date(2 ** 42) }]);
  });
  await other.close();
  other = await startStandIn(own);
  await other.setUsers(users);
  await using(url(other, admin, "kaïros"), async (its) => {
    expect(await its.db().collection("a").findOne()).toMatchObject({ $date: "no date", inner: { $oid: 1 } });
    await until(async () => (await its.db().collection("b").countDocuments()) === 1);
  });
  await other.close();
});

test("closing ends all connections at once", async () => {
  const other = await startStandIn({ ...options, folder: path.join(folder, "other") });
  await other.setUsers(users);
  await using(
    url(other, admin, "kaïros"),
    async (own) => {
      await own.db().command({ ping: 1 });
      await other.close();
      await expect(own.db().command({ ping: 1 })).rejects.toThrow(/ECONNREFUSED|closed/);
    },
    { serverSelectionTimeoutMS: 3000 },
  );
});
