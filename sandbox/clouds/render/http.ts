/** Render's API v1 in front of the model: the calls that its provider and this stack make. */
import type { Hono } from "hono";
import { accepted, type Query, type Route, route, vendorApi } from "../api.ts";
import * as answers from "./answers.ts";
import * as credentials from "./credentials.ts";
import * as databases from "./databases.ts";
import * as ips from "./dedicated-ips.ts";
import * as groups from "./env-groups.ts";
import { RenderError } from "./error.ts";
import type { JobRequest } from "./jobs.ts";
import * as jobs from "./jobs.ts";
import type {
  DedicatedIp,
  EnvGroup,
  Environment,
  KeyValue,
  LogStream,
  OwnerNotifications,
  Postgres,
  Project,
  RenderCloud,
  Service,
} from "./model.ts";
import * as projects from "./projects.ts";
import * as recovery from "./recovery.ts";
import * as requests from "./requests.ts";
import * as services from "./services.ts";

const { page } = answers;

/**
 * The API under `/v1`.
 *
 * @param apiKey the one key that is let in
 */
export const renderApi = (cloud: RenderCloud, apiKey: string): Hono =>
  vendorApi({
    basePath: "/v1",
    routes: renderRoutes(cloud),
    described: requests.described,
    enter: async ({ req }, next) => {
      if (req.header("Authorization") !== `Bearer ${apiKey}`) throw new RenderError(401, "Unauthorized");
      await next();
    },
    malformed: () => new RenderError(400, "invalid JSON"),
    unknown: (method, path) => new RenderError(404, `not found: ${method} ${path}`),
  });

export const renderRoutes = (cloud: RenderCloud): Route[] => [
  ...serviceRoutes(cloud),
  ...postgresRoutes(cloud),
  ...keyValueRoutes(cloud),
  ...envGroupRoutes(cloud),
  ...projectRoutes(cloud),
  ...dedicatedIpRoutes(cloud),
];

/** Whether a thing is of those that a list was asked for; several are divided by commas. */
const among = (asked: string | undefined, value: string) => asked?.split(",").includes(value) ?? true;

/** Those with one of the names that a list was asked for. */
const named = <T extends { name: string }>(things: Record<string, T>, query: Query): T[] =>
  Object.values(things).filter(({ name }) => among(query.name, name));

function serviceRoutes(cloud: RenderCloud): Route[] {
  const one = "/services/:id" as const;
  const shown = (service: Service) => answers.serviceAnswer(cloud, service);
  // Recorded: a list has the newest first, the answer to a change has them as they were sent.
  const variables = (id: string) => [...services.serviceOf(cloud, id).envVars].reverse();
  const files = (id: string) => [...(services.serviceOf(cloud, id).secretFiles ?? [])].reverse();
  const whole = { limit: String(Number.MAX_SAFE_INTEGER) };
  return [
    route("POST /services", (_, body: requests.Owned<requests.ServiceRequest>) => {
      const { service, deploy } = services.createService(cloud, cloud.own(body));
      return { service: shown(service), deployId: deploy.id };
    }),
    route("GET /services", ({ query }) => {
      const asked = named(cloud.state.services, query).filter(
        ({ type }) => among(query.type, type) && among(query.ownerId, cloud.ownerId),
      );
      return page("service", asked.map(shown), query);
    }),
    route(`GET ${one}`, ({ id }) => shown(services.serviceOf(cloud, id))),
    route(`PATCH ${one}`, ({ id }, body: requests.ServiceChanges) =>
      shown(services.updateService(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => services.deleteService(cloud, id)),
    route(`POST ${one}/scale`, ({ id }, body: { numInstances: number }) =>
      services.scaleService(cloud, id, body.numInstances),
    ),
    route(`POST ${one}/suspend`, ({ id }) => services.suspendService(cloud, id)),
    route(`POST ${one}/resume`, ({ id }) => services.resumeService(cloud, id)),
    route(`GET ${one}/env-vars`, ({ id, query }) => page("envVar", variables(id), query)),
    route(`PUT ${one}/env-vars`, ({ id }, body: requests.ServiceRequest["envVars"]) =>
      page("envVar", services.setVariables(cloud, id, body), whole),
    ),
    route(`GET ${one}/secret-files`, ({ id, query }) => page("secretFile", files(id), query)),
    route(`PUT ${one}/secret-files`, ({ id }, body: requests.ServiceRequest["secretFiles"]) => {
      services.setSecretFiles(cloud, id, body);
      return page("secretFile", files(id).reverse(), whole);
    }),
    route(`GET ${one}/custom-domains`, () => []),
    route(`GET ${one}/deploys`, ({ id, query }) => {
      const asked = services.deploysOf(cloud, id).filter(({ status }) => among(query.status, status));
      return page("deploy", asked.map(answers.deployAnswer), query);
    }),
    route(`POST ${one}/deploys`, ({ id }, body: requests.DeployRequest) => {
      const deploy = services.requestDeploy(cloud, id, body);
      return deploy === undefined ? accepted() : answers.deployAnswer(deploy);
    }),
    route(`GET ${one}/jobs`, ({ id, query }) => {
      services.serviceOf(cloud, id);
      return page("job", cloud.state.jobs.filter(({ serviceId }) => serviceId === id).reverse(), query);
    }),
    route(`POST ${one}/jobs`, ({ id }, body: JobRequest) => jobs.createJob(cloud, id, body)),
    route(`GET ${one}/jobs/:job`, ({ id, job }) => jobs.jobOf(cloud, id, job)),
    route(`POST ${one}/jobs/:job/cancel`, ({ id, job }) => jobs.cancelJob(cloud, id, job)),
    route("GET /logs", ({ query }) => jobs.logsOf(cloud, query)),
    route("GET /logs/streams/resource/:id", ({ id }) =>
      answers.logStreamAnswer(id, services.logStreamOf(cloud, id)),
    ),
    route("PUT /logs/streams/resource/:id", ({ id }, body: LogStream) =>
      answers.logStreamAnswer(id, services.setLogStream(cloud, id, body)),
    ),
    route("DELETE /logs/streams/resource/:id", ({ id }) => services.removeLogStream(cloud, id)),
    route(`PUT ${one}/autoscaling`, ({ id }, body: object) => {
      const autoscaling = { enabled: false, ...body };
      services.setAutoscaling(cloud, id, autoscaling);
      return autoscaling;
    }),
    route(`DELETE ${one}/autoscaling`, ({ id }) => services.setAutoscaling(cloud, id)),
    route("POST /disks", (_, body: Parameters<typeof services.addDisk>[1]) => services.addDisk(cloud, body)),
    route("PATCH /disks/:id", ({ id }, body: Parameters<typeof services.changeDisk>[2]) =>
      services.changeDisk(cloud, id, body),
    ),
    route("DELETE /disks/:id", ({ id }) => services.deleteDisk(cloud, id)),
    route("GET /notification-settings/owners/:owner", ({ owner }) =>
      answers.ownerNotificationAnswer(services.ownerOf(cloud, owner)),
    ),
    route("PATCH /notification-settings/owners/:owner", ({ owner }, body: OwnerNotifications) => {
      services.setOwnerNotifications(cloud, owner, body);
      return answers.ownerNotificationAnswer(cloud);
    }),
    route("GET /notification-settings/overrides/services/:id", ({ id }) =>
      answers.notificationAnswer(services.serviceOf(cloud, id)),
    ),
    route(
      "PATCH /notification-settings/overrides/services/:id",
      ({ id }, body: requests.NotificationChanges) =>
        answers.notificationAnswer(services.setNotifications(cloud, id, body)),
    ),
  ];
}

/** Recorded (8 of 10): what is being created has no status yet, whatever the next call says. */
const atFirst = { status: "unknown" };

function postgresRoutes(cloud: RenderCloud): Route[] {
  const one = "/postgres/:id" as const;
  const shown = (postgres: Postgres) => answers.postgresAnswer(cloud, postgres);
  return [
    route("POST /postgres", (_, body: requests.Owned<requests.PostgresRequest>) => ({
      ...shown(databases.createPostgres(cloud, cloud.own(body))),
      ...atFirst,
    })),
    route("GET /postgres", ({ query }) =>
      // A list shows no parameters.
      page(
        "postgres",
        named(cloud.state.postgres, query).map((one) => ({ ...shown(one), parameterOverrides: undefined })),
        query,
      ),
    ),
    route(`GET ${one}`, ({ id }) => shown(databases.postgresOf(cloud, id))),
    route(`PATCH ${one}`, ({ id }, body: requests.PostgresChanges) =>
      shown(databases.updatePostgres(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => databases.deletePostgres(cloud, id)),
    route(`GET ${one}/connection-info`, ({ id }) => databases.postgresConnection(cloud, id)),
    route(`GET ${one}/recovery`, ({ id }) => recovery.recoveryInfo(cloud, id)),
    route(`POST ${one}/recovery`, ({ id }, body: requests.RecoveryRequest) =>
      shown(recovery.recoverPostgres(cloud, id, body)),
    ),
    route(`GET ${one}/export`, ({ id }) => recovery.exportsOf(cloud, id)),
    route(`POST ${one}/export`, ({ id }) => recovery.exportPostgres(cloud, id)),
    route(`GET ${one}/credentials`, ({ id }) => credentials.listPostgresUsers(cloud, id)),
    route(`POST ${one}/credentials`, ({ id }, body: { username: string }) =>
      credentials.addPostgresUser(cloud, id, body.username),
    ),
    route(`DELETE ${one}/credentials/:user`, ({ id, user }) =>
      credentials.removePostgresUser(cloud, id, user),
    ),
  ];
}

function keyValueRoutes(cloud: RenderCloud): Route[] {
  const one = "/key-value/:id" as const;
  const shown = (keyValue: KeyValue) => answers.keyValueAnswer(cloud, keyValue);
  return [
    route("POST /key-value", (_, body: requests.Owned<requests.KeyValueRequest>) => ({
      ...shown(databases.createKeyValue(cloud, cloud.own(body))),
      ...atFirst,
    })),
    route("GET /key-value", ({ query }) =>
      page(
        "keyValue",
        named(cloud.state.keyValues, query).map((one) => answers.keyValueAnswer(cloud, one, true)),
        query,
      ),
    ),
    route(`GET ${one}`, ({ id }) => shown(databases.keyValueOf(cloud, id))),
    route(`PATCH ${one}`, ({ id }, body: requests.KeyValueChanges) =>
      shown(databases.updateKeyValue(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => databases.deleteKeyValue(cloud, id)),
    route(`GET ${one}/connection-info`, ({ id }) => databases.keyValueConnection(cloud, id)),
  ];
}

function envGroupRoutes(cloud: RenderCloud): Route[] {
  const one = "/env-groups/:id" as const;
  const shown = (group: EnvGroup) => answers.groupAnswer(cloud, group);
  return [
    route("POST /env-groups", (_, body: requests.Owned<requests.EnvGroupRequest>) =>
      shown(groups.createEnvGroup(cloud, cloud.own(body))),
    ),
    // Bare, unlike other lists.
    route("GET /env-groups", ({ query }) =>
      named(cloud.state.envGroups, query)
        .slice(0, Number(query.limit ?? 20))
        .map((group) => answers.groupMetaAnswer(cloud, group)),
    ),
    route(`GET ${one}`, ({ id }) => shown(groups.groupOf(cloud, id))),
    route(`PATCH ${one}`, ({ id }, body: { name: string }) =>
      shown(groups.renameEnvGroup(cloud, id, body.name)),
    ),
    route(`DELETE ${one}`, ({ id }) => groups.deleteEnvGroup(cloud, id)),
    route(`PUT ${one}/env-vars/:key`, ({ id, key }, body: { value?: string }) =>
      shown(groups.setGroupVariable(cloud, id, key, body.value)),
    ),
    route(`DELETE ${one}/env-vars/:key`, ({ id, key }) => groups.removeGroupVariable(cloud, id, key)),
    route(`PUT ${one}/secret-files/:name`, ({ id, name }, { content = "" }: { content?: string }) =>
      shown(groups.setGroupFile(cloud, id, name, content)),
    ),
    route(`DELETE ${one}/secret-files/:name`, ({ id, name }) => {
      groups.setGroupFile(cloud, id, name);
    }),
    route(`POST ${one}/services/:service`, ({ id, service }) =>
      shown(groups.linkService(cloud, id, service)),
    ),
    route(`DELETE ${one}/services/:service`, ({ id, service }) => groups.unlinkService(cloud, id, service)),
  ];
}

function projectRoutes(cloud: RenderCloud): Route[] {
  const one = "/projects/:id" as const;
  const part = "/environments/:id" as const;
  const shown = (project: Project) => answers.projectAnswer(cloud, project);
  const within = (environment: Environment) => answers.environmentAnswer(cloud, environment);
  return [
    route("POST /projects", (_, body: requests.Owned<requests.ProjectRequest>) =>
      shown(projects.createProject(cloud, cloud.own(body))),
    ),
    route("GET /projects", ({ query }) =>
      page("project", named(cloud.state.projects ?? {}, query).map(shown), query),
    ),
    route(`GET ${one}`, ({ id }) => shown(projects.projectOf(cloud, id))),
    route(`PATCH ${one}`, ({ id }, body: { name?: string }) =>
      shown(projects.renameProject(cloud, id, body.name)),
    ),
    route(`DELETE ${one}`, ({ id }) => projects.deleteProject(cloud, id)),
    route("POST /environments", (_, body: requests.EnvironmentRequest & { projectId: string }) =>
      within(projects.createEnvironment(cloud, body)),
    ),
    route(`GET ${part}`, ({ id }) => within(projects.environmentOf(cloud, id))),
    route(`PATCH ${part}`, ({ id }, body: requests.EnvironmentChanges) =>
      within(projects.updateEnvironment(cloud, id, body)),
    ),
    route(`DELETE ${part}`, ({ id }) => projects.deleteEnvironment(cloud, id)),
    route(`POST ${part}/resources`, ({ id }, body: { resourceIds: string[] }) =>
      within(projects.addToEnvironment(cloud, id, body.resourceIds)),
    ),
    route(`DELETE ${part}/resources`, ({ query }) =>
      projects.removeFromEnvironment(cloud, query.resourceIds?.split(",") ?? []),
    ),
  ];
}

function dedicatedIpRoutes(cloud: RenderCloud): Route[] {
  const one = "/dedicated-ips/:id" as const;
  const shown = (set: DedicatedIp) => answers.dedicatedIpAnswer(cloud, set);
  return [
    route("POST /dedicated-ips", (_, body: requests.Owned<requests.DedicatedIpRequest>) => ({
      ...shown(ips.createDedicatedIp(cloud, cloud.own(body))),
      // Recorded: whatever the next call says.
      status: "CREATING",
      ips: [],
    })),
    // Bare, unlike other lists.
    route("GET /dedicated-ips", ({ query }) => {
      services.ownerOf(cloud, query.ownerId ?? "");
      return Object.values(cloud.state.dedicatedIps ?? {}).map(shown);
    }),
    route(`GET ${one}`, ({ id }) => shown(ips.dedicatedIpOf(cloud, id))),
    route(`PATCH ${one}`, ({ id }, body: requests.DedicatedIpChanges) =>
      shown(ips.updateDedicatedIp(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => ips.deleteDedicatedIp(cloud, id)),
  ];
}
