/**
 * The cloud over HTTP, as MongoDB's own clients call it: Atlas Admin API v2.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/
 */
import type { Context } from "hono";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { vendorApi } from "../api.ts";
import { type AtlasCredentials, Authentication } from "./auth.ts";
import { AtlasError } from "./error.ts";
import type { AtlasCloud } from "./model.ts";
import { described } from "./requests.ts";
import { routes } from "./routes.ts";

/** The API of one organization, open to one pair of keys and one service account. */
export function atlasApi(cloud: AtlasCloud, credentials: AtlasCredentials): Hono {
  const authentication = new Authentication(credentials);
  const app = new Hono();
  app.post("/api/oauth/token", (context) => authentication.token(context));
  app.post("/api/oauth/revoke", (context) => authentication.revoke(context));
  const api = vendorApi({
    basePath: "/api/atlas/v2",
    routes: routes(cloud),
    described,
    enter: async (context, next) => {
      const actor = authentication.check(context);
      mediaType(context);
      await (actor === undefined ? next() : cloud.as(actor, next));
    },
    // `null` counts as left out.
    read: (text) => JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value)),
    // Where there is nothing to say, an empty object: but for 204, which has no body.
    answer: (context, body = {}, status) =>
      (status as number) === 204
        ? context.body(null, 204)
        : context.body(JSON.stringify(body), status as ContentfulStatusCode, {
            "Content-Type": mediaType(context),
          }),
    malformed: () => new AtlasError("MALFORMED_JSON"),
    unknown: (_, path) => new AtlasError("RESOURCE_NOT_FOUND", path),
    // What went wrong inside is not told: it may contain what a caller must not see.
    unexpected: () => new AtlasError("UNEXPECTED_ERROR"),
  });
  return app.route("/", api);
}

/** The dated media type that the client asked for, which is also how Atlas chooses the version of a call. */
function mediaType(context: Context): string {
  const type = /application\/vnd\.atlas\.\d{4}-\d\d-\d\d\+json/.exec(context.req.header("accept") ?? "")?.[0];
  if (type === undefined) throw new AtlasError("INVALID_VERSION_DATE");
  return type;
}
