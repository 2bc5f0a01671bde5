/** Stages of aggregations, by what MongoDB's manual says that they give. */
import { type Document, Double, EJSON, Int32, Long } from "bson";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../tests/helpers/mongodb.ts";
import { aggregation } from "./aggregate.ts";

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
    expect(codeOf(() => aggregation(pipeline))).toBe(expected);
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
