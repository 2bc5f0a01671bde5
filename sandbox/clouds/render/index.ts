/** Render's stand-in: one model, in process as functions, and over HTTP as Render's API v1. */
export { databaseStatus } from "./answers.ts";
export * from "./credentials.ts";
export * from "./databases.ts";
export * from "./dedicated-ips.ts";
export * from "./env-groups.ts";
export { RenderError } from "./error.ts";
export { renderApi, renderRoutes } from "./http.ts";
export * from "./jobs.ts";
export { type OwnerNotifications, RenderCloud, type RenderOptions } from "./model.ts";
export * from "./projects.ts";
export * from "./recovery.ts";
export {
  type DedicatedIpRequest,
  described,
  type EnvGroupRequest,
  type KeyValueRequest,
  type PostgresRequest,
  type ProjectRequest,
  type ServiceRequest,
} from "./requests.ts";
export * from "./services.ts";
