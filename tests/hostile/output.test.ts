/** Names that vendors and people made up, on a terminal, in Markdown and in JSON: they stay names. */
import fc from "fast-check";
import { Marked, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { UserError } from "../../engine/errors.ts";
import { type AdoptReport, reportOf, reportText } from "../../ops/adopt/report.ts";
import { diagramOf } from "../../ops/diagram/index.ts";
import { planMarkdown } from "../../ops/plan/markdown.ts";
import { planText } from "../../ops/plan/text.ts";
import { markdownOf, recapOf } from "../../ops/recap/document.ts";
import { htmlOf } from "../../ops/recap/html.ts";
import { type DriftReport, driftMarkdown, driftText } from "../../ops/review/drift-report.ts";
import { statusMarkdown } from "../../ops/status/markdown.ts";
import type { Status } from "../../ops/status/model.ts";
import { statusLines, statusText } from "../../ops/status/text.ts";
import { wordsIn } from "../../ops/status/words.ts";
import { code, fenced, folded, link, prose, text as shown, table } from "../../ops/terminal/markdown.ts";
import { harmless, json } from "../../ops/terminal/output.ts";
import { json as anything, runs, text, unseen } from "../helpers/hostile.ts";
import { planWith, resource } from "../helpers/plan.ts";
import { factsOf, mongodbWell, plannedProduction, postgresWell, statusWith } from "../helpers/recap.ts";

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

/** A status in which every name that comes from a vendor, a database or a person is this one. */
function statusOf(name: string): Status {
  const trace = { since: "2026-01-14T18:30:00Z", by: { person: name } };
  const found = { kind: "service" as const, vendor: "Render" as const, name, id: name, in: name, ...trace };
  return {
    ...statusWith(
      {
        mongodb: {
          ...mongodbWell,
          from: { service: name, driver: name },
          remarks: [{ kind: "database-near-miss", severity: "warning", names: [name] }],
          facts: {
            ...mongodbWell.facts,
            version: name,
            topology: { kind: "replica set", set: name, primary: name, members: 1 },
            database: { asked: name, exists: true, nearMisses: [name], inUrl: name },
            collections: [{ name, indexes: [name] }],
            rights: { user: name, canRead: true, canWrite: true, beyond: [name] },
          },
        },
        postgres: {
          ...postgresWell,
          facts: {
            ...postgresWell.facts,
            database: name,
            role: { name, superuser: true },
            elsewhere: [name],
          },
        },
      },
      { source: { kind: "file", file: name } },
    ),
    notInside: [name],
    strangers: {
      state: "warning",
      found: [found],
      unseen: [name],
      gone: [{ index: 0, kind: "service", name }],
    },
    backups: [
      {
        database: "postgres",
        name,
        vendor: "Render",
        state: "unchecked",
        unseen: name,
        left: name,
        remarks: [],
      },
    ],
  };
}

/** The same of a drift, and of an adoption. */
const driftOf = (name: string): DriftReport => ({
  schema: 1,
  stack: "prod",
  drift: [
    {
      ...{ urn: name, resource: name, type: name, what: "changed", since: "2026-01-14T18:30:00Z" },
      by: { person: name },
      properties: [{ name, undo: "undone", values: [{ at: name, stack: name, vendor: name }] }],
    },
  ],
  undo: "pulumi up",
  unseen: [name],
});
const adoptionOf = (name: string): AdoptReport =>
  reportOf("prod", "Pulumi.prod.yaml", {
    found: [{ vendor: "Render", kind: name, name, id: name, chosen: true, note: name }],
    differences: [{ what: name, is: name, wouldBe: name, keptBy: name }],
    variables: [{ service: name, variable: name, setBy: name, comparison: name }],
    missing: [name],
    untouched: [name],
  });

const production = await plannedProduction();
const languages = { en: wordsIn("en"), fr: wordsIn("fr") };

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

  it("in every other report on a terminal moves and hides nothing", () => {
    fc.assert(
      fc.property(name(), (name) => {
        const status = statusOf(name);
        for (const written of [
          statusText(status, languages.en),
          statusText(status, languages.fr),
          statusLines(status, languages.en),
          driftText(driftOf(name)),
          reportText(adoptionOf(name)),
          diagramOf(planOf(name)),
        ])
          expect(harmless(written).replaceAll(lines, "").replaceAll(colours, "")).not.toMatch(unseen);
      }),
      runs(25),
    );
  });

  const documents: [what: string, write: (name: string) => string][] = [
    ["a status", (name) => statusMarkdown(statusOf(name), languages.en)],
    ["a status in French", (name) => statusMarkdown(statusOf(name), languages.fr)],
    ["a drift", (name) => driftMarkdown(driftOf(name))],
    ["a recap", (name) => markdownOf(recapOf(factsOf(production, statusOf(name), true), "fr"))],
  ];
  it.each(documents)("in %s in Markdown is no markup", (_, write) => {
    const ours = kindsIn(write("a-name"));
    fc.assert(
      fc.property(name(), (name) => {
        const written = write(name);
        expect(written.replaceAll("\n", "")).not.toMatch(unseen);
        expect(ours).toEqual(expect.arrayContaining(kindsIn(written)));
      }),
      runs(60),
    );
  });

  it("in a recap in HTML is no tag and no script", () => {
    const tags = (name: string) =>
      htmlOf(recapOf(factsOf(production, statusOf(name), true), "en"))
        .replaceAll(/ id="[\p{L}\p{N}_-]*"/gu, "")
        .match(/<[a-z!/][^>]*>/gi) ?? [];
    const ours = new Set(tags("a-name"));
    fc.assert(
      fc.property(name(), (name) => {
        expect(tags(name).filter((tag) => !ours.has(tag))).toEqual([]);
      }),
      runs(40),
    );
  });
});
