import { describe, expect, it } from "vitest";
import { accessEntry, planWith } from "../../tests/helpers/plan.ts";
import { compare } from "./compare.ts";
import { comparisonMarkdown, planMarkdown } from "./markdown.ts";

/** Markdown without code and HTML tags that are meant: what is left of a placeholder there would be taken for one. */
const unescaped = (text: string) =>
  text.replaceAll(/`[^`]*`|<\/?(details|summary|sub)>|<br>/g, "").match(/(?<!\\)<[^>]+>/g) ?? [];

describe("Markdown", () => {
  const before = planWith([accessEntry("<one>", "a")]);
  const after = {
    ...planWith(
      [accessEntry("<one>", "a"), accessEntry("<two>", "b")],
      [
        {
          name: "kairos-<service>",
          via: "group",
          variables: [{ name: "A", value: "<a>", from: ["mongodb-access-<two>"] }],
        },
      ],
    ),
    warnings: ["kairos:x: <three> @everyone"],
    needed: ["kairos:y: missing (placeholder <four>)"],
  };

  it("of a plan shows placeholders, which GitHub would drop as tags, and mentions nobody", () => {
    const text = planMarkdown(after);
    for (const name of ["<service>", "<two>", "<three>", "<four>"])
      expect(text).toMatch(new RegExp(`\\\\${name.replace(">", "\\\\>")}|${name}|&lt;service&gt;`));
    expect(unescaped(text)).toEqual([]);
    expect(text).toContain("@\u200beveryone");
  });

  it("of a comparison, too", () => {
    expect(unescaped(comparisonMarkdown(compare(before, after), "HEAD", after))).toEqual([]);
    const changed = planWith([
      { ...accessEntry("<one>", "a"), inputs: { cidrBlock: "<one>", comment: "a" } },
    ]);
    const text = comparisonMarkdown(compare(before, changed), "HEAD", changed);
    expect(text).toMatch(/<summary>prod: \d+ propert(y|ies), old and new<\/summary>/);
  });
});
