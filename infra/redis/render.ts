import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import type { Render } from "../../vendors/render.ts";
import { render as renderApi } from "../accounts.ts";
import { placedIn } from "../environment/index.ts";
import { OperatorError } from "../errors.ts";
import { protectionOf } from "../protection/index.ts";
import { types } from "../resources.ts";
import type { Run } from "../run.ts";
import { unwrapped } from "../secrets.ts";
import { leftAlone } from "../settings/fields.ts";
import type { RedisOf } from "../settings/index.ts";
import type { RedisConnection } from "./index.ts";

/** A Render Key Value (Valkey) in the backend's region, reachable over the private network only. */
export function renderKeyValue(
  name: string,
  settings: RedisOf<"render">,
  { placement, recovery, environment, existing }: Run,
  opts: pulumi.CustomResourceOptions,
): RedisConnection {
  const placed = placedIn(environment, existing);
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
      ...placed.inputs,
      ...(settings.with as object),
    },
    {
      ...opts,
      ...protectionOf(settings),
      // What somebody may have chosen in the dashboard and this stack has no setting for.
      ignoreChanges: leftAlone([...placed.ignored, "logStreamOverride"], settings.with),
      ...recovery.options({ type: types.keyValue, name: settings.name }),
      hooks: { afterCreate: [untilThere(name)] },
    },
  );
  return {
    url: unwrapped(keyValue.connectionInfo).apply((info) => info.internalConnectionString),
    id: keyValue.id,
  };
}

/** Its provider does not wait; whatever is deployed with its URL has to find it. */
const untilThere = (name: string) =>
  new pulumi.ResourceHook(`${name}-render-there`, ({ id }) => untilCreated(renderApi(), id ?? ""));

/** Milliseconds. */
const patience = 10 * 60_000;

/** Resolves when a Key Value is no longer being created; exported for its test. */
export async function untilCreated(
  api: Pick<Render, "keyValue">,
  id: string,
  { pause = 1000, limit = patience } = {},
): Promise<void> {
  for (const end = Date.now() + limit; ; await sleep(pause)) {
    const { name, status = "" } = await api.keyValue(id);
    if (!["unknown", "creating"].includes(status)) return;
    if (Date.now() >= end)
      throw new OperatorError(
        `Render: the Key Value ${name} is still ${status} after ${limit / 60_000} minutes; run pulumi up again once it is there`,
      );
  }
}
