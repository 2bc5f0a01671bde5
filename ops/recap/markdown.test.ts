import { describe, expect, it } from "vitest";
import { code, fenced, linked, md, numbered, table, when } from "./markdown.ts";

describe("a template", () => {
  it("takes what is put into it as text, and what stands in it as Markdown", () => {
    const text = String(md`**bold** ${"<b> *x* [y](z) a_b _c_ | \\ &lt; line\n# two"}`);
    expect(text).toBe("**bold** \\<b\\> \\*x\\* \\[y\\](z) a_b \\_c\\_ \\| \\\\ \\&lt; line # two");
  });

  it("holds templates, numbers and code, and a line for each of several", () => {
    const points = ["a*", "b"].map((name) => md`- ${name}`);
    expect(String(md`${1} ${md`*${"*"}*`} ${code("`a")}`)).toBe("1 *\\** `` `a ``");
    expect(String(md`\nList:\n\n${points}\n`)).toBe("List:\n\n- a\\*\n- b");
  });

  it("leaves no trace of a line or a paragraph that there is not", () => {
    expect(String(md`a\n${false}\nb\n${undefined}`)).toBe("a\nb");
    expect(String(md`a\n\n${when(false)`- ${"x"}`}\n\nb`)).toBe("a\n\nb");
    expect(String(md`a\n\n${when(true)`- ${"x"}`}\n\nb`)).toBe("a\n\n- x\n\nb");
    // In a line it takes nothing along.
    expect(String(md`a${false}\nb ${[]}c`)).toBe("a\nb c");
  });
});

describe("Markdown", () => {
  it("numbers what there is", () => {
    expect(String(numbered([false, "a", md`**b**`]))).toBe("1. a\n2. **b**");
  });

  it("lets a cell hold a pipe, and escapes its text", () => {
    expect(String(table(["a", "b"], [[code("x|y"), "x|*y*"]]))).toMatch(/\| `x\\\|y` \| x\\\|\\\*y\\\* \|/);
  });

  it("fences text as it is, and lines each on its own", () => {
    expect(String(fenced("sh", "a\nb"))).toBe("```sh\na\nb\n```");
    expect(String(fenced("", ["a\nb", "```"]))).toBe("````\na b\n```\n````");
  });

  it("links the addresses in a text, and nothing else of it", () => {
    expect(String(linked("see https://example.com/a. *Or* not: http://x."))).toBe(
      "see [https://example.com/a](https://example.com/a). \\*Or\\* not: http://x.",
    );
  });
});
