/** Env groups and their links. No change of one deploys anything: that is left to whoever makes it. */
import { defined, type Route, route } from "../api.ts";
import { among, type EnvVarInput, type List, type Owned, one, valued } from "./calls.ts";
import { type EnvGroup, made, type RenderCloud, type SecretFile } from "./model.ts";
import { needEnvironment } from "./projects.ts";
import { found, needName, RenderError } from "./refusals.ts";
import { shortTypes } from "./services.ts";

export interface EnvGroupRequest {
  name: string;
  envVars: List<EnvVarInput>;
  secretFiles?: List<SecretFile>;
  environmentId?: string;
  serviceIds?: List<string>;
}

export function createEnvGroup(cloud: RenderCloud, request: EnvGroupRequest): EnvGroup {
  const { name, envVars, secretFiles, serviceIds, environmentId } = request;
  needName(name);
  if (cloud.all("envGroups").some((other) => other.name === name))
    throw new RenderError(409, `name: an environment group named ${name} already exists`);
  needEnvironment(cloud, environmentId);
  return cloud.add("envGroups", {
    ...made("evg"),
    name,
    // Recorded: the newest first, so that those of one call stand the other way round.
    envVars: valued(envVars, []).reverse(),
    secretFiles: [...(secretFiles ?? [])].reverse(),
    serviceIds: (serviceIds ?? []).map((id) => cloud.get("services", id).id),
    ...defined({ environmentId }),
  });
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

export function linkService(cloud: RenderCloud, id: string, serviceId: string): EnvGroup {
  const { environmentId } = cloud.get("services", serviceId);
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

/** Recorded: what a group holds changes without its date. */
function changed(cloud: RenderCloud, id: string, change: (group: EnvGroup) => void): EnvGroup {
  const group = cloud.get("envGroups", id);
  change(group);
  cloud.save();
  return group;
}

export function envGroupRoutes(cloud: RenderCloud): Route[] {
  const all = "/env-groups" as const;
  const group = `${all}/:id` as const;
  /** A list shows no variables and no files: https://api-docs.render.com/reference/list-env-groups */
  const listed = ({ envVars: _, secretFiles: __, serviceIds, ...shown }: EnvGroup) => ({
    ...shown,
    ownerId: cloud.ownerId,
    serviceLinks: serviceIds.flatMap((id) => {
      const linked = cloud.state.services[id];
      return linked === undefined
        ? []
        : [{ id: linked.id, name: linked.name, type: shortTypes[linked.type] }];
    }),
  });
  const shown = (group: EnvGroup) => ({
    ...listed(group),
    envVars: group.envVars,
    secretFiles: group.secretFiles ?? [],
  });
  /** @param content undefined: the file goes */
  const setFile = (id: string, name: string, content?: string) =>
    changed(cloud, id, (group) => {
      const others = (group.secretFiles ?? []).filter((other) => other.name !== name);
      group.secretFiles = [...(content === undefined ? [] : [{ name, content }]), ...others];
    });
  return [
    route(`POST ${all}`, (_, body: Owned<EnvGroupRequest>) => shown(createEnvGroup(cloud, cloud.own(body)))),
    // Bare, unlike other lists.
    route(`GET ${all}`, ({ query }) =>
      cloud
        .all("envGroups")
        .filter(({ name }) => among(query.name, name))
        .slice(0, Number(query.limit ?? 20))
        .map(listed),
    ),
    one(cloud, all, "envGroups", shown),
    route(`PATCH ${group}`, ({ id }, { name }: { name: string }) => {
      needName(name);
      return shown(cloud.touched(cloud.get("envGroups", id), { name }));
    }),
    route(`DELETE ${group}`, ({ id }) => cloud.remove("envGroups", id)),
    route(`PUT ${group}/env-vars/:key`, ({ id, key }, body: { value?: string }) =>
      shown(setGroupVariable(cloud, id, key, body.value)),
    ),
    route(`DELETE ${group}/env-vars/:key`, ({ id, key }) => removeGroupVariable(cloud, id, key)),
    route(`PUT ${group}/secret-files/:name`, ({ id, name }, { content = "" }: { content?: string }) =>
      shown(setFile(id, name, content)),
    ),
    route(`DELETE ${group}/secret-files/:name`, ({ id, name }) => void setFile(id, name)),
    route(`POST ${group}/services/:service`, ({ id, service }) => shown(linkService(cloud, id, service))),
    route(`DELETE ${group}/services/:service`, ({ id, service }) => unlinkService(cloud, id, service)),
  ];
}
