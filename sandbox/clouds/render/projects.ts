/** Projects, their environments, and which environment a thing is in. https://render.com/docs/projects */
import { defined, type Route, route } from "../api.ts";
import { type Asked, type List, type Owned, one, orNull, owner, usual } from "./calls.ts";
import { type AllowedBlock, type Environment, made, type Project, type RenderCloud } from "./model.ts";
import { found, needName, RenderError } from "./refusals.ts";

interface EnvironmentRequest
  extends Asked<Environment, "name", "protectedStatus" | "networkIsolationEnabled"> {
  ipAllowList?: List<AllowedBlock>;
}

export interface ProjectRequest {
  name: string;
  environments: readonly EnvironmentRequest[];
}

const everywhere = [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }];

export function createProject(cloud: RenderCloud, { name, environments }: ProjectRequest): Project {
  needName(name);
  for (const environment of environments) needName(environment.name);
  if (environments.length === 0) throw new RenderError(400, "a project needs at least one environment");
  const project = cloud.add("projects", { ...made("prj"), name });
  for (const environment of environments) createEnvironment(cloud, { ...environment, projectId: project.id });
  return project;
}

/** Only what is empty goes. */
export function deleteProject(cloud: RenderCloud, id: string): void {
  cloud.get("projects", id);
  const environments = environmentsOf(cloud, id);
  for (const environment of environments) needEmpty(cloud, environment.id);
  for (const environment of environments) delete cloud.state.environments[environment.id];
  cloud.remove("projects", id);
}

function createEnvironment(
  cloud: RenderCloud,
  request: EnvironmentRequest & { projectId: string },
): Environment {
  const { name, projectId, protectedStatus = "unprotected", networkIsolationEnabled = false } = request;
  needName(name);
  cloud.get("projects", projectId);
  return cloud.add("environments", {
    ...made("evm"),
    projectId,
    name,
    protectedStatus,
    networkIsolationEnabled,
    ipAllowList: request.ipAllowList ?? everywhere,
  });
}

/** Puts things into an environment; those that are in another one leave it. */
export function addToEnvironment(
  cloud: RenderCloud,
  id: string,
  resourceIds: readonly string[],
): Environment {
  const environment = cloud.get("environments", id);
  for (const resource of resourceIds.map((one) => resourceOf(cloud, one))) {
    if (resource.environmentId !== id) leave(cloud, resource);
    resource.environmentId = id;
  }
  cloud.save();
  return environment;
}

type Resource = { id: string; environmentId?: string };

/** Render's words: https://github.com/render-oss/terraform-provider-render/issues/10 */
function leave(cloud: RenderCloud, resource: Resource): void {
  const { id, environmentId } = resource;
  const isLinked = cloud
    .all("envGroups")
    .some(
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
const inside = (things: Record<string, Resource>, environmentId: string): string[] =>
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
  if (id !== undefined) cloud.get("environments", id);
}

export const environmentsOf = (cloud: RenderCloud, projectId: string): Environment[] =>
  cloud.all("environments").filter((one) => one.projectId === projectId);

export function projectRoutes(cloud: RenderCloud): Route[] {
  const part = "/environments" as const;
  const shown = (project: Project) => ({
    ...project,
    owner: owner(cloud),
    environmentIds: environmentsOf(cloud, project.id).map(({ id }) => id),
  });
  /** Recorded: no dates. */
  const within = ({ createdAt: _, updatedAt: __, ...environment }: Environment) => {
    const ids = (things: Record<string, Resource>) => orNull(inside(things, environment.id));
    const { postgres, keyValues, services, envGroups } = cloud.state;
    return {
      ...environment,
      databasesIds: ids(postgres),
      redisIds: ids(keyValues),
      serviceIds: ids(services),
      envGroupIds: ids(envGroups),
    };
  };
  return [
    ...usual(cloud, "/projects", "projects", {
      wrapper: "project",
      shown,
      remove: (id) => deleteProject(cloud, id),
    }),
    route("POST /projects", (_, body: Owned<ProjectRequest>) => shown(createProject(cloud, cloud.own(body)))),
    route("PATCH /projects/:id", ({ id }, { name }: { name?: string }) =>
      shown(cloud.touched(cloud.get("projects", id), defined({ name }))),
    ),
    route(`POST ${part}`, (_, body: EnvironmentRequest & { projectId: string }) =>
      within(createEnvironment(cloud, body)),
    ),
    one(cloud, part, "environments", within),
    route(`PATCH ${part}/:id`, ({ id }, changes: Partial<EnvironmentRequest>) => {
      if (changes.name !== undefined) needName(changes.name);
      const { ipAllowList, ...others } = changes;
      const change = defined({ ...others, ipAllowList: ipAllowList ?? undefined });
      return within(cloud.touched(cloud.get("environments", id), change));
    }),
    route(`DELETE ${part}/:id`, ({ id }) => {
      cloud.get("environments", id);
      needEmpty(cloud, id);
      cloud.remove("environments", id);
    }),
    route(`POST ${part}/:id/resources`, ({ id }, { resourceIds }: { resourceIds: string[] }) =>
      within(addToEnvironment(cloud, id, resourceIds)),
    ),
    // Recorded: they leave the environment that they are in, whatever the path says. Their provider names the thing
    // itself there when it moves one (terraform-provider-render 1.9.1, `UpdateEnvironmentID`).
    route(`DELETE ${part}/:id/resources`, ({ query }) => {
      const ids = query.resourceIds?.split(",") ?? [];
      for (const resource of ids.map((one) => resourceOf(cloud, one))) leave(cloud, resource);
      cloud.save();
    }),
  ];
}
