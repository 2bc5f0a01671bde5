/** How Render's API shows things. What the provider reads, and what users see; no field that only fills space. */
import type { Query } from "../api.ts";
import type { Deploy, EnvGroup, KeyValue, Postgres, RenderCloud, Service } from "./model.ts";

const owner = ({ ownerId }: RenderCloud) => ({
  id: ownerId,
  name: "Sandbox",
  email: "sandbox@example.com",
  type: "team",
});

const dashboard = (kind: string, id: string) => `https://dashboard.render.com/${kind}/${id}`;

/** What nobody pays for is suspended by Render; here only what was asked to be. */
const suspension = (suspended = false) => ({
  suspended: suspended ? "suspended" : "not_suspended",
  suspenders: suspended ? ["user"] : [],
});

export const databaseStatus = ({ readyAt = 0 }: { readyAt?: number }) =>
  readyAt > Date.now() ? "creating" : "available";

export function serviceAnswer(cloud: RenderCloud, service: Service) {
  const { details, envVars: _, secretFiles: __, notifications: ___, suspended, ...rest } = service;
  const { slug = service.name, repo, branch, autoDeployTrigger, imagePath, buildFilter, ...shown } = rest;
  const autoDeploy = autoDeployTrigger === "off" ? "no" : "yes";
  const source = imagePath === undefined ? { repo, branch, autoDeployTrigger, buildFilter } : { imagePath };
  return {
    ...shown,
    ...source,
    slug,
    autoDeploy: imagePath === undefined ? autoDeploy : "no",
    ownerId: cloud.ownerId,
    dashboardUrl: dashboard(service.type === "cron_job" ? "cron" : "web", service.id),
    notifyOnFail: "default",
    ...suspension(suspended),
    serviceDetails: detailsAnswer(service, slug),
  };
}

function detailsAnswer({ type, imagePath, details }: Service, slug: string) {
  const given = details.envSpecificDetails as Record<string, unknown> | undefined;
  const image = { dockerCommand: "", dockerContext: "", dockerfilePath: "", preDeployCommand: "" };
  const native = { buildCommand: "", startCommand: "", preDeployCommand: "" };
  const { runtime } = details;
  return {
    ...(type === "web_service" && {
      url: `https://${slug}.onrender.com`,
      healthCheckPath: "",
      openPorts: [],
      maintenanceMode: { enabled: false, uri: "" },
      ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }],
    }),
    ...(type === "private_service" && { url: slug, openPorts: [] }),
    ...(type !== "cron_job" && {
      numInstances: 1,
      maxShutdownDelaySeconds: 30,
      pullRequestPreviewsEnabled: "no",
    }),
    ...details,
    env: runtime,
    buildPlan: "starter",
    ...(type !== "cron_job" && { previews: { generation: "off", ...(details.previews as object) } }),
    envSpecificDetails: { ...(imagePath === undefined ? native : image), ...given },
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
    userCreatedAt: ___,
    readyAt: ____,
    diskGrewAt: _____,
    ...rest
  } = postgres;
  const { enableDiskAutoscaling: diskAutoscalingEnabled = false, ...shown } = rest;
  return {
    connectionPool: "none",
    ...shown,
    status: databaseStatus(postgres),
    role: "primary",
    owner: owner(cloud),
    diskAutoscalingEnabled,
    dashboardUrl: dashboard("d", postgres.id),
    ...suspension(),
  };
}

/** @param listed whether a list shows it: that has the address of its page, too */
export function keyValueAnswer(cloud: RenderCloud, keyValue: KeyValue, listed = false) {
  const { password: _, readyAt: __, madeAnewAt: ___, maxmemoryPolicy, persistenceMode, ...shown } = keyValue;
  return {
    ...shown,
    status: databaseStatus(keyValue),
    version: "8.1.4",
    options: { maxmemoryPolicy, persistenceMode },
    owner: owner(cloud),
    ...(listed && { dashboardUrl: dashboard("r", keyValue.id) }),
  };
}

const shortTypes = {
  web_service: "web",
  private_service: "pserv",
  background_worker: "worker",
  cron_job: "cron",
};

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

export function deployAnswer({ variables: _, serviceId: __, ...deploy }: Deploy) {
  return { ...deploy, trigger: "api" };
}

/** A page of a list: items under their kind, each with the cursor that leads behind it. */
export function page<T>(kind: string, items: readonly T[], { cursor, limit = "20" }: Query) {
  const start = cursor === undefined ? 0 : Number(cursor) + 1;
  return items
    .slice(start, start + Number(limit))
    .map((item, index) => ({ cursor: String(start + index), [kind]: item }));
}
