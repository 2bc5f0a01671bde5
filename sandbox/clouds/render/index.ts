/** Render's stand-in: one model, in process as functions, and over HTTP as Render's API v1. */
import type { Hono } from "hono";
import { type Route, vendorApi } from "../api.ts";
import { credentialRoutes } from "./credentials.ts";
import { dedicatedIpRoutes } from "./dedicated-ips.ts";
import { deployRoutes } from "./deploys.ts";
import { envGroupRoutes } from "./env-groups.ts";
import { jobRoutes } from "./jobs.ts";
import { keyValueRoutes } from "./key-value.ts";
import type { RenderCloud } from "./model.ts";
import { postgresRoutes } from "./postgres.ts";
import { projectRoutes } from "./projects.ts";
import { recoveryRoutes } from "./recovery.ts";
import { described, RenderError } from "./refusals.ts";
import { serviceRoutes } from "./services.ts";

export * from "./credentials.ts";
export * from "./dedicated-ips.ts";
export * from "./deploys.ts";
export * from "./env-groups.ts";
export * from "./jobs.ts";
export * from "./key-value.ts";
export * from "./model.ts";
export * from "./postgres.ts";
export * from "./projects.ts";
export * from "./recovery.ts";
export { described, RenderError } from "./refusals.ts";
export * from "./services.ts";

/**
 * The API under `/v1`: the calls that its provider and this stack make.
 *
 * @param apiKey the one key that is let in
 */
export const renderApi = (cloud: RenderCloud, apiKey: string): Hono =>
  vendorApi({
    basePath: "/v1",
    routes: renderRoutes(cloud),
    described,
    enter: async ({ req }, next) => {
      if (req.header("Authorization") !== `Bearer ${apiKey}`) throw new RenderError(401, "Unauthorized");
      await next();
    },
    malformed: () => new RenderError(400, "invalid JSON"),
    unknown: (method, path) => new RenderError(404, `not found: ${method} ${path}`),
  });

export const renderRoutes = (cloud: RenderCloud): Route[] =>
  [
    serviceRoutes,
    deployRoutes,
    jobRoutes,
    postgresRoutes,
    credentialRoutes,
    recoveryRoutes,
    keyValueRoutes,
    envGroupRoutes,
    projectRoutes,
    dedicatedIpRoutes,
  ].flatMap((routes) => routes(cloud));
