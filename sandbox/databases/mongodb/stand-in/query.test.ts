/** Filters, projections, updates and aggregations, by what MongoDB's manual says that they give. */
import {
  BSONRegExp,
  type Document,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";
import { describe, expect, test } from "vitest";
import { aggregation } from "./aggregate.ts";
import { Collection } from "./collection.ts";
import { CommandError } from "./errors.ts";
import { expression } from "./expressions.ts";
import { matcher } from "./match.ts";
import { projector } from "./projection.ts";
import { sorter } from "./sort.ts";
import { changer, upsertSeed } from "./update.ts";

const code = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
  return undefined;
};

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
    expect(code(() => matcher(filter))).toBeTypeOf("number");
  });
});

describe("order and shape", () => {
  test("types sort in MongoDB's order", () => {
    const sorted = [new Date(0), "b", null, true, { a: 1 }, [], new ObjectId(), 2, new Double(1.5), "a"].map(
      (v) => ({ v }),
    );
    sorted.sort(sorter({ v: 1 }));
    const kinds = sorted.map(({ v }) =>
      v instanceof Double ? "1.5" : ((v as object)?.constructor.name ?? "null"),
    );
    expect(kinds).toEqual([
      "Array",
      "null",
      "1.5",
      "Number",
      "String",
      "String",
      "Object",
      "ObjectId",
      "Boolean",
      "Date",
    ]);
  });

  test("arrays sort by their smallest element upwards and by their largest downwards", () => {
    const [a, b] = [{ n: [1, 9] }, { n: [2, 3] }];
    expect([b, a].sort(sorter({ n: 1 }))).toEqual([a, b]);
    expect([b, a].sort(sorter({ n: -1 }))).toEqual([a, b]);
  });

  test.each<[Document, Document]>([
    [{ a: 1 }, { _id: 1, a: { b: 1, c: 2 } }],
    [{ "a.b": 1, _id: 0 }, { a: { b: 1 } }],
    [{ a: 0 }, { _id: 1, d: [{ e: 1, f: 2 }] }],
    [{ "d.e": 1 }, { _id: 1, d: [{ e: 1 }] }],
    [{ _id: 0 }, { a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }] }],
    [{ _id: 1 }, { _id: 1 }],
    [{ n: { $size: "$d" } }, { _id: 1, n: new Int32(1) }],
    [
      { "x.y": "$a.b", a: "$$REMOVE" },
      { _id: 1, x: { y: 1 } },
    ],
    [{ a: { b: 1 } }, { _id: 1, a: { b: 1 } }],
  ])("projection %j", (projection, expected) => {
    expect(projector(projection)({ _id: 1, a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }] })).toEqual(expected);
  });

  test("what a projection cannot do is refused", () => {
    expect(code(() => projector({ a: 1, b: 0 }))).toBe(31254);
    expect(code(() => projector({ a: 0, b: 1 }))).toBe(31253);
    expect(code(() => projector({ a: 1, "a.b": 1 }))).toBe(31249);
    expect(code(() => projector({ a: { $meta: "textScore" } }))).toBe(168);
  });

  test.each<[Document, Document, Document]>([
    [{ a: { $slice: 2 } }, {}, { _id: 1, a: [1, 2], b: [{ c: 1 }, { c: 2, d: 3 }] }],
    [{ a: { $slice: [-2, 1] }, b: 0 }, {}, { _id: 1, a: [2] }],
    [{ b: { $elemMatch: { c: 2 } } }, {}, { _id: 1, b: [{ c: 2, d: 3 }] }],
    [{ b: { $elemMatch: { c: 9 } } }, {}, { _id: 1 }],
    [{ "b.$": 1, _id: 0 }, { "b.c": 2 }, { b: [{ c: 2, d: 3 }] }],
  ])("a find's projection %j, found by %j", (projection, filter, expected) => {
    const document = { _id: 1, a: [1, 2, 3], b: [{ c: 1 }, { c: 2, d: 3 }] };
    expect(projector(projection, {}, filter)(document)).toEqual(expected);
  });
});

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
    expect(code(() => byFilter({ _id: 1 }))).toBe(2);
    const named = changer({ $inc: { "a.$[e].n": 1 } }, {}, [{ "e.n": { $gte: 2 } }]);
    expect(named(document, false).a.map(({ n }: Document) => Number(n))).toEqual([1, 3]);
    expect(code(() => changer({ $set: { b: 1 } }, {}, [{ "e.n": 1 }]))).toBe(9);
    expect(code(() => changer({ $set: { "a.$[e]": 1 } }, {})(document, false))).toBe(2);
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
    expect(code(() => change(before, update))).toBe(expected);
  });

  test("an upsert begins with what its filter is sure of", () => {
    const filter = { a: 1, b: { $gt: 2 }, c: { $eq: 3 }, $and: [{ "d.e": 4 }], $or: [{ f: 5 }] };
    expect(upsertSeed(filter)).toEqual({ a: 1, c: 3, d: { e: 4 }, f: 5 });
    expect(upsertSeed({ a: { $in: [5] }, b: { $all: [6] }, c: { $in: [1, 2] } })).toEqual({ a: 5, b: 6 });
    expect(upsertSeed({ $or: [{ a: 1 }, { a: 2 }] })).toEqual({});
    expect(code(() => upsertSeed({ a: 1, $and: [{ a: 2 }] }))).toBe(54);
  });
});

describe("aggregation", () => {
  const documents = [
    { _id: 1, k: "a", n: new Int32(1) },
    { _id: 2, k: "b", n: new Int32(5) },
    { _id: 3, k: "a", n: new Double(2.5) },
    { _id: 4 },
  ];
  test("groups and counts", () => {
    const run = aggregation([
      { $match: { _id: { $gte: 1 } } },
      { $group: { _id: "$k", total: { $sum: "$n" }, count: { $count: {} }, most: { $max: "$n" } } },
      { $sort: { _id: 1 } },
    ]);
    expect(run(documents)).toEqual([
      { _id: null, total: new Int32(0), count: new Int32(1), most: null },
      { _id: "a", total: new Double(3.5), count: new Int32(2), most: new Double(2.5) },
      { _id: "b", total: new Int32(5), count: new Int32(1), most: new Int32(5) },
    ]);
    expect(aggregation([{ $skip: 1 }, { $limit: 2 }, { $count: "n" }])(documents)).toEqual([
      { n: new Int32(2) },
    ]);
  });

  test.each([
    [[{ $group: { _id: null, x: { $median: 1 } } }], 15952],
    [[{ $group: { _id: { $typo: "$k" } } }], 168],
    [[{ $merge: "x" }], 238],
    [[{ $facet: { a: [{ $facet: { b: [] } }] } }], 40324],
    [[{ $project: { a: { $eq: [1] } } }], 16020],
    [[{ $group: {} }], 15955],
    [[{ $limit: 0 }], 15958],
    [[{ $match: { a: { $typo: 1 } } }], 2],
    [[{ $sort: { a: 1 }, $limit: 1 }], 40323],
  ])("%j is refused", (pipeline, expected) => {
    expect(code(() => aggregation(pipeline))).toBe(expected);
  });
});

describe("stages", () => {
  const documents = [
    { _id: 1, k: "a", tags: ["x", "y"], n: new Int32(1) },
    { _id: 2, k: "b", tags: [], n: new Double(4) },
    { _id: 3, k: "a", n: Long.fromNumber(7) },
  ];
  const others = [
    { _id: "a", name: "A" },
    { _id: "c", name: "C" },
  ];
  const surroundings = { collection: () => others, variables: {} };
  const plain = (value: unknown) => EJSON.deserialize(EJSON.serialize(value, { relaxed: false }));

  test.each<[Document[], Document[]]>([
    [
      [{ $unwind: "$tags" }, { $project: { tags: 1 } }],
      [
        { _id: 1, tags: "x" },
        { _id: 1, tags: "y" },
      ],
    ],
    [
      [
        { $unwind: { path: "$tags", preserveNullAndEmptyArrays: true, includeArrayIndex: "i" } },
        { $unset: ["k", "n"] },
      ],
      [
        { _id: 1, tags: "x", i: 0 },
        { _id: 1, tags: "y", i: 1 },
        { _id: 2, i: null },
        { _id: 3, i: null },
      ],
    ],
    [
      [{ $lookup: { from: "o", localField: "k", foreignField: "_id", as: "o" } }, { $project: { o: 1 } }],
      [
        { _id: 1, o: [others[0]] },
        { _id: 2, o: [] },
        { _id: 3, o: [others[0]] },
      ],
    ],
    [
      [
        { $limit: 1 },
        {
          $lookup: {
            from: "o",
            let: { k: "$k" },
            pipeline: [{ $match: { $expr: { $ne: ["$_id", "$$k"] } } }, { $project: { _id: 0 } }],
            as: "o",
          },
        },
        { $project: { o: 1 } },
      ],
      [{ _id: 1, o: [{ name: "C" }] }],
    ],
    [
      [{ $facet: { total: [{ $count: "n" }], first: [{ $limit: 1 }, { $project: { k: 1 } }] } }],
      [{ total: [{ n: 3 }], first: [{ _id: 1, k: "a" }] }],
    ],
    [
      [{ $sortByCount: "$k" }],
      [
        { _id: "a", count: 2 },
        { _id: "b", count: 1 },
      ],
    ],
    [
      [{ $bucket: { groupBy: "$n", boundaries: [0, 4, 6], default: "other" } }],
      [
        { _id: 0, count: 1 },
        { _id: 4, count: 1 },
        { _id: "other", count: 1 },
      ],
    ],
    [[{ $limit: 1 }, { $replaceRoot: { newRoot: { was: "$k" } } }], [{ was: "a" }]],
    [[{ $limit: 1 }, { $replaceWith: { $mergeObjects: [{ z: 1 }, { k: "$k" }] } }], [{ z: 1, k: "a" }]],
    [
      [
        { $group: { _id: "$k", ids: { $push: "$_id" }, tags: { $addToSet: "$tags" } } },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: "a", ids: [1, 3], tags: [["x", "y"]] },
        { _id: "b", ids: [2], tags: [[]] },
      ],
    ],
    [
      [
        { $match: { _id: 1 } },
        { $addFields: { m: { a: 1 } } },
        { $set: { m: { b: "$k" } } },
        { $project: { m: 1 } },
      ],
      [{ _id: 1, m: { a: 1, b: "a" } }],
    ],
    [
      [{ $match: { _id: 1 } }, { $addFields: { "m.n": { $add: ["$n", 1] } } }, { $project: { m: 1 } }],
      [{ _id: 1, m: { n: 2 } }],
    ],
    [
      [{ $match: { _id: 1 } }, { $project: { _id: 1 } }, { $unionWith: "o" }],
      [{ _id: 1 }, ...others],
    ],
  ])("%j", (pipeline, expected) => {
    expect(plain(aggregation(pipeline, surroundings)(documents))).toEqual(expected);
  });

  test("a sample has no document twice", () => {
    const ids = aggregation([{ $sample: { size: 5 } }])(documents).map(({ _id }) => _id);
    expect(ids.sort()).toEqual([1, 2, 3]);
  });
});

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
    expect(code(() => value(operand))).toBe(expected);
  });
});

describe("unique indexes", () => {
  const collection = (spec: Document) => {
    const result = new Collection("db", "c");
    result.createIndex({ key: { a: 1, b: 1 }, name: "a_b", unique: true, ...spec });
    return result;
  };
  test("count what is missing as null, unless they are sparse", () => {
    const full = collection({});
    full.insert({ a: 1 });
    expect(code(() => full.insert({ a: 1, b: null }))).toBe(11000);
    const sparse = collection({ sparse: true });
    sparse.insert({});
    sparse.insert({});
    expect(sparse.size).toBe(2);
  });

  test("hold for every element of an array, and let go of what is replaced or removed", () => {
    const it = collection({});
    const first = it.insert({ a: [1, 2], b: 1 });
    expect(code(() => it.insert({ a: 2, b: 1 }))).toBe(11000);
    it.replace(first, { ...first, a: 3 });
    const second = it.insert({ a: 2, b: 1 });
    it.remove(second);
    it.insert({ a: new Double(2), b: 1 });
    expect(it.size).toBe(2);
  });

  test("a refused document leaves nothing behind", () => {
    const it = collection({});
    it.insert({ _id: 1, a: 1 });
    expect(code(() => it.insert({ _id: 2, a: 1 }))).toBe(11000);
    expect(code(() => it.insert({ _id: 1, a: 2 }))).toBe(11000);
    it.insert({ _id: 2, a: 2 });
    expect(it.size).toBe(2);
  });

  test("cannot hold two arrays of one document, whether they are unique or not; two fields of one array they can", () => {
    const it = collection({ unique: false });
    expect(code(() => it.insert({ a: [1], b: [1] }))).toBe(171);
    it.createIndex({ key: { "c.x": 1, "c.y": 1 }, name: "c", unique: true });
    it.insert({
      c: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
    });
    expect(code(() => it.insert({ c: { x: 2, y: 2 } }))).toBe(11000);
    it.insert({ c: { x: 1, y: 2 } });
  });

  test("that are partial hold only for their documents", () => {
    const it = collection({ partialFilterExpression: { live: true } });
    it.insert({ a: 1, b: 1 });
    it.insert({ a: 1, b: 1, live: true });
    it.insert({ a: 1, b: 1 });
    expect(code(() => it.insert({ a: 1, b: 1, live: true }))).toBe(11000);
  });
});

describe("other indexes", () => {
  const make = (...specs: Document[]) => {
    const result = new Collection("db", "c");
    for (const spec of specs) result.createIndex(spec);
    return result;
  };

  test("of time remove what is over, by the earliest of several dates", () => {
    const it = make({ key: { at: 1 }, name: "ttl", expireAfterSeconds: 60 });
    it.insert({ _id: 1, at: new Date(0) });
    it.insert({ _id: 2, at: [new Date(0), new Date(1e6)] });
    it.insert({ _id: 3, at: new Date(1000) });
    it.insert({ _id: 4, at: "1970" });
    it.insert({ _id: 5 });
    expect(it.expire(59_999)).toBe(0);
    expect(it.expire(60_000)).toBe(2);
    expect(it.documents().map(({ _id }) => Number(_id))).toEqual([3, 4, 5]);
  });

  test("of texts are shown as MongoDB shows them; a second one is refused", () => {
    const it = make({ key: { n: 1, b: "text", a: "text" }, name: "t" });
    expect(it.indexes[1]).toMatchObject({
      key: { n: 1, _fts: "text", _ftsx: new Int32(1) },
      weights: { a: new Int32(1), b: new Int32(1) },
      default_language: "english",
    });
    expect(it.createIndex({ key: { n: 1, b: "text", a: "text" }, name: "t" })).toBe(false);
    expect(code(() => it.createIndex({ key: { c: "text" }, name: "u" }))).toBe(85);
  });

  test("of any field and hashed ones are taken", () => {
    const it = make({ key: { "$**": 1 }, name: "w" }, { key: { "a.$**": 1 }, name: "v" });
    it.createIndex({ key: { h: "hashed" }, name: "h" });
    it.insert({ a: 1, h: "x" });
    expect(it.indexes.map(({ name }) => name)).toEqual(["_id_", "w", "v", "h"]);
  });

  test.each<[Document, number]>([
    [{ key: { a: 1, b: 1 }, expireAfterSeconds: 1 }, 67],
    [{ key: { a: 1 }, expireAfterSeconds: -1 }, 67],
    [{ key: { a: 1 }, sparse: true, partialFilterExpression: {} }, 67],
    [{ key: { a: "2dsphere" } }, 238],
    [{ key: { a: 1 }, collation: { locale: "fr" } }, 238],
    [{ key: { "$**": 1 }, unique: true }, 67],
    [{ key: { a: 1 }, typo: 1 }, 197],
  ])("%j is refused", (spec, expected) => {
    expect(code(() => make({ name: "x", ...spec }))).toBe(expected);
  });
});

describe("documents", () => {
  const insert = (document: Document) => new Collection("db", "c").insert(document);

  test("may have fields that begin with a dollar, but in their _id", () => {
    expect(insert({ _id: 1, $b: { $c: 1 } })).toMatchObject({ $b: { $c: new Int32(1) } });
    expect(code(() => insert({ _id: { $b: 1 } }))).toBe(52);
  });

  test("get the time for an empty timestamp, at the top only", () => {
    const { at, inner } = insert({ at: new Timestamp(0n), inner: { at: new Timestamp(0n) } });
    expect([at.isZero(), inner.at.isZero()]).toEqual([false, true]);
  });

  test.each<[string, Document, number]>([
    ["an array as _id", { _id: [1] }, 2],
    ["a regex as _id", { _id: new BSONRegExp("x") }, 2],
    ["101 levels", { a: JSON.parse("[".repeat(100) + "]".repeat(100)) }, 15],
  ])("%s is refused", (_, document, expected) => {
    expect(code(() => insert(document))).toBe(expected);
  });
});
