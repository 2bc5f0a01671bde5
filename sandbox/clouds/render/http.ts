/** Render's API v1 in front of the model: the calls that its provider and this stack make. */
import type { Hono } from "hono";
import { accepted, created, type Query, type Route, route, vendorApi } from "../api.ts";
import { deployAnswer, groupAnswer, keyValueAnswer, page, postgresAnswer, serviceAnswer } from "./answers.ts";
import * as credentials from "./credentials.ts";
import * as databases from "./databases.ts";
import * as groups from "./env-groups.ts";
import { RenderError } from "./error.ts";
import type { EnvGroup, KeyValue, Postgres, RenderCloud, Service } from "./model.ts";
import * as requests from "./requests.ts";
import * as services from "./services.ts";

/**
 * The API under `/v1`.
 *
 * @param apiKey the one key that is let in
 */
export const renderApi = (cloud: RenderCloud, apiKey: string): Hono =>
  vendorApi({
    basePath: "/v1",
    routes: [
      ...serviceRoutes(cloud),
      ...postgresRoutes(cloud),
      ...keyValueRoutes(cloud),
      ...envGroupRoutes(cloud),
    ],
    enter: async ({ req }, next) => {
      if (req.header("Authorization") !== `Bearer ${apiKey}`) throw new RenderError(401, "Unauthorized");
      await next();
    },
    parse: requests.parse,
    malformed: () => new RenderError(400, "invalid JSON"),
    unknown: (method, path) => new RenderError(404, `not found: ${method} ${path}`),
  });

/** Whether a thing is of those that a list was asked for; several are divided by commas. */
const among = (asked: string | undefined, value: string) => asked?.split(",").includes(value) ?? true;

/** Those with one of the names that a list was asked for. */
const named = <T extends { name: string }>(things: Record<string, T>, query: Query): T[] =>
  Object.values(things).filter(({ name }) => among(query.name, name));

function serviceRoutes(cloud: RenderCloud): Route[] {
  const one = "/services/:id" as const;
  const shown = (service: Service) => serviceAnswer(cloud, service);
  const notifications = ({ id }: { id: string }) => ({
    serviceId: id,
    notificationsToSend: "default",
    previewNotificationsEnabled: "default",
  });
  return [
    route("POST /services", requests.service, ({ body }) => {
      const { service, deploy } = services.createService(cloud, body);
      return created({ service: shown(service), deployId: deploy.id });
    }),
    route("GET /services", ({ query }) => {
      const asked = named(cloud.state.services, query).filter(
        ({ type }) => among(query.type, type) && among(query.ownerId, cloud.ownerId),
      );
      return page("service", asked.map(shown), query);
    }),
    route(`GET ${one}`, ({ id }) => shown(services.serviceOf(cloud, id))),
    route(`PATCH ${one}`, requests.serviceChanges, ({ id, body }) =>
      shown(services.updateService(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => services.deleteService(cloud, id)),
    route(`POST ${one}/scale`, requests.scale, ({ id, body }) =>
      accepted(services.scaleService(cloud, id, body.numInstances)),
    ),
    route(`GET ${one}/env-vars`, ({ id, query }) =>
      page("envVar", services.serviceOf(cloud, id).envVars, query),
    ),
    route(`PUT ${one}/env-vars`, requests.variables, ({ id, body }) => {
      const variables = services.setVariables(cloud, id, body);
      return page("envVar", variables, { limit: String(variables.length) });
    }),
    route(`GET ${one}/secret-files`, () => []),
    route(`PUT ${one}/secret-files`, () => []),
    route(`GET ${one}/custom-domains`, () => []),
    route(`GET ${one}/deploys`, ({ id, query }) => {
      const asked = services.deploysOf(cloud, id).filter(({ status }) => among(query.status, status));
      return page("deploy", asked.map(deployAnswer), query);
    }),
    route(`POST ${one}/deploys`, requests.deploy, ({ id, body }) => {
      const deploy = services.requestDeploy(cloud, id, body);
      return deploy === undefined ? accepted() : created(deployAnswer(deploy));
    }),
    // No log stream is overridden, and everybody is notified by default.
    route("GET /logs/streams/resource/:id", () => {
      throw new RenderError(404, "not found: log stream override");
    }),
    route("GET /notification-settings/overrides/services/:id", notifications),
    route("PATCH /notification-settings/overrides/services/:id", notifications),
  ];
}

function postgresRoutes(cloud: RenderCloud): Route[] {
  const one = "/postgres/:id" as const;
  const shown = (postgres: Postgres) => postgresAnswer(cloud, postgres);
  return [
    route("POST /postgres", requests.postgres, ({ body }) =>
      created(shown(databases.createPostgres(cloud, body))),
    ),
    route("GET /postgres", ({ query }) =>
      page("postgres", named(cloud.state.postgres, query).map(shown), query),
    ),
    route(`GET ${one}`, ({ id }) => shown(databases.postgresOf(cloud, id))),
    route(`PATCH ${one}`, requests.postgresChanges, ({ id, body }) =>
      shown(databases.updatePostgres(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => databases.deletePostgres(cloud, id)),
    route(`GET ${one}/connection-info`, ({ id }) => databases.postgresConnection(cloud, id)),
    route(`GET ${one}/credentials`, ({ id }) => credentials.listPostgresUsers(cloud, id)),
    route(`POST ${one}/credentials`, requests.postgresUser, ({ id, body }) =>
      accepted(credentials.addPostgresUser(cloud, id, body)),
    ),
    route(`DELETE ${one}/credentials/:user`, ({ id, user }) =>
      credentials.removePostgresUser(cloud, id, user),
    ),
  ];
}

function keyValueRoutes(cloud: RenderCloud): Route[] {
  const one = "/key-value/:id" as const;
  const shown = (keyValue: KeyValue) => keyValueAnswer(cloud, keyValue);
  return [
    route("POST /key-value", requests.keyValue, ({ body }) =>
      created(shown(databases.createKeyValue(cloud, body))),
    ),
    route("GET /key-value", ({ query }) =>
      page("keyValue", named(cloud.state.keyValues, query).map(shown), query),
    ),
    route(`GET ${one}`, ({ id }) => shown(databases.keyValueOf(cloud, id))),
    route(`PATCH ${one}`, requests.keyValueChanges, ({ id, body }) =>
      shown(databases.updateKeyValue(cloud, id, body)),
    ),
    route(`DELETE ${one}`, ({ id }) => databases.deleteKeyValue(cloud, id)),
    route(`GET ${one}/connection-info`, ({ id }) => databases.keyValueConnection(cloud, id)),
  ];
}

function envGroupRoutes(cloud: RenderCloud): Route[] {
  const one = "/env-groups/:id" as const;
  const shown = (group: EnvGroup) => groupAnswer(cloud, group);
  return [
    route("POST /env-groups", requests.envGroup, ({ body }) =>
      created(shown(groups.createEnvGroup(cloud, body))),
    ),
    route("GET /env-groups", ({ query }) => {
      // A list shows no variables: https://api-docs.render.com/reference/list-env-groups
      const answers = named(cloud.state.envGroups, query).map((group) => {
        const { envVars: _, secretFiles: __, ...others } = shown(group);
        return others;
      });
      return page("envGroup", answers, query);
    }),
    route(`GET ${one}`, ({ id }) => shown(groups.groupOf(cloud, id))),
    route(`PATCH ${one}`, requests.name, ({ id, body }) =>
      shown(groups.renameEnvGroup(cloud, id, body.name)),
    ),
    route(`DELETE ${one}`, ({ id }) => groups.deleteEnvGroup(cloud, id)),
    route(`PUT ${one}/env-vars/:key`, requests.value, ({ id, key, body }) =>
      shown(groups.setGroupVariable(cloud, id, key, body.value)),
    ),
    route(`DELETE ${one}/env-vars/:key`, ({ id, key }) => groups.removeGroupVariable(cloud, id, key)),
    route(`POST ${one}/services/:service`, ({ id, service }) =>
      shown(groups.linkService(cloud, id, service)),
    ),
    route(`DELETE ${one}/services/:service`, ({ id, service }) => groups.unlinkService(cloud, id, service)),
  ];
}
