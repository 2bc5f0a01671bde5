/** Expressions, by what MongoDB's manual says that they give. */
import { Double, Int32, Long, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../tests/helpers/mongodb.ts";
import { expression } from "./expressions.ts";

describe("expressions", () => {
  const document = {
    _id: new ObjectId("650000000000000000000000"),
    i: new Int32(7),
    d: new Double(2),
    l: Long.fromString("9007199254740993"),
    s: "Zoé",
    list: [3, 1, 2],
    when: new Date("2026-01-31T23:30:00Z"),
    items: [{ q: new Int32(2) }, { q: new Int32(3) }],
  };
  const value = (operand: unknown) => expression(operand)({ ROOT: document, CURRENT: document });

  test.each<[unknown, unknown]>([
    [{ $add: ["$i", 1] }, new Int32(8)],
    [{ $add: ["$d", 1] }, new Double(3)],
    [{ $subtract: ["$l", 1] }, Long.fromString("9007199254740992")],
    [{ $divide: ["$i", 7] }, new Double(1)],
    [{ $mod: ["$i", 4] }, new Int32(3)],
    [{ $multiply: ["$i", null] }, null],
    [{ $round: [2.5] }, new Double(2)],
    [{ $round: [1.255, 1] }, new Double(1.3)],
    [{ $add: ["$when", 1000] }, new Date("2026-01-31T23:30:01Z")],
    [{ $cond: [{ $gte: ["$i", 7] }, "big", "small"] }, "big"],
    [JSON.parse('{"$cond":{"if":0,"then":1,"else":2}}'), 2],
    [{ $ifNull: ["$none", "$s"] }, "Zoé"],
    [JSON.parse('{"$switch":{"branches":[{"case":false,"then":1}],"default":"d"}}'), "d"],
    [
      { $map: { input: "$list", as: "x", in: { $multiply: ["$$x", 2] } } },
      [6, 2, 4].map((n) => new Int32(n)),
    ],
    [{ $filter: { input: "$list", cond: { $gt: ["$$this", 1] } } }, [3, 2]],
    [{ $reduce: { input: "$list", initialValue: 0, in: { $add: ["$$value", "$$this"] } } }, new Int32(6)],
    [{ $let: { vars: { x: "$i" }, in: "$$x" } }, new Int32(7)],
    [{ $sum: "$items.q" }, new Int32(5)],
    [{ $max: ["$i", "$l"] }, Long.fromString("9007199254740993")],
    [{ $size: "$list" }, new Int32(3)],
    [{ $arrayElemAt: ["$list", -1] }, 2],
    [{ $in: [2, "$list"] }, true],
    [{ $setUnion: ["$list", [3, 4]] }, [3, 1, 2, 4]],
    [{ $concat: ["$s", { $literal: "$s" }] }, "Zoé$s"],
    [{ $toUpper: "$s" }, "ZOé"],
    [{ $toLower: "$none" }, ""],
    [{ $substr: ["$s", 0, 9] }, "Zoé"],
    [{ $substrBytes: ["$s", 1, -1] }, "oé"],
    [{ $replaceOne: { input: "$s", find: "o", replacement: { $literal: "$&" } } }, "Z$&é"],
    [{ $trim: { input: " x " } }, "x"],
    [{ $arrayToObject: { $literal: [["k", [1, 2]]] } }, { k: [1, 2] }],
    [{ $first: { $literal: [[1, 2], [3]] } }, [1, 2]],
    [
      {
        $map: {
          input: [[1, 2], [3]],
          in: { $reduce: { input: "$$this", initialValue: 0, in: { $add: ["$$value", "$$this"] } } },
        },
      },
      [new Int32(3), new Int32(3)],
    ],
    [{ $toInt: "7" }, new Int32(7)],
    [{ $toLong: "$when" }, Long.fromNumber(1769902200000)],
    [{ $toBool: "false" }, true],
    [{ $toDate: "2026-01-31T23:30:00Z" }, new Date("2026-01-31T23:30:00Z")],
    [
      { $dateDiff: { startDate: "$when", endDate: new Date("2026-02-01"), unit: "month" } },
      Long.fromNumber(1),
    ],
    [{ $isoWeek: "$when" }, new Int32(5)],
    [{ $concat: ["$s", null] }, null],
    [{ $strLenCP: "$s" }, new Int32(3)],
    [{ $regexMatch: { input: "$s", regex: "^z", options: "i" } }, true],
    [{ $toString: "$_id" }, "650000000000000000000000"],
    [{ $toObjectId: "650000000000000000000000" }, document._id],
    [{ $toDouble: "2" }, new Double(2)],
    [{ $type: "$none" }, "missing"],
    [{ $year: "$when" }, new Int32(2026)],
    [{ $year: "$none" }, null],
    [{ $year: "$_id" }, new Int32(2023)],
    [{ $dayOfMonth: { date: "$when", timezone: "Europe/Paris" } }, new Int32(1)],
    [{ $dateToString: { date: "$when", format: "%Y-%m-%d" } }, "2026-01-31"],
    [{ $dateTrunc: { date: "$when", unit: "month" } }, new Date("2026-01-01T00:00:00Z")],
  ])("%j is %j", (operand, expected) => {
    expect(value(operand)).toEqual(expected);
  });

  test.each<[unknown, number]>([
    [{ $add: ["$s", 1] }, 14],
    [{ $size: "$s" }, 17040],
    [{ $divide: [1, 0] }, 2],
    ["$$typo", 17276],
    ["$", 16872],
    [{ $toObjectId: "x" }, 241],
    [{ $substrCP: ["$l", 0, 1] }, 238],
    [{ $substrBytes: ["$s", 0, 3] }, 28656],
    [{ $mergeObjects: ["$s"] }, 40400],
    [{ $objectToArray: "$s" }, 40390],
    [{ $filter: { input: "$list", cond: true, limit: 1 } }, 238],
    [{ $toInt: "" }, 238],
    [{ $toDate: "2026-01-31 23:30" }, 238],
    [{ $dateToString: { date: "$when", format: "%U" } }, 238],
    [{ $dateTrunc: { date: "$when", unit: "day", timezone: "Europe/Paris" } }, 238],
    [{ $dateAdd: { startDate: "$when", unit: "month", amount: 1 } }, 238],
  ])("%j is refused", (operand, expected) => {
    expect(codeOf(() => value(operand))).toBe(expected);
  });
});
