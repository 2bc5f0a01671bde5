/** Filters, projections, updates and aggregations, by what MongoDB's manual says that they give. */
import { BSONRegExp, type Document, Double, Int32, Long, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { aggregation } from "./aggregate.ts";
import { Collection } from "./collection.ts";
import { CommandError } from "./errors.ts";
import { matcher } from "./match.ts";
import { projector, sorter } from "./shape.ts";
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
    { $expr: {} },
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
  ])("projection %j", (projection, expected) => {
    expect(projector(projection)({ _id: 1, a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }] })).toEqual(expected);
  });

  test("what a projection cannot do is refused", () => {
    expect(code(() => projector({ a: 1, b: 0 }))).toBe(31254);
    expect(code(() => projector({ a: 0, b: 1 }))).toBe(31253);
    expect(code(() => projector({ a: { $slice: 1 } }))).toBe(238);
    expect(code(() => projector({ a: 1, "a.b": 1 }))).toBe(31249);
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
    [{ _id: 1 }, JSON.parse('{"$set":{"__proto__":1}}'), JSON.parse('{"_id":1,"__proto__":1}')],
  ])("%j by %j", (before, update, after) => {
    expect(JSON.parse(JSON.stringify(change(before, update)))).toEqual(after);
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
    [{ _id: 1 }, { $rename: { a: "b" } }, 238],
    [{ _id: 1 }, { $set: { "a.$[]": 1 } }, 238],
  ])("%j by %j is refused with %j", (before, update, expected) => {
    expect(code(() => change(before, update))).toBe(expected);
  });

  test("an upsert begins with what its filter is sure of", () => {
    const filter = { a: 1, b: { $gt: 2 }, c: { $eq: 3 }, $and: [{ "d.e": 4 }], $or: [{ f: 5 }] };
    expect(upsertSeed(filter)).toEqual({ a: 1, c: 3, d: { e: 4 } });
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
    [[{ $group: { _id: { $toUpper: "$k" } } }], 168],
    [[{ $group: {} }], 15955],
    [[{ $limit: 0 }], 15957],
    [[{ $match: { a: { $typo: 1 } } }], 2],
    [[{ $sort: { a: 1 }, $limit: 1 }], 40323],
  ])("%j is refused", (pipeline, expected) => {
    expect(code(() => aggregation(pipeline))).toBe(expected);
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

  test("other options than uniqueness and sparseness are refused", () => {
    expect(code(() => collection({ expireAfterSeconds: 1 }))).toBe(238);
    expect(code(() => collection({ typo: 1 }))).toBe(197);
  });
});
