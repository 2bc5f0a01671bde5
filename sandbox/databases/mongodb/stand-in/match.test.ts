/** Filters, by what MongoDB's manual says that they give. */
import { BSONRegExp, type Document, Double, Int32, Long, MaxKey, MinKey, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../tests/helpers/mongodb.ts";
import { matcher } from "./match.ts";

describe("filters", () => {
  const id = new ObjectId();
  test.each<[Document, Document, boolean]>([
    [{ a: 1 }, { a: new Long(1) }, true],
    [{ a: new Double(1) }, { a: new Int32(1) }, true],
    [{ a: Long.fromString("9007199254740993") }, { a: Long.fromString("9007199254740992") }, false],
    [{ a: 1 }, { a: "1" }, false],
    [{ _id: id }, { _id: new ObjectId(id.toHexString()) }, true],
    [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, false],
    [{ "a.b": 2 }, { a: [{ b: 1 }, { b: 2 }] }, true],
    [{ "a.1": 2 }, { a: [1, 2] }, true],
    [{ a: 2 }, { a: [1, 2] }, true],
    [{ a: [1, 2] }, { a: [1, 2] }, true],
    [{ a: { $gt: 1, $lt: 3 } }, { a: [0, 4] }, true],
    [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 4] }, false],
    [{ a: { $gt: 1 } }, { a: "2" }, false],
    [{ a: { $gte: "é" } }, { a: "😀" }, true],
    [{ a: null }, {}, true],
    [{ a: null }, { a: null }, true],
    [{ a: { $exists: false } }, { a: null }, false],
    [{ "a.b": null }, { a: [] }, false],
    [{ a: { $ne: 1 } }, { a: [1, 2] }, false],
    [{ a: { $ne: 1 } }, {}, true],
    [{ a: { $nin: [1, 2] } }, { a: 3 }, true],
    [{ a: { $in: [1, new BSONRegExp("^x", "i")] } }, { a: "Xyz" }, true],
    [{ a: { $not: { $gt: 5 } } }, {}, true],
    [{ a: { $regex: "^kaï", $options: "i" } }, { a: "Kaïros" }, true],
    [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
    [{ $nor: [{ a: 1 }, { b: 1 }] }, { b: 1 }, false],
    [{ $and: [{ a: 1 }, { b: 1 }] }, { b: 1 }, false],
    [{ a: { $regex: "^a\\@b" } }, { a: "a@b" }, true],
    [{ a: { $all: [1, 2] } }, { a: [2, 3, 1] }, true],
    [{ a: { $size: 2 } }, { a: [1, 2] }, true],
    [{ a: { $gte: new Date(5) } }, { a: new Date(5) }, true],
    [{}, { anything: 1 }, true],
    [{ a: { $lt: 1 } }, { a: Number.NaN }, false],
    [{ a: { $lte: Number.NaN } }, { a: Number.NaN }, true],
    [{ a: { $lt: Number.NaN } }, { a: 1 }, false],
    [{ a: { $gte: new MinKey() } }, { a: "x" }, true],
    [{ a: { $gte: new MinKey() } }, {}, true],
    [{ a: { $lt: new MaxKey() } }, { a: 5 }, true],
    [{ a: { $lt: new MaxKey() } }, { a: new MaxKey() }, false],
    [{ a: { $gt: new MinKey() } }, { a: new MinKey() }, false],
    [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [[1, 2], 3] }, false],
    [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [2, [9]] }, true],
    [{ "a.0": 1 }, { a: [[1, 2], 3] }, false],
    [{ "a.0": [1, 2] }, { a: [[1, 2], 3] }, true],
    [{ "a.b": null }, { a: [{ b: 1 }, {}] }, true],
    [{ "a.b": { $gt: 1 } }, { a: [{ b: [0, 2] }] }, true],
    [{ a: { $regex: "^2$" } }, { a: "2\n" }, true],
    [{ a: { $regex: "^2$" } }, { a: "2\n\n" }, false],
    [{ a: { $regex: "^2$", $options: "m" } }, { a: "1\r\n2\n" }, true],
    [{ a: { $regex: "1$", $options: "m" } }, { a: "1\r\n2" }, false],
    [{ a: { $regex: "a.b" } }, { a: "a\rb" }, true],
    [{ a: { $regex: "a.b" } }, { a: "a\nb" }, false],
    [{ a: { $regex: "[$.]x" } }, { a: "$x" }, true],
    [{ a: { $regex: "\\A2\\z" } }, { a: "2\n" }, false],
    [{ a: { $type: "int" } }, { a: new Int32(1) }, true],
    [{ a: { $type: "double" } }, { a: new Int32(1) }, false],
    [{ a: { $type: "number" } }, { a: new Long(1) }, true],
    [{ a: { $type: ["null", 2] } }, { a: [1, "x"] }, true],
    [{ a: { $type: "array" } }, { a: [] }, true],
    [{ a: { $type: "null" } }, {}, false],
    [{ a: { $mod: [4, 1] } }, { a: [4, 9] }, true],
    [{ a: { $mod: [4, 1] } }, { a: "9" }, false],
    [
      { a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } },
      { a: [{ b: 1 }, { b: 2 }] },
      true,
    ],
    [{ $expr: { $gt: ["$a", "$b"] } }, { a: 2, b: 1 }, true],
    [{ $expr: { $eq: ["$a", null] } }, {}, false],
  ])("%j on %j: %j", (filter, document, expected) => {
    expect(matcher(filter)(document)).toBe(expected);
  });

  test.each([
    { a: { $near: 1 } },
    { a: { $gt: 1, $typo: 1 } },
    { $xor: [] },
    { $or: [] },
    { a: { $in: 1 } },
    { a: { $regex: "(" } },
    { a: { $regex: "(?i)x" } },
    { a: { $regex: "x", $options: "x" } },
    { $expr: { $typo: 1 } },
    { a: { $type: "typo" } },
    { a: { $mod: [0, 1] } },
    { a: { $regex: "a++" } },
  ])("%j is refused before it sees a document", (filter) => {
    expect(codeOf(() => matcher(filter))).toBeTypeOf("number");
  });
});
