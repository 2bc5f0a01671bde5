/**
 * The recap from top to bottom, every part in the seed's order, as Markdown, which is what GitHub shows and a page is made of.
 *
 * template.fr.md is the document that people wrote by hand, with what is known in its place, template.en.md the same in
 * English. Each is what stands between the backticks of a template literal, so that it reads as the document; its parts are
 * divided as the document's are, by a line of dashes.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../bundle.mjs";
import { type Language, typeset } from "../terminal/language.ts";
import { redisCommands } from "./database.ts";
import type { Facts } from "./facts.ts";
import * as markdown from "./markdown.ts";
import { modelOf } from "./model.ts";
import { partsIn } from "./parts.ts";

/** The parts, in the seed's order. Their names are a page's anchors: the same in every language. */
export const partNames = [
  "overview",
  "mongodb",
  "postgres",
  "redis",
  "services",
  "checklist",
  "errors",
  "summary",
  "steps",
  "documentation",
] as const;
export type PartName = (typeof partNames)[number];

/** A document that is filled in. */
export interface Document {
  language: Language;
  /** Begins with an emoji, as the parts' headings do. */
  title: string;
  intro: string;
  parts: Record<PartName, string>;
  closing: string;
}

/**
 * The document of a stack. Holds no secret, and no host name unless the facts allow it. The same facts give the
 * same document.
 */
export function recapOf(facts: Facts, language: Language): Document {
  const say = partsIn(language);
  const { point, tick } = say;
  const known = { m: modelOf(facts), say, point, tick, redisCommands, ...markdown };
  const [lead = "", ...parts] = readFileSync(
    path.join(root, "ops", "recap", `template.${language}.md`),
    "utf8",
  )
    .split(/^---$/m)
    // The file is this repository's own, as the program is; what it is filled with is never read as code.
    .map((part) => new Function(...Object.keys(known), `return md\`${part}\``)(...Object.values(known)))
    .map((part) => typesetMarkdown(String(part), language));
  const [, title = "", intro = ""] = /^# (.*)\n\n([\s\S]*)/.exec(lead) ?? [];
  const named = Object.fromEntries(partNames.map((name, index) => [name, parts[index]]));
  return {
    ...{ language, title, intro, closing: parts.at(-1) ?? "" },
    parts: named as Document["parts"],
  };
}

/** Blocks of code, and code in a line: in as many backticks as the code has not. */
const verbatim = /^(`{3,})[^\n]*\n[\s\S]*?\n\1$|(`+)[\s\S]*?[^`]\2(?!`)/gm;

/** Typeset around what is code. */
function typesetMarkdown(source: string, language: Language): string {
  let at = 0;
  let result = "";
  for (const { 0: code, index } of source.matchAll(verbatim)) {
    result += typeset(source.slice(at, index), language) + code;
    at = index + code.length;
  }
  return result + typeset(source.slice(at), language);
}

/** The whole document. Ends with a newline. */
export function markdownOf({ title, intro, parts, closing }: Document): string {
  const ruled = [...partNames.map((name) => parts[name]), closing].flatMap((part) => ["---", part]);
  return `${[`# ${title}`, intro, ...ruled].join("\n\n")}\n`;
}
