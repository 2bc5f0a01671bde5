/** Render's API v1 in front of the model: the calls that its provider and this stack make. */
import { type Context, Hono } from "hono";
import {
  deployAnswer,
  groupAnswer,
  keyValueAnswer,
  page,
  postgresAnswer,
  serviceAnswer,
  variablesPage,
} from "./answers.ts";
import * as credentials from "./credentials.ts";
import * as databases from "./databases.ts";
import * as groups from "./env-groups.ts";
import { newId, type RenderCloud, RenderError } from "./model.ts";
import * as services from "./services.ts";

/**
 * The API under `/v1`.
 *
 * @param apiKey the one key that is let in
 */
export function renderApi(cloud: RenderCloud, apiKey: string): Hono {
  const api = new Hono().basePath("/v1");
  const refuse = (context: Context, status: 400 | 401 | 404 | 409, message: string) =>
    // A body without `message` crashes the provider, so there always is one.
    context.json({ id: newId("err"), message }, status);
  api.use(async (context, next) => {
    const given = context.req.header("Authorization");
    return given === `Bearer ${apiKey}` ? await next() : refuse(context, 401, "Unauthorized");
  });
  api.onError((error, context) => {
    if (error instanceof RenderError) return refuse(context, error.status, error.message);
    if (error instanceof SyntaxError) return refuse(context, 400, "invalid JSON");
    throw error;
  });

  serviceRoutes(api, cloud);
  postgresRoutes(api, cloud);
  keyValueRoutes(api, cloud);
  envGroupRoutes(api, cloud);
  // No log stream is overridden, and everybody is notified by default.
  api.get("/logs/streams/resource/:id", (context) => refuse(context, 404, "not found: log stream override"));
  const notifications = (context: Context) =>
    context.json({
      serviceId: context.req.param("id"),
      notificationsToSend: "default",
      previewNotificationsEnabled: "default",
    });
  api.get("/notification-settings/overrides/services/:id", notifications);
  api.patch("/notification-settings/overrides/services/:id", notifications);
  api.all("*", (context) => refuse(context, 404, `not found: ${context.req.method} ${context.req.path}`));
  return api;
}

const query = (context: Context) => {
  const { cursor, limit } = context.req.query();
  return { ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit: Number(limit) }) };
};

/** Those with one of the names that a list was asked for. */
function named<T extends { name: string }>(context: Context, things: Record<string, T>): T[] {
  const names = context.req.query("name")?.split(",");
  return Object.values(things).filter(({ name }) => names?.includes(name) ?? true);
}

function serviceRoutes(api: Hono, cloud: RenderCloud): void {
  api.post("/services", async (context) => {
    const { service, deploy } = services.createService(cloud, await context.req.json());
    return context.json({ service: serviceAnswer(cloud, service), deployId: deploy.id }, 201);
  });
  api.get("/services", (context) => {
    const wanted = (name: string) => context.req.query(name)?.split(",");
    const [names, types, owners] = [wanted("name"), wanted("type"), wanted("ownerId")];
    const matching = Object.values(cloud.state.services).filter(
      ({ name, type }) =>
        (names?.includes(name) ?? true) &&
        (types?.includes(type) ?? true) &&
        (owners?.includes(cloud.ownerId) ?? true),
    );
    const answers = matching.map((service) => serviceAnswer(cloud, service));
    return context.json(page("service", answers, query(context)));
  });
  api.get("/services/:id", (context) =>
    context.json(serviceAnswer(cloud, services.serviceOf(cloud, context.req.param("id")))),
  );
  api.patch("/services/:id", async (context) => {
    const service = services.updateService(cloud, context.req.param("id"), await context.req.json());
    return context.json(serviceAnswer(cloud, service));
  });
  api.delete("/services/:id", (context) => {
    services.deleteService(cloud, context.req.param("id"));
    return context.body(null, 204);
  });
  api.post("/services/:id/scale", async (context) => {
    const { numInstances } = await context.req.json<{ numInstances: number }>();
    services.scaleService(cloud, context.req.param("id"), numInstances);
    return context.body(null, 202);
  });
  api.get("/services/:id/env-vars", (context) =>
    context.json(variablesPage(services.serviceOf(cloud, context.req.param("id")).envVars, query(context))),
  );
  api.put("/services/:id/env-vars", async (context) => {
    const variables = services.setVariables(cloud, context.req.param("id"), await context.req.json());
    return context.json(variablesPage(variables, { limit: variables.length }));
  });
  for (const nothing of ["secret-files", "custom-domains"])
    api.get(`/services/:id/${nothing}`, (context) => context.json([]));
  api.put("/services/:id/secret-files", (context) => context.json([]));
  api.get("/services/:id/deploys", (context) => {
    const statuses = context.req.query("status")?.split(",");
    const deploys = services
      .deploysOf(cloud, context.req.param("id"))
      .filter(({ status }) => statuses?.includes(status) ?? true);
    return context.json(page("deploy", deploys.map(deployAnswer), query(context)));
  });
  api.post("/services/:id/deploys", async (context) => {
    const deploy = services.startDeploy(cloud, context.req.param("id"), await context.req.json());
    return context.json(deployAnswer(deploy), 201);
  });
}

function postgresRoutes(api: Hono, cloud: RenderCloud): void {
  api.post("/postgres", async (context) =>
    context.json(postgresAnswer(cloud, databases.createPostgres(cloud, await context.req.json())), 201),
  );
  api.get("/postgres", (context) => {
    const answers = named(context, cloud.state.postgres).map((postgres) => postgresAnswer(cloud, postgres));
    return context.json(page("postgres", answers, query(context)));
  });
  api.get("/postgres/:id", (context) =>
    context.json(postgresAnswer(cloud, databases.postgresOf(cloud, context.req.param("id")))),
  );
  api.get("/postgres/:id/connection-info", (context) =>
    context.json(databases.postgresConnection(cloud, context.req.param("id"))),
  );
  api.get("/postgres/:id/credentials", async (context) =>
    context.json(await credentials.listPostgresUsers(cloud, context.req.param("id"))),
  );
  api.post("/postgres/:id/credentials", async (context) => {
    credentials.addPostgresUser(cloud, context.req.param("id"), await context.req.json());
    return context.body(null, 202);
  });
  api.delete("/postgres/:id/credentials/:user", (context) => {
    credentials.removePostgresUser(cloud, context.req.param("id"), context.req.param("user"));
    return context.body(null, 204);
  });
  api.patch("/postgres/:id", async (context) => {
    const postgres = databases.updatePostgres(cloud, context.req.param("id"), await context.req.json());
    return context.json(postgresAnswer(cloud, postgres));
  });
  api.delete("/postgres/:id", (context) => {
    databases.deletePostgres(cloud, context.req.param("id"));
    return context.body(null, 204);
  });
}

function keyValueRoutes(api: Hono, cloud: RenderCloud): void {
  api.post("/key-value", async (context) =>
    context.json(keyValueAnswer(cloud, databases.createKeyValue(cloud, await context.req.json())), 201),
  );
  api.get("/key-value", (context) => {
    const answers = named(context, cloud.state.keyValues).map((keyValue) => keyValueAnswer(cloud, keyValue));
    return context.json(page("keyValue", answers, query(context)));
  });
  api.get("/key-value/:id", (context) =>
    context.json(keyValueAnswer(cloud, databases.keyValueOf(cloud, context.req.param("id")))),
  );
  api.get("/key-value/:id/connection-info", (context) =>
    context.json(databases.keyValueConnection(cloud, context.req.param("id"))),
  );
  api.patch("/key-value/:id", async (context) => {
    const keyValue = databases.updateKeyValue(cloud, context.req.param("id"), await context.req.json());
    return context.json(keyValueAnswer(cloud, keyValue));
  });
  api.delete("/key-value/:id", (context) => {
    databases.deleteKeyValue(cloud, context.req.param("id"));
    return context.body(null, 204);
  });
}

function envGroupRoutes(api: Hono, cloud: RenderCloud): void {
  api.post("/env-groups", async (context) =>
    context.json(groupAnswer(cloud, groups.createEnvGroup(cloud, await context.req.json())), 201),
  );
  api.get("/env-groups", (context) => {
    // A list shows no variables: https://api-docs.render.com/reference/list-env-groups
    const answers = named(context, cloud.state.envGroups).map((group) => {
      const { envVars: _, secretFiles: __, ...shown } = groupAnswer(cloud, group);
      return shown;
    });
    return context.json(page("envGroup", answers, query(context)));
  });
  api.get("/env-groups/:id", (context) =>
    context.json(groupAnswer(cloud, groups.groupOf(cloud, context.req.param("id")))),
  );
  api.patch("/env-groups/:id", async (context) => {
    const { name } = await context.req.json<{ name: string }>();
    return context.json(groupAnswer(cloud, groups.renameEnvGroup(cloud, context.req.param("id"), name)));
  });
  api.delete("/env-groups/:id", (context) => {
    groups.deleteEnvGroup(cloud, context.req.param("id"));
    return context.body(null, 204);
  });
  api.put("/env-groups/:id/env-vars/:key", async (context) => {
    const { value } = await context.req.json<{ value: string }>();
    const group = groups.setGroupVariable(cloud, context.req.param("id"), context.req.param("key"), value);
    return context.json(groupAnswer(cloud, group));
  });
  api.delete("/env-groups/:id/env-vars/:key", (context) => {
    groups.removeGroupVariable(cloud, context.req.param("id"), context.req.param("key"));
    return context.body(null, 204);
  });
  api.post("/env-groups/:id/services/:service", (context) => {
    const group = groups.linkService(cloud, context.req.param("id"), context.req.param("service"));
    return context.json(groupAnswer(cloud, group));
  });
  api.delete("/env-groups/:id/services/:service", (context) => {
    groups.unlinkService(cloud, context.req.param("id"), context.req.param("service"));
    return context.body(null, 204);
  });
}
