/** Upstash's developer API, v2, in front of the model: the calls of its provider, and a list. */
import type { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { type Route, route, vendorApi } from "../api.ts";
import { UpstashError } from "./error.ts";
import type { UpstashCloud } from "./model.ts";
import * as requests from "./requests.ts";

/** Who may call. */
export interface UpstashCredentials {
  email: string;
  apiKey: string;
}

/** The API as `https://api.upstash.com` serves it. */
export const upstashApi = (cloud: UpstashCloud, { email, apiKey }: UpstashCredentials): Hono =>
  vendorApi({
    basePath: "/v2/redis",
    routes: routes(cloud, email),
    enter: basicAuth({ username: email, password: apiKey, invalidUserMessage: "Unauthorized" }),
    parse: requests.parse,
    // Every success is a 200 with a body: the provider takes 204 for an error.
    answer: (context, body = "OK") => context.json(body),
    malformed: () => new UpstashError(400, "invalid request body"),
    unknown: () => new UpstashError(404, "no such call"),
  });

const routes = (cloud: UpstashCloud, email: string): Route[] => [
  route("GET /databases", () => cloud.list()),
  route("POST /database", requests.create, ({ body }) => cloud.create(body, email)),
  route("GET /database/:id", ({ id }) => cloud.get(id)),
  route("DELETE /database/:id", ({ id }) => cloud.delete(id)),
  route("POST /reset-password/:id", ({ id }) => cloud.resetPassword(id)),
  route("POST /enable-tls/:id", ({ id }) => cloud.enableTls(id)),
  route("POST /enable-eviction/:id", ({ id }) => cloud.setEviction(id, true)),
  route("POST /disable-eviction/:id", ({ id }) => cloud.setEviction(id, false)),
  route("POST /enable-autoupgrade/:id", ({ id }) => cloud.setAutoUpgrade(id, true)),
  route("POST /disable-autoupgrade/:id", ({ id }) => cloud.setAutoUpgrade(id, false)),
  route("POST /enable-prodpack/:id", ({ id }) => cloud.setProdPack(id, true)),
  route("POST /disable-prodpack/:id", ({ id }) => cloud.setProdPack(id, false)),
  route("POST /update-regions/:id", requests.regions, ({ id, body }) =>
    cloud.updateRegions(id, body.read_regions),
  ),
  route("PATCH /update-budget/:id", requests.budget, ({ id, body }) => cloud.updateBudget(id, body.budget)),
  route("POST /update-allowlist/:id", requests.allowlist, ({ id, body }) =>
    cloud.updateAllowlist(id, body.allowed_ips),
  ),
];
