/** Whether a copy is what its source was, as far as counts tell; what was written since is no difference. */
import { plural } from "../terminal/amounts.ts";
import type { Count } from "./census/questions.ts";

/** As people are told it; the numbers stand below. */
export const rule =
  "every table or collection is there; of its rows from before the moment that is restored 99% are, or all but 10 where that is fewer, though never none (90% where rows carry no time and the backup is older than an hour); and so is the newest of them, give or take a minute";

const share = 0.01;
const shareOfUntimed = 0.1;
const fewest = 10;
const youngest = 60 * 60_000;
const tolerance = 60_000;

export interface Comparison {
  tables: number;
  /** In the copy, as far as it may be read. */
  rows: number;
  /** What is not there, or could not be seen, a line each; none: the copy is good. */
  problems: string[];
  /** How many tables of the copy may not be read. */
  unread: number;
  /** What differs and may. */
  notes: string[];
}

/** @param age milliseconds from the moment that is restored to the count */
export function compared(source: readonly Count[], copy: readonly Count[], age: number): Comparison {
  const problems: string[] = [];
  const notes: string[] = [];
  for (const one of source) {
    const other = copy.find(({ name }) => name === one.name);
    const isYounger = one.rows > 0 && one.before === 0;
    if (other === undefined && isYounger) notes.push(`${one.name} is younger than the backup`);
    else if (other === undefined)
      problems.push(`${one.name} is missing; the source has ${plural(one.rows, "row")}`);
    else if (one.refused || other.refused)
      problems.push(
        `${one.name} may not be read in ${other.refused ? "the copy" : "the source"}: not compared`,
      );
    else problems.push(...differences(one, other, age));
  }
  const gone = copy.filter(({ name }) => !source.some((one) => one.name === name));
  notes.push(...gone.map(({ name, rows }) => `${name} is in the copy alone, with ${plural(rows, "row")}`));
  const read = copy.filter(({ refused }) => !refused);
  if (source.length === 0) problems.push("the source shows no table or collection: nothing was compared");
  const rows = read.reduce((sum, one) => sum + one.rows, 0);
  return { tables: read.length, rows, unread: copy.length - read.length, problems, notes };
}

function differences(source: Count, copy: Count, age: number): string[] {
  const { name, newest } = source;
  const isTimed = newest !== undefined && newest !== null;
  const part = isTimed || age < youngest ? share : shareOfUntimed;
  const allowed = Math.max(fewest, Math.ceil(source.before * part));
  const lines: string[] = [];
  const isEmpty = copy.before === 0 && source.before > 0;
  if (isEmpty || Math.abs(copy.before - source.before) > allowed)
    lines.push(
      `${name} has ${plural(copy.before, "row")}; the source has ${source.before} of before the backup`,
    );
  const late = isTimed ? Date.parse(newest) - Date.parse(copy.newest ?? "1970-01-01T00:00:00Z") : 0;
  if (late > tolerance && source.before > 0)
    lines.push(
      `${name} ends at ${copy.newest ?? "nothing"}; the source's newest row of before the backup is of ${newest}`,
    );
  return lines;
}
