import { describe, expect, it } from "vitest";
import { facts } from "../../infra/settings/vendors.ts";
import { mongodbOf, settingsOf } from "../../tests/helpers/program.ts";
import { oldestFact, warningsOf } from "./warnings.ts";

const today = new Date("2026-09-01");
type Sections = Parameters<typeof settingsOf>[0];
const warnings = (sections: Sections, now = today) =>
  warningsOf(settingsOf(sections), sections as Record<string, unknown>, now).filter(
    (line) => now !== today || line.startsWith("kairos:"),
  );

const driver = (maxPoolSize: number, minPoolSize = 0) => ({ maxPoolSize, minPoolSize });
const web = (more: object) => ({
  backend: [
    {
      name: "api",
      type: "web",
      plan: "pro",
      source: { image: "ghcr.io/kairos/api", tag: "1" },
      healthCheck: "/",
      ...more,
    },
  ],
});

describe("the backend's pools against the tier", () => {
  const cases: [string, Sections, RegExp[]][] = [
    ["fit", { mongodb: mongodbOf({ driver: driver(200, 20) }) }, []],
    [
      "are too many: 30 instances on M10, twice during a deploy",
      { mongodb: mongodbOf({ driver: driver(200) }), ...web({ instances: 30 }) },
      [
        /^kairos:mongodb\.driver: 30 processes × maxPoolSize 200, twice .* up to 12000 connections; M10 has 1500$/,
      ],
    ],
    [
      "are too many: the workers of a start command",
      { mongodb: mongodbOf({ driver: driver(200) }), ...web({ start: "gunicorn app:app --workers 4" }) },
      [/4 processes × maxPoolSize 200.* 1600 connections/],
    ],
    [
      "are too many: WEB_CONCURRENCY",
      { mongodb: mongodbOf({ driver: driver(200) }), ...web({ variables: { WEB_CONCURRENCY: "5" } }) },
      [/5 processes × maxPoolSize 200.* 2000 connections/],
    ],
    [
      "open too slowly on a small tier",
      { mongodb: mongodbOf({ driver: driver(20, 20) }), ...web({ instances: 10 }) },
      [
        /10 processes × minPoolSize 20 are 200 connections at start; M10 opens 15 a second, which takes 14s.*waits 5s$/,
      ],
    ],
    [
      "open as fast as they like on a larger one",
      { mongodb: mongodbOf({ tier: "M30", driver: driver(20, 20) }), ...web({ instances: 10 }) },
      [],
    ],
  ];
  it.each(cases)("%s", (_, sections, expected) => {
    const found = warnings(sections);
    expect(found).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(found[index]).toMatch(pattern);
  });
});

describe("a warning", () => {
  it("says that a database's name is not as a keyboard writes it, and keeps its bytes", () => {
    const decomposed = "kaïros".normalize("NFD");
    const sections = { mongodb: mongodbOf({ database: decomposed }) };
    expect(settingsOf(sections).mongodb.database).toBe(decomposed);
    expect(warnings(sections)).toEqual([expect.stringMatching(/^kairos:mongodb\.database: .*\(not NFC\)/)]);
    expect(warnings({ mongodb: mongodbOf({ database: "kaïros".normalize("NFC") }) })).toEqual([]);
  });

  it("says in one line what is ignored while a database is off", () => {
    const postgres = { enabled: false, plan: "basic_1gb", version: "18", mayBeDestroyed: "kairos-postgres" };
    expect(warnings({ postgres, redis: { provider: "none", plan: "starter", budget: 5 } })).toEqual([
      "kairos:postgres: off, so ignored: plan, version",
      "kairos:redis: off, so ignored: plan, budget",
    ]);
    expect(settingsOf({ postgres }).postgres).toEqual({ enabled: false, mayBeDestroyed: "kairos-postgres" });
  });

  it("says that Upstash lets everybody try, unless it has a list", () => {
    const accessList = [{ cidr: "203.0.113.0/24", comment: "Render" }];
    expect(warnings({ redis: { provider: "upstash" } })).toEqual([
      expect.stringMatching(/^kairos:redis\.accessList: any address may try/),
    ]);
    expect(warnings({ redis: { provider: "upstash", accessList } })).toEqual([]);
  });

  it("says after half a year that somebody has to look at a vendor's facts again, and not a day earlier", () => {
    const { day, source } = facts.atlas.tables.regions;
    const daysOn = (days: number) => new Date(Date.parse(day) + days * 86_400_000);
    const ofAtlas = (now: Date) => warnings({}, now).filter((line) => line.startsWith("regions of atlas"));
    expect(ofAtlas(daysOn(oldestFact))).toEqual([]);
    expect(ofAtlas(daysOn(oldestFact + 1))).toEqual([
      `regions of atlas are of ${day}, 181 days old: look at ${source} and correct infra/facts/atlas.json`,
    ]);
  });
});

describe("what stands beside the stack and is known", () => {
  const entry = { kind: "access-list", name: "198.51.100.7/32", reason: "the office's own address" };
  it.each([
    ["2026-08-01", []],
    [
      "2025-08-01",
      [/^kairos:known\[0\]\.day: got 2025-08-01 of access-list 198\.51\.100\.7\/32; .* a year ago/],
    ],
    ["2026-10-01", [/expected the day on which somebody looked at it$/]],
  ])("looked at on %s", (day, expected) => {
    const said = warnings({ known: [{ ...entry, day }] });
    expect(said).toEqual(expected.map((line) => expect.stringMatching(line)));
  });
});
