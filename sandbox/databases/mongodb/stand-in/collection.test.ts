/** Documents and indexes, by what MongoDB's manual says of them. */
import { BSONRegExp, type Document, Double, Int32, Timestamp } from "bson";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../tests/helpers/mongodb.ts";
import { Collection } from "./collection.ts";

describe("unique indexes", () => {
  const collection = (spec: Document) => {
    const result = new Collection("db", "c");
    result.createIndex({ key: { a: 1, b: 1 }, name: "a_b", unique: true, ...spec });
    return result;
  };
  test("count what is missing as null, unless they are sparse", () => {
    const full = collection({});
    full.insert({ a: 1 });
    expect(codeOf(() => full.insert({ a: 1, b: null }))).toBe(11000);
    const sparse = collection({ sparse: true });
    sparse.insert({});
    sparse.insert({});
    expect(sparse.size).toBe(2);
  });

  test("hold for every element of an array, and let go of what is replaced or removed", () => {
    const it = collection({});
    const first = it.insert({ a: [1, 2], b: 1 });
    expect(codeOf(() => it.insert({ a: 2, b: 1 }))).toBe(11000);
    it.replace(first, { ...first, a: 3 });
    const second = it.insert({ a: 2, b: 1 });
    it.remove(second);
    it.insert({ a: new Double(2), b: 1 });
    expect(it.size).toBe(2);
  });

  test("a refused document leaves nothing behind", () => {
    const it = collection({});
    it.insert({ _id: 1, a: 1 });
    expect(codeOf(() => it.insert({ _id: 2, a: 1 }))).toBe(11000);
    expect(codeOf(() => it.insert({ _id: 1, a: 2 }))).toBe(11000);
    it.insert({ _id: 2, a: 2 });
    expect(it.size).toBe(2);
  });

  test("cannot hold two arrays of one document, whether they are unique or not; two fields of one array they can", () => {
    const it = collection({ unique: false });
    expect(codeOf(() => it.insert({ a: [1], b: [1] }))).toBe(171);
    it.createIndex({ key: { "c.x": 1, "c.y": 1 }, name: "c", unique: true });
    it.insert({
      c: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
    });
    expect(codeOf(() => it.insert({ c: { x: 2, y: 2 } }))).toBe(11000);
    it.insert({ c: { x: 1, y: 2 } });
  });

  test("that are partial hold only for their documents", () => {
    const it = collection({ partialFilterExpression: { live: true } });
    it.insert({ a: 1, b: 1 });
    it.insert({ a: 1, b: 1, live: true });
    it.insert({ a: 1, b: 1 });
    expect(codeOf(() => it.insert({ a: 1, b: 1, live: true }))).toBe(11000);
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
    expect(codeOf(() => it.createIndex({ key: { c: "text" }, name: "u" }))).toBe(85);
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
    expect(codeOf(() => make({ name: "x", ...spec }))).toBe(expected);
  });
});

describe("documents", () => {
  const insert = (document: Document) => new Collection("db", "c").insert(document);

  test("may have fields that begin with a dollar, but in their _id", () => {
    expect(insert({ _id: 1, $b: { $c: 1 } })).toMatchObject({ $b: { $c: new Int32(1) } });
    expect(codeOf(() => insert({ _id: { $b: 1 } }))).toBe(52);
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
    expect(codeOf(() => insert(document))).toBe(expected);
  });
});
