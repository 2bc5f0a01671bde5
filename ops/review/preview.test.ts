import { describe, expect, it } from "vitest";
import { approvalMarkdown } from "./approval.ts";
import { type PreviewJson, previewOf } from "./preview.ts";

const urn = (name: string) => `urn:pulumi:prod::kairos::a:b:C::${name}`;
const step = (op: string, name: string, before?: object, after?: object) => ({
  op,
  urn: urn(name),
  ...(before && { oldState: { type: "a:b:C", inputs: before as Record<string, unknown> } }),
  ...(after && { newState: { type: "a:b:C", inputs: after as Record<string, unknown> } }),
});
const preview: PreviewJson = {
  steps: [
    step("same", "still", { a: 1 }, { a: 1 }),
    step("update", "database", { plan: "a", name: "x" }, { name: "x", plan: "b" }),
    step("delete", "redis", { name: "r" }),
  ],
};
const digest = (steps: PreviewJson["steps"] = []) => previewOf({ steps }).digest;

describe("previewOf", () => {
  it("names what changes, what goes first", () => {
    expect(previewOf(preview).steps).toEqual([
      { op: "delete", name: "redis", type: "a:b:C", properties: [] },
      { op: "update", name: "database", type: "a:b:C", properties: ["plan"] },
    ]);
  });

  it("gives one digest whatever the order, and whatever stays as it is", () => {
    const [still, update, removal] = preview.steps ?? [];
    const same = digest(preview.steps);
    expect(digest([removal, update, still].flatMap((one) => one ?? []))).toBe(same);
    expect(digest([update, removal].flatMap((one) => one ?? []))).toBe(same);
  });

  it.each([
    ["another value", [step("update", "a", { p: 1 }, { p: 3 })]],
    ["another operation", [step("replace", "a", { p: 1 }, { p: 2 })]],
    ["another resource", [step("update", "b", { p: 1 }, { p: 2 })]],
    ["another start", [step("update", "a", { p: 0 }, { p: 2 })]],
    ["one more step", [step("update", "a", { p: 1 }, { p: 2 }), step("create", "c", undefined, {})]],
    ["nothing", []],
  ])("gives another digest for %s", (_, steps) => {
    expect(digest(steps)).not.toBe(digest([step("update", "a", { p: 1 }, { p: 2 })]));
  });
});

describe("approvalMarkdown", () => {
  it("shows names and no value", () => {
    const text = approvalMarkdown({ stack: "prod", ...previewOf(preview), matches: undefined });
    expect(text).toContain("### 🛑 prod: 2 steps, **1 that take something away**");
    expect(text).toMatch(/\*\*delete\*\* \| `redis`/);
    expect(text).toContain("to be approved");
  });

  it("says that it is not what was approved", () => {
    const text = approvalMarkdown({ stack: "prod", ...previewOf(preview), matches: false });
    expect(text).toContain("### 🛑 prod: not what was approved; nothing is changed");
  });
});
