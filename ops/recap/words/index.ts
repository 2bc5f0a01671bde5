/** The words of a recap. French, which the seed is written in, says which there are; a missing one does not compile. */
import { type Language, wordsIn } from "../../status/words/index.ts";
import type { Words as StatusWords } from "../../status/words/model.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";

/** All that a recap says in one language; what a status found is said in the status' own words. */
export type Words = typeof fr & { status: StatusWords };

export const recapWords = (language: Language): Words => ({
  ...(language === "fr" ? fr : en),
  status: wordsIn(language),
});
