/**
 * The cloud over HTTP, as MongoDB's own clients call it: Atlas Admin API v2.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/
 */
import { Hono } from "hono";
import { answer, mediaType, nothing, page, readBody, refusal } from "./answers.ts";
import { type AtlasCredentials, Authentication } from "./auth.ts";
import { AtlasError } from "./error.ts";
import { accessListRoutes, userRoutes } from "./http-access.ts";
import { clusterRoutes } from "./http-clusters.ts";
import type { AtlasCloud } from "./model.ts";
import { projectReply } from "./replies.ts";

/** The API of one organization, open to one pair of keys and one service account. */
export function atlasApi(cloud: AtlasCloud, credentials: AtlasCredentials): Hono {
  const authentication = new Authentication(credentials);
  const app = new Hono();
  app.onError((error, context) => refusal(context, error));
  app.post("/api/oauth/token", (context) => authentication.token(context));
  app.post("/api/oauth/revoke", (context) => authentication.revoke(context));

  const api = new Hono();
  api.use((context, next) => authentication.check(context, next));
  api.use(async (context, next) => {
    mediaType(context);
    await next();
  });
  projectRoutes(api, cloud);
  clusterRoutes(api, cloud);
  userRoutes(api, cloud);
  accessListRoutes(api, cloud);
  app.route("/api/atlas/v2", api);
  // A route, not `notFound`, which is lost when this app is mounted in another.
  app.all("*", (context) => {
    const { path } = context.req;
    throw new AtlasError(404, "RESOURCE_NOT_FOUND", `Cannot find resource ${path}.`, path);
  });
  return app;
}

function projectRoutes(app: Hono, { projects, clusters, flexClusters }: AtlasCloud): void {
  const reply = (id: string) =>
    projectReply(projects.get(id), clusters.list(id).length + flexClusters.list(id).length);
  app.get("/groups", (context) =>
    page(
      context,
      projects.list().map(({ id }) => reply(id)),
    ),
  );
  app.post("/groups", async (context) =>
    answer(context, reply(projects.create(await readBody(context)).id), 201),
  );
  app.get("/groups/:group", (context) => answer(context, reply(context.req.param("group"))));
  app.patch("/groups/:group", async (context) =>
    answer(context, reply(projects.update(context.req.param("group"), await readBody(context)).id)),
  );
  app.delete("/groups/:group", (context) => {
    projects.delete(context.req.param("group"));
    return nothing(context);
  });
  app.get("/groups/:group/settings", (context) =>
    answer(context, projects.get(context.req.param("group")).settings),
  );
  app.patch("/groups/:group/settings", async (context) =>
    answer(context, projects.updateSettings(context.req.param("group"), await readBody(context)).settings),
  );
  app.get("/groups/:group/limits", (context) =>
    answer(context, projects.get(context.req.param("group")).limits),
  );
  app.get("/groups/:group/teams", (context) => {
    projects.get(context.req.param("group"));
    return page(context, []);
  });
  // People, who are not simulated; the databases' users are in http-access.ts.
  app.get("/groups/:group/users", (context) => {
    projects.get(context.req.param("group"));
    return page(context, []);
  });
  app.get("/groups/:group/ipAddresses", (context) => {
    const { id } = projects.get(context.req.param("group"));
    return answer(context, { groupId: id, services: { clusters: [] } });
  });
  app.get("/groups/:group/managedSlowMs", (context) =>
    answer(context, projects.get(context.req.param("group")).managedSlowMs),
  );
  app.post("/groups/:group/managedSlowMs/enable", (context) => {
    projects.setManagedSlowMs(context.req.param("group"), true);
    return nothing(context);
  });
  app.delete("/groups/:group/managedSlowMs/disable", (context) => {
    projects.setManagedSlowMs(context.req.param("group"), false);
    return nothing(context);
  });
}
