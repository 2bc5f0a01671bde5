/** Since when something is not as Pulumi left it, and who did it, as far as its vendor tells. */
import { kindNamed, types } from "../../infra/resources.ts";
import type { Accounts } from "../accounts.ts";
import { asEntry, type Footprint, type Trace, traceOf } from "../status/strangers/trail.ts";
import type { Drift } from "./drift.ts";

/** Without a time, the vendor does not tell. */
export interface DriftTrace extends Trace {
  /** It is the time of the last change of anything about the resource: Render tells no more, and not who. */
  isLast?: true;
}

type Asked = Pick<Drift, "type" | "what" | "id" | "project" | "name">;

/** @throws UserError where the vendor does not answer */
export async function sinceOf(drift: Asked, accounts: Accounts): Promise<DriftTrace> {
  const footprint = footprintOf(drift);
  if (footprint !== undefined && drift.project !== undefined)
    return traceOf(accounts.atlas, drift.project, footprint, accounts.ownAtlasKey);
  if (drift.what === "gone" || drift.id === undefined) return {};
  const since = await lastChange(drift.type, drift.id, accounts);
  return since === undefined ? {} : { since, isLast: true };
}

function footprintOf({ type, what, name = "" }: Asked): Footprint | undefined {
  const isGone = what === "gone";
  switch (type) {
    case types.cluster:
      return { type: isGone ? "CLUSTER_DELETE_SUBMITTED" : "CLUSTER_UPDATE_SUBMITTED", cluster: name };
    case types.user:
      return {
        type: isGone ? "MONGODB_USER_DELETED" : "MONGODB_USER_UPDATED",
        fits: ({ dbUserUsername }) => dbUserUsername === name,
      };
    case types.access:
      return {
        type: `NETWORK_PERMISSION_ENTRY_${isGone ? "REMOVED" : "UPDATED"}`,
        fits: ({ whitelistEntry = "" }) => asEntry(whitelistEntry) === asEntry(name),
      };
    default:
      return undefined;
  }
}

async function lastChange(type: string, id: string, { render }: Accounts): Promise<string | undefined> {
  const updated = (all: readonly { id: string; updatedAt?: string }[]) =>
    all.find((one) => one.id === id)?.updatedAt;
  switch (kindNamed(type)) {
    case "postgres":
      return updated(await render.list("postgres"));
    case "keyValue":
      return (await render.keyValue(id)).updatedAt;
    case "envGroup":
      return updated(await render.list("env-groups"));
    case "web":
    case "private":
    case "worker":
    case "cron":
      return (await render.serviceIfAny(id))?.updatedAt;
    default:
      return undefined;
  }
}
