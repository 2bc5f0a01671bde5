/** What the settings say is to be taken over: things that somebody made before this stack existed. */

import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { ExistingResource } from "../state.ts";
import { creationsOf, keyOf } from "./record.ts";

/** Ids by {@link keyOf}, without what the state knows already: importing it again under another id would replace it. */
export function importsOf(settings: Settings, existing: readonly ExistingResource[]): Map<string, string> {
  const { cluster, user, accessList, postgres, redis } = settings.import;
  const ids: Readonly<Record<string, string | undefined>> = {
    [types.cluster]: cluster,
    [types.user]: user,
    [types.postgres]: postgres,
    [types.upstash]: redis,
    [types.keyValue]: redis,
    // Redis Cloud keeps a database in a subscription, and its id begins with that of the subscription.
    [types.subscription]: redis?.split("/")[0],
    [types.redisCloud]: redis,
  };
  const found = [
    ...creationsOf(settings).map(({ type, name }) => ({ type, name, id: ids[type] })),
    ...accessList.map((id) => ({ type: types.access, name: id.slice(id.indexOf("-") + 1), id })),
  ];
  return new Map(
    found.flatMap(({ type, name, id }) =>
      id === undefined || isInState(type, name, existing) ? [] : [[keyOf({ type, name }), id]],
    ),
  );
}

/** Of access list entries there are several. */
function isInState(type: string, name: string, existing: readonly ExistingResource[]): boolean {
  return existing.some(
    (one) => one.type === type && (type !== types.access || String(one.outputs.cidrBlock) === name),
  );
}
