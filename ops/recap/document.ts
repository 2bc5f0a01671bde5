/** The recap: every part in the seed's order, as Markdown, which is what GitHub shows and a page is made of. */
import { type Language, typeset } from "../terminal/language.ts";
import type { Facts } from "./facts.ts";
import { modelOf } from "./model.ts";
import { wordsIn } from "./parts.ts";
import { type PartName, partNames, recapIn } from "./template.ts";

/** A document that is filled in. */
export interface Document {
  language: Language;
  labels: ReturnType<typeof wordsIn>["labels"];
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
  const [lead, ...parts] = recapIn(language, modelOf(facts)).map((part) => typesetMarkdown(part, language));
  const [, title = "", intro = ""] = /^# (.*)\n\n([\s\S]*)/.exec(lead ?? "") ?? [];
  return {
    language,
    labels: wordsIn(language).labels,
    title,
    intro,
    parts: Object.fromEntries(partNames.map((name, index) => [name, parts[index]])) as Record<
      PartName,
      string
    >,
    closing: parts.at(-1) ?? "",
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
