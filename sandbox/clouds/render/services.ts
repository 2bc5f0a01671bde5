/** Services and their deploys. */
import { createHash } from "node:crypto";
import { defined } from "../api.ts";
import { defaultRegion } from "./databases.ts";
import { found, needName, RenderError } from "./error.ts";
import { generatedValue, made, newId, now, randomText } from "./ids.ts";
import {
  type Deploy,
  type Disk,
  type LogStream,
  type OwnerNotifications,
  preDeployCommandOf,
  type RenderCloud,
  type Service,
} from "./model.ts";
import { needEnvironment } from "./projects.ts";
import type {
  DeployRequest,
  EnvVar,
  NotificationChanges,
  ServiceChanges,
  ServiceRequest,
} from "./requests.ts";

/** Creates a service and starts its first deploy, which has its variables. */
export function createService(
  cloud: RenderCloud,
  request: ServiceRequest,
): { service: Service; deploy: Deploy } {
  const { name, type, environmentId, serviceDetails = {} } = request;
  needName(name);
  needEnvironment(cloud, environmentId);
  checkMaintenance(serviceDetails.plan ?? "starter", serviceDetails);
  const { disk, ...given } = placed(serviceDetails);
  const details = { region: defaultRegion, plan: "starter", ...given };
  const service: Service = {
    ...made(type === "cron_job" ? "crn" : "srv"),
    type,
    name,
    slug: isReached(type) ? name : `${name}-${randomText(4)}`,
    rootDir: request.rootDir ?? "",
    details,
    ...(disk !== undefined && { disk: { ...made("dsk"), ...(disk as Disk) } }),
    envVars: valued(request.envVars, []),
    secretFiles: [...(request.secretFiles ?? [])],
    ...sourceOf(request),
    ...defined({ environmentId, autoDeployTrigger: triggerOf(request) }),
  };
  check(cloud, service);
  cloud.state.services[service.id] = service;
  const deploy = startDeploy(cloud, service.id, {});
  return { service, deploy };
}

/** Changes what is given; variables and files have calls of their own. The slug and the address stay. */
export function updateService(cloud: RenderCloud, id: string, changes: ServiceChanges): Service {
  const service = serviceOf(cloud, id);
  const { name, rootDir, serviceDetails = {} } = changes;
  const { details: before } = service;
  const { runtime = before.runtime } = serviceDetails;
  checkMaintenance(serviceDetails.plan ?? before.plan, serviceDetails);
  // The region cannot change. The environment's details are merged one by one, unless it becomes another one.
  const { region: _, envSpecificDetails, ...others } = placed(serviceDetails, before);
  const kept = runtime === before.runtime ? before.envSpecificDetails : {};
  const details = {
    ...before,
    ...others,
    envSpecificDetails: { ...(kept as object), ...(envSpecificDetails as object) },
  };
  const { repo: _repo, branch: _branch, buildFilter: _filter, imagePath: _path, ...rest } = service;
  const given = defined({ name, rootDir, autoDeployTrigger: triggerOf(changes) });
  const changed: Service = { ...rest, ...given, ...sourceOf(changes, service), details };
  needName(changed.name);
  check(cloud, changed);
  cloud.state.services[id] = changed;
  return cloud.touched(changed);
}

/**
 * Render's words: https://github.com/render-oss/terraform-provider-render/issues/80. Its provider always sends it, so that
 * no free service can be changed by it.
 */
function checkMaintenance(plan: unknown, { maintenanceMode }: Service["details"]): void {
  if (plan === "free" && maintenanceMode !== undefined)
    throw new RenderError(400, "maintenance mode can only be configured for non-free tier services");
}

export function deleteService(cloud: RenderCloud, id: string): void {
  serviceOf(cloud, id);
  cloud.behind.stop(id);
  delete cloud.state.services[id];
  cloud.state.deploys = cloud.state.deploys.filter((deploy) => deploy.serviceId !== id);
  cloud.state.jobs = cloud.state.jobs.filter((job) => job.serviceId !== id);
  for (const group of Object.values(cloud.state.envGroups))
    group.serviceIds = group.serviceIds.filter((other) => other !== id);
  cloud.save();
}

/** Replaces all variables. Deploys nothing; recorded: the service's date stays. */
export function setVariables(cloud: RenderCloud, id: string, variables: ServiceRequest["envVars"]): EnvVar[] {
  const service = serviceOf(cloud, id);
  const envVars = valued(variables, service.envVars);
  check(cloud, { ...service, envVars });
  service.envVars = envVars;
  cloud.save();
  return envVars;
}

export function setSecretFiles(cloud: RenderCloud, id: string, files: ServiceRequest["secretFiles"]): void {
  serviceOf(cloud, id).secretFiles = [...(files ?? [])];
  cloud.save();
}

/** @throws RenderError for another workspace than the key's */
export function setOwnerNotifications(
  cloud: RenderCloud,
  ownerId: string,
  changes: OwnerNotifications,
): void {
  ownerOf(cloud, ownerId);
  cloud.state.notifications = { ...cloud.state.notifications, ...changes };
  cloud.save();
}

export function ownerOf(cloud: RenderCloud, ownerId: string): RenderCloud {
  if (ownerId !== cloud.ownerId) throw new RenderError(401, "Unauthorized");
  return cloud;
}

export function setNotifications(cloud: RenderCloud, id: string, changes: NotificationChanges): Service {
  const service = serviceOf(cloud, id);
  return cloud.touched(service, { notifications: { ...service.notifications, ...changes } });
}

export function scaleService(cloud: RenderCloud, id: string, numInstances: number): void {
  const service = serviceOf(cloud, id);
  const details = { ...service.details, numInstances };
  check(cloud, { ...service, details });
  cloud.touched(service, { details });
}

/** @param autoscaling undefined: it has none any more */
export function setAutoscaling(cloud: RenderCloud, id: string, autoscaling?: object): void {
  const service = serviceOf(cloud, id);
  const { autoscaling: _, ...details } = service.details;
  if (service.type === "cron_job") throw new RenderError(400, "autoscaling is not available for cron jobs");
  service.details = { ...details, ...(autoscaling !== undefined && { autoscaling }) };
  cloud.touched(service);
}

type DiskRequest = Pick<Disk, "name" | "mountPath" | "sizeGB">;

export function addDisk(cloud: RenderCloud, { serviceId, ...disk }: DiskRequest & { serviceId: string }) {
  const service = serviceOf(cloud, serviceId);
  if (service.disk !== undefined) throw new RenderError(400, `service ${serviceId} already has a disk`);
  service.disk = { ...made("dsk"), ...disk };
  cloud.touched(service);
  return { ...service.disk, serviceId };
}

/** A disk only grows; the words are ours. https://render.com/docs/disks */
export function changeDisk(cloud: RenderCloud, id: string, changes: Partial<DiskRequest>) {
  const { service, disk } = diskOf(cloud, id);
  if ((changes.sizeGB ?? disk.sizeGB) < disk.sizeGB)
    throw new RenderError(400, `sizeGB: cannot be decreased (is ${disk.sizeGB})`);
  return { ...cloud.touched(disk, defined(changes)), serviceId: service.id };
}

export function deleteDisk(cloud: RenderCloud, id: string): void {
  const { service } = diskOf(cloud, id);
  delete service.disk;
  cloud.touched(service);
}

function diskOf(cloud: RenderCloud, id: string): { service: Service; disk: Disk } {
  const service = found(
    Object.values(cloud.state.services).find(({ disk }) => disk?.id === id),
    id,
  );
  return { service, disk: service.disk as Disk };
}

/** @throws RenderError for what there is not: a thing, or an address to send to; the words of the latter are ours */
export function setLogStream(cloud: RenderCloud, id: string, { setting, endpoint }: LogStream): LogStream {
  const { services, postgres, keyValues } = cloud.state;
  const replicas = Object.values(postgres).flatMap(({ readReplicas }) => readReplicas);
  found(services[id] ?? postgres[id] ?? keyValues[id] ?? replicas.find((replica) => replica.id === id), id);
  if ((setting === "send") !== Boolean(endpoint))
    throw new RenderError(400, "endpoint: has to be there with setting send, and not with drop");
  const stream = { setting, ...(endpoint && { endpoint }) };
  cloud.state.logStreams = { ...cloud.state.logStreams, [id]: stream };
  cloud.save();
  return stream;
}

export const logStreamOf = (cloud: RenderCloud, id: string): LogStream =>
  found(cloud.state.logStreams?.[id], id);

export function removeLogStream(cloud: RenderCloud, id: string): void {
  logStreamOf(cloud, id);
  delete cloud.state.logStreams?.[id];
  cloud.save();
}

/** What it runs ends; resumed, it deploys what it is configured to run. */
export function suspendService(cloud: RenderCloud, id: string): void {
  cloud.touched(serviceOf(cloud, id), { suspended: true });
  cloud.behind.stop(id);
}

export function resumeService(cloud: RenderCloud, id: string): void {
  cloud.touched(serviceOf(cloud, id), { suspended: false });
  startDeploy(cloud, id);
}

/** What a process of the service would get: its own variables win over those of its env groups. */
export function effectiveVariables(cloud: RenderCloud, id: string): Record<string, string> {
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
  // https://github.com/render-oss/terraform-provider-render/issues/104: an update ends in this.
  if (service.suspended) throw new RenderError(400, "cannot deploy suspended service");
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
      ? {
          commit: {
            id: commitId ?? headOf(service),
            message: `head of ${service.branch ?? "main"}`,
            createdAt: now(),
          },
        }
      : { image: imageOf(imageUrl ?? service.imagePath) };
  const status = firstStatus(service);
  const deploy: Deploy = {
    id: newId("dep"),
    serviceId,
    status,
    createdAt: now(),
    startedAt: now(),
    ...(status === "live" && { finishedAt: now() }),
    variables: effectiveVariables(cloud, serviceId),
    ...runs,
  };
  cloud.state.deploys.push(deploy);
  cloud.touched(service);
  void finish(cloud, service, deploy);
  return deploy;
}

/** Recorded, each of a first answer. A command before the deploy follows the build, which an image does not have. */
function firstStatus(service: Service): Deploy["status"] {
  const { type, imagePath } = service;
  if (imagePath === undefined) return "build_in_progress";
  if (type === "cron_job") return "live";
  return preDeployCommandOf(service) === undefined ? "update_in_progress" : "pre_deploy_in_progress";
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

export const serviceOf = (cloud: RenderCloud, id: string): Service => found(cloud.state.services[id], id);

/** Taken on Render's hosts; https://render.com/docs/private-network#port-restrictions */
const reservedPorts = ["18012", "18013", "19099"];

/** What Render refuses of a service, new or changed; but for the first two lines the words are ours. */
function check(cloud: RenderCloud, service: Service): void {
  const { id, name, type, details, envVars } = service;
  const { plan, numInstances = 1, schedule } = details;
  if (Object.values(cloud.state.services).some((other) => other.name === name && other.id !== id))
    throw new RenderError(409, `name: a service named ${name} already exists`);
  if (plan === "free" && type !== "web_service")
    throw new RenderError(400, `plan free is not available for ${type}`);
  if (!Number.isInteger(numInstances) || numInstances < 1 || numInstances > 100)
    throw new RenderError(400, `invalid numInstances: ${numInstances}`);
  if (plan === "free" && numInstances > 1) throw new RenderError(400, "plan free is limited to one instance");
  const port = envVars.find(({ key }) => key === "PORT")?.value;
  if (port !== undefined && reservedPorts.includes(port))
    throw new RenderError(400, `port ${port} is reserved`);
  if (type !== "cron_job") return;
  if (!schedule) throw new RenderError(400, "schedule is required for cron jobs");
  if (!isSchedule(schedule)) throw new RenderError(400, `invalid schedule: ${schedule}`);
}

/** Lowest and highest number of each part of a schedule; Sunday is 0 and 7. */
const schedule = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Whether it has five parts, each of numbers or names that there are: https://en.wikipedia.org/wiki/Cron */
function isSchedule(text: string): boolean {
  const parts = text.trim().split(/\s+/);
  return (
    parts.length === schedule.length &&
    schedule.every(([low, high], index) => {
      const numbers = (parts[index] ?? "").split(/[,/-]/);
      const names = index === 3 || index === 4 ? /^[a-z]{3}$/i : /^$/;
      return numbers.every(
        (number, place) =>
          (number === "*" && place === 0) ||
          names.test(number) ||
          (/^\d+$/.test(number) && Number(number) >= low && Number(number) <= high),
      );
    })
  );
}

/**
 * `preDeployCommand` is sent beside the environment's details and read among them: the provider's two sides do not
 * agree, and the API makes it fit. Recorded: none where there never was one.
 */
function placed(
  { preDeployCommand, ...details }: Service["details"],
  before: Service["details"] = {},
): Service["details"] {
  const had = (before.envSpecificDetails as Service["details"] | undefined)?.preDeployCommand;
  const is = preDeployCommand || (had === undefined ? undefined : preDeployCommand);
  if (is === undefined) return details;
  return {
    ...details,
    envSpecificDetails: { ...(details.envSpecificDetails as object), preDeployCommand: is },
  };
}

/** An image takes the place of a repository, and the other way round. Recorded: a filter of two nulls is none. */
function sourceOf(
  asked: ServiceChanges,
  before: Partial<Service> = {},
): Pick<Service, "repo" | "branch" | "buildFilter" | "imagePath"> {
  const { image, repo = before.repo, branch = before.branch, buildFilter = before.buildFilter } = asked;
  if (image !== undefined) return { imagePath: imageOf(image.imagePath).ref };
  if (before.imagePath !== undefined && asked.repo === undefined) return { imagePath: before.imagePath };
  const isFilter = buildFilter?.paths || buildFilter?.ignoredPaths;
  return defined({ repo, branch, buildFilter: isFilter ? buildFilter : undefined });
}

/** The older of the two words says less. */
const triggerOf = ({ autoDeploy, autoDeployTrigger }: ServiceChanges) =>
  autoDeployTrigger ?? (autoDeploy && { yes: "commit", no: "off" }[autoDeploy]);

/** Recorded: what has an address is named in it as it was called first; the others' slugs have a suffix. */
const isReached = (type: Service["type"]) => type === "web_service" || type === "private_service";

/** An image as Render answers it: in full, with the tag `latest` where it has none, and what the tag leads to now. */
function imageOf(reference: string): { ref: string; sha: string } {
  const tagged = /[:@][^/]+$/.test(reference) ? reference : `${reference}:latest`;
  const [first = "", ...rest] = tagged.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const ref = hasHost ? tagged : `docker.io/${rest.length > 0 ? tagged : `library/${tagged}`}`;
  const digest = /@(sha256:.+)$/.exec(ref)?.[1];
  return { ref, sha: digest ?? `sha256:${createHash("sha256").update(ref).digest("hex")}` };
}

const nameOf = (image: string) => imageOf(image).ref.replace(/[:@][^/]+$/, "");

/** The stand-in has no repositories: a branch's head is a commit made of its name. */
const headOf = ({ branch = "main" }: Service) => Buffer.from(`head of ${branch}`.padEnd(20)).toString("hex");

/** A generated value stays what it is when the variable is sent again. */
export function valued(inputs: ServiceRequest["envVars"], before: EnvVar[]): EnvVar[] {
  return (inputs ?? []).map(({ key, value }) => ({
    key,
    value: value ?? before.find((other) => other.key === key)?.value ?? generatedValue(),
  }));
}
