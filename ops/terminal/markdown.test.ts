import { describe, expect, it } from "vitest";
import { code, fenced, folded, link, prose, table, text } from "./markdown.ts";

describe("text", () => {
  it("is text: nothing of it becomes markup", () => {
    expect(text("<b> *x* [y](z) a_b _c_ ~d~ `e` | \\ line\r\n# two")).toBe(
      "\\<b\\> \\*x\\* \\[y\\](z) a_b \\_c\\_ \\~d\\~ \\`e\\` \\| \\\\ line # two",
    );
    expect(text("__init__ é_é")).toBe("\\_\\_init\\_\\_ é_é");
    expect(text("&lt; &#60; R&D &")).toBe("\\&lt; \\&#60; R&D &");
  });

  it("mentions and links nobody in a comment, and is not longer than a line", () => {
    expect(prose("@everyone https://example.com #1 !")).toBe(
      "@\u200beveryone https://\u200bexample.com \\#1 \\!",
    );
    expect(prose("a".repeat(400))).toBe(`${"a".repeat(300)}…`);
    expect(folded("<a> & @b", "body")).toBe(
      "<details><summary>&lt;a&gt; &amp; @\u200bb</summary>\n\nbody\n\n</details>",
    );
  });
});

describe("code", () => {
  it("holds any number of backticks, on one line", () => {
    expect(code("a`b``c")).toBe("```a`b``c```");
    expect(code("`a")).toBe("`` `a ``");
    expect(code("a\nb")).toBe("`a b`");
    expect(fenced("sh", "echo ```")).toBe("````sh\necho ```\n````");
  });

  it("may have a pipe, which ends no cell", () => {
    expect(code("x|y")).toBe("`x|y`");
    expect(table([["a"], [code("x|y")], [text("x|y")]])).toBe(
      "| a      |\n| ------ |\n| `x\\|y` |\n| x\\|y   |",
    );
  });
});

describe("a link", () => {
  it("is not broken out of by its address or its label", () => {
    expect(link("https://example.com/a b)<c>", "h]ere")).toBe(
      "[h\\]ere](https://example.com/a%20b%29%3Cc%3E)",
    );
  });
});
