/** Env groups and their links. No change of one deploys anything: that is left to whoever makes it. */
import { defined } from "../api.ts";
import { found, needName, RenderError } from "./error.ts";
import { made } from "./ids.ts";
import type { EnvGroup, RenderCloud } from "./model.ts";
import { needEnvironment } from "./projects.ts";
import type { EnvGroupRequest } from "./requests.ts";
import { serviceOf, valued } from "./services.ts";

export function createEnvGroup(cloud: RenderCloud, request: EnvGroupRequest): EnvGroup {
  const { name, envVars, secretFiles, serviceIds, environmentId } = request;
  needName(name);
  if (Object.values(cloud.state.envGroups).some((other) => other.name === name))
    throw new RenderError(409, `name: an environment group named ${name} already exists`);
  needEnvironment(cloud, environmentId);
  const group: EnvGroup = {
    ...made("evg"),
    name,
    // Recorded: the newest first, so that those of one call stand the other way round.
    envVars: valued(envVars, []).reverse(),
    secretFiles: [...(secretFiles ?? [])].reverse(),
    serviceIds: (serviceIds ?? []).map((id) => serviceOf(cloud, id).id),
    ...defined({ environmentId }),
  };
  cloud.state.envGroups[group.id] = group;
  cloud.save();
  return group;
}

export function renameEnvGroup(cloud: RenderCloud, id: string, name: string): EnvGroup {
  needName(name);
  return cloud.touched(groupOf(cloud, id), { name });
}

/** @param value made up where there is none, unless it has one */
export function setGroupVariable(cloud: RenderCloud, id: string, key: string, value?: string): EnvGroup {
  return changed(cloud, id, (group) => {
    const known = group.envVars.find((other) => other.key === key);
    const [variable] = valued([defined({ key, value })], group.envVars);
    if (known !== undefined && variable !== undefined) known.value = variable.value;
    else if (variable !== undefined) group.envVars.unshift(variable);
  });
}

export function removeGroupVariable(cloud: RenderCloud, id: string, key: string): void {
  changed(cloud, id, (group) => {
    found(
      group.envVars.find((other) => other.key === key),
      `variable ${key}`,
    );
    group.envVars = group.envVars.filter((other) => other.key !== key);
  });
}

/** @param content undefined: the file goes */
export function setGroupFile(cloud: RenderCloud, id: string, name: string, content?: string): EnvGroup {
  return changed(cloud, id, (group) => {
    group.secretFiles = (group.secretFiles ?? []).filter((other) => other.name !== name);
    if (content !== undefined) group.secretFiles.unshift({ name, content });
  });
}

export function linkService(cloud: RenderCloud, id: string, serviceId: string): EnvGroup {
  const { environmentId } = serviceOf(cloud, serviceId);
  return changed(cloud, id, (group) => {
    // https://render.com/docs/projects#scoped-configuration; the words are ours.
    if (group.environmentId !== undefined && group.environmentId !== environmentId)
      throw new RenderError(400, `env group ${id} is for services of its environment only`);
    if (!group.serviceIds.includes(serviceId)) group.serviceIds.push(serviceId);
  });
}

export function unlinkService(cloud: RenderCloud, id: string, serviceId: string): void {
  changed(cloud, id, (group) => {
    group.serviceIds = group.serviceIds.filter((other) => other !== serviceId);
  });
}

export function deleteEnvGroup(cloud: RenderCloud, id: string): void {
  groupOf(cloud, id);
  delete cloud.state.envGroups[id];
  cloud.save();
}

export const groupOf = (cloud: RenderCloud, id: string): EnvGroup => found(cloud.state.envGroups[id], id);

/** Recorded: what a group holds changes without its date. */
function changed(cloud: RenderCloud, id: string, change: (group: EnvGroup) => void): EnvGroup {
  const group = groupOf(cloud, id);
  change(group);
  cloud.save();
  return group;
}
