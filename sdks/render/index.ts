/**
 * Render's Terraform provider for Pulumi: the resources this project uses.
 *
 * Type tokens, properties and types are those of the SDK that `pulumi package add terraform-provider
 * render-oss/render` generates, which may take this one's place.
 */
export {
  BackgroundWorker,
  type BackgroundWorkerArgs,
  type BackgroundWorkerState,
} from "./background-worker.ts";
export { CronJob, type CronJobArgs, type CronJobState } from "./cron-job.ts";
export { EnvGroup, type EnvGroupArgs, type EnvGroupState } from "./env-group.ts";
export { EnvGroupLink, type EnvGroupLinkArgs, type EnvGroupLinkState } from "./env-group-link.ts";
export { Keyvalue, type KeyvalueArgs, type KeyvalueState } from "./keyvalue.ts";
export { Postgres, type PostgresArgs, type PostgresState } from "./postgres.ts";
export { PrivateService, type PrivateServiceArgs, type PrivateServiceState } from "./private-service.ts";
export { Project, type ProjectArgs, type ProjectState } from "./project.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export * as types from "./types/index.ts";
export { WebService, type WebServiceArgs, type WebServiceState } from "./web-service.ts";
