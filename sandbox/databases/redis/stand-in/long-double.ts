/**
 * Sums as INCRBYFLOAT makes them: in numbers with 64 bits of mantissa, as C has them on most machines, and printed with
 * up to 17 decimals. Numbers of this language have 53 bits, and would show it (0.1 + 0.2).
 */
import { float } from "./arguments.ts";
import { Failure } from "./reply.ts";

/** `n / d`; `d` is positive. */
interface Fraction {
  n: bigint;
  d: bigint;
}

const abs = (value: bigint) => (value < 0n ? -value : value);
const bits = (value: bigint) => value.toString(16).length * 4;

/** Rounds half to even. */
function divide(n: bigint, d: bigint): bigint {
  const [quotient, rest] = [abs(n) / d, abs(n) % d];
  const up = rest * 2n > d || (rest * 2n === d && quotient % 2n === 1n);
  return (quotient + (up ? 1n : 0n)) * (n < 0n ? -1n : 1n);
}

function rounded({ n, d }: Fraction): Fraction {
  if (n === 0n) return { n, d: 1n };
  let shift = BigInt(64 - bits(abs(n)) + bits(d));
  const at = (by: bigint) => (by >= 0n ? divide(n << by, d) : divide(n, d << -by));
  while (abs(at(shift)) >= 1n << 64n) shift -= 1n;
  while (abs(at(shift)) < 1n << 63n) shift += 1n;
  return shift >= 0n ? { n: at(shift), d: 1n << shift } : { n: at(shift) << -shift, d: 1n };
}

function read(text: string, message: string): Fraction {
  const value = float(text, message);
  if (!Number.isFinite(value)) throw new Failure("ERR increment would produce NaN or Infinity");
  const decimal = /^([+-]?\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text.length > 400 ? String(value) : text);
  const [, whole = "0", part = "", exponent = "0"] = decimal ?? /^(-?\d+)()()$/.exec(String(value)) ?? [];
  const power = BigInt(exponent) - BigInt(part.length);
  const digits = BigInt(`${whole}${part}`.replace("+", "").replace(/^-?$/, "0"));
  if (digits === 0n) return { n: 0n, d: 1n };
  return rounded(power >= 0n ? { n: digits * 10n ** power, d: 1n } : { n: digits, d: 10n ** -power });
}

/** @throws Failure with `message` when what is there is not a number */
export function sum(known: string, increment: string, message: string): string {
  const amount = read(increment, "ERR value is not a valid float");
  const start = read(known, message);
  const { n, d } = rounded({ n: start.n * amount.d + amount.n * start.d, d: start.d * amount.d });
  const digits = String(abs(divide(n * 10n ** 17n, d))).padStart(18, "0");
  const text = `${digits.slice(0, -17)}.${digits.slice(-17)}`.replace(/\.?0+$/, "");
  return n < 0n && text !== "0" ? `-${text}` : text;
}
