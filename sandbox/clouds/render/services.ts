/** Services and their deploys. */
import { defined } from "../api.ts";
import { found, RenderError } from "./error.ts";
import { made, newId, now, randomText } from "./ids.ts";
import type { Deploy, RenderCloud, Service } from "./model.ts";
import type { DeployRequest, EnvVar, EnvVarInput, ServiceChanges, ServiceRequest } from "./requests.ts";

/** Creates a service and starts its first deploy, which has its variables. */
export function createService(
  cloud: RenderCloud,
  request: ServiceRequest,
): { service: Service; deploy: Deploy } {
  const { name, type, serviceDetails: details } = request;
  checkName(cloud, name);
  checkPlan(type, details.plan);
  if (type === "cron_job" && !details.schedule)
    throw new RenderError(400, "schedule is required for cron jobs");
  const service: Service = {
    ...made(type === "cron_job" ? "crn" : "srv"),
    type,
    name,
    rootDir: request.rootDir ?? "",
    details: placed(details),
    envVars: valued(request.envVars ?? [], []),
    ...sourceOf(request),
  };
  cloud.state.services[service.id] = service;
  const deploy = startDeploy(cloud, service.id, {});
  return { service, deploy };
}

/** Changes what is given; variables have a call of their own. */
export function updateService(cloud: RenderCloud, id: string, changes: ServiceChanges): Service {
  const service = serviceOf(cloud, id);
  const { name, rootDir, serviceDetails: details = {} } = changes;
  if (details.plan !== undefined) checkPlan(service.type, details.plan);
  if (name !== undefined && name !== service.name) checkName(cloud, name);
  Object.assign(service, defined({ name, rootDir }), sourceOf(changes));
  // The region cannot change, and the environment's details are merged one by one.
  const { region: _, envSpecificDetails, ...others } = placed(details);
  Object.assign(service.details, others, {
    envSpecificDetails: {
      ...(service.details.envSpecificDetails as object),
      ...(envSpecificDetails as object),
    },
  });
  return cloud.touched(service);
}

export function deleteService(cloud: RenderCloud, id: string): void {
  serviceOf(cloud, id);
  cloud.behind.stop(id);
  delete cloud.state.services[id];
  cloud.state.deploys = cloud.state.deploys.filter((deploy) => deploy.serviceId !== id);
  for (const group of Object.values(cloud.state.envGroups))
    group.serviceIds = group.serviceIds.filter((other) => other !== id);
  cloud.save();
}

/** Replaces all variables. Deploys nothing. */
export function setVariables(cloud: RenderCloud, id: string, variables: EnvVarInput[] = []): EnvVar[] {
  const service = serviceOf(cloud, id);
  return cloud.touched(service, { envVars: valued(variables, service.envVars) }).envVars;
}

export function scaleService(cloud: RenderCloud, id: string, numInstances: number): void {
  const service = serviceOf(cloud, id);
  cloud.touched(service, { details: { ...service.details, numInstances } });
}

/** What a process of the service would get: its own variables win over those of its env groups. */
function effectiveVariables(cloud: RenderCloud, id: string): Record<string, string> {
  const groups = Object.values(cloud.state.envGroups).filter((group) => group.serviceIds.includes(id));
  const all = [...groups.flatMap((group) => group.envVars), ...serviceOf(cloud, id).envVars];
  return Object.fromEntries(all.map(({ key, value }) => [key, value]));
}

/**
 * Starts a deploy, at once or when its turn has come; until then no list shows it.
 *
 * @returns undefined: it is queued
 */
export function requestDeploy(cloud: RenderCloud, id: string, what: DeployRequest): Deploy | undefined {
  const { queue } = cloud.behind;
  if (queue === 0) return startDeploy(cloud, id, what);
  checkDeploy(serviceOf(cloud, id), what);
  setTimeout(() => {
    if (cloud.state.services[id] !== undefined) startDeploy(cloud, id, what);
  }, queue).unref();
  return undefined;
}

function checkDeploy(service: Service, { commitId, imageUrl }: DeployRequest): void {
  if (imageUrl !== undefined && nameOf(imageUrl) !== nameOf(service.imagePath ?? ""))
    throw new RenderError(400, "imageUrl: host, repository and image name must match the service's image");
  if (commitId !== undefined && service.type === "cron_job")
    throw new RenderError(400, "commitId is not supported for cron jobs");
}

/** Starts a deploy: what is asked for, or else what the service is configured to run. */
export function startDeploy(cloud: RenderCloud, serviceId: string, what: DeployRequest = {}): Deploy {
  const service = serviceOf(cloud, serviceId);
  checkDeploy(service, what);
  const { commitId, imageUrl } = what;
  const runs =
    service.imagePath === undefined
      ? { commit: { id: commitId ?? headOf(service), message: "", createdAt: now() } }
      : { image: { ref: imageUrl ?? service.imagePath, sha: "" } };
  const deploy: Deploy = {
    id: newId("dep"),
    serviceId,
    status: "update_in_progress",
    createdAt: now(),
    variables: effectiveVariables(cloud, serviceId),
    ...runs,
  };
  cloud.state.deploys.push(deploy);
  cloud.save();
  void finish(cloud, service, deploy);
  return deploy;
}

async function finish(cloud: RenderCloud, service: Service, deploy: Deploy): Promise<void> {
  const status = await cloud.behind.boot(service, deploy).catch(() => "update_failed" as const);
  // Deleted meanwhile: its deploys went with it.
  if (cloud.state.services[service.id] === undefined) return;
  if (status === "live")
    for (const other of cloud.state.deploys)
      if (other.serviceId === service.id && other.status === "live") other.status = "deactivated";
  deploy.status = status;
  deploy.finishedAt = now();
  cloud.save();
}

/** Newest first, as Render lists them. */
export function deploysOf(cloud: RenderCloud, serviceId: string): Deploy[] {
  serviceOf(cloud, serviceId);
  return cloud.state.deploys.filter((deploy) => deploy.serviceId === serviceId).reverse();
}

export const serviceOf = (cloud: RenderCloud, id: string): Service =>
  found(cloud.state.services[id], `service ${id}`);

function checkName(cloud: RenderCloud, name: string): void {
  if (Object.values(cloud.state.services).some((other) => other.name === name))
    throw new RenderError(409, `name: a service named ${name} already exists`);
}

function checkPlan(type: Service["type"], plan: string): void {
  if (plan === "free" && type !== "web_service")
    throw new RenderError(400, `plan free is not available for ${type}`);
}

/**
 * `preDeployCommand` is sent beside the environment's details and read among them: the provider's two sides do not
 * agree, and the API makes it fit.
 */
function placed({ preDeployCommand, ...details }: Record<string, unknown>): Record<string, unknown> {
  if (preDeployCommand === undefined) return details;
  return { ...details, envSpecificDetails: { ...(details.envSpecificDetails as object), preDeployCommand } };
}

function sourceOf({ repo, branch, autoDeployTrigger, image }: ServiceChanges) {
  // An image without tag runs "latest", and is shown so.
  const tagged = (path: string) => (/[:@][^/]+$/.test(path) ? path : `${path}:latest`);
  return defined({ repo, branch, autoDeployTrigger, imagePath: image && tagged(image.imagePath) });
}

const nameOf = (image: string) => image.replace(/[:@][^/]+$/, "");

/** The stand-in has no repositories: a branch's head is a commit made of its name. */
const headOf = ({ branch = "main" }: Service) => Buffer.from(`head of ${branch}`.padEnd(20)).toString("hex");

/** A generated value stays what it is when the variable is sent again. */
function valued(inputs: EnvVarInput[], before: EnvVar[]): EnvVar[] {
  return inputs.map(({ key, value }) => ({
    key,
    value: value ?? before.find((other) => other.key === key)?.value ?? randomText(44),
  }));
}
