import type * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import { protectionOf } from "../protection/index.ts";
import { types } from "../resources.ts";
import type { Run } from "../run.ts";
import { unwrapped } from "../secrets.ts";
import type { RedisOf } from "../settings/index.ts";
import type { RedisConnection } from "./provider.ts";

/** A Render Key Value (Valkey) in the backend's region, reachable over the private network only. */
export function renderKeyValue(
  name: string,
  settings: RedisOf<"render">,
  { placement, recovery }: Run,
  opts: pulumi.CustomResourceOptions,
): RedisConnection {
  const keyValue = new render.Keyvalue(
    `${name}-render`,
    {
      name: settings.name,
      plan: settings.plan,
      region: placement.keyValue.region,
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
      ...protectionOf(settings),
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
