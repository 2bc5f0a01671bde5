/** Which of several things is meant: by flag, by the settings, by what the backend uses, or by asking. */
import { closest } from "fastest-levenshtein";
import { UserError } from "../../engine/errors.ts";
import { isPlaceholder } from "../../infra/settings/kinds.ts";

/** Asks the person at the terminal; undefined where nobody is there. */
export interface Prompt {
  select(message: string, options: { value: string; label: string; hint?: string }[]): Promise<string>;
  secret(message: string): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

/** A choice among things of one kind. */
export interface Choice<T> {
  /** For people: `cluster in Kairos`, `clusters in Kairos`. */
  kind: { one: string; many: string };
  flag: string;
  all: readonly T[];
  id(thing: T): string;
  name(thing: T): string;
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

/**
 * One of them; undefined when there is none.
 *
 * @throws UserError when it is not clear which, and nobody can be asked; the line lists them as flags
 */
export async function choose<T>(
  choice: Choice<T>,
  ask: Prompt | undefined,
): Promise<Selected<T> | undefined> {
  const { kind, flag, all, id, name, wanted, settled, isUsed } = choice;
  if (wanted !== undefined) return { thing: meant(choice, wanted), why: `by ${flag}` };
  const known = all.filter((one) => id(one) === settled || name(one) === settled);
  if (known.length === 1) return { thing: known[0] as T, why: "by the settings" };
  const used = isUsed === undefined ? [] : all.filter(isUsed);
  if (used.length === 1) return { thing: used[0] as T, why: "the backend uses it" };
  if (all.length === 0) return undefined;
  if (all.length === 1) return { thing: all[0] as T, why: "the only one" };
  if (ask === undefined)
    throw new UserError(
      `${flag}: there are ${all.length} ${kind.many}, and nothing says which is meant; expected ${all.map((one) => `${flag} ${flagValue(choice, one)}`).join(", or ")}`,
    );
  const answer = await ask.select(
    `Which ${kind.one}?`,
    all.map((one) => ({ value: id(one), label: name(one), ...(id(one) !== name(one) && { hint: id(one) }) })),
  );
  return { thing: all.find((one) => id(one) === answer) as T, why: "chosen" };
}

/** The thing that a flag names. @throws UserError when there is none, or there are several of that name */
export function meant<T>({ kind, flag, all, id, name }: Choice<T>, wanted: string): T {
  const found = all.filter((one) => id(one) === wanted);
  if (found.length === 0) found.push(...all.filter((one) => name(one) === wanted));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined)
    throw new UserError(
      `${flag}: got "${wanted}", a name that ${found.length} ${kind.many} have; expected an id: ${found.map(id).join(", ")}`,
    );
  if (all.length === 0) throw new UserError(`${flag}: got "${wanted}"; there is no ${kind.one}`);
  const names = all.map(name);
  throw new UserError(
    `${flag}: got "${wanted}"; expected one of ${names.join(", ")}; did you mean "${closest(wanted, names)}"?`,
  );
}

/** The name, or the id where two have the same name; in quotes where a shell would take it apart. */
function flagValue<T>({ all, id, name }: Choice<T>, thing: T): string {
  const unique = all.filter((one) => name(one) === name(thing)).length === 1;
  const value = unique ? name(thing) : id(thing);
  return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** What most things are known by. */
export const identified = {
  id: ({ id }: { id: string }) => id,
  name: ({ name }: { name: string }) => name,
};

/** A noun in the singular and in the plural. */
export const describedKind = (noun: string, where = "") => ({
  one: `${noun} ${where}`.trim(),
  many: `${noun}s ${where}`.trim(),
});

/** A text of the stack file; a placeholder says nothing. */
export const textOf = (value: unknown) =>
  typeof value === "string" && !isPlaceholder(value) ? value : undefined;
