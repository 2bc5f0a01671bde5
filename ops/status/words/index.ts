/** The words of a status, by language. */
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import type { Words } from "./model.ts";

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

const byLanguage: Record<Language, Words> = { en, fr };

export const wordsIn = (language: Language): Words => byLanguage[language];
