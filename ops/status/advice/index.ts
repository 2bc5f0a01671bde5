/** What is wrong with a database, why, and what to do about it, in words. */
import type { Mistake, Problem, Remark } from "../model.ts";
import { type CauseCode, causes, elsewhere } from "./causes.ts";
import { failures } from "./failures.ts";
import { type Both, type Language, textIn, typeset } from "./language.ts";
import { wheresOf } from "./likely.ts";
import { mistakes } from "./mistakes.ts";
import { remarks } from "./remarks.ts";

/** Why something is so, or that it is, and what to do about it. */
export interface Advice {
  says: string;
  next?: string;
}

const said = (text: Both, language: Language) => typeset(textIn<string>(text, language), language);

/** `what → next step`. */
function advice(text: Both, language: Language): Advice {
  const [says = "", next] = said(text, language).split(" → ");
  return { says, ...(next && { next }) };
}

/** What failed, in a sentence. */
export const failureText = ({ kind }: Pick<Problem, "kind">, language: Language): string =>
  said(failures[kind], language);

/** Of a variable only what is wrong with it. */
export const mistakeText = ({ variable, kind, beside = [] }: Mistake, language: Language): string =>
  `${variable} ${said(mistakes[kind](beside), language)}`;

export const remarkAdvice = (remark: Remark, language: Language): Advice =>
  advice(remarks[remark.kind](remark), language);

/** The likely causes of a problem, and what to do if it is that one: at this vendor, for this database. */
export function causesAdvice({ causes: codes, place }: Problem, language: Language): Required<Advice>[] {
  return codes.map((code) => {
    const { says, next = "" } = advice(causes[code], language);
    const other = stepAt(code, wheresOf(place));
    return { says, next: other ? said(other, language) : next };
  });
}

function stepAt(code: CauseCode, wheres: ReturnType<typeof wheresOf>): Both | undefined {
  const steps = elsewhere[code] ?? {};
  return wheres.map((where) => steps[where]).find((step) => step !== undefined);
}
