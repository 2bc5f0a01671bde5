/** Projects, their environments, and which environment a thing is in. https://render.com/docs/projects */
import { defined } from "../api.ts";
import { found, needName, RenderError } from "./error.ts";
import { made } from "./ids.ts";
import type { Environment, Project, RenderCloud } from "./model.ts";
import type { EnvironmentChanges, EnvironmentRequest, ProjectRequest } from "./requests.ts";

const everywhere = [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }];

export function createProject(cloud: RenderCloud, { name, environments }: ProjectRequest): Project {
  needName(name);
  for (const environment of environments) needName(environment.name);
  if (environments.length === 0) throw new RenderError(400, "a project needs at least one environment");
  const project = { ...made("prj"), name };
  projectsOf(cloud)[project.id] = project;
  for (const environment of environments) createEnvironment(cloud, { ...environment, projectId: project.id });
  return project;
}

export const renameProject = (cloud: RenderCloud, id: string, name?: string): Project =>
  cloud.touched(projectOf(cloud, id), defined({ name }));

/** Only what is empty goes. */
export function deleteProject(cloud: RenderCloud, id: string): void {
  projectOf(cloud, id);
  const environments = environmentsOf(cloud, id);
  for (const environment of environments) needEmpty(cloud, environment.id);
  for (const environment of environments) delete cloud.state.environments?.[environment.id];
  delete cloud.state.projects?.[id];
  cloud.save();
}

export function createEnvironment(
  cloud: RenderCloud,
  request: EnvironmentRequest & { projectId: string },
): Environment {
  const { name, projectId, protectedStatus = "unprotected", networkIsolationEnabled = false } = request;
  needName(name);
  projectOf(cloud, projectId);
  const environment: Environment = {
    ...made("evm"),
    projectId,
    name,
    protectedStatus,
    networkIsolationEnabled,
    ipAllowList: request.ipAllowList ?? everywhere,
  };
  cloud.state.environments = { ...cloud.state.environments, [environment.id]: environment };
  cloud.save();
  return environment;
}

export function updateEnvironment(cloud: RenderCloud, id: string, changes: EnvironmentChanges): Environment {
  if (changes.name !== undefined) needName(changes.name);
  const { ipAllowList, ...others } = changes;
  return cloud.touched(
    environmentOf(cloud, id),
    defined({ ...others, ipAllowList: ipAllowList ?? undefined }),
  );
}

export function deleteEnvironment(cloud: RenderCloud, id: string): void {
  environmentOf(cloud, id);
  needEmpty(cloud, id);
  delete cloud.state.environments?.[id];
  cloud.save();
}

/** Puts things into an environment; those that are in another one leave it. */
export function addToEnvironment(
  cloud: RenderCloud,
  id: string,
  resourceIds: readonly string[],
): Environment {
  const environment = environmentOf(cloud, id);
  for (const resource of resourceIds.map((one) => resourceOf(cloud, one))) {
    if (resource.environmentId !== id) leave(cloud, resource);
    resource.environmentId = id;
  }
  cloud.save();
  return environment;
}

/**
 * Recorded: they leave the environment that they are in, whatever the path says. Their provider names the thing itself
 * there when it moves one (terraform-provider-render 1.9.1, `UpdateEnvironmentID`).
 */
export function removeFromEnvironment(cloud: RenderCloud, resourceIds: readonly string[]): void {
  for (const resource of resourceIds.map((one) => resourceOf(cloud, one))) leave(cloud, resource);
  cloud.save();
}

type Resource = { id: string; environmentId?: string };

/** Render's words: https://github.com/render-oss/terraform-provider-render/issues/10 */
function leave(cloud: RenderCloud, resource: Resource): void {
  const { id, environmentId } = resource;
  const isLinked = Object.values(cloud.state.envGroups).some(
    (group) =>
      environmentId !== undefined && group.environmentId === environmentId && group.serviceIds.includes(id),
  );
  if (isLinked) throw new RenderError(400, "cannot move service out of environment with linked env groups");
  delete resource.environmentId;
}

function resourceOf({ state }: RenderCloud, id: string): Resource {
  return found(state.services[id] ?? state.postgres[id] ?? state.keyValues[id] ?? state.envGroups[id], id);
}

/** Ids of what is in an environment, of one kind. */
export const inside = (things: Record<string, Resource>, environmentId: string): string[] =>
  Object.values(things).flatMap((thing) => (thing.environmentId === environmentId ? [thing.id] : []));

/** The words are ours. https://api-docs.render.com/reference/delete-environment */
function needEmpty({ state }: RenderCloud, id: string): void {
  const { services, postgres, keyValues, envGroups } = state;
  const ids = [services, postgres, keyValues, envGroups].flatMap((things) => inside(things, id));
  if (ids.length > 0)
    throw new RenderError(409, `environment ${id} is not empty: it contains ${ids.join(", ")}`);
}

/** @throws RenderError for an environment that there is not; none is fine */
export function needEnvironment(cloud: RenderCloud, id?: string): void {
  if (id !== undefined) environmentOf(cloud, id);
}

function projectsOf({ state }: RenderCloud): Record<string, Project> {
  state.projects ??= {};
  return state.projects;
}

export const projectOf = ({ state }: RenderCloud, id: string): Project => found(state.projects?.[id], id);
export const environmentOf = ({ state }: RenderCloud, id: string): Environment =>
  found(state.environments?.[id], id);
export const environmentsOf = ({ state }: RenderCloud, projectId: string): Environment[] =>
  Object.values(state.environments ?? {}).filter((one) => one.projectId === projectId);
