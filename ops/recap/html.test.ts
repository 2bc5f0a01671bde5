/** The page: well-formed, self-contained, and all text escaped. */
import { beforeAll, describe, expect, it } from "vitest";
import { recapOf } from "./document.ts";
import { htmlOf } from "./html.ts";
import type { Document, Section } from "./model.ts";
import {
  factsOf,
  mongodbDown,
  mongodbWell,
  plannedProduction,
  postgresConflict,
  redisOff,
  statusWith,
} from "./testing.ts";
import { recapWords } from "./words/index.ts";

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
      for (const language of ["fr", "en"] as const) documents.push(recapOf(facts, recapWords(language)));
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
    const headings = ({ title, sections }: Section, level: number): string[] => [
      `${level} ${title}`,
      ...sections.flatMap((inner) => headings(inner, level + 1)),
    ];
    for (const [index, page] of pages.entries()) {
      const expected = documents[index]?.sections.flatMap((one) => headings(one, 2)) ?? [];
      const found = [...page.matchAll(/<section [^>]*>\n<h([2-6])>(?:<span [^>]*>[^<]*<\/span> )?([^<]*)/g)];
      const unescaped = (text: string) => text.trim().replaceAll("&#39;", "'").replaceAll("&quot;", '"');
      expect(found.map(([, level, title]) => `${level} ${unescaped(title ?? "")}`)).toEqual(expected);
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

  it("escapes what servers say", async () => {
    const evil = `<img src=x onerror="alert('1')">&amp;`;
    const mongodb = {
      ...mongodbWell,
      facts: { ...mongodbWell.facts, version: evil, collections: [{ name: evil, indexes: [evil] }] },
    };
    const facts = factsOf(await plannedProduction(), statusWith({ mongodb }));
    const page = htmlOf(recapOf(facts, recapWords("fr")));
    expect(parsed(page).tags.filter(({ name }) => name === "img")).toEqual([]);
    expect(page).toContain("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;");
  });
});
