/** Upstash's developer API, v2, in front of the model: the calls of its provider, and a list. */
import type { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import ipaddr from "ipaddr.js";
import { type Route, route, vendorApi } from "../api.ts";
import {
  type CreateRequest,
  checkedBudget,
  described,
  readRegions,
  type UpstashCloud,
  UpstashError,
} from "./model.ts";

export { described, UpstashCloud, UpstashError, type UpstashOptions } from "./model.ts";
export { serveUpstashProxy, type UpstashProxy } from "./proxy.ts";

/** The API as `https://api.upstash.com` serves it, open to one account. */
export const upstashApi = (cloud: UpstashCloud, { email, apiKey }: { email: string; apiKey: string }): Hono =>
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

export function routes(cloud: UpstashCloud, email: string): Route[] {
  const setAutoUpgrade = (id: string, auto_upgrade: boolean) => {
    // The provider knows this refusal and takes it for success.
    if (cloud.get(id).auto_upgrade === auto_upgrade)
      throw new UpstashError(400, `auto upgrade is already ${auto_upgrade ? "enabled" : "disabled"}`);
    return ok(cloud.change(id, { auto_upgrade }));
  };
  return [
    route("GET /databases", () => cloud.list()),
    route("POST /database", (_, body: CreateRequest) => cloud.create(body, email)),
    route("GET /database/:id", ({ id }) => cloud.get(id)),
    route("DELETE /database/:id", ({ id }) => ok(cloud.delete(id))),
    route("POST /reset-password/:id", ({ id }) => cloud.resetPassword(id)),
    route("POST /enable-tls/:id", ({ id }) => cloud.change(id, { tls: true })),
    route("POST /enable-eviction/:id", ({ id }) => ok(cloud.change(id, { eviction: true }))),
    route("POST /disable-eviction/:id", ({ id }) => ok(cloud.change(id, { eviction: false }))),
    route("POST /enable-autoupgrade/:id", ({ id }) => setAutoUpgrade(id, true)),
    route("POST /disable-autoupgrade/:id", ({ id }) => setAutoUpgrade(id, false)),
    route("POST /enable-prodpack/:id", ({ id }) => ok(cloud.change(id, { prod_pack_enabled: true }))),
    route("POST /disable-prodpack/:id", ({ id }) => ok(cloud.change(id, { prod_pack_enabled: false }))),
    route("POST /update-regions/:id", ({ id }, { read_regions: asked }: { read_regions: string[] | null }) =>
      ok(cloud.change(id, { read_regions: readRegions(asked, cloud.get(id).primary_region) })),
    ),
    route("PATCH /update-budget/:id", ({ id }, body: { budget: number }) =>
      ok(cloud.change(id, { budget: checkedBudget(body.budget) })),
    ),
    // Written as `allowed_ips`, read as `allowed_ip_ranges`; an empty list lets everybody in.
    route("POST /update-allowlist/:id", ({ id }, body: { allowed_ips: string[] | null }) => {
      const ranges = body.allowed_ips ?? [];
      for (const range of ranges)
        if (!ipaddr.isValid(range) && !ipaddr.isValidCIDR(range))
          throw new UpstashError(400, `invalid ip range: ${range}`);
      return ok(cloud.change(id, { allowed_ip_ranges: ranges }));
    }),
  ];
}
