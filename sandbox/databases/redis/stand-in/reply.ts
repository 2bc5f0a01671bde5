/**
 * Replies, and how they go over the wire: https://redis.io/docs/latest/develop/reference/protocol-spec/
 *
 * Byte strings are strings of characters 0 to 255 everywhere in here, one per byte: safe for any data, and comparable.
 */

export type Reply =
  | string
  | number
  | bigint
  | null
  | Simple
  | Failure
  | Pairs
  | Members
  | Entries
  | Text
  | Float
  | NoList
  | Encoded
  | readonly Reply[];

/** A status such as `OK`. */
export class Simple {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A refusal in Redis' words; the first is its code. */
export class Failure extends Error {}

/** A map; a flat list in RESP2. */
export class Pairs {
  readonly entries: readonly (readonly [Reply, Reply])[];
  constructor(entries: Iterable<readonly [Reply, Reply]>) {
    this.entries = [...entries];
  }
}

/** A set; a list in RESP2. */
export class Members {
  readonly values: readonly Reply[];
  constructor(values: Iterable<Reply>) {
    this.values = [...values];
  }
}

/** A list of pairs; a flat one in RESP2. */
export class Entries {
  readonly entries: readonly (readonly [Reply, Reply])[];
  constructor(entries: readonly (readonly [Reply, Reply])[]) {
    this.entries = entries;
  }
}

/** Text for people; a plain string in RESP2. */
export class Text {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A floating point number; its digits in RESP2. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** No list; in RESP2 that differs from no value. */
class NoList {}

/** What a script made for the protocol that its caller speaks. */
export class Encoded {
  readonly bytes: string;
  constructor(bytes: string) {
    this.bytes = bytes;
  }
}

export const ok = new Simple("OK");
export const noList = new NoList();

/**
 * Digits as Redis 7.2 writes a score: whole numbers in full up to 2^62, others with an exponent where that is shorter
 * (`deps/fpconv/fpconv_dtoa.c`).
 */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 62) return String(BigInt(value));
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const digits = mantissa.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(Number(exponent));
  const power = Number(exponent) - digits.length + 1;
  if (power >= 0 && size < digits.length + 7) return sign + digits + "0".repeat(power);
  if (power >= 0 || (power <= -7 && size >= 4)) return `${mantissa}e${exponent}`;
  const padded = digits.padStart(1 - power, "0");
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
}

export function encode(reply: Reply, protocol: 2 | 3): string {
  if (reply === null) return protocol === 3 ? "_\r\n" : "$-1\r\n";
  if (reply instanceof NoList) return protocol === 3 ? "_\r\n" : "*-1\r\n";
  if (reply instanceof Encoded) return reply.bytes;
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === "number" || typeof reply === "bigint") return `:${reply}\r\n`;
  if (reply instanceof Simple) return `+${reply.text}\r\n`;
  // A line break in an error would end it early.
  if (reply instanceof Failure) return `-${reply.message.replaceAll(/[\r\n]/g, " ")}\r\n`;
  if (reply instanceof Text)
    return protocol === 3 ? `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n` : encode(reply.text, 2);
  if (reply instanceof Float)
    return protocol === 3 ? `,${formatFloat(reply.value)}\r\n` : encode(formatFloat(reply.value), 2);
  const all = (values: readonly Reply[]) => values.map((value) => encode(value, protocol)).join("");
  if (reply instanceof Pairs) {
    const size = protocol === 3 ? `%${reply.entries.length}` : `*${reply.entries.length * 2}`;
    return `${size}\r\n${all(reply.entries.flat())}`;
  }
  if (reply instanceof Entries)
    return encode(protocol === 3 ? reply.entries : reply.entries.flat(), protocol);
  if (reply instanceof Members)
    return `${protocol === 3 ? "~" : "*"}${reply.values.length}\r\n${all(reply.values)}`;
  return `*${reply.length}\r\n${all(reply)}`;
}
