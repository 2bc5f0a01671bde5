/** A kind of credential by its pattern, and the search for all of them. */
import type { Match } from "../model.ts";
import type { Text } from "../text.ts";
import { isPlaceholder } from "./values.ts";

export interface Rule {
  name: string;
  what: string;
  /** With a group `value`. */
  pattern: RegExp;
  /** Cheap test of a whole text, without which the pattern is not tried. */
  needs: RegExp;
  /** Whether it is one. Without it everything is that is no placeholder. */
  isSecret?(groups: Readonly<Record<string, string>>, context: Context): boolean;
}

/** Where a value stands. */
interface Context {
  file: string;
  /** What its line holds before it. */
  before: string;
  /** What its line holds after it. */
  after: string;
}

/** What the rules find in a text. */
export function matchesOf(rules: readonly Rule[], view: Text, file: string): Match[] {
  const { text } = view;
  return rules.flatMap(({ name, what, pattern, needs, isSecret }) => {
    if (!needs.test(text)) return [];
    return [...text.matchAll(pattern)].flatMap((match) => {
      const groups = match.groups as Record<string, string>;
      const value = groups.value ?? "";
      const at = match.index + match[0].lastIndexOf(value);
      const end = at + value.length;
      const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
      const after = text.slice(end, (text.indexOf("\n", end) + 1 || text.length + 1) - 1);
      const found = isSecret?.(groups, { file, before, after }) ?? !isPlaceholder(value);
      if (!found) return [];
      return [{ rule: name, what, line: view.lineAt(match.index), length: value.length }];
    });
  });
}
