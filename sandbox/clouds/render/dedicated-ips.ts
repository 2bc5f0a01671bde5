/** Sets of outbound addresses that no other customer has. https://render.com/docs/dedicated-ips */
import { defined } from "../api.ts";
import { found, needName, RenderError } from "./error.ts";
import { made } from "./ids.ts";
import type { DedicatedIp, RenderCloud } from "./model.ts";
import { needEnvironment } from "./projects.ts";
import type { DedicatedIpChanges, DedicatedIpRequest } from "./requests.ts";

export function createDedicatedIp(cloud: RenderCloud, request: DedicatedIpRequest): DedicatedIp {
  const { name, region, description = "", environmentIds = [] } = request;
  needName(name);
  checkScope(cloud, { region, environmentIds });
  const set: DedicatedIp = {
    ...made("egs"),
    name,
    description,
    region,
    environmentIds: [...(environmentIds ?? [])],
    ips: addresses(Object.keys(cloud.state.dedicatedIps ?? {}).length),
    ...cloud.readyAt(),
  };
  cloud.state.dedicatedIps = { ...cloud.state.dedicatedIps, [set.id]: set };
  cloud.save();
  return set;
}

export function updateDedicatedIp(cloud: RenderCloud, id: string, changes: DedicatedIpChanges): DedicatedIp {
  const set = dedicatedIpOf(cloud, id);
  const { name, description, environmentIds } = changes;
  if (environmentIds) checkScope(cloud, { id, region: set.region, environmentIds });
  const scope = environmentIds ? { environmentIds: [...environmentIds] } : {};
  return cloud.touched(set, { ...defined({ name, description }), ...scope });
}

export function deleteDedicatedIp(cloud: RenderCloud, id: string): void {
  dedicatedIpOf(cloud, id);
  delete cloud.state.dedicatedIps?.[id];
  cloud.save();
}

export const dedicatedIpOf = ({ state }: RenderCloud, id: string): DedicatedIp =>
  found(state.dedicatedIps?.[id], id);

/** A workspace has one that applies to all of a region; the words are ours. */
function checkScope(
  cloud: RenderCloud,
  { id, region, environmentIds }: Pick<DedicatedIpRequest, "region" | "environmentIds"> & { id?: string },
): void {
  for (const environment of environmentIds ?? []) needEnvironment(cloud, environment);
  if ((environmentIds ?? []).length > 0) return;
  const other = Object.values(cloud.state.dedicatedIps ?? {}).find(
    (one) => one.id !== id && one.region === region && one.environmentIds.length === 0,
  );
  if (other !== undefined)
    throw new RenderError(409, `region ${region} has a set for the whole workspace already: ${other.id}`);
}

/** Recorded: three, one after the other. From a block that nobody has. */
const addresses = (number: number) => [1, 2, 3].map((last) => `198.18.${number % 256}.${last}`);
