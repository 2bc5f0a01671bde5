/** The recap: every part in the seed's order, as Markdown, which is what GitHub shows and a page is made of. */
import type { Language } from "../status/words/index.ts";
import type { Facts } from "./facts.ts";
import { modelOf } from "./model.ts";
import { en } from "./templates/en.ts";
import { fr } from "./templates/fr.ts";
import { type PartName, partNames, type Words } from "./templates/parts.ts";

/** A document that is filled in. */
export interface Document extends Pick<Words, "language" | "labels"> {
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
  const template = { fr, en }[language];
  const model = modelOf(facts);
  const parts = partNames.map((name) => [name, String(template[name](model))]);
  return {
    language,
    labels: template.words.labels,
    title: template.title,
    intro: String(template.intro(model)),
    parts: Object.fromEntries(parts),
    closing: String(template.closing(model)),
  };
}

/** The whole document. Ends with a newline. */
export function markdownOf({ title, intro, parts, closing }: Document): string {
  const ruled = [...partNames.map((name) => parts[name]), closing].flatMap((part) => ["---", part]);
  return `${[`# ${title}`, intro, ...ruled].join("\n\n")}\n`;
}
