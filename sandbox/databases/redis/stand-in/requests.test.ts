import { describe, expect, it } from "vitest";
import { glob } from "./glob.ts";
import { RequestParser } from "./requests.ts";

function all(...chunks: (string | Buffer)[]): string[][] {
  const parser = new RequestParser();
  const found: string[][] = [];
  for (const chunk of chunks) {
    parser.push(Buffer.from(chunk as string, "latin1"));
    for (let next = parser.next(true); next !== undefined; next = parser.next(true)) found.push(next);
  }
  return found;
}

const stream =
  "*2\r\n$3\r\nGET\r\n$5\r\na\r\nbé\r\nPING  \"two words\" 'it\\'s'\r\n\r\n*0\r\n*1\r\n$0\r\n\r\nLAST\n";
const requests = [["GET", "a\r\nbé"], ["PING", "two words", "it's"], [""], ["LAST"]];

describe("requests", () => {
  it("are found wherever the packets are cut", () => {
    expect(all(stream)).toEqual(requests);
    for (let at = 1; at < stream.length; at++)
      expect(all(stream.slice(0, at), stream.slice(at)), `cut at ${at}`).toEqual(requests);
    expect(all(...stream)).toEqual(requests);
  });

  it("may be large", () => {
    const size = 5_000_000;
    const half = Buffer.alloc(size / 2, "x");
    const [[name, value] = []] = all(`*2\r\n$4\r\nECHO\r\n$${size}\r\n`, half, half, "\r\n");
    expect([name, value?.length]).toEqual(["ECHO", size]);
  });

  it.each([
    ['SET a "b\r\n', "unbalanced quotes in request"],
    [`${"x".repeat(70_000)}`, "too big inline request"],
    ["*x\r\n", "invalid multibulk length"],
    ["*1\r\n$-1\r\n", "invalid bulk length"],
    ["*1\r\n:1\r\n", "expected '$', got ':'"],
  ])("are refused when they are none: %#", (sent, message) => {
    expect(() => all(sent)).toThrow(`ERR Protocol error: ${message}`);
  });
});

it.each([
  ["a*c", ["ac", "abc", "a\nc"], ["abcd"]],
  ["h?llo", ["hello", "h.llo"], ["hllo"]],
  ["h[ae-g]llo", ["hallo", "hfllo"], ["hbllo"]],
  ["h[^e]llo", ["hallo"], ["hello"]],
  ["a\\*b.(c", ["a*b.(c"], ["aab.(c", "a*bx(c"]],
])("matches keys like Redis: %s", (pattern, matching, others) => {
  for (const key of matching) expect(glob(pattern)(key), key).toBe(true);
  for (const key of others) expect(glob(pattern)(key), key).toBe(false);
});
