import { describe, expect, it } from "vitest";
import { decimalFr, milliseconds, plural, pluralFr, span } from "./amounts.ts";

describe("amounts", () => {
  it("have a plural for words that take more than an s", () => {
    expect([0, 1, 2].map((count) => plural(count, "property", "properties"))).toEqual([
      "0 properties",
      "1 property",
      "2 properties",
    ]);
  });

  it("are singular below two in French, with a comma", () => {
    expect([0, 1, 2].map((count) => pluralFr(count, "jour"))).toEqual(["0 jour", "1 jour", "2 jours"]);
    expect(decimalFr(1.5)).toBe("1,5");
  });
});

describe("a time", () => {
  it("is said in its two greatest units", () => {
    expect([60, 3600, 3660, 86_400, 90_060].map((seconds) => span(seconds * 1000))).toEqual([
      "1 min",
      "1 h",
      "1 h 1 min",
      "1 d",
      "1 d 1 h",
    ]);
  });

  it("is typed with its unit, of those that are allowed", () => {
    expect(["90s", "10m", "2h", "3d", "0s"].map((text) => milliseconds(text, ["s", "m", "h", "d"]))).toEqual([
      90_000, 600_000, 7_200_000, 259_200_000, 0,
    ]);
    for (const wrong of ["", "90", "3d", "1.5h", "-1m", "010m", "10 m", "m", "12345s"])
      expect(milliseconds(wrong, ["s", "m", "h"]), wrong).toBeUndefined();
  });
});
