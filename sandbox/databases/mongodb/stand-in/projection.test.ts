/** The order and the shape of what is returned, by what MongoDB's manual says. */
import { type Document, Double, Int32, ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../tests/helpers/mongodb.ts";
import { projector } from "./projection.ts";
import { sorter } from "./sort.ts";

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
    expect(codeOf(() => projector({ a: 1, b: 0 }))).toBe(31254);
    expect(codeOf(() => projector({ a: 0, b: 1 }))).toBe(31253);
    expect(codeOf(() => projector({ a: 1, "a.b": 1 }))).toBe(31249);
    expect(codeOf(() => projector({ a: { $meta: "textScore" } }))).toBe(168);
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
