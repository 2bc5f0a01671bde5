/** What is wrong with a database, why, and what to do about it, in words. */
import { list } from "../../terminal/amounts.ts";
import { countIn, type Language, said } from "../../terminal/language.ts";
import type { Mistake, Problem, Remark } from "../model.ts";
import { causes, elsewhere, failures, mistakes, remarks, wheresOf } from "./texts.ts";

/** Why something is so, or that it is, and what to do about it. */
export interface Advice {
  says: string;
  next?: string;
}

/** `what → next step`. */
function advice(text: string): Advice {
  const [says = "", next] = text.split(" → ");
  return { says, ...(next && { next }) };
}

/** What failed, in a sentence. */
export const failureText = ({ kind }: Pick<Problem, "kind">, language: Language): string =>
  said(failures[kind], language);

/** Of a variable only what is wrong with it. */
export const mistakeText = ({ variable, kind, beside = [] }: Mistake, language: Language): string =>
  `${variable} ${said(mistakes[kind](beside), language)}`;

export function remarkAdvice({ kind, number = 0, names = [], sql = [] }: Remark, language: Language): Advice {
  const [first = "", ...others] = names;
  const parts = {
    number,
    days: countIn(language, number, ["day"], ["jour"]),
    names: list(names),
    first,
    others: list(others),
    reason: names.length > 0 ? ` (${list(names)})` : "",
    // As `rotate` takes it: the database, and its stack.
    target: names.join(" --stack "),
    sql: sql.join(" "),
  };
  return advice(said(remarks[kind], language, parts));
}

/** The likely causes of a problem, and what to do if it is that one: at this vendor, for this database. */
export function causesAdvice({ causes: codes, place }: Problem, language: Language): Required<Advice>[] {
  const wheres = wheresOf(place);
  return codes.map((code) => {
    const { says, next = "" } = advice(said(causes[code], language));
    const other = wheres.map((where) => elsewhere[code]?.[where]).find((step) => step !== undefined);
    return { says, next: other ? said(other, language) : next };
  });
}
