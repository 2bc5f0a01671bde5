/** Takes requests out of a stream of bytes: lists of strings as clients send them, and lines as people type them. */
import { Failure } from "./reply.ts";

const maxBulk = 512 * 1024 * 1024;
const maxArguments = 2 ** 31 - 1;
const maxLine = 64 * 1024;
/** What somebody may send before they have logged in, as in Redis. */
const strangers = { bulk: 16_384, arguments: 10 };

/** Incomplete requests wait for more. One parser per connection. */
export class RequestParser {
  private chunks: Buffer[] = [];
  private size = 0;
  /** Bytes that have to be there before it is worth looking again. */
  private needed = 1;
  /** The request that is being read: what is there of it, and how much is missing. */
  private found: string[] = [];
  private missing = 0;
  private bulk: number | undefined;

  /**
   * @param known whether the client has logged in
   * @returns the next whole request; undefined when more bytes are needed
   * @throws Failure when this is not Redis' protocol; the connection cannot go on
   */
  next(known: boolean): string[] | undefined {
    while (this.size >= this.needed) {
      if (this.bulk !== undefined) {
        this.readBulk(this.bulk);
        if (this.missing === 0) return this.take();
        continue;
      }
      const line = this.readLine();
      if (line === undefined) return undefined;
      if (this.missing > 0) this.bulk = bulkLength(line, known ? maxBulk : strangers.bulk);
      else if (line.startsWith("*"))
        this.missing = argumentCount(line, known ? maxArguments : strangers.arguments);
      else {
        const words = wordsOf(line);
        if (words.length > 0) return words;
      }
      if (this.bulk !== undefined) this.needed = this.bulk + 2;
    }
    return undefined;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  private take(): string[] {
    const request = this.found;
    this.found = [];
    return request;
  }

  private readBulk(length: number): void {
    const data = this.joined();
    this.found.push(data.toString("latin1", 0, length));
    this.missing -= 1;
    this.bulk = undefined;
    this.drop(length + 2);
  }

  private readLine(): string | undefined {
    const data = this.joined();
    const end = data.indexOf("\n");
    if (end === -1) {
      if (this.size > maxLine) throw new Failure("ERR Protocol error: too big inline request");
      this.needed = this.size + 1;
      return undefined;
    }
    const line = data.toString("latin1", 0, data[end - 1] === 13 ? end - 1 : end);
    this.drop(end + 1);
    return line;
  }

  private joined(): Buffer {
    const [first] = this.chunks;
    const data = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks);
    this.chunks = [data];
    return data;
  }

  private drop(count: number): void {
    const rest = this.joined().subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.size = rest.length;
    this.needed = 1;
  }
}

function argumentCount(line: string, most: number): number {
  const count = /^-?\d{1,10}$/.test(line.slice(1)) ? Number(line.slice(1)) : Number.POSITIVE_INFINITY;
  if (count > maxArguments) throw new Failure("ERR Protocol error: invalid multibulk length");
  if (count > most) throw new Failure("ERR Protocol error: unauthenticated multibulk length");
  return Math.max(count, 0);
}

function bulkLength(line: string, most: number): number {
  if (!line.startsWith("$")) throw new Failure(`ERR Protocol error: expected '$', got '${line[0] ?? " "}'`);
  const length = /^\d{1,10}$/.test(line.slice(1)) ? Number(line.slice(1)) : Number.POSITIVE_INFINITY;
  if (length > maxBulk) throw new Failure("ERR Protocol error: invalid bulk length");
  if (length > most) throw new Failure("ERR Protocol error: unauthenticated bulk length");
  return length;
}

/** Words of a typed line; quotes hold blanks together. */
function wordsOf(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\')*'|[^\s"']+/g) ?? [];
  if (words.join("").length !== line.replaceAll(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\')*')|\s/g, "$1").length)
    throw new Failure("ERR Protocol error: unbalanced quotes in request");
  return words.map((word) => (/^["']/.test(word) ? word.slice(1, -1).replaceAll(/\\(.)/g, "$1") : word));
}
