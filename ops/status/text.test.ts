import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { statusMarkdown } from "./markdown.ts";
import type { Status } from "./model.ts";
import { exitCodeOf } from "./run.ts";
import { statusLines, statusText } from "./text.ts";
import { languages, wordsIn } from "./words/index.ts";

const status: Status = {
  schema: 1,
  at: "2026-01-15T10:00:00.000Z",
  source: { kind: "stack", stack: "prod" },
  contract: [],
  databases: {
    mongodb: {
      state: "well",
      seconds: 0.2,
      remarks: [],
      facts: {
        connected: true,
        version: "8.0.4",
        database: { asked: "a_b|*c*<d>", exists: true, nearMisses: [] },
        compression: "zlib",
      },
    },
    postgres: {
      state: "failed",
      seconds: 1,
      remarks: [],
      facts: { connected: false },
      problem: {
        kind: "missing-variables",
        stage: "variables",
        causes: ["variable-alone"],
        evidence: "POSTGRES_PASSWORD missing",
        variables: ["POSTGRES_PASSWORD"],
        mistakes: [{ variable: "POSTGRES_PASSWORD", kind: "missing", beside: ["POSTGRES_HOST"] }],
      },
    },
    redis: { state: "off", seconds: 0, remarks: [], facts: { connected: false } },
  },
  render: {
    state: "warning",
    seconds: 0.5,
    services: [
      {
        name: "kairos-backend",
        id: "srv-1",
        state: "warning",
        suspended: false,
        lastDeploy: { id: "dep-1", status: "live", createdAt: "2026-01-14T10:00:00Z" },
        liveWithCurrentVariables: "no",
        variables: { equal: ["MONGODB_URL"], differ: ["REDIS_URL"], missing: [], extra: [], shadowed: [] },
      },
    ],
  },
  seconds: 1,
  ok: true,
  allWell: false,
};

const text = (language: "en" | "fr", strict = false) =>
  stripVTControlCharacters(statusText(status, wordsIn(language), { strict }));

describe("a status in words", () => {
  it("says each mistake in one line, and what to do", () => {
    const [, postgres = ""] = text("en").split("PostgreSQL");
    expect(postgres).toContain("POSTGRES_PASSWORD is missing, though POSTGRES_HOST is set");
    expect(postgres).toContain("→ set those that are missing, or remove all of this database");
    expect(text("fr").replaceAll(/\s+/g, " ")).toContain(
      "POSTGRES_PASSWORD manque, alors que POSTGRES_HOST est définie",
    );
  });

  it("says of a service what runs, and which variables differ", () => {
    expect(text("en")).toContain("does NOT run with the current variables");
    expect(text("en")).toContain("variables equal to the contract's: 1 of 2");
    expect(text("en")).toContain("differ: REDIS_URL");
  });

  it("ends with the verdict that the exit code follows", () => {
    expect([text("en").trim().split("\n").at(-1), exitCodeOf(status, false)]).toEqual([
      "Everything mandatory is well. (1.00 s)",
      0,
    ]);
    expect([text("en", true).trim().split("\n").at(-1), exitCodeOf(status, true)]).toEqual([
      "Not everything is well (--strict). (1.00 s)",
      1,
    ]);
  });

  it("is one line for each check where it is watched", () => {
    expect(statusLines(status, wordsIn("en")).split("\n").slice(0, 3)).toEqual([
      "2026-01-15T10:00:00.000Z ✓ MongoDB: well",
      "2026-01-15T10:00:00.000Z ✗ PostgreSQL (optional): failed: variables are missing",
      "2026-01-15T10:00:00.000Z - Redis (optional): not configured",
    ]);
  });

  it("keeps names out of Markdown's own signs", () => {
    const markdown = statusMarkdown(status, wordsIn("en"));
    expect(markdown).toContain("a_b\\|\\*c\\*\\<d\\>, exists");
    expect(markdown).toContain("| PostgreSQL (optional) ");
  });

  it("has no word that is longer than its column", () => {
    for (const language of languages) {
      const { causes, steps } = wordsIn(language);
      const sentences = [...Object.values(causes), ...Object.values(steps)];
      const words = sentences.flatMap((sentence) => sentence.split(" "));
      for (const word of words) expect(word.length, word).toBeLessThanOrEqual(60);
    }
  });
});
