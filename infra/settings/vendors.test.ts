import { describe, expect, it } from "vitest";
import { adviceOn, atlasTiers, facts, wordsOf } from "./vendors.ts";

const { atlas, render, upstash } = facts;

describe("a word that a vendor does not have", () => {
  it.each([
    ["gone", atlas.tables.tiers, "M5", "M5 is gone, its successor is FLEX"],
    ["gone", atlas.tables.versions, "6.0", "6.0 is gone, its successor is 7.0"],
    ["another vendor's", render.tables.regions, "us-east-2", 'did you mean "ohio"?'],
    ["another vendor's", atlas.tables.regions, "eu-west-3", 'did you mean "EU_WEST_3"?'],
    ["a slip", render.tables.regions, "Oregn", 'did you mean "oregon"?'],
    [
      "no slip, but another place",
      atlas.tables.regions,
      "MY_CENTRAL_1",
      "near it: MX_CENTRAL_1, ME_CENTRAL_1, ME_SOUTH_1",
    ],
    [
      "no slip, but another size",
      render.tables.postgresPlans,
      "pro_6gb",
      "near it: pro_4gb, pro_8gb, pro_16gb",
    ],
    ["a version", render.tables.postgresVersions, "10", "near it: 12, 13, 14"],
    ["like nothing", upstash.tables.regions, "mars", ""],
    ["no text", upstash.tables.regions, 5, ""],
  ])("is %s: %#", (_, list, given, advice) => {
    expect(adviceOn(list, given)).toBe(advice);
  });
});

describe("facts", () => {
  it("have a page and a day that exists, and an order where it matters", () => {
    for (const { tables, changeSources } of Object.values(facts))
      for (const { source, day } of [...Object.values(tables), changeSources]) {
        expect(source).toMatch(/^https:\/\//);
        expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
      }
    expect(atlasTiers.slice(0, 4)).toEqual(["M0", "FLEX", "M10", "M20"]);
    expect(wordsOf(render.tables.postgresVersions).at(-1)).toBe("18");
  });
});
