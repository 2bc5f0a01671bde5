import { describe, expect, it } from "vitest";
import { password } from "./random.ts";

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

describe("a random password", () => {
  it("has the length that is asked for, and another value each time", () => {
    const made = Array.from({ length: 100 }, () => password({ length: 32 }));
    expect(new Set(made).size).toBe(100);
    expect(made.every((one) => one.length === 32)).toBe(true);
    expect(made.join("")).toMatch(/[!@#$%&*()\-_=+[\]{}<>:?]/);
  });

  it("has no special character where none may be", () => {
    for (let n = 0; n < 100; n++)
      expect(password({ length: 32, special: false })).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it("has at least as many of each class as is asked for, anywhere in it", () => {
    const starts = new Set<string>();
    for (let n = 0; n < 100; n++) {
      const one = password({
        length: 12,
        minUpper: 3,
        minLower: 3,
        minNumeric: 3,
        minSpecial: 3,
        overrideSpecial: "_~",
      });
      expect([/[A-Z]/g, /[a-z]/g, /[0-9]/g, /[_~]/g].map((each) => count(one, each))).toEqual([3, 3, 3, 3]);
      starts.add(one.charAt(0).replace(/[A-Z]/, "A").replace(/[a-z]/, "a").replace(/[0-9]/, "0"));
    }
    expect(starts.size).toBeGreaterThan(3);
  });

  it.each([
    [{ length: 3, minLower: 4 }, "length: got 3; expected at least the sum of the min* values"],
    [{ length: 0 }, "length: got 0; expected at least 1"],
    [
      { length: 8, upper: false, lower: false, numeric: false, special: false },
      "expected at least one class of characters",
    ],
  ])("that cannot be is refused: %j", (inputs, message) => {
    expect(() => password(inputs)).toThrow(message);
  });
});
