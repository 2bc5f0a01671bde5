/**
 * The name with which the backend logs in cannot change by a setting, and these lines say what it means instead.
 *
 * MongoDB's provider replaces the user, and between that and the next deploy the running backend could not log in. Of
 * Postgres, Render knows only new users, and its provider would replace the database: the stack ignores the difference.
 */
import { types } from "../resources.ts";
import { databaseInState } from "../restored.ts";
import type { Settings } from "../settings/index.ts";
import type { Existing } from "../state.ts";
import { numbered } from "./index.ts";
import { type Rotatable, recordOf } from "./record.ts";

/** One line when none of the users that the state knows is one of the settings' user. */
export function renamedUser(existing: Existing, { mongodb }: Pick<Settings, "mongodb">): string[] {
  // With the cluster its users may go.
  if (mongodb.mayBeDestroyed !== undefined) return [];
  const known = existing
    .filter(({ type }) => type === types.user)
    .map(({ outputs }) => String(outputs.username));
  const ours = everyName(existing, "mongodb", mongodb.user);
  const [first] = known;
  if (first === undefined || known.some((name) => ours.includes(name))) return [];
  const [got, expected] = [JSON.stringify(mongodb.user), JSON.stringify(first.replace(/-\d+$/, ""))];
  return [
    `kairos:mongodb.user: got ${got}; expected ${expected}: another name deletes the user with which the running backend logs in. Set it back; npx kairos rotate mongodb is what changes the credential`,
  ];
}

/** One line when the user of the settings is not one that Render has for this database, as far as the state knows. */
export function strangeUser(existing: Existing, { postgres }: Pick<Settings, "postgres">): string[] {
  const database = existing.find(({ type }) => type === types.postgres);
  const user = database?.outputs.databaseUser;
  if (!postgres.enabled || user === undefined) return [];
  if (everyName(existing, "postgres", postgres.user, "_").includes(String(user))) return [];
  const [got, expected] = [JSON.stringify(postgres.user), JSON.stringify(user)];
  return [
    `kairos:postgres.user: got ${got}; expected ${expected}, the user that Render has for ${database?.outputs.name}: no user can be renamed, and nothing is replaced for it. Set it to ${expected}, also when somebody made that user at Render; npx kairos rotate postgres is what changes the credential`,
  ];
}

/** One line when a Postgres is taken in while two of the original's users are in use: of one Render shows no password. */
export function restoredMeanwhile(existing: Existing, { postgres }: Pick<Settings, "postgres">): string[] {
  if (!postgres.enabled || postgres.restored === undefined) return [];
  if (databaseInState(existing, "postgres", postgres.restored) !== undefined) return [];
  if (recordOf(existing, "postgres").retiring === undefined) return [];
  return [
    `kairos:postgres.restored: got ${JSON.stringify(postgres.restored)} while a rotation is under way; expected nothing until npx kairos rotate postgres has ended it`,
  ];
}

/** The names that the user has had in all credentials of its database. */
function everyName(existing: Existing, database: Rotatable, name: string, separator?: string) {
  const { last } = recordOf(existing, database);
  return Array.from({ length: last }, (_, index) => numbered(name, index + 1, separator));
}
