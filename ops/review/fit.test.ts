import { describe, expect, it } from "vitest";
import { commentLimit, withinLimit } from "./fit.ts";

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
