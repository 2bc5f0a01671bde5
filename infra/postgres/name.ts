/**
 * Render adds a suffix to the name of each database, also to one that was asked for: `kairos` becomes `kairos_b34d`.
 * Its provider keeps the name as it was asked for in the state and takes both for equal, but not in what it imports:
 * there the program has to say the real one, or the database would have to be replaced.
 *
 * @see https://github.com/render-oss/terraform-provider-render/blob/main/internal/provider/common/types/stringsuffix.go
 */
import { types } from "../resources.ts";
import type { Existing } from "../state.ts";

/** Whether a database of this name is one that was asked for under the other, or has it exactly. */
export const isRenderNameOf = (real: unknown, asked: string): boolean =>
  typeof real === "string" && real.startsWith(asked) && /^(_[a-z0-9]{4})?$/.test(real.slice(asked.length));

/** The name as the state has it where that is Render's for the one of the settings, or else that of the settings. */
export function knownDatabaseName(existing: Existing, asked: string): string {
  const known = existing.find(({ type }) => type === types.postgres)?.outputs.databaseName;
  return isRenderNameOf(known, asked) ? String(known) : asked;
}
