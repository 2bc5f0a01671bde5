/** Which of several things is meant: by flag, by the settings, by what the backend uses, or by asking. */
import { closest } from "fastest-levenshtein";
import { UserError } from "../../engine/errors.ts";
import { isPlaceholder } from "../../infra/settings/kinds.ts";
import type { Vendor } from "../../vendors/http.ts";
import type { promptsOn } from "../terminal/prompt.ts";
import type { Row } from "./report.ts";

/** Asks the person at the terminal; undefined where nobody is there. */
export type Prompt = ReturnType<typeof promptsOn>;

/** Something that exists at a vendor. */
export interface Thing {
  vendor: Vendor | "elsewhere";
  /** For people, such as `cluster M10`. */
  kind: string;
  /** What has none of its own is known by its name. */
  id: string;
  name: string;
}

/** A choice among things of one kind. */
export interface Choice<T> {
  /** For people: `cluster`, and `in Kairos`. */
  noun: string;
  where?: string;
  flag: string;
  all: readonly T[];
  /** What the flag said. */
  wanted?: string | undefined;
  /** What the stack file says, by id or name; a placeholder is nothing. */
  settled?: string | undefined;
  /** What the backend's variables lead to. */
  isUsed?: (thing: T) => boolean;
}

/** What was chosen, and why, in a few words. */
export interface Selected<T> {
  thing: T;
  why: string;
}

type Named = Pick<Thing, "id" | "name">;

/**
 * One of them; undefined when there is none.
 *
 * @throws UserError when it is not clear which, and nobody can be asked; the line lists them as flags
 */
export async function choose<T extends Named>(
  choice: Choice<T>,
  ask: Prompt | undefined,
): Promise<Selected<T> | undefined> {
  const { flag, all, wanted, settled, isUsed } = choice;
  if (wanted !== undefined) return { thing: meant(choice, wanted), why: `by ${flag}` };
  const known = all.filter(({ id, name }) => id === settled || name === settled);
  if (known.length === 1) return { thing: known[0] as T, why: "by the settings" };
  const used = isUsed === undefined ? [] : all.filter(isUsed);
  if (used.length === 1) return { thing: used[0] as T, why: "the backend uses it" };
  if (all.length === 0) return undefined;
  if (all.length === 1) return { thing: all[0] as T, why: "the only one" };
  if (ask === undefined)
    throw new UserError(
      `${flag}: there are ${all.length} ${several(choice)}, and nothing says which is meant; expected ${all.map((one) => `${flag} ${flagValue(all, one)}`).join(", or ")}`,
    );
  const answer = await ask.select(
    `Which ${single(choice)}?`,
    all.map(({ id, name }) => ({ value: id, label: name, ...(id !== name && { hint: id }) })),
  );
  return { thing: all.find(({ id }) => id === answer) as T, why: "chosen" };
}

/** Those that the flag names; those that the settings know; none. @throws UserError as {@link choose} */
export function chosenOf<T extends Named>(
  choice: Choice<T>,
  wanted: readonly string[] = [],
  isSettled: (thing: T) => boolean,
): Selected<T>[] {
  if (wanted.length > 0)
    return wanted.map((one) => ({ thing: meant(choice, one), why: `by ${choice.flag}` }));
  return choice.all.filter(isSettled).map((thing) => ({ thing, why: "by the settings" }));
}

/** The thing that a flag names. @throws UserError when there is none, or there are several of that name */
function meant<T extends Named>(choice: Choice<T>, wanted: string): T {
  const { flag, all } = choice;
  const found = all.filter(({ id }) => id === wanted);
  if (found.length === 0) found.push(...all.filter(({ name }) => name === wanted));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined)
    throw new UserError(
      `${flag}: got "${wanted}", a name that ${found.length} ${several(choice)} have; expected an id: ${found.map(({ id }) => id).join(", ")}`,
    );
  if (all.length === 0) throw new UserError(`${flag}: got "${wanted}"; there is no ${single(choice)}`);
  const names = all.map(({ name }) => name);
  throw new UserError(
    `${flag}: got "${wanted}"; expected one of ${names.join(", ")}; did you mean "${closest(wanted, names)}"?`,
  );
}

/** The name, or the id where two have the same name; in quotes where a shell would take it apart. */
function flagValue(all: readonly Named[], { id, name }: Named): string {
  const value = all.filter((one) => one.name === name).length === 1 ? name : id;
  return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

type Words = Pick<Choice<unknown>, "noun" | "where">;
const single = ({ noun, where = "" }: Words) => `${noun} ${where}`.trim();
const several = ({ noun, where = "" }: Words) => `${noun}s ${where}`.trim();

/** A text of the stack file; a placeholder says nothing. */
export const textOf = (value: unknown) =>
  typeof value === "string" && !isPlaceholder(value) ? value : undefined;

/** One row for each thing, with what becomes of it. `managed`: the stack has what this is about already. */
export function rowsOf<T extends Thing>(
  all: readonly T[],
  chosen: "managed" | Selected<T> | readonly Selected<T>[] = [],
): Row[] {
  const selected = chosen === "managed" ? [] : [chosen].flat();
  const rest = chosen === "managed" ? "in the stack already" : "left alone";
  return all.map((thing) => {
    const found = selected.find((one) => one.thing === thing);
    const { vendor, kind, name, id } = thing;
    return { vendor, kind, name, id, chosen: found !== undefined, note: found?.why ?? rest };
  });
}
