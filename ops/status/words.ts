/** The words of a status, without those of advice/, in one language: words.json. */
import { list } from "../terminal/amounts.ts";
import { decimalIn, filled, inLanguage, type Language } from "../terminal/language.ts";
import table from "./words.json" with { type: "json" };

export type Words = ReturnType<typeof wordsIn>;

export function wordsIn(language: Language) {
  const texts = inLanguage(table, language);
  const { yes, no, none } = texts.facts;
  const written = (part: unknown): string => {
    if (typeof part === "number") return decimalIn(language, part);
    if (typeof part === "boolean") return part ? yes : no;
    return Array.isArray(part) ? list(part) || none : String(part ?? "");
  };
  /** A text with facts put in as the language writes them: numbers, yes and no, lists. Of what nobody knows, nothing. */
  function fill(text: string, facts: object): string;
  function fill(text: string, facts: object | undefined): string | undefined;
  function fill(text: string, facts: object | undefined): string | undefined {
    const parts = Object.entries(facts ?? {}).map(([name, part]) => [name, written(part)]);
    return facts && filled(text, Object.fromEntries(parts));
  }
  return { ...texts, language, fill };
}
