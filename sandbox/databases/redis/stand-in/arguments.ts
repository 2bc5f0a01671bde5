/** Reads arguments of commands, and refuses them in Redis' words. */
import { Failure } from "./reply.ts";

/** What a client said. */
export interface Words {
  /** The command's own name, in lower case; with a subcommand such as `client|id`. */
  name: string;
  /** Without the name. */
  args: string[];
}

export const wrongArity = (name: string) =>
  new Failure(`ERR wrong number of arguments for '${name}' command`);

export const syntaxError = () => new Failure("ERR syntax error");

/** `[a, b, c, d]` as `[[a, b], [c, d]]`. */
export function pairs({ name, args }: Words, from: number): [string, string][] {
  const rest = args.slice(from);
  if (rest.length % 2 !== 0) throw wrongArity(name);
  return Array.from({ length: rest.length / 2 }, (_, i) => [
    rest[2 * i] as string,
    rest[2 * i + 1] as string,
  ]);
}

/**
 * Options, and what follows each.
 *
 * @param sizes how many values an option takes, such as `{ NX: 0, LIMIT: 2 }`
 * @returns the values of each that is given; those of one that is repeated follow each other
 */
export function options(args: string[], sizes: Record<string, number>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let at = 0; at < args.length; ) {
    const name = (args[at] as string).toUpperCase();
    const size = Object.hasOwn(sizes, name) ? (sizes[name] as number) : undefined;
    if (size === undefined || at + size >= args.length) throw syntaxError();
    const values = found.get(name) ?? [];
    values.push(...args.slice(at + 1, at + 1 + size));
    found.set(name, values);
    at += 1 + size;
  }
  return found;
}

/**
 * Keys with their number before them, as ZUNION and others take them.
 *
 * @param from where the number is
 * @returns the keys and what follows them
 */
export function countedKeys({ name, args }: Words, from: number): { keys: string[]; rest: string[] } {
  const count = integer(args[from] ?? "");
  if (count < 1) throw new Failure(`ERR at least 1 input key is needed for '${name}' command`);
  if (count > args.length - from - 1) throw syntaxError();
  return { keys: args.slice(from + 1, from + 1 + count), rest: args.slice(from + 1 + count) };
}

const notInteger = "ERR value is not an integer or out of range";

/** A whole number of 64 bits. */
export function bigint(text: string, message = notInteger): bigint {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) throw new Failure(message);
  return inRange(BigInt(text), message);
}

/** @throws Failure beyond 64 bits */
export function inRange(value: bigint, message: string): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new Failure(message);
  return value;
}

export const integer = (text: string, message?: string) => Number(bigint(text, message));

/** A whole number of at least `least`. */
export function atLeast(
  least: number,
  text: string,
  message = "ERR value is out of range, must be positive",
): number {
  const value = integer(text, message);
  if (value < least) throw new Failure(message);
  return value;
}

/** A number as C's `strtod` reads it, hexadecimal ones too; undefined for anything else. */
function double(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const hex = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i.exec(text);
  const [, sign, whole = "", part = "", power = "0"] = hex ?? [];
  if (whole + part === "") return undefined;
  const value = Number(`0x${whole}${part}`) * 2 ** (Number(power) - 4 * part.length);
  return sign === "-" ? -value : value;
}

/** A number; neither one that is too large for 64 bits nor one that is too small for them. */
export function float(text: string, message = "ERR value is not a valid float"): number {
  const value = double(text);
  const digits = text.replace(/[ep].*/i, "");
  if (value === undefined || (!Number.isFinite(value) && !/inf/i.test(text))) throw new Failure(message);
  if (value === 0 && /[1-9a-f]/i.test(digits)) throw new Failure(message);
  return value;
}

/** A bound of a range of scores: `(` leaves the bound itself out. Whatever overflows is infinite here. */
export function bound(text: string): { value: number; open: boolean } {
  const open = text.startsWith("(");
  const given = (open ? text.slice(1) : text).trimStart();
  const value = given === "" ? 0 : double(given);
  if (value === undefined) throw new Failure("ERR min or max is not a float");
  return { value, open };
}

/** Start and stop as in LRANGE, negative ones from the end: for a length, arguments of `slice`. */
export function slice(start: string, stop: string): (length: number) => [number, number] {
  const [first, last] = [integer(start), integer(stop)];
  const at = (index: number, length: number) => (index < 0 ? Math.max(index + length, -1) : index);
  return (length) => [Math.max(at(first, length), 0), at(last, length) + 1];
}

/** Milliseconds since 1970 from a number and its unit, one of EX, PX, EXAT and PXAT. */
export function time(unit: string, amount: string, command: string): number {
  const milliseconds = bigint(amount) * (unit.startsWith("P") ? 1n : 1000n);
  const message = `ERR invalid expire time in '${command}' command`;
  inRange(milliseconds, message);
  return Number(inRange(unit.endsWith("AT") ? milliseconds : milliseconds + BigInt(Date.now()), message));
}

/** When a key that is written expires: as {@link time}, and not at once. */
export function expiry(unit: string, amount: string, command: string): number {
  const at = time(unit, amount, command);
  if (integer(amount) <= 0) throw new Failure(`ERR invalid expire time in '${command}' command`);
  return at;
}
