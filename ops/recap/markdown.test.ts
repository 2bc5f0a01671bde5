import { describe, expect, it } from "vitest";
import { markdownOf } from "./markdown.ts";
import { type Block, code, type Document, link, paragraph, say, section, strong } from "./model.ts";

/** A document of one section with these blocks, and the lines of that section. */
function linesOf(...blocks: Block[]): string {
  const document: Document = {
    language: "en",
    emoji: "🗄️",
    title: "Title",
    blocks: [],
    sections: [section({ id: "one", title: "One", mark: "bad" }, blocks)],
    closing: ["End"],
    labels: {
      contents: "",
      colon: ": ",
      marks: { good: "", warning: "", bad: "", note: "", unchecked: "" },
      ticked: "",
      unticked: "",
    },
  };
  return markdownOf(document);
}

describe("Markdown", () => {
  it("is headings with their marks, rules between sections, the closing below", () => {
    expect(linesOf(paragraph(["Text"]))).toBe("# 🗄️ Title\n\n---\n\n## One ❌\n\nText\n\n---\n\nEnd\n");
  });

  it("writes lists, checklists and logs", () => {
    const text = linesOf(
      { kind: "list", ordered: true, items: [{ content: ["a"] }, { mark: "good", content: ["b"] }] },
      {
        kind: "checklist",
        items: [
          { ticked: true, content: ["c"] },
          { ticked: false, content: ["d"] },
        ],
      },
      { kind: "log", lines: [{ mark: "warning", text: "e" }] },
    );
    expect(text).toContain("1. a\n2. ✅ b");
    expect(text).toContain("- [x] c\n- [ ] d");
    expect(text).toContain("```\n⚠️ e\n```");
  });

  it("takes text as text: nothing of it becomes markup", () => {
    const text = linesOf(paragraph(say`<b> *x* [y](z) ${strong("a_b _c_")} | \\ ${"line\n# two"}`));
    expect(text).toContain("\\<b\\> \\*x\\* \\[y\\](z) **a_b \\_c\\_** \\| \\\\ line # two");
  });

  it("takes code as code, with any number of backticks and on one line", () => {
    expect(linesOf(paragraph([code("a`b``c")]))).toContain("```a`b``c```");
    expect(linesOf(paragraph([code("`a")]))).toContain("`` `a ``");
    expect(linesOf(paragraph([code("a\nb")]))).toContain("`a b`");
    expect(linesOf({ kind: "code", language: "sh", text: "echo ```" })).toContain("````sh\necho ```\n````");
  });

  it("lets a cell hold a pipe", () => {
    const text = linesOf({
      kind: "table",
      head: ["a", "b"],
      rows: [[{ content: [code("x|y")] }, { mark: "good", content: ["x|y"] }]],
    });
    expect(text).toMatch(/\| `x\\\|y` \| ✅ x\\\|y \|/);
  });

  it("lets no address break out of its link", () => {
    expect(linesOf(paragraph([link("https://example.com/a b)<c>", "here")]))).toContain(
      "[here](https://example.com/a%20b%29%3Cc%3E)",
    );
  });
});
