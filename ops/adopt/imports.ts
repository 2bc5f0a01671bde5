/** The ids of `kairos:import`: which the next `up` needs, and what of them the state lacks. */
import { importsOf, keyOf } from "../../infra/recovery/record.ts";
import { types } from "../../infra/resources.ts";
import type { Settings } from "../../infra/settings/index.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { Descriptions, ImportIds } from "./section.ts";

/** The ids that the next `up` still needs. */
export function remainingImports(settings: Settings, existing: readonly ExistingResource[]): ImportIds {
  const needed = new Set<unknown>(importsOf(settings, existing).values());
  const { accessList, ...single } = settings.import;
  const entries = accessList.filter((id) => needed.has(id));
  return {
    ...Object.fromEntries(Object.entries(single).filter(([, id]) => needed.has(id))),
    ...(entries.length > 0 && { accessList: entries }),
  };
}

/** @param open ids of the file that an interrupted `up` has left over: their sections are not described again */
export const importsIn = (descriptions: Descriptions, open: ImportIds): ImportIds =>
  Object.assign({}, open, ...Object.values(descriptions).map(({ imports }) => imports));

/** What of the settings' imports the state lacks, in words. */
export function lacking(settings: Settings, existing: readonly ExistingResource[]): string[] {
  const words: Record<string, string> = {
    [keyOf({ type: types.cluster, name: settings.mongodb.name })]: `cluster ${settings.mongodb.name}`,
    [keyOf({ type: types.user, name: settings.mongodb.user })]: `user ${settings.mongodb.user}`,
  };
  return [...importsOf(settings, existing)].map(([key, id]) => words[key] ?? id);
}
