/** Turns what the schema found into lines for the person who wrote the stack file. */
import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { at } from "../resources.ts";
import { isPlaceholder, type ValueHint } from "./kinds.ts";

/** One thing to put right in a stack file or in the credentials around it. */
export interface Problem {
  /** Where: the path below the namespace, for example `["mongodb", "accessList", 0, "cidr"]`. */
  path: readonly (string | number)[];
  /** The whole line. Holds no secret. */
  line: string;
  /** The value is simply not there yet: an id or a credential that only the owner of the accounts has. */
  missing?: true;
  /** What the plan computes with when the value is missing, or is a secret that it cannot read. */
  example?: ValueHint["example"];
}

/** `["mongodb", "accessList", 0]` → `kairos:mongodb.accessList[0]`, as `pulumi config set --path` takes it. */
export function settingName(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    const name = String(step);
    return /^[\p{L}\p{N}_-]{1,100}$/u.test(name) ? `.${name}` : `[${shown(name)}]`;
  });
  return `kairos:${steps.join("").replace(/^\./, "")}`;
}

/** One about a value of `kairos:`, or about a key of a provider, `vendor:key`. */
export const problemAt = (path: Problem["path"], text: string): Problem => ({
  path,
  line: `${path.length === 1 && String(path[0]).includes(":") ? path[0] : settingName(path)}: ${text}`,
});

/**
 * All problems of a stack's settings, in the order of the schema.
 *
 * @param issues what zod found
 * @param settings the settings as they were given, to say what each key got
 * @param mayBeSecret whether the value at a path may be, or stand among, decrypted secrets; it is then not shown
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  settings: unknown,
  mayBeSecret: (path: readonly PropertyKey[]) => boolean,
): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue);
    const value = at(settings, ...(issue.path as (string | number)[]));
    // Only the quotes are missing, as when `pulumi config set --path` wrote it.
    if (typeof value !== "string" && allowedWords(issue).includes(`${value}`))
      return line(issue.path, `got ${value} without quotes`, `a text: put it in quotes: "${value}"`);
    if (issue.code === "invalid_key")
      return line(
        issue.path,
        `got the name ${shown(issue.path.at(-1))}`,
        issue.issues[0]?.message ?? "a name",
      );
    return line(
      issue.path,
      got(issue, settings, mayBeSecret),
      expected(issue),
      hint(issue, settings),
      aboutOf(issue),
    );
  });
}

function line(path: PropertyKey[], found: string, wanted: string, tip = "", about?: ValueHint): Problem[] {
  const where = about?.where === undefined ? "" : `. Where: ${about.where}`;
  const problem = {
    path: path as (string | number)[],
    line: `${settingName(path)}: ${found}; expected ${wanted}${tip}${where}`,
  };
  if (about === undefined) return [problem];
  const isMissing = /^(missing|got nothing)/.test(found);
  return [{ ...problem, example: about.example, ...(isMissing && { missing: true as const }) }];
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys): Problem[] {
  const known = issue.message.replace(/^one of /, "").split(", ");
  return issue.keys.flatMap((key) =>
    line([...issue.path, key], "unknown setting", issue.message, nearest(key, known)),
  );
}

function aboutOf(issue: z.core.$ZodIssue): ValueHint | undefined {
  return issue.code === "custom" ? (issue.params?.about as ValueHint | undefined) : undefined;
}

function got(
  issue: z.core.$ZodIssue,
  settings: unknown,
  mayBeSecret: (path: readonly PropertyKey[]) => boolean,
): string {
  const value = at(settings, ...(issue.path as (string | number)[]));
  if (value === undefined) return "got nothing";
  if (isPlaceholder(value)) return `missing (placeholder ${cut(value)})`;
  if (aboutOf(issue)?.secret === true) return "got a secret that does not fit";
  if (mayBeSecret(issue.path)) return `got ${typeName(value)} that is not shown beside secrets`;
  return `got ${shown(value)}`;
}

/** What something is, when it must not be said what it holds. */
function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a group" : "a value";
}

/** A value on one short line, without the login of a URL that strayed into the wrong setting. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value).replace(/\/\/[^/@\s"]*@/g, "//[secret]@");
  return cut(text);
}

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function expected(issue: z.core.$ZodIssue): string {
  const words = allowedWords(issue);
  if (words.length > 0) return words.length === 1 ? `${words[0]}` : `one of ${words.join(", ")}`;
  return issue.message.startsWith("Invalid input") ? "a group of settings" : issue.message;
}

function hint(issue: z.core.$ZodIssue, settings: unknown): string {
  // Words of a vendor come with advice of their own (kinds.ts), which may be none.
  if (issue.code === "invalid_value" && !issue.message.startsWith("Invalid"))
    return issue.message === "" ? "" : `; ${issue.message}`;
  const value = at(settings, ...(issue.path as (string | number)[]));
  return typeof value === "string" ? nearest(value, allowedWords(issue)) : "";
}

function allowedWords(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  // A discriminated union lists its words, but its type in zod does not say so.
  if (issue.code === "invalid_union") return ((issue as { options?: unknown[] }).options ?? []).map(String);
  return [];
}

/** `; did you mean "oregon"?` for the allowed word that is nearest, when one is near enough to be a slip. */
function nearest(word: string, allowed: readonly string[]): string {
  if (word.length > 100) return "";
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ .]/g, "");
  const ranked = allowed
    .map((candidate) => ({ candidate, d: distance(plain(word), plain(candidate)) }))
    .sort((a, b) => a.d - b.d);
  const best = ranked[0];
  return best !== undefined && best.d <= Math.max(2, word.length / 3)
    ? `; did you mean "${best.candidate}"?`
    : "";
}
