/** French as it is set and as this project words it. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";

const folder = path.join(root, "docs", "fr");
const pages = (await readdir(folder)).filter((file) => file.endsWith(".md"));

/** A page's sentences: without code, addresses and comments. */
const sentences = (text: string) =>
  text
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`]*`/g, "code")
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll(/<[^>]*>/g, "");

const space = "\u00a0";
/** What breaks, or stands without a space, where French has one that does not break. */
const misplaced = (text: string) =>
  [...text.matchAll(/.{0,20}(?:[^\u00a0][;?!»]|[^\u00a0]:(?=\s|$)|«[^\u00a0]).{0,10}/gmu)].map(
    ([found]) => found,
  );

/** Words of which the project uses another, with that one. */
const otherwise: readonly [RegExp, string][] = [
  [/(?<!\p{L})piles?(?!\p{L})/iu, "stack"],
  [/hébergeur/i, "fournisseur"],
  [/éteindre/i, "supprimer"],
  [/préproduction|pré-production/i, "staging"],
  [/moindre portée/i, "portée minimale"],
  [/mauvais jour/i, "le jour où tout va mal"],
  [/groupe d'environnement/i, "env group"],
  [/(?<!\p{L})(?:de|à) le (?:fournisseur|backend)/iu, "du, au"],
];
const unusual = (text: string) =>
  otherwise.flatMap(([word, instead]) => (word.test(text) ? [`${word.exec(text)?.[0]}: ${instead}`] : []));

describe.each(pages)("docs/fr/%s", (page) => {
  it("has spaces that do not break before : ; ? ! and inside « »", async () => {
    expect(misplaced(sentences(await readFile(path.join(folder, page), "utf8")))).toEqual([]);
  });

  it("has one word for one thing", async () => {
    expect(unusual(sentences(await readFile(path.join(folder, page), "utf8")))).toEqual([]);
  });
});

describe("these tests", () => {
  it.each([
    ["Pour cela : la clé"],
    ["Pour cela: la clé"],
    ["« up »"],
    ["Quoi ?"],
    ["Quoi?"],
    ["non ; oui"],
    ["fin :"],
  ])("find that %j is set wrongly", (text) => {
    expect(misplaced(text)).not.toEqual([]);
  });

  it("find nothing in what is set well", () => {
    expect(misplaced(`Voir${space}: «${space}up${space}»${space}; 12:30, a::b.`)).toEqual([]);
  });

  it("find a word that the project does not use", () => {
    expect(unusual("Éteindre la pile chez un hébergeur")).toHaveLength(3);
  });
});
