/** How a status is said, by language. Everything that people read of it comes from here; English has the types. */
import type { CauseCode, Mistake, Remark } from "../model.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";

export type Words = typeof en;
export type Language = "en" | "fr";

const byLanguage: Record<Language, Words> = { en, fr };
export const languages = Object.keys(byLanguage) as Language[];

export const wordsIn = (language: Language): Words => byLanguage[language];

/** A likely cause, and what to do if that is it: a link, a command or a setting. */
export const causeIn = ({ causes, steps }: Words, code: CauseCode) => ({
  because: causes[code],
  next: steps[code],
});

/** A mistake in a variable; its value is not part of it. */
export const mistakeIn = ({ mistakes }: Words, mistake: Mistake) =>
  `${mistake.variable} ${mistakes(mistake)[mistake.kind]}`;

/** What a remark says, and what to do about it. */
export function remarkIn({ remarks, remarkSteps }: Words, remark: Remark): { says: string; next?: string } {
  const steps: { [kind: string]: string } = remarkSteps(remark);
  const next = steps[remark.kind];
  return { says: remarks(remark)[remark.kind], ...(next !== undefined && { next }) };
}
