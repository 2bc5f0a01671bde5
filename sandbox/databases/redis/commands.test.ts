import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder, until } from "../../../tests/helpers/databases.ts";
import { type Client, kinds, newPassword, ping, raw, using } from "../../../tests/helpers/redis.ts";
import type { RedisServer } from "./index.ts";

const folder = temporaryFolder();
const password = newPassword();

describe.each(kinds)("$name", ({ short, start }) => {
  let server: RedisServer;
  let open: RedisServer;
  beforeAll(async () => {
    server = await start({ folder: join(folder, `${short}-closed`), password });
    open = await start({ folder: join(folder, `${short}-open`) });
  });
  afterAll(async () => {
    await Promise.all([server.close(), open.close()]);
  });
  const ask = (...words: string[]) =>
    using(open, (client) => client.sendCommand(words), { RESP: 2, database: 5 });
  const refused = (...words: string[]) =>
    ask(...words).then(
      (reply) => expect.unreachable(`${words.join(" ")}: ${reply}`),
      ({ message }) => message,
    );

  it("takes what people type, pipelines in one packet, and answers who has said all", async () => {
    expect(await raw(server.port, "PING\r\nQUIT\r\n")).toBe("-NOAUTH Authentication required.\r\n+OK\r\n");
    const typed = `AUTH ${password}\r\nSET greeting "hello world"\r\nGET greeting\r\nQUIT\r\n`;
    expect(await raw(server.port, typed)).toBe("+OK\r\n+OK\r\n$11\r\nhello world\r\n+OK\r\n");
    const pipeline = "*1\r\n$4\r\nPING\r\n".repeat(20_000);
    expect(await raw(open.port, `${pipeline}QUIT\r\n`)).toBe(`${"+PONG\r\n".repeat(20_000)}+OK\r\n`);
    expect(await raw(open.port, "*1\r\nPING\r\n")).toBe("-ERR Protocol error: expected '$', got 'P'\r\n");
    const halfOpen = connect(open.port, "127.0.0.1").setEncoding("utf8");
    let answer = "";
    halfOpen.on("data", (text: string) => {
      answer += text;
    });
    halfOpen.end("PING\r\n");
    await until(() => halfOpen.closed);
    expect(answer).toBe("+PONG\r\n");
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

  it("keeps what administers a server from the customer", async () => {
    for (const words of [
      ["CONFIG", "SET", "maxmemory", "1"],
      ["SHUTDOWN", "NOSAVE"],
      ["ACL", "SETUSER", "x"],
      ["ACL", "LIST"],
      ["SAVE"],
      ["MONITOR"],
      ["REPLICAOF", "127.0.0.1", "1"],
    ])
      expect(await refused(...words)).toMatch(
        /^NOPERM (User default|this user) has no permissions to run the '/,
      );
    expect(await refused("FROBNICATE", "a", "b")).toBe(
      "ERR unknown command 'FROBNICATE', with args beginning with: 'a' 'b' ",
    );
  });

  it.each<[sent: string, reply: unknown]>([
    ["MSET a 1 b 2", "OK"],
    ["KEYS [c-d]", []],
    ["SORT_RO none", []],
    ["SCAN 0 MATCH [z-y]* COUNT 100", ["0", []]],
    ["CONFIG GET [z-a]", []],
    ["ZADD z 1e20 big", 1],
    ["ZSCORE z big", "1e+20"],
    ["ZADD z 1e400 x", "ERR value is not a valid float"],
    ["DECRBY n -9223372036854775808", "ERR decrement would overflow"],
    ["ZADD lex 0 a 0 b 0 c", 3],
    ["ZRANGE lex [b (c BYLEX", ["b"]],
    ["XADD s 1-1 a 1", "1-1"],
    ["INCRBYFLOAT f 1.1", "1.1"],
    ["GEOADD g 2.35 48.85 paris", 1],
    ["SETBIT bits 7 1", 0],
    ["PFADD p a", 1],
    ["EVAL return(cjson.encode({1})) 0", "[1]"],
  ])("%s", async (sent, reply) => {
    expect(await ask(...sent.split(" ")).catch(({ message }) => message)).toEqual(reply);
  });

  it("has nothing to say of nothing", async () => {
    expect(await raw(open.port, "LPOP none 2\r\nQUIT\r\n")).toBe("*-1\r\n+OK\r\n");
    const stale = "SET a 1\r\nWATCH a\r\nSET a 2\r\nMULTI\r\nEXEC\r\nQUIT\r\n";
    expect(await raw(open.port, stale)).toBe("+OK\r\n+OK\r\n+OK\r\n+OK\r\n*-1\r\n+OK\r\n");
  });

  it.each([2, 3] as const)("keeps bytes of any kind and values of some MB (RESP%i)", async (RESP) => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("latin1");
    await using(
      open,
      async (client) => {
        const [key, value] = [`clé:é ⏳\r\n*1${everyByte}`, `Kaïros\0\r\n$5${everyByte}`];
        await client.set(key, value);
        expect(await client.get(key)).toBe(value);
        expect(await client.strLen(key)).toBe(Buffer.byteLength(value));
        // Many, because V8 crashed on them once in a while.
        for (let round = 0; round < 20; round++) {
          const big = randomBytes(6 * 1024 * 1024).toString("base64");
          await client.set("big", big);
          expect((await client.get("big")) === big).toBe(true);
        }
      },
      { RESP, database: RESP },
    );
  });

  it("wakes who waits for an element, first come, first served", async () => {
    await using(open, async (client) => {
      const order: string[] = [];
      const waiter = (name: string) =>
        using(open, (other) => other.blPop(["none", "queue"], 5)).then((popped) =>
          order.push(`${name} ${popped?.element}`),
        );
      const waiting = [waiter("first")];
      await until(async () => (await blocked(client)) === 1);
      waiting.push(waiter("second"));
      await until(async () => (await blocked(client)) === 2);
      expect(await client.rPush("queue", ["a", "b", "c"])).toBe(3);
      await Promise.all(waiting);
      expect(order.sort()).toEqual(["first a", "second b"]);
      expect(await client.brPop("empty", 0.05)).toBeNull();
    });
  });

  it("brings messages to who has subscribed, and what expires goes unasked", async () => {
    const heard: string[] = [];
    await using(open, async (subscriber) => {
      await subscriber.pSubscribe("news.*", (message, channel) => heard.push(`${channel} ${message}`));
      await using(open, async (client) => {
        expect(await client.publish("news.today", "é")).toBe(1);
        await client.set("short", "x", { expiration: { type: "PX", value: 60 } });
        const before = await client.dbSize();
        await until(async () => (await client.dbSize()) < before);
      });
      await until(() => heard.length > 0);
    });
    expect(heard).toEqual(["news.today é"]);
  });

  it("goes on when clients vanish in the middle of an answer or come by the thousand", async () => {
    const big = randomBytes(6 * 1024 * 1024);
    await using(open, (client) => client.set("much", big));
    for (let i = 0; i < 10; i++) {
      const socket = connect(open.port, "127.0.0.1");
      socket.write("GET much\r\n".repeat(10));
      await until(() => socket.bytesRead > 0);
      socket.destroy();
    }
    // Many more than there is room for at a time.
    for (let i = 0; i < 70; i++)
      await Promise.all(Array.from({ length: 100 }, () => raw(open.port, "PING\r\nQUIT\r\n")));
    await using(open, async (client) => {
      await until(async () => (await clients(client)).length === 1);
      expect(await client.ping()).toBe("PONG");
    });
  });

  it("tells others that a script runs and runs, and ends it when asked", async () => {
    const ended = using(open, (client) => client.eval("while true do end", {})).catch(
      ({ message }) => message,
    );
    await until(() =>
      using(open, ping).then(
        () => false,
        ({ message }) => message.startsWith("BUSY "),
      ),
    );
    await using(open, (client) => client.scriptKill());
    expect(await ended).toMatch(/SCRIPT KILL/);
    expect(await using(open, ping)).toBe("PONG");
  });
});

const clients = async (client: Client) =>
  String(await client.sendCommand(["CLIENT", "LIST"]))
    .trim()
    .split("\n");

/** How many clients wait for an element. */
const blocked = async (client: Client) =>
  (await clients(client)).filter((one) => one.includes("cmd=blpop")).length;
