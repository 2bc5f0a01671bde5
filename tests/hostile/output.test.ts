/** Names that vendors and people made up, on a terminal, in Markdown and in JSON: they stay names. */
import fc from "fast-check";
import { Marked, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { UserError } from "../../engine/errors.ts";
import { planMarkdown } from "../../ops/plan/markdown.ts";
import { planText } from "../../ops/plan/text.ts";
import { code, fenced, folded, link, prose, text as shown, table } from "../../ops/terminal/markdown.ts";
import { harmless, json } from "../../ops/terminal/output.ts";
import { json as anything, runs, text, unseen } from "../helpers/hostile.ts";
import { planWith, resource } from "../helpers/plan.ts";

const lines = /[\n\t]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
const colours = /\u001b\[(0|1|2|22|3[0-79])m/g;
/** A name is not empty. */
const name = () => text().map((more) => `n${more}`);

/** What a page makes of Markdown, by kind; a name must make a text, nothing else. */
function kindsIn(markdown: string): string[] {
  const kinds = new Set<string>();
  // An address in a text is shown as one, whole, and leads where it says.
  const marked = new Marked({ tokenizer: { url: () => undefined } });
  marked.walkTokens(marked.lexer(markdown), (token: Token) => void kinds.add(token.type));
  return [...kinds].filter((kind) => !["text", "escape", "paragraph", "space"].includes(kind));
}

/** What stands in Markdown outside of code, or as HTML. */
function textsIn(markdown: string, kind: "text" | "html" = "text"): string {
  const texts: string[] = [];
  const marked = new Marked({ tokenizer: { url: () => undefined } });
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type === kind) texts.push(token.raw);
  });
  return texts.join("\n");
}

/** A plan in which every name is this one. */
const planOf = (name: string) =>
  planWith(
    [
      resource("render:index/postgres:Postgres", name, {
        holdsData: true,
        inputs: { name, plan: name, region: name },
      }),
    ],
    [
      {
        name,
        via: name,
        variables: [{ name, value: name, from: [name] }],
      },
    ],
  );

describe("a name that was found to do harm", () => {
  it("hides what stands before it on a terminal", () => {
    expect(harmless("a \u001b[8mhidden\u001b[0m \u001b[1mbold\u001b[22m \u009b2J \u202etxet\n")).toBe(
      "a \\u001b[8mhidden\u001b[0m \u001b[1mbold\u001b[22m \\u009b2J \\u202etxet\n",
    );
    expect(new UserError("name: got \u001b]8;;x\u0007\nmore").message).toBe(
      "name: got \\u001b]8;;x\\u0007\nmore",
    );
  });

  it("turns the direction of a comment", () => {
    expect(shown("\u202egnp.exe")).toBe("\\\\u202egnp.exe");
    expect(code("\u2066a\u{e0041}")).toBe("`\\u2066a\\udb40\\udc41`");
  });

  it("ends a line of JSON for some readers", () => {
    expect(harmless(json("\u2028\u009b\u202e"))).toBe('"\\u2028\\u009b\\u202e"\n');
  });
});

describe("any name", () => {
  it("on a terminal moves and hides nothing", () => {
    fc.assert(
      fc.property(name(), (name) => {
        expect(harmless(name).replaceAll(lines, "").replaceAll(colours, "")).not.toMatch(unseen);
        expect(harmless(planText(planOf(name))).replaceAll(lines, "")).not.toMatch(unseen);
      }),
      runs(150),
    );
  });

  it("in JSON is the same name", () => {
    fc.assert(
      fc.property(anything(), (value) => {
        const written = harmless(json(value));
        expect(written.replaceAll(lines, "")).not.toMatch(unseen);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      runs(150),
    );
  });

  it("in Markdown is no markup", () => {
    fc.assert(
      fc.property(name(), (name) => {
        for (const written of [
          shown(name),
          prose(name),
          code(name),
          link("https://example.com", name),
          folded(name, "body"),
        ])
          expect(written.replaceAll("\n", "")).not.toMatch(unseen);
        expect(kindsIn(`a ${shown(name)} z`)).toEqual([]);
        expect(kindsIn(`a ${prose(name)} z`)).toEqual([]);
        expect(kindsIn(`a ${code(name)} z`)).toEqual(["codespan"]);
        // At most: marked takes an escaped bracket before a parenthesis for the end of the text, GitHub does not.
        expect(kindsIn(link("https://example.com", name)).filter((kind) => kind !== "link")).toEqual([]);
        expect(kindsIn(fenced("sh", name)).filter((kind) => kind !== "code")).toEqual([]);
        const [row] = new Marked().lexer(table([["a"], [shown(name)], [code(name)]]));
        expect(row).toMatchObject({ type: "table", header: { length: 1 }, rows: { length: 2 } });
      }),
      runs(200),
    );
  });

  it("in the comment on a change is no markup", () => {
    const ours = kindsIn(planMarkdown(planOf("a-name"))).sort();
    fc.assert(
      fc.property(name(), (name) => {
        const written = planMarkdown(planOf(name));
        expect(written.replaceAll("\n", "")).not.toMatch(unseen);
        expect(ours).toEqual(expect.arrayContaining(kindsIn(written).filter((kind) => kind !== "html")));
        expect(textsIn(written, "html").replaceAll(/<\/?(details|summary)>/g, "")).not.toContain("<");
        // Inside of code GitHub mentions nobody.
        expect(textsIn(written)).not.toMatch(/@\w|:\/\/(?!\u200b)/);
      }),
      runs(100),
    );
  });
});
