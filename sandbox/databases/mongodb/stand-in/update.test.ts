/** Updates, by what MongoDB's manual says that they give. */
import { type Document, Double, Int32, Long, Timestamp } from "bson";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../tests/helpers/mongodb.ts";
import { changer, upsertSeed } from "./update.ts";

describe("updates", () => {
  const change = (document: Document, update: Document) => changer(update)(document, false);
  test.each<[Document, Document, Document]>([
    [{ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
    [{ _id: 1 }, { $set: { "a.b": 1 } }, { _id: 1, a: { b: 1 } }],
    [{ _id: 1, a: [1] }, { $set: { "a.3": 4 } }, { _id: 1, a: [1, null, null, 4] }],
    [{ _id: 1, a: 1, b: 2 }, { $unset: { a: "" } }, { _id: 1, b: 2 }],
    [{ _id: 1, a: [1, 2] }, { $unset: { "a.0": 1 } }, { _id: 1, a: [null, 2] }],
    [{ _id: 1 }, { $push: { a: 1 } }, { _id: 1, a: [1] }],
    [{ _id: 1, a: [1] }, { $push: { a: { $each: [1, 2] } } }, { _id: 1, a: [1, 1, 2] }],
    [{ _id: 1, a: [1] }, { $addToSet: { a: { $each: [1, 2] } } }, { _id: 1, a: [1, 2] }],
    [{ _id: 1 }, { $setOnInsert: { a: 1 } }, { _id: 1 }],
    [{ _id: 1, a: [3, 1] }, { $push: { a: { $each: [2], $sort: 1, $slice: -2 } } }, { _id: 1, a: [2, 3] }],
    [{ _id: 1, a: [1] }, { $push: { a: { $each: [0], $position: 0 } } }, { _id: 1, a: [0, 1] }],
    [
      { _id: 1, a: [{ n: 2 }, { n: 1 }] },
      { $push: { a: { $each: [], $sort: { n: 1 } } } },
      { _id: 1, a: [{ n: 1 }, { n: 2 }] },
    ],
    [{ _id: 1, a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { _id: 1, a: [1] }],
    [{ _id: 1, a: [{ b: 1, c: 2 }, { b: 2 }] }, { $pull: { a: { b: 1 } } }, { _id: 1, a: [{ b: 2 }] }],
    [{ _id: 1, a: [1, [1]] }, { $pull: { a: 1 } }, { _id: 1, a: [[1]] }],
    [{ _id: 1, a: [1, 2, 1] }, { $pullAll: { a: [1] } }, { _id: 1, a: [2] }],
    [{ _id: 1, a: [1, 2, 3] }, { $pop: { a: -1 } }, { _id: 1, a: [2, 3] }],
    [{ _id: 1 }, { $pull: { "a.b": 1 } }, { _id: 1 }],
    [
      { _id: 1, a: 5 },
      { $min: { a: 3 }, $max: { b: 1 } },
      { _id: 1, a: 3, b: 1 },
    ],
    [{ _id: 1, a: 5 }, { $mul: { a: 2, b: 3 } }, { _id: 1, a: 10, b: 0 }],
    [{ _id: 1, a: 5 }, { $rename: { a: "b.c" } }, { _id: 1, b: { c: 5 } }],
    [{ _id: 1, a: [1, 2] }, { $inc: { "a.$[]": 1 } }, { _id: 1, a: [2, 3] }],
    [{ _id: 1, n: 1 }, [{ $set: { m: { $add: ["$n", 1] } } }, { $unset: "n" }], { _id: 1, m: 2 }],
    [{ _id: 1 }, JSON.parse('{"$set":{"__proto__":1}}'), JSON.parse('{"_id":1,"__proto__":1}')],
  ])("%j by %j", (before, update, after) => {
    expect(JSON.parse(JSON.stringify(change(before, update)))).toEqual(after);
  });

  test("new fields come in the order of their names, numbers by what they are worth", () => {
    const after = change({ _id: 1, z: 1 }, { $set: { c: 1, "a.10": 1, b: 1, z: 2 }, $inc: { "a.9": 1 } });
    expect(Object.keys(after)).toEqual(["_id", "z", "a", "b", "c"]);
    expect(Object.keys(after.a)).toEqual(["9", "10"]);
  });

  test("the positional $ is the element that the filter matched; $[name] those of its own filter", () => {
    const document = {
      _id: 1,
      a: [
        { k: "x", n: 1 },
        { k: "y", n: 2 },
      ],
    };
    const byFilter = (filter: Document) =>
      changer({ $set: { "a.$": 9 } }, filter)(document, false).a.map((item: Document) => item.k ?? 9);
    expect(byFilter({ "a.k": "y" })).toEqual(["x", 9]);
    expect(byFilter({ a: { $elemMatch: { k: "x" } } })).toEqual([9, "y"]);
    expect(codeOf(() => byFilter({ _id: 1 }))).toBe(2);
    const named = changer({ $inc: { "a.$[e].n": 1 } }, {}, [{ "e.n": { $gte: 2 } }]);
    expect(named(document, false).a.map(({ n }: Document) => Number(n))).toEqual([1, 3]);
    expect(codeOf(() => changer({ $set: { b: 1 } }, {}, [{ "e.n": 1 }]))).toBe(9);
    expect(codeOf(() => changer({ $set: { "a.$[e]": 1 } }, {})(document, false))).toBe(2);
  });

  test("$currentDate gives a date or a timestamp", () => {
    const after = change({ _id: 1 }, { $currentDate: { a: true, b: { $type: "timestamp" } } });
    expect([after.a, after.b]).toEqual([expect.any(Date), expect.any(Timestamp)]);
  });

  test("$min leaves an equal number of another type as it is, $set does not", () => {
    expect(change({ _id: 1, a: new Int32(1) }, { $min: { a: new Double(1) } }).a).toEqual(new Int32(1));
    expect(change({ _id: 1, a: new Int32(1) }, { $set: { a: new Double(1) } }).a).toEqual(new Double(1));
  });

  test("$inc keeps the type, and goes to 64 bits when it has to", () => {
    const inc = (a: unknown, by: unknown) => change({ _id: 1, a }, { $inc: { a: by } }).a;
    expect(inc(new Int32(1), new Int32(2))).toEqual(new Int32(3));
    expect(inc(new Int32(2 ** 31 - 1), new Int32(1))).toEqual(Long.fromNumber(2 ** 31));
    expect(inc(Long.fromString("9007199254740993"), new Int32(1))).toEqual(
      Long.fromString("9007199254740994"),
    );
    expect(inc(new Int32(1), new Double(0.5))).toEqual(new Double(1.5));
  });

  test.each<[Document, Document, number]>([
    [{ _id: 1 }, { $set: { _id: 2 } }, 66],
    [{ _id: 1 }, { _id: 2 }, 66],
    [{ _id: 1, a: "x" }, { $inc: { a: 1 } }, 14],
    [{ _id: 1, a: "x" }, { $set: { "a.b": 1 } }, 28],
    [{ _id: 1, a: "x" }, { $push: { a: 1 } }, 2],
    [{ _id: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    [{ _id: 1 }, { $typo: { a: 1 } }, 9],
    [{ _id: 1 }, { $bit: { a: { and: 1 } } }, 238],
    [{ _id: 1, a: 5 }, { $set: { "a.$[]": 1 } }, 2],
    [{ _id: 1 }, { $set: { "a.$[]": 1 } }, 2],
    [{ _id: 1, a: "x" }, { $mul: { a: 2 } }, 14],
    [{ _id: 1, a: "x" }, { $pull: { a: 2 } }, 2],
    [{ _id: 1, a: "x" }, { $pop: { a: 1 } }, 2],
    [{ _id: 1, a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
    [{ _id: 1 }, { $set: { a: 1 }, $rename: { b: "a" } }, 40],
    [{ _id: 1 }, [{ $match: {} }], 40324],
  ])("%j by %j is refused with %j", (before, update, expected) => {
    expect(codeOf(() => change(before, update))).toBe(expected);
  });

  test("an upsert begins with what its filter is sure of", () => {
    const filter = { a: 1, b: { $gt: 2 }, c: { $eq: 3 }, $and: [{ "d.e": 4 }], $or: [{ f: 5 }] };
    expect(upsertSeed(filter)).toEqual({ a: 1, c: 3, d: { e: 4 }, f: 5 });
    expect(upsertSeed({ a: { $in: [5] }, b: { $all: [6] }, c: { $in: [1, 2] } })).toEqual({ a: 5, b: 6 });
    expect(upsertSeed({ $or: [{ a: 1 }, { a: 2 }] })).toEqual({});
    expect(codeOf(() => upsertSeed({ a: 1, $and: [{ a: 2 }] }))).toBe(54);
  });
});
