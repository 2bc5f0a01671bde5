import { describe, expect, it } from "vitest";
import { facts } from "./facts.ts";
import { textOf } from "./generated.ts";

describe("each fact about a vendor", () => {
  const rows = Object.entries(facts).flatMap(([vendor, all]) => all.map((one) => ({ vendor, ...one })));

  it.each(rows)("$vendor: $fact", async ({ tests, source }) => {
    expect(source).not.toBe("");
    if (typeof tests === "string") return expect(tests.length).toBeGreaterThan(20);
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, named } of tests) {
      expect(file).toMatch(/\.test\.ts$/);
      // Across the formatter's line breaks.
      expect((await textOf(file)).replace(/\s+/g, " "), `${file} no longer has this test`).toContain(named);
    }
  });
});
