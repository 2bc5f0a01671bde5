/** Reads arguments of commands, and refuses them in Redis' words. */
import { Failure } from "./reply.ts";

/** What a client said. */
export interface Words {
  /** The command's own name, in lower case. */
  name: string;
  /** Without the name. */
  args: string[];
}

/** An argument that the arity says is there. */
export function arg(words: Words, index: number): string {
  const found = words.args[index];
  if (found === undefined) throw wrongArity(words.name);
  return found;
}

export const wrongArity = (name: string) =>
  new Failure(`ERR wrong number of arguments for '${name}' command`);

/** `[a, b, c, d]` as `[[a, b], [c, d]]`. */
export function pairs(words: Words, from: number): [string, string][] {
  const rest = words.args.slice(from);
  if (rest.length % 2 !== 0) throw wrongArity(words.name);
  return Array.from({ length: rest.length / 2 }, (_, i) => [
    rest[2 * i] as string,
    rest[2 * i + 1] as string,
  ]);
}

export const syntaxError = () => new Failure("ERR syntax error");

const notInteger = "ERR value is not an integer or out of range";

/** A whole number of 64 bits. */
export function bigint(text: string): bigint {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) throw new Failure(notInteger);
  return inRange(BigInt(text), notInteger);
}

/** @throws Failure beyond 64 bits */
export function inRange(value: bigint, message: string): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new Failure(message);
  return value;
}

export const integer = (text: string) => Number(bigint(text));

export function float(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = text === "" || /\s|^0x/i.test(text) ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new Failure("ERR value is not a valid float");
  return value;
}

/** A bound of a range of scores: `(` leaves the bound itself out. */
export function bound(text: string): { value: number; open: boolean } {
  const open = text.startsWith("(");
  try {
    return { value: float(open ? text.slice(1) : text), open };
  } catch {
    throw new Failure("ERR min or max is not a float");
  }
}

/** Start and stop as in LRANGE, negative ones from the end, as arguments of `slice`. */
export function slice(start: string, stop: string, length: number): [number, number] {
  const [from, to] = [integer(start), integer(stop)].map((at) => (at < 0 ? Math.max(at + length, -1) : at));
  return [Math.max(from as number, 0), (to as number) + 1];
}

/** When a key expires, in milliseconds since 1970, from one of EX, PX, EXAT, PXAT and its number. */
export function expiry(unit: string, amount: string, command: string): number {
  const value = integer(amount);
  const milliseconds = unit.startsWith("P") ? value : value * 1000;
  const at = unit.endsWith("AT") ? milliseconds : Date.now() + milliseconds;
  if (value <= 0 || !Number.isSafeInteger(at))
    throw new Failure(`ERR invalid expire time in '${command}' command`);
  return at;
}

/** A glob-style pattern as KEYS takes it. */
export function glob(pattern: string): RegExp {
  const source = pattern.replaceAll(
    /\\(.)|\[(\^?)((?:[^\]\\]|\\.)*)\]|[\s\S]/g,
    (whole, escaped, not, set) => {
      if (escaped !== undefined) return quote(escaped);
      if (set !== undefined) return `[${not}${set.replaceAll(/[\\\]^]/g, "\\$&")}]`;
      return whole === "*" ? ".*" : whole === "?" ? "." : quote(whole);
    },
  );
  return new RegExp(`^${source}$`, "s");
}

const quote = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
