import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder, until } from "../../../tests/helpers/databases.ts";
import { type Client, kinds, newPassword, raw, using } from "../../../tests/helpers/redis.ts";
import type { RedisServer } from "./model.ts";

const folder = temporaryFolder();
const password = newPassword();

describe.each(kinds)("$name", ({ software, short, start }) => {
  let server: RedisServer;
  let open: RedisServer;
  beforeAll(async () => {
    server = await start({ folder: join(folder, `${short}-closed`), password });
    open = await start({ folder: join(folder, `${short}-open`) });
  });
  afterAll(async () => {
    await Promise.all([server.close(), open.close()]);
  });

  /** Both protocols, on an empty database of their own. */
  const commands = (name: string, work: (client: Client) => Promise<void>) =>
    it.each([2, 3] as const)(`${name} (RESP%i)`, async (RESP) => {
      await using(open, work, { RESP, database: RESP });
    });

  it("takes what people type, and pipelines in one packet", async () => {
    expect(await raw(server.port, "PING\r\nQUIT\r\n")).toBe("-NOAUTH Authentication required.\r\n+OK\r\n");
    const typed = `AUTH ${password}\r\nSET greeting "hello world"\r\nGET greeting\r\nQUIT\r\n`;
    expect(await raw(server.port, typed)).toBe("+OK\r\n+OK\r\n$11\r\nhello world\r\n+OK\r\n");
    const pipeline = "*1\r\n$4\r\nPING\r\n".repeat(500);
    expect(await raw(open.port, `${pipeline}QUIT\r\n`)).toBe(`${"+PONG\r\n".repeat(500)}+OK\r\n`);
  });

  it("takes requests that come byte by byte", async () => {
    const socket = connect(open.port, "127.0.0.1").setNoDelay(true);
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    for (const byte of "*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n") {
      socket.write(byte);
      await sleep(1);
    }
    await until(() => answer === "$3\r\nabc\r\n");
    socket.destroy();
  });

  it.each([
    ["*1\r\nPING\r\n", /^-ERR Protocol error: expected '\$', got 'P'\r\n$/],
    ["*3000000000\r\n", /^-ERR Protocol error: invalid multibulk length\r\n$/],
    ["*1\r\n$999999999999\r\n", /^-ERR Protocol error: invalid bulk length\r\n$/],
  ])("ends a connection that speaks something else: %j", async (sent, answer) => {
    expect(await raw(open.port, sent)).toMatch(answer);
  });

  it("takes little from strangers", async () => {
    const many = /^-ERR Protocol error: unauthenticated multibulk length\r\n$/;
    expect(await raw(server.port, "*11\r\n")).toMatch(many);
    expect(await raw(server.port, "*1\r\n$20000\r\n")).toMatch(/unauthenticated bulk length/);
  });

  it("refuses in Redis' words", async () => {
    const refused = (...words: string[]) =>
      using(open, (client) => client.sendCommand(words), { database: 5 }).then(
        (reply) => expect.unreachable(`${words.join(" ")}: ${reply}`),
        ({ message }) => message,
      );
    await using(open, (client) => client.lPush("list", "x"), { database: 5 });
    expect(await refused("GET")).toBe("ERR wrong number of arguments for 'get' command");
    expect(await refused("GET", "list")).toBe(
      "WRONGTYPE Operation against a key holding the wrong kind of value",
    );
    expect(await refused("FROBNICATE", "a", "b")).toBe(
      "ERR unknown command 'FROBNICATE', with args beginning with: 'a' 'b' ",
    );
    expect(await refused("SET", "a", "b", "EX", "0")).toBe("ERR invalid expire time in 'set' command");
    expect(await refused("SET", "a", "b", "NX", "XX")).toBe("ERR syntax error");
    expect(await refused("INCRBY", "a", "1.5")).toBe("ERR value is not an integer or out of range");
    expect(await refused("SELECT", "16")).toBe("ERR DB index is out of range");
    expect(await refused("EXEC")).toBe("ERR EXEC without MULTI");
    expect(await refused("RENAME", "none", "other")).toBe("ERR no such key");
    expect(await refused("HELLO", "4")).toBe("NOPROTO unsupported protocol version");
    for (const words of [
      ["CONFIG", "SET", "maxmemory", "1"],
      ["SHUTDOWN"],
      ["ACL", "SETUSER", "x"],
      ["SAVE"],
    ])
      expect(await refused(...words)).toMatch(
        /^NOPERM (User default|this user) has no permissions to run the '/,
      );
    if (software === undefined)
      expect(await refused("XADD", "s", "*", "a", "1")).toMatch(/^ERR XADD is not part of this stand-in/);
  });

  commands("strings", async (client) => {
    expect(await client.set("k", "v")).toBe("OK");
    expect(await client.set("k", "w", { condition: "NX" })).toBeNull();
    expect(await client.set("k", "w", { GET: true })).toBe("v");
    expect(await client.get("none")).toBeNull();
    expect(await client.mSet({ a: "1", b: "2" })).toBe("OK");
    expect(await client.mGet(["a", "none", "b"])).toEqual(["1", null, "2"]);
    expect(await client.incrBy("a", 41)).toBe(42);
    expect(await client.decr("a")).toBe(41);
    await client.set("most", "9223372036854775807");
    await expect(client.incr("most")).rejects.toThrow("ERR increment or decrement would overflow");
    expect(await client.append("k", "!")).toBe(2);
    expect(await client.getRange("k", -1, -1)).toBe("!");
    expect(await client.getDel("k")).toBe("w!");
    expect(await client.exists(["k", "a", "a"])).toBe(2);
  });

  commands("keys and bytes of any kind", async (client) => {
    const [key, value] = ["clé:é ⏳\r\n*1", "Kaïros\0\r\n$5"];
    await client.set(key, value);
    expect(await client.get(key)).toBe(value);
    expect(await client.strLen(key)).toBe(Buffer.byteLength(value));
    expect(await client.keys("clé:*[⏳]*")).toEqual([key]);
    expect(await client.keys("clé:?")).toEqual([]);
    const big = randomBytes(3 * 1024 * 1024).toString("base64");
    await client.set("big", big);
    expect((await client.get("big")) === big).toBe(true);
    expect(await client.rename("big", "bigger")).toBe("OK");
    expect((await client.scan("0", { MATCH: "big*", COUNT: 100 })).keys).toEqual(["bigger"]);
    expect(await client.type("bigger")).toBe("string");
    expect(await client.dbSize()).toBeGreaterThan(1);
    expect(await client.flushDb()).toBe("OK");
    expect(await client.dbSize()).toBe(0);
  });

  commands("time that runs out", async (client) => {
    await client.set("short", "x", { expiration: { type: "PX", value: 60 } });
    await client.setEx("long", 100, "x");
    expect(await client.ttl("long")).toSatisfy(within(90, 100));
    expect(await client.pTTL("short")).toBeLessThanOrEqual(60);
    expect(await client.expire("long", 50, "GT")).toBe(0);
    await client.set("long", "y", { expiration: "KEEPTTL" });
    expect(await client.ttl("long")).toSatisfy(within(90, 100));
    expect(await client.persist("long")).toBe(1);
    expect(await client.ttl("long")).toBe(-1);
    expect(await client.expire("none", 1)).toBe(0);
    await until(async () => (await client.pTTL("short")) < 0);
    expect(await client.get("short")).toBeNull();
    expect(await client.ttl("short")).toBe(-2);
    expect(await client.getEx("long", { type: "EX", value: 50 })).toBe("y");
    expect(await client.ttl("long")).toSatisfy(within(40, 50));
    expect(await client.expire("long", -1)).toBe(1);
    expect(await client.exists("long")).toBe(0);
  });

  commands("hashes, lists and sets", async (client) => {
    expect(await client.hSet("h", { a: "1", b: "2" })).toBe(2);
    expect(await client.hSet("h", "a", "3")).toBe(0);
    expect({ ...(await client.hGetAll("h")) }).toEqual({ a: "3", b: "2" });
    expect(await client.hIncrBy("h", "a", 4)).toBe(7);
    expect(await client.hDel("h", ["a", "b", "c"])).toBe(2);
    expect(await client.exists("h")).toBe(0);
    await client.rPush("l", ["b", "c"]);
    expect(await client.lPush("l", ["a", "z"])).toBe(4);
    expect(await client.lRange("l", 0, -1)).toEqual(["z", "a", "b", "c"]);
    expect(await client.lRange("l", -2, 100)).toEqual(["b", "c"]);
    expect(await client.lRange("l", 0, -9)).toEqual([]);
    expect(await client.rPop("l")).toBe("c");
    expect(await client.lPopCount("l", 9)).toEqual(["z", "a", "b"]);
    expect(await client.lLen("l")).toBe(0);
    expect(await client.sAdd("s", ["x", "y", "x"])).toBe(2);
    expect(new Set(await client.sMembers("s"))).toEqual(new Set(["x", "y"]));
    expect(await client.sIsMember("s", "y")).toBe(1);
    expect(await client.sRem("s", ["x", "none"])).toBe(1);
    expect(await client.sCard("s")).toBe(1);
  });

  commands("sorted sets, as rate limits use them", async (client) => {
    const entries = [3, 1, 2].map((score) => ({ score, value: `at ${score}` }));
    expect(await client.zAdd("z", entries)).toBe(3);
    expect(await client.zAdd("z", { score: 1.5, value: "at 1" }, { CH: true })).toBe(1);
    expect(await client.zRange("z", 0, -1)).toEqual(["at 1", "at 2", "at 3"]);
    expect(await client.zRangeWithScores("z", 0, 0)).toEqual([{ value: "at 1", score: 1.5 }]);
    expect(await client.zRange("z", "(1.5", "+inf", { BY: "SCORE" })).toEqual(["at 2", "at 3"]);
    expect(await client.zRange("z", 0, 0, { REV: true })).toEqual(["at 3"]);
    expect(await client.zScore("z", "at 2")).toBe(2);
    expect(await client.zRemRangeByScore("z", "-inf", 2)).toBe(2);
    expect(await client.zRem("z", "at 3")).toBe(1);
    expect(await client.zCard("z")).toBe(0);
  });

  commands("transactions", async (client) => {
    await client.set("n", "1");
    await expect(client.multi().incr("n").lPush("n", "x").exec()).rejects.toThrow("1 commands failed");
    expect(await client.multi().incr("n").get("n").exec()).toEqual([3, "3"]);
    await client.watch("n");
    await using(open, (other) => other.incr("n"), { database: await databaseOf(client) });
    await expect(client.multi().incr("n").exec()).rejects.toThrow(/watched/);
    expect(await client.get("n")).toBe("4");
    const aborted = await raw(open.port, "MULTI\r\nGET\r\nEXEC\r\nQUIT\r\n");
    expect(aborted).toMatch(/-EXECABORT Transaction discarded because of previous errors\.\r\n\+OK\r\n$/);
  });

  commands("elements that are waited for, first come, first served", async (client) => {
    const database = await databaseOf(client);
    const order: string[] = [];
    const waiter = (name: string) =>
      using(open, (other) => other.blPop(["none", "queue"], 5), { database }).then((popped) =>
        order.push(`${name} ${popped?.element}`),
      );
    const waiting = [waiter("first")];
    await until(async () => (await blocked(client)) === 1);
    waiting.push(waiter("second"));
    await until(async () => (await blocked(client)) === 2);
    expect(await client.rPush("queue", ["a", "b", "c"])).toBe(3);
    await Promise.all(waiting);
    expect(order.sort()).toEqual(["first a", "second b"]);
    expect(await client.lRange("queue", 0, -1)).toEqual(["c"]);
    expect(await client.blMove("queue", "done", "LEFT", "RIGHT", 1)).toBe("c");
    expect(await client.brPop("queue", 0.05)).toBeNull();
    expect(await client.multi().blPop("queue", 0).exec()).toEqual([null]);
    const gone = using(open, (other) => other.blPop("queue", 0), { database }).catch(() => "gone");
    await until(async () => (await blocked(client)) === 1);
    const list = String(await client.sendCommand(["CLIENT", "LIST"]));
    expect(list).toContain("cmd=blpop");
    await client.rPush("queue", "x");
    expect(await gone).toEqual({ key: "queue", element: "x" });
  });

  commands("scripts, as locks and rate limits of client libraries use them", async (client) => {
    // What redis-py's Lock releases with.
    const release = `
      local token = redis.call('get', KEYS[1])
      if not token or token ~= ARGV[1] then
          return 0
      end
      redis.call('del', KEYS[1])
      return 1`;
    const name = await client.scriptLoad(release);
    expect(await client.scriptExists([name, "0".repeat(40)])).toEqual([1, 0]);
    const run = (token: string) => client.evalSha(name, { keys: ["lock"], arguments: [token] });
    const options = { condition: "NX", expiration: { type: "PX", value: 10_000 } } as const;
    expect(await client.set("lock", "mine", options)).toBe("OK");
    expect(await client.set("lock", "theirs", options)).toBeNull();
    expect(await run("theirs")).toBe(0);
    expect(await run("mine")).toBe(1);
    expect(await client.exists("lock")).toBe(0);
    const limit = `
      local count = redis.call('INCR', KEYS[1])
      if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return {count, redis.call('PTTL', KEYS[1]) > 0, math.floor(count / 2)}`;
    const count = () => client.eval(limit, { keys: ["limit"], arguments: ["60000"] });
    expect([await count(), await count()]).toEqual([
      [1, 1, 0],
      [2, 1, 1],
    ]);
    const big = "\u00e9".repeat(200_000);
    expect(await client.eval("return ARGV[1] .. #ARGV[1]", { arguments: [big] })).toBe(`${big}400000`);
    await expect(client.evalSha("0".repeat(40))).rejects.toThrow(/^NOSCRIPT No matching script/);
    await expect(client.eval("return redis.call('lpush', 'limit', 1)", {})).rejects.toThrow(/^WRONGTYPE/);
    await expect(client.eval("return io", {})).rejects.toThrow(/nonexistent global variable 'io'/);
  });

  commands("a client that tells of itself", async (client) => {
    await client.clientSetName("backend-1");
    expect(await client.clientGetName()).toBe("backend-1");
    expect(await client.clientId()).toBeGreaterThan(0);
    const list = String(await client.sendCommand(["CLIENT", "LIST"]));
    expect(list).toMatch(/^id=\d+ addr=127\.0\.0\.1:\d+ .*name=backend-1 /m);
    expect({ ...(await client.configGet("maxmemory-policy")) }).toEqual({ "maxmemory-policy": "noeviction" });
    expect(await client.echo("é")).toBe("é");
  });
});

/** Seconds that are left, on a machine that may be slow. */
const within = (least: number, most: number) => (seconds: number) => seconds >= least && seconds <= most;

/** How many clients of this database wait for an element. */
async function blocked(client: Client): Promise<number> {
  const list = String(await client.sendCommand(["CLIENT", "LIST"]));
  const database = await databaseOf(client);
  return list.split("\n").filter((one) => one.includes(` db=${database} `) && one.includes("cmd=blpop"))
    .length;
}

async function databaseOf(client: Client): Promise<number> {
  const info = String(await client.sendCommand(["CLIENT", "INFO"]));
  return Number(/ db=(\d+) /.exec(info)?.[1]);
}
