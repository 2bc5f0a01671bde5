import * as render from "@pulumi/render";
import { holdsData } from "../protection/index.ts";
import { types } from "../recovery/index.ts";
import { unwrapped } from "../secrets.ts";
import type { RedisArgs, RedisConnection } from "./provider.ts";

/** A Render Key Value (Valkey) in the backend's region, reachable over the private network only. */
export function renderKeyValue({
  name,
  settings,
  backendRegion,
  recovery,
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
      // Services of the same region need no entry.
      ipAllowLists: settings.accessList.map(({ cidr, comment }) => ({
        cidrBlock: cidr,
        description: comment,
      })),
    },
    {
      ...opts,
      ...holdsData(settings),
      // What somebody may have chosen in the dashboard and this stack has no setting for.
      ignoreChanges: ["environmentId", "logStreamOverride"],
      ...recovery.options({ type: types.keyValue, name: settings.name }),
    },
  );
  return {
    url: unwrapped(keyValue.connectionInfo).apply((info) => info.internalConnectionString),
    id: keyValue.id,
  };
}
