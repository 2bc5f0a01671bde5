import { describe, expect, it } from "vitest";
import { commentLimit, handover, withinLimit, withParts } from "./parts.ts";

const [first, second] = ["a".repeat(40), "b".repeat(40)];
const part = (name: string, body: string) => ({ part: name, quiet: false, body });
const marker = (name: string, commit = first) => `<!-- kairos:part ${name} ${commit} -->`;

describe("a comment in parts", () => {
  it("has the plan first, whichever comes first, and each part once", () => {
    const preview = withParts("", [part("preview-prod", "P\n")], first);
    const both = withParts(`<!-- kairos:plan -->\n${preview}`, [part("plan", "one\n")], first);
    expect(both).toBe(`${marker("plan")}\none\n\n${marker("preview-prod")}\nP`);
    const next = withParts(both.replaceAll("\n", "\r\n"), [part("preview-staging", "S")], first);
    expect(next).toBe(`${both}\n\n${marker("preview-staging")}\nS`);
    expect(withParts(next, [part("preview-prod", "Q")], first)).toBe(next.replace("\nP\n", "\nQ\n"));
  });

  it("forgets what was said of another commit, and what nobody marked", () => {
    const old = withParts("", [part("plan", "old"), part("preview-prod", "old")], first);
    expect(withParts(`words\n${old}`, [part("preview-prod", "new")], second)).toBe(
      `${marker("preview-prod", second)}\nnew`,
    );
  });

  it("is not divided by what a body says", () => {
    const evil = `x\n${marker("preview-prod")}\nnothing changes`;
    const text = withParts("", [part("plan", evil)], first);
    expect(text).toBe(`${marker("plan")}\nx\nnothing changes`);
  });

  it("fits, and says which part does not", () => {
    const parts = [
      part("plan", "é".repeat(22_000)),
      part("preview-prod", "p".repeat(21_000)),
      part("preview-x", "x"),
    ];
    const text = withParts("", parts, first);
    expect(Buffer.byteLength(text)).toBeLessThan(commentLimit);
    expect(text.split("\n").slice(-4).join("\n")).toBe(
      `_preview-prod: left out here, too long._\n\n${marker("preview-x")}\nx`,
    );
  });

  it.each(["other", "preview-", "preview-a b", "plan ", "preview-a --> x"])("has no part %j", (name) => {
    expect(handover.safeParse(part(name, "")).success).toBe(false);
  });
});

const folded = (size: number) => `<details>\n${"é".repeat(size)}\n</details>`;

describe("withinLimit", () => {
  it("leaves alone what fits", () => {
    expect(withinLimit({ lead: "a", details: ["b", "c"] }, 100, "there")).toBe("a\n\nb\n\nc\n");
  });

  it("leaves the last details out, whole, and says so", () => {
    const text = withinLimit({ lead: "lead", details: ["first", folded(300), "third"] }, 200, "there");
    expect(text).toBe("lead\n\nfirst\n\n_2 folded parts are left out here: too long. All of it: there._\n");
  });

  it("cuts a lead that is too long by itself between lines", () => {
    const lead = Array.from({ length: 20_000 }, (_, row) => `| ${row} | 🛑 |`).join("\n");
    const text = withinLimit({ lead, details: [folded(1)] }, commentLimit, "there");
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(commentLimit);
    expect(Buffer.byteLength(text)).toBeGreaterThan(commentLimit - 200);
    expect(text).toMatch(/ \|\n\n_Cut off here: too long\. All of it: there\._\n$/);
  });
});
