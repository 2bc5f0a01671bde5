/** What the settings say is to be taken over: things that somebody made before this stack existed. */

import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { ExistingResource } from "../state.ts";
import { keyOf } from "./record.ts";

type Import = [type: string, name: string, id: string | undefined];

/** Ids by {@link keyOf}, without what the state knows already: importing it again under another id would replace it. */
export function importsOf(settings: Settings, existing: readonly ExistingResource[]): Map<string, string> {
  const { mongodb, postgres, redis } = settings;
  const { cluster, user, accessList, postgres: postgresId, redis: redisId } = settings.import;
  const found: Import[] = [
    [types.cluster, mongodb.name, cluster],
    [types.user, mongodb.user, user],
    ...accessList.map((id): Import => [types.access, id.slice(id.indexOf("-") + 1), id]),
    ...(postgres.enabled ? [[types.postgres, postgres.name, postgresId] satisfies Import] : []),
    ...ofRedis(redis, redisId),
  ];
  return new Map(
    found.flatMap(([type, name, id]) =>
      id === undefined || isInState(type, name, existing) ? [] : [[keyOf({ type, name }), id]],
    ),
  );
}

function ofRedis(redis: Settings["redis"], id: string | undefined): Import[] {
  switch (redis.provider) {
    case "upstash":
      return [[types.upstash, redis.name, id]];
    case "render":
      return [[types.keyValue, redis.name, id]];
    case "redis-cloud":
      // Redis Cloud keeps a database in a subscription, and its id begins with that of the subscription.
      return [
        [types.subscription, redis.subscription ?? redis.name, id?.split("/")[0]],
        [types.redisCloud, redis.name, id],
      ];
    default:
      return [];
  }
}

/** Of access list entries there are several. */
function isInState(type: string, name: string, existing: readonly ExistingResource[]): boolean {
  return existing.some(
    (one) => one.type === type && (type !== types.access || String(one.outputs.cidrBlock) === name),
  );
}
