import * as render from "@pulumi/render";
import { types } from "../adoption/index.ts";
import { holdsData } from "../protection.ts";
import { unwrapped } from "../secrets.ts";
import type { RedisArgs, RedisConnection } from "./provider.ts";

/** A Render Key Value (Valkey) in the backend's region, reachable over the private network only. */
export function renderKeyValue({
  name,
  settings,
  backendRegion,
  adoptions,
  opts,
}: RedisArgs<"render">): RedisConnection {
  const keyValue = new render.Keyvalue(
    `${name}-render`,
    {
      name: settings.name,
      plan: settings.plan,
      region: backendRegion,
      maxMemoryPolicy: settings.maxmemoryPolicy,
      ...(settings.persistence !== undefined && { persistenceMode: settings.persistence }),
      // Nobody from outside: services of the same region need no entry.
      ipAllowLists: [],
    },
    {
      ...opts,
      ...holdsData(settings),
      ...adoptions.options({ type: types.keyValue, name: settings.name }),
    },
  );
  return {
    url: unwrapped(keyValue.connectionInfo).apply((info) => info.internalConnectionString),
    id: keyValue.id,
  };
}
