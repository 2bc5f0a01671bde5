/** For tests: what nobody writes by accident, from generators (fast-check), and how many of it. */
import fc from "fast-check";
import { expect } from "vitest";

/**
 * How often a property is tried: a few hundred times, always the same ones, so that a change alone can make a test red;
 * and as often as `KAIROS_LIVES` says where somebody looks for more, others each time. A failure names its seed and its
 * path, with which it comes again.
 */
export function runs(few: number): { numRuns: number; seed?: number } {
  const { KAIROS_LIVES: many } = process.env;
  return many === undefined ? { numRuns: few, seed: 1 } : { numRuns: Number(many) };
}

/** What a terminal obeys, what turns the direction of reading, what nobody sees. */
export const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{e0000}-\u{e007f}]/u;

const pieces = [
  "\u001b[2J",
  "\u001b[8m",
  "\u009b31m",
  "\u001b]8;;https://evil.example\u0007",
  "\u202e",
  "\u2066",
  "\u2028",
  "\0",
  "\r",
  "\n::error::x",
  "\ud800",
  "\u{e0041}",
  "__proto__",
  "constructor",
  "prototype",
  "<img src=x onerror=alert(1)>",
  "<!-- kairos:plan -->",
  "](javascript:alert(1))",
  "@everyone",
  "|",
  "`",
  "$(id)",
  "x".repeat(2000),
  "é",
  "😀",
];

/** Texts with what terminals, Markdown, HTML and JavaScript take for more than a text. */
export const text = (): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 20 })), {
      maxLength: 6,
    })
    .map((parts) => parts.join(""));

/** JSON of any form, with keys that JavaScript has for itself. */
export const json = (): fc.Arbitrary<unknown> =>
  fc.letrec((again) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, ""),
      text(),
      fc.array(again("value"), { maxLength: 4 }),
      fc
        .array(
          fc.tuple(
            fc.oneof(fc.constantFrom("__proto__", "constructor", "id", "name"), text()),
            again("value"),
          ),
          { maxLength: 4 },
        )
        .map(
          // As JSON has it: also `__proto__` is a key like any other.
          (entries) => Object.fromEntries(entries),
        ),
    ),
  })).value as fc.Arbitrary<unknown>;

/** A text that ends early. */
export const truncated = (whole: string): fc.Arbitrary<string> =>
  fc.nat(whole.length).map((length) => whole.slice(0, length));

/** A text in which something stands that does not belong there. */
export const spoiled = (whole: string, by: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(whole.length), fc.nat(20), by)
    .map(([at, gone, piece]) => whole.slice(0, at) + piece + whole.slice(at + gone));

/** An error for whoever reads it: lines, none of them endless, and nothing that a terminal obeys. */
export function expectPlainLines(message: string): void {
  expect(message).not.toBe("");
  expect(message).not.toMatch(/\n\s+at /);
  for (const line of message.split("\n")) {
    expect(line).not.toMatch(unseen);
    expect(line.length).toBeLessThan(2000);
  }
}
