/** The official driver, as the backend uses it, against every server that there is on this machine. */
import { mkdtempSync } from "node:fs";
import path from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localTls, temporaryFolder, until } from "../../../tests/helpers/databases.ts";
import { type Login, newPassword, refusal, subjects, url, using } from "../../../tests/helpers/mongodb.ts";
import type { MongodbServer, MongodbUser } from "./types.ts";

/** As in the backend's own configuration. */
const backendOptions = "&retryWrites=true&w=majority&compressors=snappy,zlib&maxPoolSize=200&minPoolSize=20";
const replicaSet = "atlas-abc123-shard-0";
const database = "kaïros";

for (const { name, start } of subjects) {
  if (start === undefined)
    console.info(`The driver's tests of ${name} are skipped: there is no ${name} on PATH.`);

  describe.skipIf(start === undefined)(name, () => {
    const folder = temporaryFolder();
    const kairos = { username: "kairos", password: newPassword() };
    const reader = { username: "reader", password: newPassword() };
    const users: MongodbUser[] = [
      { ...kairos, roles: [{ roleName: "readWrite", databaseName: database }] },
      { ...reader, roles: [{ roleName: "read", databaseName: database }] },
    ];
    let server: MongodbServer;
    const run = (port?: number) =>
      (start as NonNullable<typeof start>)({
        folder: path.join(folder, "data"),
        replicaSet,
        ...(port && { port }),
      });
    const as = <T>(login: Login | undefined, act: (client: MongoClient) => Promise<T>, options = "") =>
      using(url(server, login, database, options), act);
    const ping = (login: Login) => as(login, (client) => client.db("admin").command({ ping: 1 }));

    beforeAll(async () => {
      server = await run();
      await server.setUsers(users);
    });
    afterAll(() => server.close());

    test("takes the backend's connection: options, name of the database, writes and reads", async () => {
      await as(
        kairos,
        async (client) => {
          const users = client.db().collection<{ _id: number; name: string }>("utilisateurs");
          expect(client.db().databaseName).toBe(database);
          await users.insertMany([
            { _id: 1, name: "Zoé" },
            { _id: 2, name: "Ève" },
          ]);
          await users.updateOne({ _id: 2 }, { $set: { name: "Éve" } });
          expect(await users.find({}, { sort: { _id: -1 } }).toArray()).toEqual([
            { _id: 2, name: "Éve" },
            { _id: 1, name: "Zoé" },
          ]);
          expect(await users.countDocuments({ name: { $in: ["Zoé", "nobody"] } })).toBe(1);
          expect((await users.deleteMany({ _id: { $gte: 1 } })).deletedCount).toBe(2);
          expect((await client.db().listCollections().toArray()).map(({ name }) => name)).toEqual([
            "utilisateurs",
          ]);
        },
        backendOptions,
      );
    });

    test("opens the connections that the pool is to have", async () => {
      const client = new MongoClient(url(server, kairos, database, backendOptions));
      let ready = 0;
      client.on("connectionReady", () => {
        ready++;
      });
      await client.connect();
      await until(() => ready >= 20);
      await client.close();
    });

    test("is the primary of a replica set", async () => {
      await as(kairos, async (client) => {
        const hello = await client.db("admin").command({ hello: 1 });
        expect(hello).toMatchObject({
          setName: replicaSet,
          isWritablePrimary: true,
          primary: `127.0.0.1:${server.port}`,
        });
      });
      const other = server.connectionString.replace(replicaSet, "another");
      await expect(
        using(other, (client) => client.connect(), { serverSelectionTimeoutMS: 300 }),
      ).rejects.toThrow(/another|timed out/i);
    });

    test("refuses a wrong password, an unknown user and another authSource alike", async () => {
      const authenticationFailed = {
        code: 18,
        codeName: "AuthenticationFailed",
        message: expect.stringMatching(/auth/i),
      };
      const wrong = await refusal(ping({ ...kairos, password: newPassword() }));
      expect(wrong).toEqual(authenticationFailed);
      expect(await refusal(ping({ username: "nobody", password: kairos.password }))).toEqual(
        authenticationFailed,
      );
      const elsewhere = url(server, kairos, database).replace("authSource=admin", `authSource=${database}`);
      expect(await refusal(using(elsewhere, (client) => client.connect()))).toEqual(authenticationFailed);
    });

    test("lets nobody read who does not log in", async () => {
      const attempt = as(undefined, (client) => client.db(database).collection("a").findOne());
      expect(await refusal(attempt)).toMatchObject({ code: 13 });
    });

    test("takes passwords of any characters, percent-encoded, and prepares them as RFC 4013 says", async () => {
      const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");
      // The driver escapes only the first of several "=" and ",": the name has one of each.
      const odd = { username: "=a,b@é/:% ?", password: `${newPassword()}${ascii}é€ü` };
      const roman = { username: "roman", password: "\u2168-\u00aa-long-enough" };
      const roles = [{ roleName: "read", databaseName: database }];
      await server.setUsers([...users, { ...odd, roles }, { ...roman, roles }]);
      await ping(odd);
      await ping(roman);
      await ping({ ...roman, password: "I\u00adX-a-long-enough" });
      expect(await refusal(ping({ ...odd, password: odd.password.toUpperCase() }))).toMatchObject({
        code: 18,
      });
      await server.setUsers(users);
    });

    test("enforces a unique index, also on what is there already", async () => {
      await as(kairos, async (client) => {
        const modules = client.db().collection("modules");
        await modules.createIndex({ slug: 1 }, { unique: true });
        await modules.createIndex({ slug: 1 }, { unique: true });
        await modules.insertOne({ slug: "algèbre" });
        const duplicate = await refusal(modules.insertOne({ slug: "algèbre" }));
        expect(duplicate).toMatchObject({
          code: 11000,
          message: expect.stringMatching(/^E11000 duplicate key error/),
        });
        expect((await modules.indexes()).map(({ name }) => name)).toEqual(["_id_", "slug_1"]);
        await modules.insertMany([
          { n: 1, slug: "a" },
          { n: 1, slug: "b" },
        ]);
        await expect(modules.createIndex({ n: 1 }, { unique: true })).rejects.toThrow(/E11000/);
        await modules.drop();
      });
    });

    test("returns many documents in several batches", async () => {
      await as(kairos, async (client) => {
        const many = client.db().collection("many");
        await many.insertMany(Array.from({ length: 1234 }, (_, n) => ({ n })));
        const cursor = many.find(
          { n: { $lt: 1000 } },
          { sort: { n: 1 }, batchSize: 100, projection: { _id: 0 } },
        );
        const read = await cursor.toArray();
        expect(read).toEqual(Array.from({ length: 1000 }, (_, n) => ({ n })));
        expect(await many.countDocuments()).toBe(1234);
        await many.drop();
      });
    });

    test("refuses what the roles do not allow, and names it", async () => {
      await as(reader, async (client) => {
        const refused = await refusal(client.db().collection("a").insertOne({ n: 1 }));
        expect(refused).toMatchObject({
          code: 13,
          codeName: "Unauthorized",
          message: expect.stringMatching(`^not authorized on ${database} to execute command \\{ insert: "a"`),
        });
        expect(await client.db().collection("a").findOne()).toBeNull();
        expect(await refusal(client.db("other").collection("a").findOne())).toMatchObject({ code: 13 });
        expect(await refusal(client.db("admin").collection("system.users").findOne())).toMatchObject({
          code: 13,
        });
      });
      expect(await refusal(as(kairos, (client) => client.db().dropDatabase()))).toMatchObject({ code: 13 });
    });

    test("lets changed roles act on connections that are open", async () => {
      await as(reader, async (client) => {
        const insert = () => client.db().collection("roles").insertOne({});
        expect(await refusal(insert())).toMatchObject({ code: 13 });
        const roles = [{ roleName: "readWrite", databaseName: database, collectionName: "roles" }];
        await server.setUsers([...users.slice(0, 1), { ...reader, roles }]);
        await insert();
        expect(await refusal(client.db().collection("others").insertOne({}))).toMatchObject({ code: 13 });
        await server.setUsers(users);
        expect(await refusal(insert())).toMatchObject({ code: 13 });
      });
    });

    test("takes a changed password and no longer the old one", async () => {
      const changed = { ...reader, password: newPassword() };
      await ping(reader);
      await server.setUsers(
        users.map((user) => (user.username === "reader" ? { ...user, ...changed } : user)),
      );
      expect(await refusal(ping(reader))).toMatchObject({ code: 18 });
      await ping(changed);
      await server.setUsers(users);
    });

    test("ends the sessions of a user that is removed", async () => {
      const guest = { username: "guest", password: newPassword() };
      await server.setUsers([...users, { ...guest, roles: [{ roleName: "read", databaseName: database }] }]);
      await as(guest, async (client) => {
        const find = () => client.db().collection("a").findOne();
        await find();
        await server.setUsers(users);
        expect([13, 18]).toContain((await refusal(find())).code);
      });
      expect(await refusal(ping(guest))).toMatchObject({ code: 18 });
    });

    test("keeps data and indexes over a restart, on the same port or another", async () => {
      await as(kairos, async (client) => {
        const kept = client.db().collection("kept");
        await kept.createIndex({ n: 1 }, { unique: true });
        await kept.insertOne({ n: 1, when: new Date(0), text: "garder ☂" });
      });
      for (const port of [server.port, undefined]) {
        await server.close();
        server = await run(port);
        await server.setUsers(users);
        await as(kairos, async (client) => {
          const kept = client.db().collection("kept");
          expect(await kept.findOne({}, { projection: { _id: 0 } })).toEqual({
            n: 1,
            when: new Date(0),
            text: "garder ☂",
          });
          expect(await refusal(kept.insertOne({ n: 1 }))).toMatchObject({ code: 11000 });
        });
      }
    });

    test("speaks TLS to those that trust its authority, and to nobody else", async () => {
      const certificates = await localTls(mkdtempSync(path.join(folder, "tls-")));
      const stranger = await localTls(mkdtempSync(path.join(folder, "tls-")));
      const options = { folder: mkdtempSync(path.join(folder, "tls-")), replicaSet, tls: certificates.tls };
      const secure = await (start as NonNullable<typeof start>)(options);
      try {
        await secure.setUsers(users);
        await using(url(secure, kairos, database), (client) => client.db().command({ ping: 1 }));
        // The driver tries again until then. Long enough for one handshake on a slow machine.
        const patience = { serverSelectionTimeoutMS: 3000 };
        const attempt = (address: string) => using(address, (client) => client.connect(), patience);
        const untrusted = url(secure, kairos, database).replace(
          encodeURIComponent(certificates.tls.authorityFile),
          encodeURIComponent(stranger.tls.authorityFile),
        );
        await expect(attempt(untrusted)).rejects.toThrow(/certificate|signature/i);
        await expect(attempt(`mongodb://127.0.0.1:${secure.port}/?directConnection=true`)).rejects.toThrow();
      } finally {
        await secure.close();
      }
    });
  });
}
