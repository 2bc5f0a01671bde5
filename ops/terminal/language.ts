/** The languages of what people read, and what all texts have in common. */
import { decimalFr, plural, pluralFr } from "./amounts.ts";

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

/** The same in each language. */
export type Both<T = string> = readonly [en: T, fr: T];

/** What differs from one use of a text to the next, by the name that stands in braces in it. */
export type Parts = Readonly<Record<string, string | number>>;

export const textIn = <T>(both: Both<T>, language: Language): T => both[languages.indexOf(language)] as T;

/** A number as the language writes it. */
export const decimalIn = (language: Language, value: number | string): string =>
  language === "fr" ? decimalFr(value) : String(value);

/** How many of something, by its noun in each language, and its plural where that is not just an s more. */
export function countIn(
  language: Language,
  number: number,
  [en, enMore]: readonly [string, string?],
  [fr, frMore]: readonly [string, string?],
): string {
  return language === "fr" ? pluralFr(number, fr, frMore) : plural(number, en, enMore);
}

/**
 * A text as it is typeset. French has spaces at which no line may end: before `: ; ? ! % »` and after `«`. They are
 * put in here, so that texts are written with the space that keyboards have.
 */
export const typeset = (text: string, language: Language): string =>
  language === "fr" ? text.replaceAll(/ (?=[:;?!%»](?![\w/]))|(?<=«) /g, "\u00a0") : text;

/** A text with what stands in braces in it put in. */
export const filled = (text: string, parts: Parts): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ""));

/** A text of a table in one language. Without parts a brace is a brace. */
export const said = (both: Both, language: Language, parts?: Parts): string => {
  const text = textIn(both, language);
  return typeset(parts === undefined ? text : filled(text, parts), language);
};

/** A table of texts in one language: pairs, of which one is taken, and what is the same in each. */
type In<Texts> = Texts extends string | readonly string[]
  ? string
  : { readonly [K in keyof Texts]: In<Texts[K]> };

export function inLanguage<Texts>(texts: Texts, language: Language): In<Texts> {
  const of = (one: unknown): unknown => {
    if (typeof one === "string") return one;
    if (Array.isArray(one)) return said(one as unknown as Both, language);
    return Object.fromEntries(Object.entries(one as object).map(([name, inner]) => [name, of(inner)]));
  };
  return of(texts) as In<Texts>;
}
