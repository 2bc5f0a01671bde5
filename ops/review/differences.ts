/** What differs in a step of the engine. */
import type { Metadata } from "../../engine/cli/events.ts";

/**
 * The settings of a resource that hold a secret and differ, as its provider says. The engine shows both sides as
 * `[secret]`; providers also name some settings that stay as they are, always the same ones.
 */
export function secretsIn({ old, new: wanted, diffs }: Metadata): string[] {
  const [before, after] = [old?.inputs ?? {}, wanted?.inputs ?? {}];
  return [...new Set(diffs ?? [])]
    .filter((name) => canonical([before[name], after[name]]).includes('"[secret]"'))
    .sort();
}

/** The properties that differ, by a text for each; what the bridge keeps for itself left out. */
export const changedNames = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  textOf: (value: unknown) => string = canonical,
): string[] =>
  [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (name) => !name.startsWith("__") && textOf(before[name]) !== textOf(after[name]),
  );

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}
