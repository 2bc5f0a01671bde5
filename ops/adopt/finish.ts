/** After `pulumi up`: ids of what the state has are no longer needed. */
import { importsOf } from "../../infra/recovery/imports.ts";
import { keyOf } from "../../infra/recovery/record.ts";
import { types } from "../../infra/resources.ts";
import type { Settings } from "../../infra/settings/index.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { ImportIds } from "./describe/types.ts";

/** The ids that the next `up` still needs. */
export function remainingImports(settings: Settings, existing: readonly ExistingResource[]): ImportIds {
  const needed = new Set(importsOf(settings, existing).values());
  const { cluster, user, accessList, postgres, redis } = settings.import;
  const entries = accessList.filter((id) => needed.has(id));
  const keep = (id: string | undefined) => id !== undefined && needed.has(id);
  return {
    ...(cluster !== undefined && keep(cluster) && { cluster }),
    ...(user !== undefined && keep(user) && { user }),
    ...(entries.length > 0 && { accessList: entries }),
    ...(postgres !== undefined && keep(postgres) && { postgres }),
    ...(redis !== undefined && keep(redis) && { redis }),
  };
}

/** What of the settings' imports the state lacks, in words. */
export function lacking(settings: Settings, existing: readonly ExistingResource[]): string[] {
  const words: Record<string, string> = {
    [keyOf({ type: types.cluster, name: settings.mongodb.name })]: `cluster ${settings.mongodb.name}`,
    [keyOf({ type: types.user, name: settings.mongodb.user })]: `user ${settings.mongodb.user}`,
  };
  return [...importsOf(settings, existing)].map(([key, id]) => words[key] ?? id);
}
