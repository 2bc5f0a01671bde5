/**
 * Messages that no client sends, to what listens in a sandbox: the connection ends or is answered, nothing else is
 * touched by it, and the next client finds everything as it was.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import { Long, ObjectId, serialize } from "bson";
import fc from "fast-check";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { serveUpstashProxy, type UpstashProxy } from "../../sandbox/clouds/upstash/index.ts";
import { startStandIn } from "../../sandbox/databases/mongodb/stand-in/index.ts";
import type { MongodbServer } from "../../sandbox/databases/mongodb/types.ts";
import { startRedis } from "../../sandbox/databases/redis/index.ts";
import { json, runs } from "../helpers/hostile.ts";
import { newPassword, url } from "../helpers/mongodb.ts";

const admin = { username: "admin", password: newPassword() };
const redisPassword = newPassword();
let folder: string;
let mongodb: MongodbServer;
let redis: Awaited<ReturnType<typeof startRedis>>;
let proxy: UpstashProxy;
let client: MongoClient;
/** What nobody caught: it would have ended the sandbox. */
const uncaught: string[] = [];
const note = (fault: unknown) => void uncaught.push(String(fault));

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-wire-"));
  mongodb = await startStandIn({ folder: path.join(folder, "mongodb"), replicaSet: "atlas-abc123-shard-0" });
  await mongodb.setUsers([{ ...admin, roles: [{ roleName: "atlasAdmin", databaseName: "admin" }] }]);
  redis = await startRedis({ folder: path.join(folder, "redis"), password: redisPassword });
  proxy = await serveUpstashProxy({ target: "http://127.0.0.1:9", folder });
  client = new MongoClient(url(mongodb, admin, "kaïros"));
  process.on("uncaughtException", note);
});
afterAll(async () => {
  process.off("uncaughtException", note);
  await client.close();
  await Promise.all([mongodb.close(), redis.close(), proxy.close()]);
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => expect(uncaught.splice(0)).toEqual([]));

/** Sends pieces, one after another, and waits until the other side has answered them, has ended, or says nothing. */
async function send(port: number, pieces: readonly Uint8Array[], patience = 15): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  const said: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => said.push(bytes)).on("error", () => undefined);
  await once(socket, "connect");
  for (const piece of pieces) socket.write(piece);
  // A reset is an end as well.
  await Promise.race([new Promise((resolve) => socket.once("close", resolve)), sleep(patience)]);
  socket.destroy();
  return Buffer.concat(said);
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
};
/** A message with these four numbers before it; the length is the true one unless one is given. */
const message = (opCode: number, body: Buffer, length = body.length + 16) =>
  Buffer.concat([int32(length), int32(1), int32(0), int32(opCode), body]);
const isBson = (value: object) => {
  try {
    return serialize(value).length > 0;
  } catch {
    return false;
  }
};
const command = (body: object) => message(2013, Buffer.concat([int32(0), Buffer.from([0]), serialize(body)]));

const bytes = fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some));
const numbers = fc.oneof(fc.integer(), fc.constantFrom(-1, 0, 4, 15, 16, 17, 2 ** 31 - 1, 48_000_001));
const isMongoWell = () => client.db().command({ ping: 1 });

describe("a message that was found to do harm", () => {
  it.each([
    ["far in the future", 2 ** 40],
    ["at once", 0],
    ["never", Number.NaN],
    ["in the past", -1],
  ])("asks for news %s, without an end", async (_, maxAwaitTimeMS) => {
    const known = { processId: new ObjectId(), counter: Long.fromNumber(1) };
    const hello = command({ hello: 1, $db: "admin", topologyVersion: known, maxAwaitTimeMS });
    // Flag 16: as many answers as there are.
    hello.writeUInt32LE(1 << 16, 16);
    const answers = await send(mongodb.port, [hello], 200);
    expect(answers.length).toBeLessThan(20_000);
    await isMongoWell();
  });

  it("asks for news of a database that has no name", async () => {
    const known = { processId: new ObjectId(), counter: Long.fromNumber(1) };
    await send(
      mongodb.port,
      [command({ hello: 1, topologyVersion: known, maxAwaitTimeMS: 1, apiStrict: {} })],
      50,
    );
    await isMongoWell();
  });
});

const opCodes = fc.constantFrom(2013, 2012, 2004, 1, 2010, -1);
const framed = fc
  .tuple(opCodes, bytes, fc.option(numbers))
  .map(([opCode, body, length]) => message(opCode, body, length ?? undefined));
const packed = fc
  .tuple(fc.constantFrom(2013, 2012), numbers, fc.integer({ min: 0, max: 3 }), bytes)
  .map(([opCode, size, compressor, body]) =>
    message(2012, Buffer.concat([int32(opCode), int32(size), Buffer.from([compressor]), deflateSync(body)])),
  );
const beforeLogin = fc
  .tuple(
    fc.constantFrom(
      ...["hello", "isMaster", "ping", "saslStart", "saslContinue", "find", "insert", "aggregate"],
      ...["__proto__", "constructor", "buildInfo"],
    ),
    json(),
    fc.dictionary(
      fc.constantFrom(
        ...["$db", "topologyVersion", "maxAwaitTimeMS", "speculativeAuthenticate", "compression"],
        ...["mechanism", "payload", "lsid", "apiVersion", "filter"],
      ),
      json(),
    ),
  )
  .map(([name, value, more]) => ({ [name]: value ?? 1, $db: "admin", ...more }))
  .filter(isBson)
  .map(command);
const words = (...some: string[]) => fc.constantFrom(...some.map((word) => Buffer.from(word, "latin1")));
const redisWords = words(
  ...["*1\r\n", "*-1\r\n", "*2147483647\r\n", "$-5\r\n", "$999999999999\r\n", "PING\r\n", "\r\n"],
  ...["AUTH a\r\n", "HELLO 3\r\n", "*3\r\n$3\r\nSET\r\n"],
);
const httpWords = words(
  "CONNECT api.upstash.com:443 HTTP/1.1\r\n\r\n",
  "CONNECT x HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET http://[ HTTP/1.1\r\nHost: \r\n\r\n",
  "GET / HTTP/1.1\r\nUpgrade: x\r\nConnection: upgrade\r\nHost: x\r\n\r\n",
  "\u0016\u0003\u0001",
);
const proxyPort = () => Number(new URL(proxy.url).port);
/** What still has to be answered afterwards, and how. */
const says = async (port: number, question: string, answer: RegExp) =>
  expect((await send(port, [Buffer.from(question)], 500)).toString()).toMatch(answer);
const isRedisWell = () => says(redis.port, `AUTH ${redisPassword}\r\nPING\r\n`, /^\+OK\r\n\+PONG\r\n$/);
const isProxyWell = () =>
  says(proxyPort(), "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n", /^HTTP\/1\.1 403 /);

describe("any message", () => {
  it.each<
    [what: string, port: () => number, fc.Arbitrary<Buffer>, few: number, isWell: () => Promise<unknown>]
  >([
    [
      "MongoDB: bytes, lengths and operations",
      () => mongodb.port,
      fc.oneof(bytes, framed, packed),
      60,
      isMongoWell,
    ],
    ["MongoDB: commands of any form, before a login", () => mongodb.port, beforeLogin, 60, isMongoWell],
    ["Redis", () => redis.port, fc.oneof(bytes, redisWords), 40, isRedisWell],
    ["the proxy before Upstash", proxyPort, fc.oneof(bytes, httpWords), 60, isProxyWell],
  ])("to %s", async (_, port, piece, few, isWell) => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 4 }), (pieces) =>
        send(port(), pieces).then(() => undefined),
      ),
      runs(few),
    );
    await isWell();
  });

  it("to MongoDB: commands with values of any form, after a login", async () => {
    const names = fc.constantFrom(
      "find",
      "insert",
      "update",
      "delete",
      "aggregate",
      "count",
      "distinct",
      "createIndexes",
      "getMore",
      "listCollections",
      "explain",
    );
    const fields = fc.dictionary(
      fc.constantFrom(
        "filter",
        "query",
        "documents",
        "updates",
        "deletes",
        "pipeline",
        "cursor",
        "sort",
        "projection",
        "limit",
        "indexes",
        "key",
      ),
      json(),
    );
    await fc.assert(
      fc.asyncProperty(names, fields, async (name, more) => {
        const error = await client
          .db("hostile")
          .command({ [name]: "c", ...more })
          .then(
            () => undefined,
            (thrown: Error) => thrown,
          );
        fc.pre(isBson(more));
        if (error !== undefined) expect(["MongoServerError", "MongoWriteConcernError"]).toContain(error.name);
      }),
      runs(150),
    );
    await isMongoWell();
  });
});
