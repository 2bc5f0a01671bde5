/** How Render's API shows things. What the provider reads, and what users see; no field that only fills space. */
import type { Query } from "../api.ts";
import type { Deploy, EnvGroup, KeyValue, Postgres, RenderCloud, Service } from "./model.ts";

const owner = ({ ownerId }: RenderCloud) => ({
  id: ownerId,
  name: "Sandbox",
  email: "sandbox@example.com",
  type: "team",
});

export function serviceAnswer(cloud: RenderCloud, service: Service) {
  const { details, envVars: _, repo, branch, autoDeployTrigger, imagePath, ...shown } = service;
  const autoDeploy = autoDeployTrigger === "off" ? "no" : "yes";
  return {
    ...shown,
    slug: service.name,
    ownerId: cloud.ownerId,
    dashboardUrl: "",
    notifyOnFail: "default",
    suspended: "not_suspended",
    suspenders: [],
    ...(repo !== undefined && { repo, branch, autoDeploy, autoDeployTrigger }),
    ...(imagePath !== undefined && { imagePath, autoDeploy: "no" }),
    serviceDetails: detailsAnswer(service, details),
  };
}

function detailsAnswer({ type, name, imagePath }: Service, details: Record<string, unknown>) {
  const given = details.envSpecificDetails as Record<string, unknown> | undefined;
  const image = { dockerCommand: "", dockerContext: "", dockerfilePath: "", preDeployCommand: "" };
  const native = { buildCommand: "", startCommand: "", preDeployCommand: "" };
  const { runtime, plan } = details;
  return {
    ...(type === "web_service" && {
      url: `https://${name}.onrender.com`,
      healthCheckPath: "",
      openPorts: [],
      maintenanceMode: { enabled: false, uri: "" },
      ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }],
    }),
    ...(type !== "cron_job" && { numInstances: 1, maxShutdownDelaySeconds: 30 }),
    pullRequestPreviewsEnabled: "no",
    ...details,
    env: runtime,
    buildPlan: plan,
    previews: { generation: "off", ...(details.previews as object) },
    envSpecificDetails: { ...(imagePath === undefined ? native : image), ...given },
  };
}

export function postgresAnswer(
  cloud: RenderCloud,
  { password: _, otherUsers: __, userCreatedAt: ___, ...postgres }: Postgres,
) {
  return {
    ...postgres,
    role: "primary",
    owner: owner(cloud),
    diskAutoscalingEnabled: false,
    dashboardUrl: "",
    suspended: "not_suspended",
    suspenders: [],
  };
}

export function keyValueAnswer(cloud: RenderCloud, keyValue: KeyValue) {
  const { password: _, maxmemoryPolicy, persistenceMode, ...shown } = keyValue;
  const age = Date.now() - Date.parse(keyValue.createdAt);
  return {
    ...shown,
    // Recorded: the answer to its creation says unknown, the next ones creating.
    status: age >= cloud.behind.provisioning ? "available" : age === 0 ? "unknown" : "creating",
    version: "8",
    options: { maxmemoryPolicy, persistenceMode },
    owner: owner(cloud),
  };
}

export function groupAnswer(cloud: RenderCloud, { serviceIds, ...group }: EnvGroup) {
  const links = serviceIds.flatMap((id) => {
    const service = cloud.state.services[id];
    return service === undefined ? [] : [{ id, name: service.name, type: service.type }];
  });
  return { ...group, ownerId: cloud.ownerId, secretFiles: [], serviceLinks: links };
}

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
