/** Since when something is not as Pulumi left it, and who did it, as far as its vendor tells. */
import { type KindName, kindNamed, types } from "../../infra/resources.ts";
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

/** In which of Render's lists a kind is. */
const lists: Partial<Record<KindName, "postgres" | "key-value" | "env-groups" | "services">> = {
  ...{ postgres: "postgres", keyValue: "key-value", envGroup: "env-groups" },
  ...{ web: "services", private: "services", worker: "services", cron: "services" },
};

async function lastChange(type: string, id: string, accounts: Accounts): Promise<string | undefined> {
  const kind = kindNamed(type);
  const list = kind && lists[kind];
  if (list === undefined) return undefined;
  const all: { id: string; updatedAt?: string }[] = await accounts.render.list(list);
  return all.find((one) => one.id === id)?.updatedAt;
}
