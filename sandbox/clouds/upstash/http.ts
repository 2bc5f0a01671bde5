/** Upstash's developer API, v2, in front of the model: the calls of its provider, and a list. */
import type { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { type Route, route, vendorApi } from "../api.ts";
import { UpstashError } from "./error.ts";
import { checkedBudget, type UpstashCloud } from "./model.ts";
import { type CreateRequest, described } from "./requests.ts";

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
    described,
    malformed: () => new UpstashError(400, "invalid request body"),
    unknown: () => new UpstashError(404, "no such call"),
  });

/** Every success is a 200 with a body: the provider takes 204 for an error. */
const ok = (_: unknown) => "OK";

export const routes = (cloud: UpstashCloud, email: string): Route[] => [
  route("GET /databases", () => cloud.list()),
  route("POST /database", (_, body: CreateRequest) => cloud.create(body, email)),
  route("GET /database/:id", ({ id }) => cloud.get(id)),
  route("DELETE /database/:id", ({ id }) => ok(cloud.delete(id))),
  route("POST /reset-password/:id", ({ id }) => cloud.resetPassword(id)),
  route("POST /enable-tls/:id", ({ id }) => cloud.change(id, { tls: true })),
  route("POST /enable-eviction/:id", ({ id }) => ok(cloud.change(id, { eviction: true }))),
  route("POST /disable-eviction/:id", ({ id }) => ok(cloud.change(id, { eviction: false }))),
  route("POST /enable-autoupgrade/:id", ({ id }) => ok(cloud.setAutoUpgrade(id, true))),
  route("POST /disable-autoupgrade/:id", ({ id }) => ok(cloud.setAutoUpgrade(id, false))),
  route("POST /enable-prodpack/:id", ({ id }) => ok(cloud.change(id, { prod_pack_enabled: true }))),
  route("POST /disable-prodpack/:id", ({ id }) => ok(cloud.change(id, { prod_pack_enabled: false }))),
  route("POST /update-regions/:id", ({ id }, body: { read_regions: string[] | null }) =>
    ok(cloud.updateRegions(id, body.read_regions)),
  ),
  route("PATCH /update-budget/:id", ({ id }, body: { budget: number }) =>
    ok(cloud.change(id, { budget: checkedBudget(body.budget) })),
  ),
  route("POST /update-allowlist/:id", ({ id }, body: { allowed_ips: string[] | null }) =>
    ok(cloud.updateAllowlist(id, body.allowed_ips)),
  ),
];
