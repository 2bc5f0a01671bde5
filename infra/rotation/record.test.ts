import { describe, expect, it } from "vitest";
import { Rotation } from "./index.ts";
import { initial, next, recordOf } from "./record.ts";
import { requestIn } from "./request.ts";

const now = new Date("2026-11-22T10:00:00Z");
const since = now.toISOString();
const request = (text: string) => requestIn({ KAIROS_ROTATE: text });
const kept = (input: object) => [{ type: "pulumi:index:Stash", outputs: { input } }];

describe("the record", () => {
  it("says nothing of a stack that was never rotated", () => {
    expect(recordOf([], "mongodb")).toBe(initial);
    expect(recordOf(kept({ credential: "postgres", current: 2, last: 2, since }), "mongodb")).toBe(initial);
  });

  it("goes one step at a request, and none without", () => {
    expect(next(initial, undefined)).toBe(initial);
    const switched = next(initial, request("mongodb:switch"), now);
    expect(switched).toEqual({ current: 2, retiring: 1, last: 2, since });
    expect(next(switched, undefined)).toBe(switched);
    const retired = next(switched, request("mongodb:retire"), now);
    expect(retired).toEqual({ current: 2, last: 2, since });
    const back = next(next(retired, request("mongodb:switch"), now), request("mongodb:back"), now);
    expect(back).toEqual({ current: 2, retiring: 3, last: 3, since });
    // A number is never used again.
    const again = next(next(back, request("mongodb:retire"), now), request("mongodb:switch"), now);
    expect(again).toEqual({ current: 4, retiring: 2, last: 4, since });
  });

  it.each([
    ["switch", { current: 2, retiring: 1, last: 2, since }],
    ["retire", { current: 2, last: 2, since }],
    ["back", initial],
  ])("refuses %s where it does not fit", (step, record) => {
    expect(() => next(record, request(`mongodb:${step}`))).toThrow(
      new RegExp(`^KAIROS_ROTATE: got mongodb:${step}, but .*nothing was changed$`),
    );
  });
});

describe("the request", () => {
  it.each(["", undefined])("is none when the variable is %j", (text) => {
    expect(requestIn({ KAIROS_ROTATE: text })).toBeUndefined();
  });

  it.each(["mongodb", "mysql:switch", "mongodb:destroy", "mongodb:switch:now"])("refuses %s", (text) => {
    expect(() => request(text)).toThrow(/^KAIROS_ROTATE: got "/);
  });
});

describe("a rotation", () => {
  const switched = kept({ credential: "mongodb", current: 2, retiring: 1, last: 2, since });

  it("is stable without a request, whatever was begun", () => {
    expect(new Rotation("mongodb", switched).numbers).toEqual([2, 1]);
    expect(new Rotation("mongodb", switched).ending).toBeUndefined();
    expect(new Rotation("mongodb").numbers).toEqual([1]);
    expect(new Rotation("mongodb").neverRotated).toBe(true);
  });

  it("is moved by a request for its own database only", () => {
    const retire = request("mongodb:retire");
    expect(new Rotation("mongodb", switched, retire)).toMatchObject({ numbers: [2], ending: 1 });
    expect(new Rotation("postgres", switched, retire).neverRotated).toBe(true);
  });

  it("knows which logins the vendor has issued", () => {
    const existing = kept({ login: "postgres-login-2", user: "kairos_2" });
    const rotation = new Rotation("postgres", existing);
    expect(rotation.issued(2)?.user).toBe("kairos_2");
    expect(rotation.issued(3)).toBeUndefined();
  });
});
