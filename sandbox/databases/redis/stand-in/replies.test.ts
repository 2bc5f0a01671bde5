import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../tests/helpers/databases.ts";
import { kinds, raw } from "../../../../tests/helpers/redis.ts";
import type { RedisServer } from "../model.ts";
import { commands } from "./commands/index.ts";
import data from "./commands-of-7.2.json" with { type: "json" };
import { startStandIn } from "./server.ts";

const folder = temporaryFolder();
const bytes = (words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
const mark = "the last word";

/** The whole replies to some requests in a row. */
async function replies(port: number, requests: string[][]): Promise<string> {
  const sent = [...requests, ["ECHO", mark]].map(bytes).join("");
  const answer = await raw(port, Buffer.from(sent, "latin1"), mark);
  return answer.slice(0, answer.indexOf(`$${mark.length}\r\n${mark}`));
}

/** Replies one by one. */
function split(text: string): string[] {
  const endOf = (at: number): number => {
    const end = text.indexOf("\r\n", at) + 2;
    const size = Number(text.slice(at + 1, end));
    if (text[at] === "$" && size >= 0) return end + size + 2;
    return text[at] === "*"
      ? Array.from({ length: Math.max(size, 0) }).reduce<number>((next) => endOf(next), end)
      : end;
  };
  const found: string[] = [];
  for (let at = 0; at < text.length; at = endOf(at)) found.push(text.slice(at, endOf(at)));
  return found;
}

let standIn: RedisServer;
beforeAll(async () => {
  standIn = await startStandIn({ folder: join(folder, "stand-in") });
});
afterAll(() => standIn.close());

/** What Redis 7.0.15 answered: a reply and the request it was for in each line, sequences apart by empty lines. */
const recorded = readFileSync(new URL("replies-of-redis.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n\n")
  .map((sequence) => sequence.split("\n").map((line): [string | null, ...string[]] => JSON.parse(line)));

/** In these the order is anybody's. */
const unordered = /^(S(MEMBERS|INTER|UNION|DIFF|SCAN)|H(KEYS|VALS|GETALL|SCAN)|ZSCAN|KEYS|SCAN)$/;

describe("the stand-in answers to the byte as Redis did", () => {
  it.each(recorded.map((sequence, i) => [i, sequence[0]?.slice(1).join(" "), sequence] as const))(
    "sequence %i, from %s",
    async (_, __, sequence) => {
      await replies(standIn.port, [["FLUSHALL"], ["SCRIPT", "FLUSH"]]);
      const all = await replies(
        standIn.port,
        sequence.map(([, ...request]) => request),
      );
      const answers = split(all);
      for (const [i, [reply, ...request]] of sequence.entries()) {
        if (reply === null) continue;
        const lines = (text = "") =>
          unordered.test(request[0] ?? "") ? text.split("\r\n").sort().join("\r\n") : text;
        expect(lines(answers[i]), request.join(" ")).toBe(lines(reply));
      }
    },
  );
});

describe("what the stand-in lacks", () => {
  const all = Object.entries(data.commands);
  const lacking = all.filter(([name]) => !Object.hasOwn(commands, name));

  it("is refused as that or as the vendor's, and never as something that Redis does not know", async () => {
    const containers = new Set(all.flatMap(([name]) => name.split("|").slice(0, -1)));
    const wanted = lacking.filter(([name]) => !containers.has(name));
    expect(wanted.length).toBeGreaterThan(150);
    for (const [name, { arity }] of wanted) {
      const words = name.split("|");
      const request = [...words, ...Array<string>(Math.abs(arity) - words.length).fill("1")];
      const told = name.replace("|", " ").toUpperCase();
      expect(await replies(standIn.port, [request]), name).toMatch(
        new RegExp(
          `^-(ERR ${told} is not part of this stand-in for Redis: |NOPERM .* '${name.replace("|", "\\|")}')`,
        ),
      );
    }
  });

  it("does what it can by names that Redis has", () => {
    const names = all.map(([name]) => name);
    expect(Object.keys(commands).filter((name) => !names.includes(name))).toEqual([]);
  });

  it("spoils a transaction", async () => {
    const answer = await replies(standIn.port, [["MULTI"], ["XADD", "s", "*", "a", "1"], ["EXEC"]]);
    expect(answer).toMatch(/^\+OK\r\n-ERR XADD is not part of .*\r\n-EXECABORT /);
  });
});

describe.each(kinds)("$name", ({ short, start }) => {
  it("answers what was wrong once", async () => {
    const server = await start({ folder: join(folder, `${short}-once`) });
    const ask = (...request: string[]) => replies(server.port, [request]);
    await ask("MSET", "a", "1", "b", "2");
    expect(await ask("KEYS", "[c-d]")).toBe("*0\r\n");
    expect((await ask("KEYS", "[b-a]")).split("\r\n").sort()).toEqual(["", "$1", "$1", "*2", "a", "b"]);
    expect(await ask("SCAN", "0", "MATCH", "[z-y]*", "COUNT", "100")).toBe("*2\r\n$1\r\n0\r\n*0\r\n");
    expect(await ask("CONFIG", "GET", "[z-a]")).toBe("*0\r\n");
    expect(await ask("LPOP", "none", "2")).toBe("*-1\r\n");
    expect(await ask("ZADD", "z", "1e20", "big", "0x10", "hex")).toBe(":2\r\n");
    expect(await ask("ZSCORE", "z", "big")).toBe("$5\r\n1e+20\r\n");
    expect(await ask("ZSCORE", "z", "hex")).toBe("$2\r\n16\r\n");
    expect(await ask("ZADD", "z", "1e400", "x")).toBe("-ERR value is not a valid float\r\n");
    expect(await ask("DECRBY", "n", "-9223372036854775808")).toBe("-ERR decrement would overflow\r\n");
    await ask("ZADD", "lex", "0", "a", "0", "b", "0", "c");
    expect(await ask("ZRANGE", "lex", "[b", "(c", "BYLEX")).toBe("*1\r\n$1\r\nb\r\n");
    const stale = [["WATCH", "a"], ["SET", "a", "2"], ["MULTI"], ["EXEC"]];
    expect(await replies(server.port, stale)).toBe("+OK\r\n+OK\r\n+OK\r\n*-1\r\n");
    await server.close();
  });
});

describe("whatever is sent", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const pick = <T>(all: readonly T[]) => all[random(all.length)] as T;
  const odd =
    "|0|1|-1|-9223372036854775808|9223372036854775807|1e400|nan|0x1p99999|1e99999999999|[|[b-a]|\\|(|k|l|s|z|h"
      .split("|")
      .concat([
        "LIMIT",
        "COUNT",
        "WITHSCORES",
        "BYLEX",
        "GET",
        "STORE",
        "MATCH",
        "RANK",
        "\0\xff\r\n",
        "__proto__",
      ]);

  it("the stand-in goes on", async () => {
    await replies(standIn.port, [
      ["FLUSHALL"],
      ["SET", "k", "1"],
      ["RPUSH", "l", "1", "a"],
      ["SADD", "s", "1", "a"],
      ["ZADD", "z", "1", "a"],
      ["HSET", "h", "a", "1"],
    ]);
    const endless = /^(quit|reset|auth|hello|b.*|eval|select|multi|watch)$/;
    const names = Object.keys(commands).filter((name) => !endless.test(name));
    for (let round = 0; round < 40; round++) {
      const requests = Array.from({ length: 50 }, () => [
        ...pick(names).split("|"),
        ...Array.from({ length: random(7) }, () => pick(odd)),
      ]);
      const answer = await replies(standIn.port, requests);
      expect(answer).not.toContain("this stand-in for Redis failed");
      const noise = Array.from({ length: random(60) }, () => String.fromCharCode(random(256))).join("");
      await raw(
        standIn.port,
        Buffer.from(`${pick(["", "*2\r\n$3\r\n", "*1\r\n"])}${noise}\r\nQUIT\r\n`, "latin1"),
        "\n",
      );
    }
    expect(await replies(standIn.port, [["PING"]])).toBe("+PONG\r\n");
  });

  it("a failure of its own is a reply", async () => {
    const huge = ["SETRANGE", "huge", "500000000", "x"];
    expect(await replies(standIn.port, [huge])).toMatch(
      /^-ERR this stand-in for Redis holds strings of up to/,
    );
    const many = ["SRANDMEMBER", "members", "-9223372036854775807"];
    expect(await replies(standIn.port, [["SADD", "members", "1"], many])).toMatch(
      /-ERR this stand-in for Redis picks/,
    );
    expect(
      await replies(standIn.port, [
        ["MSET", ...Array<string>(300_000).fill("x")],
        ["GET", "x"],
      ]),
    ).toBe("+OK\r\n$1\r\nx\r\n");
  });
});
