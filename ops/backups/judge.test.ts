import { describe, expect, it } from "vitest";
import { factsOf, plannedProduction, statusWith } from "../../tests/helpers/recap.ts";
import { markdownOf, recapOf } from "../recap/document.ts";
import { sectionsOf } from "../status/view.ts";
import { wordsIn } from "../status/words.ts";
import { judged } from "./judge.ts";
import type { DrillRecord, Offer } from "./model.ts";
import { pointFor, type Vault } from "./vault.ts";
import { backupWords } from "./words.ts";

const now = new Date("2026-11-27T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const vault = { database: "mongodb", name: "cluster0", vendor: "MongoDB Atlas" } as Vault;
const drill: DrillRecord = { at: ago(24).toISOString(), ok: true, rpo: 600, rto: 31.5, tables: 5, rows: 130 };
const snapshots = (...hours: number[]): Offer => {
  const all = hours.map((one) => ({ snapshot: `s${one}`, at: ago(one) }));
  return { kind: "snapshots", snapshots: all, every: 24 * 3_600_000, ...(all[0] && { newest: all[0] }) };
};
const continuous: Offer = { kind: "continuous", snapshots: [], from: ago(72), newest: { at: ago(0.2) } };

describe("backups are judged", () => {
  it.each<[string, Offer, DrillRecord | undefined, string, string[]]>([
    ["well", snapshots(3, 27), drill, "well", []],
    ["as late, when older than the schedule allows", snapshots(28), drill, "warning", ["late"]],
    ["as not there yet", snapshots(), drill, "well", ["not-yet"]],
    ["as failed", { ...snapshots(20), failed: "x" }, drill, "warning", ["snapshot-failed"]],
    ["as never restored", continuous, undefined, "well", ["never-drilled"]],
    [
      "as restored long ago",
      continuous,
      { ...drill, at: ago(91 * 24).toISOString() },
      "well",
      ["drill-long-ago"],
    ],
    ["as not restorable", continuous, { ...drill, ok: false }, "warning", ["drill-failed"]],
    ["as not there yet, and nothing to drill", snapshots(), undefined, "well", ["not-yet"]],
    ["as snapshots only", { ...snapshots(3), momentsOff: true }, drill, "well", ["snapshots-only"]],
    ["as none", { kind: "none", snapshots: [] }, undefined, "well", ["no-backups"]],
  ])("%s", (_, offer, last, state, remarks) => {
    expect(judged(vault, offer, last, now)).toMatchObject({ state, remarks });
  });

  it("and said in both languages", () => {
    const late = judged(vault, snapshots(28, 100), drill, now);
    const [en, fr] = [backupWords("en"), backupWords("fr")];
    expect(en.lines([late])).toEqual([
      ["MongoDB", "last snapshot 2026-11-26 08:00 UTC (1 d 4 h ago), every day, back to 2026-11-23 08:00"],
      ["", "last drill 2026-11-26: back after 31.5 s (5 collections, 130 documents), the last 10 min lost"],
    ]);
    expect(fr.lines([late])[0]?.[1]).toBe(
      "dernier instantané le 2026-11-26 08:00 UTC (il y a 1 j 4 h), tous les jours, en remontant jusqu'au 2026-11-23 08:00",
    );
    expect(fr.lines([late])[1]?.[1].replaceAll("\u00a0", " ")).toBe(
      "dernier exercice le 2026-11-26 : de retour en 31,5 s (5 collections, 130 documents), perte des 10 dernières minutes",
    );
    expect(fr.remarks(late)).toMatchObject([
      { severity: "warning", says: expect.stringContaining("cluster0") },
    ]);
  });
});

it.each([
  [30, "less than a minute lost", "perte de moins d'une minute"],
  [60, "the last 1 min lost", "perte de la dernière minute"],
  [7200, "the last 2 h lost", "perte des 2 dernières heures"],
  [3 * 86_400, "the last 3 d lost", "perte des 3 derniers jours"],
])("what %d seconds of loss are called", (rpo, en, fr) => {
  const last = { ...drill, rpo, tables: 1, rows: 1 };
  expect(backupWords("en").drilled("postgres", last)).toContain(`(1 table, 1 row), ${en}`);
  expect(backupWords("fr").drilled("postgres", last)).toContain(`(1 table, 1 ligne), ${fr}`);
});

it("hints name the stack", () => {
  const one = judged(vault, continuous, undefined, now);
  expect(backupWords("en", "staging").remarks(one)[0]?.next).toBe("npx kairos backups drill --stack staging");
});

describe("what is restored", () => {
  it.each([
    ["latest", continuous, { at: ago(0.2) }],
    ["2026-11-27T08:00:00Z", continuous, { at: new Date("2026-11-27T08:00:00Z") }],
    ["2026-11-27T09:00:00+01:00", continuous, { at: new Date("2026-11-27T08:00:00Z") }],
    ["s27", snapshots(3, 27), { snapshot: "s27", at: ago(27) }],
    ["2026-11-27T08:59:00Z", snapshots(3, 27), { snapshot: "s27", at: ago(27) }],
  ])("%s", (wanted, offer, point) => {
    expect(pointFor(vault, offer, wanted, now)).toEqual(point);
  });

  it.each([
    [
      "yesterday",
      continuous,
      /^--to: got yesterday; expected latest, or a moment from 2026-11-24T12:00:00.000Z to /,
    ],
    ["2026-11-27 08:00", continuous, /^--to: got .*expected latest/],
    ["2026-11-20T08:00:00Z", continuous, /of which mongodb has no backup/],
    ["2026-11-27T11:55:00Z", continuous, /of which mongodb has no backup/],
    ["2026-11-28T08:00:00Z", continuous, /which is yet to come; expected a moment from /],
    [
      "2026-11-28T08:00:00Z",
      snapshots(3),
      /which is yet to come; expected a moment such as 2026-11-27T09:00:00.000Z, /,
    ],
    ["yesterday", snapshots(3), /expected latest, or a moment such as .*, or a snapshot such as s3 \(/],
    ["yesterday", snapshots(), /^--to: got yesterday; expected latest, or a moment such as /],
    ["2026-11-20T08:00:00Z", snapshots(3), /before the oldest snapshot; expected a snapshot such as s3 \(/],
    ["latest", snapshots(), /has no backup yet: by its schedule a snapshot is taken every 1 d/],
    [
      "latest",
      { kind: "continuous", snapshots: [], from: ago(0.1), reaches: 600_000 } satisfies Offer,
      /no backup yet: its window begins 2026-11-27T11:54:00.000Z, .* of the last 10 min .* at 2026-11-27T12:04:00.000Z/,
    ],
    ["latest", { kind: "none", snapshots: [] } satisfies Offer, /its plan has none/],
  ])("is not %s", (wanted, offer, why) => {
    expect(() => pointFor(vault, offer, wanted, now)).toThrow(why);
  });
});

describe("a status and a recap", () => {
  const saved = judged(vault, { ...snapshots(28), failed: "x" }, { ...drill, ok: false }, now);
  const status = statusWith(
    {},
    { backups: [saved, judged({ ...vault, database: "postgres", name: "p" }, continuous, undefined, now)] },
  );

  it("warn of backups in one section, with what to do", () => {
    const section = sectionsOf(status, wordsIn("en")).find(({ title }) => title === "Backups");
    expect(section?.state).toBe("warning");
    expect(section?.lines.map(([label]) => label)).toEqual(["MongoDB", "", "PostgreSQL"]);
    expect(section?.remarks.map(({ severity }) => severity)).toEqual([
      "warning",
      "warning",
      "warning",
      "note",
    ]);
    expect(section?.remarks.every(({ next }) => next !== undefined)).toBe(true);
  });

  it.each([
    [
      "en",
      "⚠️ MongoDB: the newest snapshot of cluster0 failed",
      "ℹ️ PostgreSQL: no backup of p has ever been restored",
    ],
    ["fr", "⚠️ MongoDB : le dernier instantané de cluster0 a échoué", "ℹ️ PostgreSQL : aucune sauvegarde de p"],
  ] as const)("say them beside each database: %s", async (language, ...lines) => {
    const document = markdownOf(recapOf(factsOf(await plannedProduction(), status), language));
    for (const line of lines) expect(document.replaceAll("\u00a0", " ")).toContain(line);
  });
});
