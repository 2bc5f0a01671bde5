/** Sets of outbound addresses that no other customer has. https://render.com/docs/dedicated-ips */
import { defined, type Route, route } from "../api.ts";
import { type List, type Owned, one } from "./calls.ts";
import { type DedicatedIp, isThere, made, type RenderCloud } from "./model.ts";
import { needEnvironment } from "./projects.ts";
import { needName, RenderError } from "./refusals.ts";
import { needOwner } from "./services.ts";

/** Environments that it is for; none: all that runs in the region. */
export interface DedicatedIpRequest {
  name: string;
  region: string;
  description?: string;
  environmentIds?: List<string>;
}

export function createDedicatedIp(cloud: RenderCloud, request: DedicatedIpRequest): DedicatedIp {
  const { name, region, description = "", environmentIds = [] } = request;
  needName(name);
  checkScope(cloud, { region, environmentIds });
  return cloud.add("dedicatedIps", {
    ...made("egs"),
    name,
    description,
    region,
    environmentIds: [...(environmentIds ?? [])],
    ips: addresses(cloud.all("dedicatedIps").length),
    ...cloud.readyAt(),
  });
}

/** A workspace has one that applies to all of a region; the words are ours. */
function checkScope(
  cloud: RenderCloud,
  { id, region, environmentIds }: Pick<DedicatedIpRequest, "region" | "environmentIds"> & { id?: string },
): void {
  for (const environment of environmentIds ?? []) needEnvironment(cloud, environment);
  if ((environmentIds ?? []).length > 0) return;
  const other = cloud
    .all("dedicatedIps")
    .find((one) => one.id !== id && one.region === region && one.environmentIds.length === 0);
  if (other !== undefined)
    throw new RenderError(409, `region ${region} has a set for the whole workspace already: ${other.id}`);
}

/** Recorded: three, one after the other. From a block that nobody has. */
const addresses = (number: number) => [1, 2, 3].map((last) => `198.18.${number % 256}.${last}`);

export function dedicatedIpRoutes(cloud: RenderCloud): Route[] {
  const all = "/dedicated-ips" as const;
  /** Recorded: CREATING, without addresses, then RUNNING with them; created it is the former, whatever the next call says. */
  const shown = ({ readyAt = 0, ips, ...set }: DedicatedIp, isNew = false) => ({
    ...{ ...set, ownerId: cloud.ownerId },
    ...(isThere({ readyAt }) && !isNew ? { ips, status: "RUNNING" } : { ips: [], status: "CREATING" }),
  });
  return [
    route(`POST ${all}`, (_, body: Owned<DedicatedIpRequest>) =>
      shown(createDedicatedIp(cloud, cloud.own(body)), true),
    ),
    // Bare, unlike other lists.
    route(`GET ${all}`, ({ query }) => {
      needOwner(cloud, query.ownerId ?? "");
      return cloud.all("dedicatedIps").map((set) => shown(set));
    }),
    one(cloud, all, "dedicatedIps", (set) => shown(set)),
    route(`PATCH ${all}/:id`, ({ id }, changes: Partial<Omit<DedicatedIpRequest, "region">>) => {
      const set = cloud.get("dedicatedIps", id);
      const { name, description, environmentIds } = changes;
      if (environmentIds) checkScope(cloud, { id, region: set.region, environmentIds });
      const scope = environmentIds ? { environmentIds: [...environmentIds] } : {};
      return shown(cloud.touched(set, { ...defined({ name, description }), ...scope }));
    }),
    route(`DELETE ${all}/:id`, ({ id }) => cloud.remove("dedicatedIps", id)),
  ];
}
