/**
 * The name of MongoDB's user cannot change by a setting: its provider replaces the user, and between that and the next
 * deploy the running backend could not log in.
 */
import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { ExistingResource } from "../state.ts";
import { numbered } from "./index.ts";
import { recordOf } from "./record.ts";

/** One line when none of the users that the state knows is one of the settings' user. */
export function renamedUser(
  existing: readonly ExistingResource[],
  { mongodb }: Pick<Settings, "mongodb">,
): string[] {
  // With the cluster its users may go.
  if (mongodb.mayBeDestroyed !== undefined) return [];
  const known = existing
    .filter(({ type }) => type === types.user)
    .map(({ outputs }) => String(outputs.username));
  const { last } = recordOf(existing, "mongodb");
  const ours = Array.from({ length: last }, (_, index) => numbered(mongodb.user, index + 1));
  const [first] = known;
  if (first === undefined || known.some((name) => ours.includes(name))) return [];
  const [got, expected] = [JSON.stringify(mongodb.user), JSON.stringify(first.replace(/-\d+$/, ""))];
  return [
    `kairos:mongodb.user: got ${got}; expected ${expected}: another name deletes the user with which the running backend logs in. Set it back; npx kairos rotate mongodb is what changes the credential`,
  ];
}
