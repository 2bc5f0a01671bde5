/** Commands of the stand-in: what they answer, and how they refuse. */
import path from "node:path";
import { Binary, type Db, Double, Int32, MongoClient } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../../tests/helpers/databases.ts";
import { newPassword, refusal, url, using } from "../../../../tests/helpers/mongodb.ts";
import type { MongodbServer } from "../types.ts";
import { startStandIn } from "./index.ts";

const options = { folder: path.join(temporaryFolder(), "data"), replicaSet: "atlas-abc123-shard-0" };
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

describe("refusals", () => {
  const anonymous = <T>(act: (own: Db) => Promise<T>) =>
    using(server.connectionString, (own) => act(own.db("kaïros")));

  test("of commands without a login, but for those that make one", async () => {
    await anonymous(async (own) => {
      for (const command of ["ping", "hello", "buildInfo", "connectionStatus"])
        await own.command({ [command]: 1 });
      for (const command of ["find", "insert", "listCollections", "dropDatabase", "usersInfo"])
        expect(await refusal(own.command({ [command]: 1 }))).toMatchObject({
          code: 13,
          codeName: "Unauthorized",
          message: `Command ${command} requires authentication`,
        });
    });
  });

  test.each([
    [{ noSuchCommand: 1 }, 59],
    [{ find: "a", filter: { n: { $unknown: 1 } } }, 2],
    [{ find: "a", filter: { $where: "true" } }, 238],
    [{ find: "a", collation: { locale: "fr" } }, 238],
    [{ find: "a", surprise: 1 }, 40415],
    [{ aggregate: "a", pipeline: [{ $unknown: 1 }], cursor: {} }, 40324],
    [{ find: "a", filter: { $text: { $search: "x" } } }, 238],
    [{ find: "a", hint: "none" }, 2],
    [{ find: "a", hint: { n: 1 } }, 2],
    [{ find: "a$b" }, 73],
    [{ aggregate: "a", pipeline: [{ $graphLookup: {} }], cursor: {} }, 238],
    [{ aggregate: "a", pipeline: [{ $limit: 0 }], cursor: {} }, 15958],
    [{ update: "a", updates: [{ q: {}, u: { $set: { n: 1 } }, hint: "none" }] }, 2],
    [{ insert: "a", documents: [{ _id: [1] }] }, 2],
    [{ explain: { ping: 1 } }, 59],
    [{ hello: 1, apiVersion: "2" }, 322],
    [{ distinct: "a", key: "n", apiVersion: "2" }, 322],
    [{ distinct: "a", key: "n", apiVersion: "1", apiStrict: true }, 323],
    [{ create: "system.users" }, 13],
    [{ create: "a$b" }, 73],
    [{ create: "" }, 73],
    [{ dropIndexes: "none", index: "x" }, 26],
    [{ listDatabases: 1 }, 13],
  ])("of %j", async (command, code) => {
    await db.collection("a").insertOne({ n: 1 });
    const reply = await db.command(command).catch((error) => error);
    expect(reply.writeErrors?.[0]?.code ?? reply.code).toBe(code);
  });

  test.each([
    { noSuchCommand: 1 },
    { find: "a", filter: { n: { $unknown: 1 } } },
    { find: "a", filter: { $unknown: 1 } },
    { find: "a", filter: { $text: { $search: "x" } } },
    { find: "a", surprise: 1 },
    { find: "a", filter: { n: { $regex: "(" } } },
    { find: "a", sort: { $natural: 1 } },
    { explain: { noSuchCommand: 1 } },
    { aggregate: 1, pipeline: [{ $changeStream: {} }], cursor: {} },
    { find: "a", projection: { n: { $unknown: 1 } } },
    { find: "a", collation: { locale: "fr" } },
    { aggregate: "a", pipeline: [{ $unknown: 1 }], cursor: {} },
    { aggregate: "a", pipeline: [{ $merge: "b" }], cursor: {} },
    { findAndModify: "a", update: { $unknown: { n: 1 } } },
    { createIndexes: "a", indexes: [{ key: { n: 1 }, name: "n", unknown: 1 }] },
    { create: "b", capped: true },
    { saslStart: 1, mechanism: "PLAIN", payload: new Binary() },
  ])("of what it does not know names the stand-in: %j", async (command) => {
    expect((await refusal(db.command(command))).message).toMatch(/^this stand-in for MongoDB/);
  });

  test.each(["", "a/b", "a\\b", "a.b", "a b", 'a"b', "a$b", "é".repeat(32)])(
    "of the database name %j",
    async (name) => {
      // The driver checks some of these by itself: the command is sent under the name of another.
      const named = client.db("other");
      Object.defineProperty(named, "namespace", { value: name });
      Object.assign((named as unknown as { s: { namespace: { db: string } } }).s.namespace, { db: name });
      expect(await refusal(named.command({ create: "a" }))).toMatchObject({
        code: 73,
        codeName: "InvalidNamespace",
      });
    },
  );

  test("of a database whose name differs in case only; é and É are two letters", async () => {
    await db.createCollection("a");
    expect(await refusal(client.db("Kaïros").createCollection("a"))).toMatchObject({
      code: 13297,
      codeName: "DatabaseDifferCase",
    });
    await client.db("KAÏROS").createCollection("a");
    expect((await db.admin().listDatabases({ nameOnly: true })).databases).toEqual([
      { name: "KAÏROS" },
      { name: "kaïros" },
    ]);
    await client.db("KAÏROS").dropDatabase();
  });
});

test("shows users what they may see", async () => {
  const login = { username: "one", password: newPassword() };
  const roles = [{ roleName: "read", databaseName: "kaïros", collectionName: "a" }];
  await server.setUsers([...users, { ...login, roles }]);
  for (const name of ["a", "b"]) {
    await db.createCollection(name);
    await client.db("other").createCollection(name);
  }
  await using(url(server, login, "kaïros"), async (own) => {
    const admins = own.db("admin");
    expect((await admins.admin().listDatabases({ nameOnly: true })).databases).toEqual([{ name: "kaïros" }]);
    const all = { authorizedDatabases: false };
    expect(await refusal(admins.admin().listDatabases(all))).toMatchObject({ code: 13 });
    const names = { nameOnly: true, authorizedCollections: true };
    expect(await own.db().listCollections({}, names).toArray()).toEqual([{ name: "a", type: "collection" }]);
    expect(await refusal(own.db().listCollections().toArray())).toMatchObject({ code: 13 });
    expect(await admins.command({ connectionStatus: 1, showPrivileges: true })).toMatchObject({
      authInfo: {
        authenticatedUsers: [{ user: "one", db: "admin" }],
        authenticatedUserRoles: [{ role: "read", db: "kaïros" }],
        authenticatedUserPrivileges: [{ resource: { db: "kaïros", collection: "a" } }],
      },
    });
    expect(await admins.command({ usersInfo: "one" })).toMatchObject({ users: [{ _id: "admin.one" }] });
    for (const asked of [1, "admin", { user: "admin", db: "admin" }])
      expect(await refusal(admins.command({ usersInfo: asked }))).toMatchObject({ code: 13 });
  });
  await client.db("other").dropDatabase();
});

test("finds, modifies and returns one document", async () => {
  const a = db.collection<{ _id: number; n?: number }>("a");
  const options = { upsert: true, returnDocument: "after" } as const;
  expect(await a.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, options)).toEqual({ _id: 1, n: 1 });
  expect(await a.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({ _id: 1, n: 1 });
  expect(await a.findOneAndReplace({ _id: 9 }, { n: 1 })).toBeNull();
  expect(await a.findOneAndDelete({ n: 2 }, { projection: { n: 1, _id: 0 } })).toEqual({ n: 2 });
  const { upsertedId, matchedCount } = await a.updateOne(
    { _id: 5 },
    { $setOnInsert: { n: 7 } },
    { upsert: true },
  );
  expect({ upsertedId, matchedCount }).toEqual({ upsertedId: 5, matchedCount: 0 });
  expect(await a.updateMany({}, { $set: { n: 7 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
  expect(await a.distinct("n")).toEqual([7]);
});

test("an unordered insert goes on after a duplicate, an ordered one does not", async () => {
  const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
  for (const ordered of [true, false]) {
    const collection = db.collection<{ _id: number }>(`ordered-${ordered}`);
    expect(await refusal(collection.insertMany(documents, { ordered }))).toMatchObject({ code: 11000 });
    expect(await collection.countDocuments()).toBe(ordered ? 1 : 2);
  }
});

test("SCRAM-SHA-1 logs in, too, and not with another password", async () => {
  const sha1 = (login: typeof admin) => url(server, login, "kaïros", "&authMechanism=SCRAM-SHA-1");
  await using(sha1(admin), (own) => own.db().command({ ping: 1 }));
  const wrong = { ...admin, password: newPassword() };
  expect(await refusal(using(sha1(wrong), (own) => own.connect()))).toMatchObject({ code: 18 });
});

test("writes several collections in one command", async () => {
  const ns = (name: string) => `kaïros.${name}`;
  await db.collection<{ _id: number; n: number }>("a").insertOne({ _id: 1, n: 1 });
  const models = [
    { name: "insertOne", namespace: ns("b"), document: { _id: 1 } },
    { name: "updateOne", namespace: ns("a"), filter: { _id: 1 }, update: { $inc: { n: 1 } } },
    { name: "updateOne", namespace: ns("a"), filter: { _id: 2 }, update: { $set: { n: 1 } }, upsert: true },
    { name: "deleteMany", namespace: ns("b"), filter: {} },
  ] as Parameters<MongoClient["bulkWrite"]>[0];
  expect(await client.bulkWrite(models, { verboseResults: true })).toMatchObject({
    insertedCount: 1,
    matchedCount: 1,
    modifiedCount: 1,
    upsertedCount: 1,
    deletedCount: 1,
    updateResults: new Map([
      [1, { matchedCount: 1, modifiedCount: 1, didUpsert: false }],
      [2, { matchedCount: 1, modifiedCount: 0, upsertedId: 2, didUpsert: true }],
    ]),
  });
  const twice = [1, 1].map((_id) => ({ name: "insertOne" as const, namespace: ns("c"), document: { _id } }));
  await expect(client.bulkWrite(twice as unknown as typeof models)).rejects.toMatchObject({
    writeErrors: new Map([[1, expect.objectContaining({ code: 11000 })]]),
  });
  const reader = { username: "reader", password: newPassword() };
  const roles = [{ roleName: "read", databaseName: "kaïros" }];
  await server.setUsers([...users, { ...reader, roles }]);
  await using(url(server, reader, "kaïros"), async (own) => {
    expect(await refusal(own.bulkWrite(models))).toMatchObject({
      message: expect.stringContaining("bulk write encountered an error"),
    });
    const lookup = [{ $lookup: { from: "a", as: "a", pipeline: [] } }, { $unionWith: "b" }];
    await own.db().collection("a").aggregate(lookup).toArray();
  });
  const one = [{ roleName: "read", databaseName: "kaïros", collectionName: "a" }];
  await server.setUsers([...users, { ...reader, roles: one }]);
  await using(url(server, reader, "kaïros"), async (own) => {
    const facet = [{ $facet: { x: [{ $lookup: { from: "b", as: "b", pipeline: [] } }] } }];
    expect(await refusal(own.db().collection("a").aggregate(facet).toArray())).toMatchObject({ code: 13 });
  });
  await server.setUsers(users);
});

test("gives a collection another name, with its documents and indexes", async () => {
  await db.collection("a").insertOne({ n: 1 });
  await db.collection("a").createIndex({ n: 1 }, { unique: true });
  await db.createCollection("b");
  expect(await refusal(db.renameCollection("a", "b"))).toMatchObject({ code: 48 });
  await db.renameCollection("a", "b", { dropTarget: true });
  expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(["b"]);
  expect(await refusal(db.collection("b").insertOne({ n: 1 }))).toMatchObject({ code: 11000 });
  expect(await refusal(db.renameCollection("a", "c"))).toMatchObject({ code: 26 });
});

test("explains that it goes through all documents", async () => {
  await db.collection("a").insertMany([{ n: 1 }, { n: 2 }]);
  expect(await db.collection("a").find({ n: 1 }).explain()).toMatchObject({
    queryPlanner: { namespace: "kaïros.a", winningPlan: { stage: "COLLSCAN" } },
    executionStats: { nReturned: 1, totalDocsExamined: 2 },
  });
});

test("an equal number of another type is a change for $set and none for $max", async () => {
  const a = db.collection<{ n: unknown }>("a");
  await a.insertOne({ n: new Int32(1) });
  expect(await a.updateOne({}, { $max: { n: new Double(1) } })).toMatchObject({ modifiedCount: 0 });
  expect(await a.updateOne({}, { $set: { n: new Double(1) } })).toMatchObject({ modifiedCount: 1 });
});
