/**
 * The name of a Postgres' user is no setting that can change: Render knows only new users, and its provider would
 * replace the database. The stack ignores such a difference, and says what it means instead.
 */
import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { ExistingResource } from "../state.ts";
import { numbered } from "./index.ts";
import { recordOf } from "./record.ts";

/** One line when the user of the settings is not one that Render has for this database, as far as the state knows. */
export function strangeUser(
  existing: readonly ExistingResource[],
  { postgres }: Pick<Settings, "postgres">,
): string[] {
  if (!postgres.enabled) return [];
  const database = existing.find(({ type }) => type === types.postgres);
  const user = database?.outputs.databaseUser;
  if (user === undefined) return [];
  const { last } = recordOf(existing, "postgres");
  const ours = Array.from({ length: last }, (_, index) => numbered(postgres.user, index + 1, "_"));
  if (ours.includes(String(user))) return [];
  const [got, expected] = [JSON.stringify(postgres.user), JSON.stringify(user)];
  return [
    `kairos:postgres.user: got ${got}; expected ${expected}, the user that Render has for ${database?.outputs.name}: no user can be renamed, and nothing is replaced for it. Set it to ${expected}, also when somebody made that user at Render; npx kairos rotate postgres is what changes the credential`,
  ];
}
