import { describe, expect, it } from "vitest";
import { types } from "../resources.ts";
import { isRenderNameOf, knownDatabaseName } from "./name.ts";

describe("Render's name of a database", () => {
  it.each([
    ["kairos_db", "kairos_db", true],
    ["kairos_db_ehyv", "kairos_db", true],
    ["kairos_db_0a1b", "kairos_db", true],
    ["kairos_db", "kairos_db_ehyv", false],
    ["kairos_dbehyv", "kairos_db", false],
    ["kairos_db_eh", "kairos_db", false],
    ["kairos_db_EHYV", "kairos_db", false],
    ["other_ehyv", "kairos_db", false],
    [undefined, "kairos_db", false],
  ])("%s for %s: %s", (real, asked, expected) => {
    expect(isRenderNameOf(real, asked)).toBe(expected);
  });

  it.each([
    ["what an import brought into the state", "kairos_db_ehyv", "kairos_db_ehyv"],
    ["what the settings ask for", "kairos_db", "kairos_db"],
    ["what the settings ask for, where the state has another database", "app", "kairos_db"],
  ])("in the program is %s", (_, databaseName, expected) => {
    const existing = [{ type: types.postgres, outputs: { databaseName } }];
    expect(knownDatabaseName(existing, "kairos_db")).toBe(expected);
    expect(knownDatabaseName([], "kairos_db")).toBe("kairos_db");
  });
});
