/** The words of a status, without those of advice/, in one language: words.json. */
import { inLanguage, type Language } from "../terminal/language.ts";
import table from "./words.json" with { type: "json" };

export type Words = ReturnType<typeof wordsIn>;

export const wordsIn = (language: Language) => ({ ...inLanguage(table, language), language });
