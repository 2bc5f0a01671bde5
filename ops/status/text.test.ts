import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { statusMarkdown } from "./markdown.ts";
import type { Status } from "./model.ts";
import { exitCodeOf, withStrangers } from "./run.ts";
import { statusLines, statusText } from "./text.ts";
import { wordsIn } from "./words.ts";

const status: Status = {
  schema: 2,
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
        place: { database: "postgres", vendor: "other" },
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
        lastDeploy: { status: "live", createdAt: "2026-01-14T10:00:00Z" },
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

describe("a status with a budget", () => {
  const cost = {
    currency: "USD",
    lines: [],
    from: 85.94,
    budget: 100,
    unknown: ["redis-cloud"],
    warnings: [],
  };
  const section = (language: "en" | "fr", from = cost.from) =>
    stripVTControlCharacters(statusText({ ...status, cost: { ...cost, from } }, wordsIn(language)));

  it("warns from four fifths of it on, and names what is not counted", () => {
    const text = section("en").replaceAll(/\s+/g, " ");
    expect(text).toContain("! Cost warning");
    expect(text).toContain("at least $85.94 a month of the $100.00 of kairos:budget (86%)");
    expect(text).toContain("redis-cloud: no price is known, so it is not counted");
    expect(section("fr").replaceAll(/\s+/g, " ")).toContain("au moins 85,94 $ par mois sur les 100,00 $");
  });

  it("is well below that, and has no section without one", () => {
    expect(section("en", 50)).toMatch(/✓ Cost {2}well\n.*at least \$50\.00 a month/);
    expect(text("en")).not.toContain("Cost");
  });
});

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
      "Everything mandatory works. (1.00 s)",
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

  it("has the spaces of French in every form", () => {
    const words = wordsIn("fr");
    const forms = [statusText(status, words), statusMarkdown(status, words), statusLines(status, words)];
    for (const form of forms) {
      expect(form).toContain("\u00a0");
      // A sign stands alone before a title.
      expect(form.replaceAll(/Z [✓!✗?-] /g, "")).not.toMatch(/\S [:;?!%»](\s|$)|« /);
    }
  });

  it("gives no time to what was not asked", () => {
    expect(text("en")).toMatch(/✗ PostgreSQL \(optional\) {2}failed {2}1\.00 s/);
    const { postgres } = status.databases;
    const unasked = { ...status, databases: { ...status.databases, postgres: { ...postgres, seconds: 0 } } };
    expect(stripVTControlCharacters(statusText(unasked, wordsIn("en")))).toMatch(/\(optional\) {2}failed$/m);
  });

  it("shows what stands beside the stack, which counts with --strict alone", () => {
    const words = wordsIn("fr");
    const found = [
      { kind: "access-list", vendor: "MongoDB Atlas", name: "0.0.0.0/0", in: "5a4d", everybody: true },
      { kind: "service", vendor: "Render", name: "kairos-copy", id: "srv-1" },
    ] as const;
    const well = { ...status, ok: true, allWell: true };
    const nothing = withStrangers(well, { state: "well", found: [], unseen: ["no key"], gone: [] });
    expect([exitCodeOf(nothing, true), statusText(nothing, words)]).toEqual([
      0,
      expect.stringContaining("no key"),
    ]);
    const some = withStrangers(well, { state: "warning", found: [...found], unseen: [], gone: [] });
    expect([exitCodeOf(some, false), exitCodeOf(some, true)]).toEqual([0, 1]);
    for (const form of [statusText(some, words), statusMarkdown(some, words)]) {
      expect(form.replaceAll(/\s+/g, " ")).toContain(
        "supprimer : atlas accessLists delete 0.0.0.0/0 --projectId 5a4d",
      );
      expect(form.replaceAll(/Z [✓!✗?-] /g, "")).not.toMatch(/\S [:;?!%»](\s|$)|« /);
    }
    expect(statusText(some, words)).toMatch(/kind: service, name: +"kairos-copy"|kind: service,\s+name:/);
  });
});
