/** Services: their settings, variables, files, disks and notifications. */
import { defined, type Route, route } from "../api.ts";
import * as calls from "./calls.ts";
import { imageOf, startDeploy } from "./deploys.ts";
import {
  type Deploy,
  type Disk,
  type EnvVar,
  made,
  type OwnerNotifications,
  type RenderCloud,
  randomText,
  type SecretFile,
  type Service,
} from "./model.ts";
import { needEnvironment } from "./projects.ts";
import { described, found, needName, RenderError } from "./refusals.ts";

export interface ServiceRequest
  extends calls.Asked<
    Service,
    "name" | "type",
    "repo" | "branch" | "autoDeployTrigger" | "rootDir" | "environmentId" | "buildFilter"
  > {
  autoDeploy?: "yes" | "no";
  image?: { imagePath: string };
  envVars?: calls.List<calls.EnvVarInput>;
  secretFiles?: calls.List<SecretFile>;
  serviceDetails?: Service["details"];
}
type ServiceChanges = Partial<ServiceRequest>;

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
  const details = { region: calls.defaultRegion, plan: "starter", ...given };
  const service: Service = {
    ...made(type === "cron_job" ? "crn" : "srv"),
    type,
    name,
    slug: isReached(type) ? name : `${name}-${randomText(4)}`,
    rootDir: request.rootDir ?? "",
    details,
    ...(disk !== undefined && { disk: { ...made("dsk"), ...(disk as Disk) } }),
    envVars: calls.valued(request.envVars, []),
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
  const service = cloud.get("services", id);
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
  cloud.get("services", id);
  cloud.behind.stop(id);
  delete cloud.state.services[id];
  cloud.state.deploys = cloud.state.deploys.filter((deploy) => deploy.serviceId !== id);
  cloud.state.jobs = cloud.state.jobs.filter((job) => job.serviceId !== id);
  for (const group of cloud.all("envGroups"))
    group.serviceIds = group.serviceIds.filter((other) => other !== id);
  cloud.save();
}

/** Replaces all variables. Deploys nothing; recorded: the service's date stays. */
export function setVariables(cloud: RenderCloud, id: string, variables: ServiceRequest["envVars"]): EnvVar[] {
  const service = cloud.get("services", id);
  const envVars = calls.valued(variables, service.envVars);
  check(cloud, { ...service, envVars });
  service.envVars = envVars;
  cloud.save();
  return envVars;
}

/** @throws RenderError for another workspace than the key's */
export function setOwnerNotifications(cloud: RenderCloud, ownerId: string, changes: OwnerNotifications) {
  needOwner(cloud, ownerId);
  cloud.state.notifications = { ...cloud.state.notifications, ...changes };
  cloud.save();
  return ownerNotificationAnswer(cloud);
}

export function needOwner(cloud: RenderCloud, ownerId: string): void {
  if (ownerId !== cloud.ownerId) throw new RenderError(401, "Unauthorized");
}

export function setNotifications(cloud: RenderCloud, id: string, changes: Record<string, string>) {
  const service = cloud.get("services", id);
  return notificationAnswer(
    cloud.touched(service, { notifications: { ...service.notifications, ...changes } }),
  );
}

function diskOf(cloud: RenderCloud, id: string): { service: Service; disk: Disk } {
  const service = found(
    cloud.all("services").find(({ disk }) => disk?.id === id),
    id,
  );
  return { service, disk: service.disk as Disk };
}

export function serviceRoutes(cloud: RenderCloud): Route[] {
  const one = "/services/:id" as const;
  const get = (id: string) => cloud.get("services", id);
  const shown = (service: Service) => serviceAnswer(cloud, service);
  // Recorded: a list has the newest first, the answer to a change has them as they were sent.
  const whole = { limit: String(Number.MAX_SAFE_INTEGER) };
  /** @param autoscaling undefined: it has none any more */
  const setAutoscaling = (id: string, autoscaling?: object) => {
    const service = get(id);
    const { autoscaling: _, ...details } = service.details;
    if (service.type === "cron_job") throw new RenderError(400, "autoscaling is not available for cron jobs");
    cloud.touched(service, { details: { ...details, ...(autoscaling && { autoscaling }) } });
  };
  return [
    ...calls.usual(cloud, "/services", "services", {
      wrapper: "service",
      shown,
      isAsked: ({ type }, query) =>
        calls.among(query.type, type) && calls.among(query.ownerId, cloud.ownerId),
      remove: (id) => deleteService(cloud, id),
    }),
    route("POST /services", (_, body: calls.Owned<ServiceRequest>) => {
      const { service, deploy } = createService(cloud, cloud.own(body));
      return { service: shown(service), deployId: deploy.id };
    }),
    route(`PATCH ${one}`, ({ id }, body: ServiceChanges) => shown(updateService(cloud, id, body))),
    route(`POST ${one}/scale`, ({ id }, { numInstances }: { numInstances: number }) => {
      const service = get(id);
      const details = { ...service.details, numInstances };
      check(cloud, { ...service, details });
      cloud.touched(service, { details });
    }),
    // What it runs ends; resumed, it deploys what it is configured to run.
    route(`POST ${one}/suspend`, ({ id }) => {
      cloud.touched(get(id), { suspended: true });
      cloud.behind.stop(id);
    }),
    route(`POST ${one}/resume`, ({ id }) => {
      cloud.touched(get(id), { suspended: false });
      startDeploy(cloud, id);
    }),
    route(`GET ${one}/env-vars`, ({ id, query }) =>
      calls.page("envVar", [...get(id).envVars].reverse(), query),
    ),
    route(`PUT ${one}/env-vars`, ({ id }, body: ServiceRequest["envVars"]) =>
      calls.page("envVar", setVariables(cloud, id, body), whole),
    ),
    route(`GET ${one}/secret-files`, ({ id, query }) =>
      calls.page("secretFile", [...(get(id).secretFiles ?? [])].reverse(), query),
    ),
    route(`PUT ${one}/secret-files`, ({ id }, body: ServiceRequest["secretFiles"]) => {
      get(id).secretFiles = [...(body ?? [])];
      cloud.save();
      return calls.page("secretFile", body ?? [], whole);
    }),
    route(`GET ${one}/custom-domains`, () => []),
    route(`PUT ${one}/autoscaling`, ({ id }, body: object) => {
      const autoscaling = { enabled: false, ...body };
      setAutoscaling(id, autoscaling);
      return autoscaling;
    }),
    route(`DELETE ${one}/autoscaling`, ({ id }) => setAutoscaling(id)),
    route("POST /disks", (_, { serviceId, ...disk }: DiskRequest & { serviceId: string }) => {
      const service = get(serviceId);
      if (service.disk !== undefined) throw new RenderError(400, `service ${serviceId} already has a disk`);
      service.disk = { ...made("dsk"), ...disk };
      cloud.touched(service);
      return { ...service.disk, serviceId };
    }),
    // A disk only grows; the words are ours. https://render.com/docs/disks
    route("PATCH /disks/:id", ({ id }, changes: Partial<DiskRequest>) => {
      const { service, disk } = diskOf(cloud, id);
      if ((changes.sizeGB ?? disk.sizeGB) < disk.sizeGB)
        throw new RenderError(400, `sizeGB: cannot be decreased (is ${disk.sizeGB})`);
      return { ...cloud.touched(disk, defined(changes)), serviceId: service.id };
    }),
    route("DELETE /disks/:id", ({ id }) => {
      const { service } = diskOf(cloud, id);
      delete service.disk;
      cloud.touched(service);
    }),
    route("GET /notification-settings/owners/:owner", ({ owner }) => {
      needOwner(cloud, owner);
      return ownerNotificationAnswer(cloud);
    }),
    route("PATCH /notification-settings/owners/:owner", ({ owner }, body: OwnerNotifications) =>
      setOwnerNotifications(cloud, owner, body),
    ),
    route("GET /notification-settings/overrides/services/:id", ({ id }) => notificationAnswer(get(id))),
    route("PATCH /notification-settings/overrides/services/:id", ({ id }, body: Record<string, string>) =>
      setNotifications(cloud, id, body),
    ),
  ];
}

type DiskRequest = Pick<Disk, "name" | "mountPath" | "sizeGB">;

/** Taken on Render's hosts; https://render.com/docs/private-network#port-restrictions */
const reservedPorts = ["18012", "18013", "19099"];

/** What Render refuses of a service, new or changed; but for the first two lines the words are ours. */
function check(cloud: RenderCloud, service: Service): void {
  const { id, name, type, details, envVars } = service;
  const { plan, numInstances = 1, schedule } = details;
  if (cloud.all("services").some((other) => other.name === name && other.id !== id))
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

/** Where a service listens that says nothing else. */
const usualPort = 10000;

/** The part of an address that says what a thing is; env groups say it of what they are linked to, too. */
export const shortTypes = {
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  cron_job: "cron",
};

const notifyOnFail: Record<string, string> = { all: "notify", failure: "notify", none: "ignore" };

function serviceAnswer(cloud: RenderCloud, service: Service) {
  const { details, envVars: _, secretFiles: __, disk: ___, notifications, suspended, ...rest } = service;
  const { slug = service.name, autoDeployTrigger = "commit", ...shown } = rest;
  return {
    ...shown,
    slug,
    autoDeploy: autoDeployTrigger === "off" ? "no" : "yes",
    autoDeployTrigger,
    ownerId: cloud.ownerId,
    dashboardUrl: calls.dashboard(shortTypes[service.type], service.id),
    notifyOnFail: notifyOnFail[notifications?.notificationsToSend ?? ""] ?? "default",
    ...calls.suspension(suspended),
    serviceDetails: detailsAnswer(service, slug),
  };
}

function detailsAnswer({ type, id, details, envVars, disk }: Service, slug: string) {
  const given = (details.envSpecificDetails ?? {}) as Record<string, unknown>;
  const { runtime, region } = details;
  // Recorded: an image has the fields of a Dockerfile. A registry's credential is not among them.
  const fields =
    runtime === "image" || runtime === "docker"
      ? ["dockerCommand", "dockerContext", "dockerfilePath"]
      : ["buildCommand", "startCommand"];
  const { preDeployCommand } = given;
  const port = Number(envVars.find(({ key }) => key === "PORT")?.value ?? usualPort);
  const previews = { generation: "off", ...(details.previews as object) };
  return {
    ...(type === "web_service" && {
      url: `https://${slug}.onrender.com`,
      healthCheckPath: "",
      // None on the free plan: https://github.com/render-oss/terraform-provider-render/issues/80
      ...(details.plan !== "free" && { maintenanceMode: { enabled: false, uri: "" } }),
      ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }],
    }),
    ...(type === "private_service" && { url: `${slug}:${port}` }),
    ...(type !== "background_worker" && type !== "cron_job" && { openPorts: [{ port, protocol: "TCP" }] }),
    ...(type !== "cron_job" && {
      numInstances: 1,
      maxShutdownDelaySeconds: 30,
      sshAddress: `${id}@ssh.${region}.render.com`,
    }),
    ...ofType(type, details),
    ...(disk !== undefined && {
      disk: { id: disk.id, name: disk.name, mountPath: disk.mountPath, sizeGB: disk.sizeGB },
    }),
    env: runtime,
    buildPlan: "starter",
    ...(type !== "cron_job" && {
      previews,
      pullRequestPreviewsEnabled: previews.generation === "automatic" ? "yes" : "no",
    }),
    envSpecificDetails: {
      ...Object.fromEntries(fields.map((field) => [field, given[field] ?? ""])),
      ...(preDeployCommand !== undefined && { preDeployCommand }),
    },
  };
}

/** Recorded of a workspace where nobody had set anything. */
const ownerNotificationAnswer = ({ ownerId, state }: RenderCloud) => ({
  ownerId,
  slackEnabled: false,
  emailEnabled: true,
  notificationsToSend: "failure",
  previewNotificationsEnabled: false,
  ...state.notifications,
});

const detailsOf = {
  web_service: "webServiceDetails",
  private_service: "privateServiceDetails",
  background_worker: "backgroundWorkerDetails",
  cron_job: "cronJobDetails",
};

/** A type shows what it has; what another type would have is passed over. */
function ofType(type: Service["type"], details: Service["details"]): Service["details"] {
  const { properties = {} } = described.description.$defs[detailsOf[type]] ?? {};
  return Object.fromEntries(Object.entries(details).filter(([name]) => name in properties));
}

const notificationAnswer = ({ id, notifications }: Service) => ({
  serviceId: id,
  notificationsToSend: "default",
  previewNotificationsEnabled: "default",
  ...notifications,
});
