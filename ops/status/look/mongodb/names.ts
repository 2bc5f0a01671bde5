/** Names of databases that people take for the same. */

/**
 * Names that differ from the one asked for only in case, accents, Unicode normalization or separators: `kairos`,
 * `Kaïros` and a decomposed `kaïros` are near misses of `kaïros`. MongoDB compares bytes.
 */
export function nearMissesOf(asked: string, existing: readonly string[]): string[] {
  return existing.filter((name) => name !== asked && folded(name) === folded(asked));
}

const folded = (name: string) =>
  name
    .normalize("NFKD")
    .replaceAll(/[\p{M}_-]/gu, "")
    .toLowerCase();
