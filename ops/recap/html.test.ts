/** The page: well-formed, self-contained, and all text escaped. */

import { html } from "hono/html";
import { beforeAll, describe, expect, it } from "vitest";
import {
  factsOf,
  mongodbDown,
  mongodbWell,
  plannedProduction,
  postgresConflict,
  postgresWell,
  redisOff,
  statusWith,
} from "../../tests/helpers/recap.ts";
import type { Remark } from "../status/model.ts";
import { type Document, markdownOf, recapOf } from "./document.ts";
import type { Planned } from "./facts.ts";
import { htmlOf } from "./html.ts";

const empty = new Set(["meta", "link", "use", "path", "circle", "rect"]);

interface Tag {
  name: string;
  attributes: Record<string, string>;
}

/** Reads a page strictly: each tag closed in order, each attribute quoted. Gives its tags and its text. */
function parsed(html: string): { tags: Tag[]; text: string } {
  const tags: Tag[] = [];
  const open: string[] = [];
  let text = "";
  const body = html.replace(/^<!doctype html>\n/, "").replace(/<style>[\s\S]*?<\/style>/, "");
  const token = /<\/([a-z0-9]+)>|<([a-z0-9]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy;
  let at = 0;
  for (const match of body.matchAll(token)) {
    at = match.index + match[0].length;
    const [, closes, opens, attributes = "", selfClosing, words] = match;
    if (words !== undefined) text += words;
    if (closes !== undefined && open.pop() !== closes) throw new Error(`</${closes}> closes nothing`);
    if (opens === undefined) continue;
    tags.push({
      name: opens,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      ),
    });
    if (!empty.has(opens) && selfClosing === "") open.push(opens);
  }
  if (at !== body.length) throw new Error(`no HTML at: ${body.slice(at, at + 60)}`);
  if (open.length > 0) throw new Error(`never closed: ${open.join(" ")}`);
  return { tags, text };
}

describe("the strict reader itself", () => {
  it.each(["<p>", "<p></b></p>", "<p a=b></p>", "<p>a < b</p>", '<p a="<b>"></p>'])("refuses %s", (html) => {
    expect(() => parsed(html)).toThrow();
  });
});

/** A title without the mark behind it, escapes and entities. */
const plain = (title: string) =>
  title
    .replaceAll(/\\(?=[^\w\s])/g, "")
    .replace(/ (✅|⚠️|❌|ℹ️|❔)$/u, "")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .trim();

describe("the page", () => {
  const documents: Document[] = [];
  const pages: string[] = [];
  beforeAll(async () => {
    const planned = await plannedProduction();
    const off = await plannedProduction({ redis: { provider: "none" } });
    const statuses = [
      factsOf(planned),
      factsOf(planned, statusWith()),
      factsOf(off, statusWith({ mongodb: mongodbDown, postgres: postgresConflict, redis: redisOff })),
    ];
    for (const facts of statuses)
      for (const language of ["fr", "en"] as const) documents.push(recapOf(facts, language));
    pages.push(...documents.map(htmlOf));
  });

  it("is well-formed", () => {
    expect(pages).toHaveLength(6);
    for (const page of pages) expect(parsed(page).tags.length).toBeGreaterThan(200);
  });

  it("says its language", () => {
    expect(pages.map((page) => parsed(page).tags[0]?.attributes.lang)).toEqual([
      "fr",
      "en",
      "fr",
      "en",
      "fr",
      "en",
    ]);
  });

  it("has a heading for each section, on its level, and a contents that leads there", () => {
    for (const [index, page] of pages.entries()) {
      const sources = Object.values(documents[index]?.parts ?? {}).join("\n");
      const outside = sources.replaceAll(/^(```+)[\s\S]*?^\1$/gm, "");
      const expected = [...outside.matchAll(/^(##+) (.*)$/gm)].map(
        ([, level = "", title = ""]) => `${level.length} ${plain(title)}`,
      );
      const found = [...page.matchAll(/<h([2-6])(?: id="[^"]*")?>(.*)<\/h\1>/g)].map(
        ([, level, title = ""]) => `${level} ${plain(parsed(title).text)}`,
      );
      expect(found).toEqual(expected);
      const { tags } = parsed(page);
      const ids = tags.flatMap(({ attributes }) => attributes.id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      const anchors = tags.flatMap(({ attributes: { href } }) =>
        href?.startsWith("#") ? href.slice(1) : [],
      );
      expect(anchors.length).toBeGreaterThan(10);
      for (const anchor of anchors) expect(ids).toContain(anchor);
    }
  });

  it("asks nobody for anything: addresses are in links only, and there are no scripts", () => {
    for (const page of pages) {
      const { tags } = parsed(page);
      const names = new Set(tags.map(({ name }) => name));
      for (const name of ["script", "img", "iframe", "object", "embed", "form", "base", "video", "audio"])
        expect(names).not.toContain(name);
      for (const { name, attributes } of tags)
        for (const [attribute, value] of Object.entries(attributes))
          if (/\/\//.test(value)) expect([name, attribute]).toEqual(["a", "href"]);
      expect(page).not.toMatch(/url\(|@import|\bon[a-z]+=/);
      const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
      expect(style).not.toContain("//");
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    }
  });

  it("names every picture and every table's cells for who listens", () => {
    for (const page of pages)
      for (const { name, attributes } of parsed(page).tags) {
        if (name === "svg" && attributes["aria-hidden"] !== "true")
          expect(attributes["aria-label"]).not.toBe("");
        if (name === "th") expect(attributes.scope).toMatch(/^(col|row)$/);
      }
  });

  describe("escapes what servers say", () => {
    /** What would be markup, in HTML or in Markdown, a mark, an address, and a line of its own. */
    const evil = `<img src=x onerror="alert('1')">&amp; | \`<script>\` **b** [c](javascript:d) ✅ https://e.invalid\n## ✅ f`;
    let planned: Planned;
    beforeAll(async () => {
      planned = await plannedProduction();
    });

    function documentWith(evil: string): Document {
      const remark: Remark = { kind: "tables-missing", severity: "warning", names: [evil], sql: ["a ``` b"] };
      const mongodb = {
        ...mongodbWell,
        facts: { ...mongodbWell.facts, version: evil, collections: [{ name: evil, indexes: [evil] }] },
      };
      const postgres = {
        ...postgresWell,
        state: "warning" as const,
        remarks: [remark],
        facts: { ...postgresWell.facts, role: { name: evil, superuser: false } },
      };
      return recapOf(factsOf(planned, statusWith({ mongodb, postgres })), "fr");
    }

    it("as text in running text, in code and in the lines of the checks", () => {
      const { tags, text } = parsed(htmlOf(documentWith(evil)));
      expect(tags.filter(({ name }) => name === "img" || name === "script" || name === "b")).toEqual([]);
      // Twice in code, twice in the lines of the checks, once in a heading.
      const shown = evil.replaceAll("\n", " ");
      const escaped = String(html`${shown}`);
      expect(text.split(escaped).length - 1).toBe(5);
      expect(markdownOf(documentWith(evil))).not.toMatch(/^## ✅ f/m);
    });

    it("makes no picture of a mark that is not its own", () => {
      const pictures = (name: string) => htmlOf(documentWith(name)).split("<use ").length;
      expect(pictures(evil)).toBe(pictures(evil.replaceAll("✅", "x")));
      expect(pictures("✅ ok")).toBe(pictures("ok"));
    });

    it("links no address that is only named", () => {
      const links = parsed(htmlOf(documentWith(evil))).tags.flatMap(({ attributes: { href = "" } }) => href);
      expect(links.filter((href) => /invalid|javascript/.test(href))).toEqual([]);
    });
  });
});
