/**
 * A user whom Atlas has taken is one that its clusters know some seconds later: whoever logs in before is refused. So
 * what depends on the user waits until Atlas itself says that its changes are in force.
 *
 * @see https://github.com/mongodb/vault-plugin-secrets-mongodbatlas/issues/14
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-getclusterstatus
 */
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { Atlas } from "../../vendors/atlas.ts";
import { atlas } from "../accounts.ts";
import { OperatorError } from "../errors.ts";
import type { MongodbSettings } from "../settings/index.ts";

/** Milliseconds: between two questions, and until it is given up. A new cluster takes ten minutes, and more. */
const waits = { pause: 2_000, limit: 30 * 60_000 };

/** Hooks of a database user. Atlas has no word on a FLEX cluster, which is not of that API. */
export function whenApplied(
  name: string,
  { name: cluster, tier }: Pick<MongodbSettings, "name" | "tier">,
): Pick<pulumi.CustomResourceOptions, "hooks"> {
  if (tier === "FLEX") return {};
  const applied = new pulumi.ResourceHook(`${name}-applied`, async ({ newOutputs }) => {
    await untilApplied(atlas(), String(newOutputs?.projectId), cluster);
  });
  return { hooks: { afterCreate: [applied], afterUpdate: [applied] } };
}

/**
 * Resolves when the changes are in force, or when there is no such cluster yet: it will be made with them.
 *
 * @throws OperatorError when that takes too long
 */
export async function untilApplied(
  api: Pick<Atlas, "changeStatus">,
  project: string,
  cluster: string,
  { pause, limit } = waits,
): Promise<void> {
  const end = Date.now() + limit;
  while ((await api.changeStatus(project, cluster)) === "PENDING") {
    if (Date.now() + pause > end)
      throw new OperatorError(
        `MongoDB Atlas: ${cluster} has not taken over its changes after ${limit / 60_000} minutes; look at it in Atlas, then run pulumi up again`,
      );
    await sleep(pause);
  }
}
