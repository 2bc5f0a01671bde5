import { describe, expect, it } from "vitest";
import type { Count } from "./census/questions.ts";
import { compared } from "./compare.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const timed = (rows: number, before = rows, newest = "2026-11-27T10:00:00+00:00"): Count => ({
  ...{ name: "users", rows, before, newest },
});
const untimed = (rows: number): Count => ({ name: "courses", rows, before: rows });

describe("a copy is as its source was", () => {
  it.each<[string, Count, Count, number]>([
    ["with what was written since the moment", timed(1500, 1000), timed(1000), 10 * minute],
    ["with a hundredth deleted since", timed(990), timed(1000), 10 * minute],
    ["with ten of few deleted since", timed(20), timed(30), 10 * minute],
    ["with a growth that no time tells, of a day", untimed(1100), untimed(1000), day],
    [
      "with a newest row that is a moment apart",
      timed(10),
      timed(10, 10, "2026-11-27T09:59:30+00:00"),
      minute,
    ],
  ])("%s", (_, source, copy, age) => {
    expect(compared([source], [copy], age).problems).toEqual([]);
  });

  it("without what is younger than the backup, which is said", () => {
    const young = { name: "new", rows: 4, before: 0, newest: null };
    expect(compared([young], [], day)).toMatchObject({
      problems: [],
      notes: ["new is younger than the backup"],
    });
  });

  it("with what was dropped since, which is said", () => {
    expect(compared([], [untimed(2)], day).notes).toEqual(["courses is in the copy alone, with 2 rows"]);
  });
});

describe("a copy is not what its source was", () => {
  it.each<[string, Count, Count | undefined, RegExp]>([
    ["an empty table is missing", untimed(0), undefined, /^courses is missing; the source has 0 rows$/],
    [
      "more than a hundredth of the rows is missing",
      timed(10_000),
      timed(9_800),
      /^users has 9800 rows; the source has 10000/,
    ],
    ["all of a few rows are missing", untimed(3), untimed(0), /^courses has 0 rows; the source has 3/],
    ["there are more than there were", timed(100), timed(200), /^users has 200 rows/],
    [
      "the last day is missing",
      timed(10),
      timed(9, 9, "2026-11-26T10:00:00+00:00"),
      /^users ends at 2026-11-26/,
    ],
    ["nothing with a time is there", timed(5), timed(5, 5, null as never), /^users ends at nothing/],
  ])("where %s", (_, source, copy, why) => {
    const { problems } = compared([source], copy ? [copy] : [], 10 * minute);
    expect(problems).toEqual([expect.stringMatching(why)]);
  });

  it("where a table may not be read in it, or at its source: nothing is known of it", () => {
    const hidden = { ...untimed(0), refused: true };
    expect(compared([untimed(3)], [hidden], minute)).toMatchObject({
      ...{ tables: 0, rows: 0, unread: 1 },
      problems: ["courses may not be read in the copy: not compared"],
    });
    expect(compared([hidden], [untimed(3)], minute).problems).toEqual([
      "courses may not be read in the source: not compared",
    ]);
  });

  it("where there was nothing to compare it with", () => {
    expect(compared([], [], minute).problems).toEqual([
      "the source shows no table or collection: nothing was compared",
    ]);
  });
});
