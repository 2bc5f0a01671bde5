/** How Render's API shows things. What the provider reads, and what users see; no field that only fills space. */
import type { Query } from "../api.ts";
import type {
  DedicatedIp,
  Deploy,
  EnvGroup,
  Environment,
  KeyValue,
  LogStream,
  Postgres,
  Project,
  RenderCloud,
  Service,
} from "./model.ts";
import { environmentsOf, inside } from "./projects.ts";
import { described as api } from "./requests.ts";

const owner = ({ ownerId }: RenderCloud) => ({
  id: ownerId,
  name: "Sandbox",
  email: "sandbox@example.com",
  type: "team",
});

const dashboard = (kind: string, id: string) => `https://dashboard.render.com/${kind}/${id}`;

/** Where a service listens that says nothing else. */
const usualPort = 10000;

/** Recorded: a list of nothing is null here, unlike other lists. */
const orNull = <T>(list: readonly T[]) => (list.length === 0 ? null : list);

/** What nobody pays for is suspended by Render; here only what was asked to be. */
const suspension = (suspended = false) => ({
  suspended: suspended ? "suspended" : "not_suspended",
  suspenders: suspended ? ["user"] : [],
});

export const databaseStatus = ({ readyAt = 0 }: { readyAt?: number }) =>
  readyAt > Date.now() ? "creating" : "available";

function postgresStatus(postgres: Postgres): string {
  const status = databaseStatus(postgres);
  const { recoveredFrom, createdAt, updatedAt } = postgres;
  const isNew = recoveredFrom !== undefined && createdAt === updatedAt;
  return status === "creating" && isNew ? "recovery_in_progress" : status;
}

/** The part of an address that says what a thing is; env groups say it of what they are linked to, too. */
const shortTypes = {
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  cron_job: "cron",
};

const notifyOnFail: Record<string, string> = { all: "notify", failure: "notify", none: "ignore" };

export function serviceAnswer(cloud: RenderCloud, service: Service) {
  const { details, envVars: _, secretFiles: __, disk: ___, notifications, suspended, ...rest } = service;
  const { slug = service.name, autoDeployTrigger = "commit", ...shown } = rest;
  return {
    ...shown,
    slug,
    autoDeploy: autoDeployTrigger === "off" ? "no" : "yes",
    autoDeployTrigger,
    ownerId: cloud.ownerId,
    dashboardUrl: dashboard(shortTypes[service.type], service.id),
    notifyOnFail: notifyOnFail[notifications?.notificationsToSend ?? ""] ?? "default",
    ...suspension(suspended),
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
export const ownerNotificationAnswer = ({ ownerId, state }: RenderCloud) => ({
  ownerId,
  slackEnabled: false,
  emailEnabled: true,
  notificationsToSend: "failure",
  previewNotificationsEnabled: false,
  ...state.notifications,
});

const described = {
  web_service: "webServiceDetails",
  private_service: "privateServiceDetails",
  background_worker: "backgroundWorkerDetails",
  cron_job: "cronJobDetails",
};

/** A type shows what it has; what another type would have is passed over. */
function ofType(type: Service["type"], details: Service["details"]): Service["details"] {
  const { properties = {} } = api.description.$defs[described[type]] ?? {};
  return Object.fromEntries(Object.entries(details).filter(([name]) => name in properties));
}

export const logStreamAnswer = (resourceId: string, { setting, endpoint = "" }: LogStream) => ({
  resourceId,
  setting,
  endpoint,
});

export const notificationAnswer = ({ id, notifications }: Service) => ({
  serviceId: id,
  notificationsToSend: "default",
  previewNotificationsEnabled: "default",
  ...notifications,
});

export function postgresAnswer(cloud: RenderCloud, postgres: Postgres) {
  const {
    password: _,
    otherUsers: __,
    endedUsers: ________,
    userCreatedAt: ___,
    readyAt: ____,
    diskGrewAt: _____,
    recoveredFrom: ______,
    exports: _______,
    ...rest
  } = postgres;
  const { enableDiskAutoscaling: diskAutoscalingEnabled = false, ipAllowList, ...shown } = rest;
  const { parameterOverrides = {} } = postgres;
  return {
    connectionPool: "none",
    ...shown,
    ipAllowList: orNull(ipAllowList),
    parameterOverrides: Object.keys(parameterOverrides).length === 0 ? undefined : parameterOverrides,
    status: postgresStatus(postgres),
    role: "primary",
    owner: owner(cloud),
    diskAutoscalingEnabled,
    dashboardUrl: dashboard("d", postgres.id),
    ...suspension(),
  };
}

/** @param listed whether a list shows it: that has the address of its page, too */
export function keyValueAnswer(cloud: RenderCloud, keyValue: KeyValue, listed = false) {
  const { password: _, readyAt: __, madeAnewAt: ___, maxmemoryPolicy, persistenceMode, ...rest } = keyValue;
  const { ipAllowList, ...shown } = rest;
  return {
    ...shown,
    ipAllowList: orNull(ipAllowList),
    status: databaseStatus(keyValue),
    version: "8.1.4",
    options: { maxmemoryPolicy, persistenceMode },
    owner: owner(cloud),
    ...(listed && { dashboardUrl: dashboard("r", keyValue.id) }),
  };
}

/** A list shows no variables and no files: https://api-docs.render.com/reference/list-env-groups */
export function groupMetaAnswer(cloud: RenderCloud, group: EnvGroup) {
  const { id, name, createdAt, updatedAt, environmentId, serviceIds } = group;
  const serviceLinks = serviceIds.flatMap((service) => {
    const linked = cloud.state.services[service];
    return linked === undefined ? [] : [{ id: linked.id, name: linked.name, type: shortTypes[linked.type] }];
  });
  return { id, name, createdAt, updatedAt, environmentId, ownerId: cloud.ownerId, serviceLinks };
}

export const groupAnswer = (cloud: RenderCloud, group: EnvGroup) => ({
  ...groupMetaAnswer(cloud, group),
  envVars: group.envVars,
  secretFiles: group.secretFiles ?? [],
});

export const projectAnswer = (cloud: RenderCloud, project: Project) => ({
  ...project,
  owner: owner(cloud),
  environmentIds: environmentsOf(cloud, project.id).map(({ id }) => id),
});

/** Recorded: no dates. */
export function environmentAnswer({ state }: RenderCloud, environment: Environment) {
  const { createdAt: _, updatedAt: __, ...shown } = environment;
  const within = (things: Parameters<typeof inside>[0]) => orNull(inside(things, environment.id));
  return {
    ...shown,
    databasesIds: within(state.postgres),
    redisIds: within(state.keyValues),
    serviceIds: within(state.services),
    envGroupIds: within(state.envGroups),
  };
}

/** Recorded: CREATING, without addresses, then RUNNING with them. */
export function dedicatedIpAnswer({ ownerId }: RenderCloud, { readyAt = 0, ips, ...set }: DedicatedIp) {
  const isThere = readyAt <= Date.now();
  return { ...set, ownerId, ips: isThere ? ips : [], status: isThere ? "RUNNING" : "CREATING" };
}

export function deployAnswer({ variables: _, serviceId: __, ...deploy }: Deploy) {
  const { createdAt, finishedAt = null } = deploy;
  return { commit: null, ...deploy, trigger: "api", updatedAt: finishedAt ?? createdAt, finishedAt };
}

/** A page of a list: items under their kind, each with the cursor that leads behind it. */
export function page<T>(kind: string, items: readonly T[], { cursor, limit = "20" }: Query) {
  const start = cursor === undefined ? 0 : Number(cursor) + 1;
  return items
    .slice(start, start + Number(limit))
    .map((item, index) => ({ cursor: String(start + index), [kind]: item }));
}
