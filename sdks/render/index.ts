// Typed by hand. `pulumi package add terraform-provider render-oss/render` would overwrite this folder.
/**
 * Render's Terraform provider 1.9.1 for Pulumi: what this project uses. Tokens, names and types of properties are the
 * provider's own.
 */
export { Keyvalue, type KeyvalueArgs, Postgres, type PostgresArgs } from "./databases.ts";
export { EnvGroup, type EnvGroupArgs, EnvGroupLink, type EnvGroupLinkArgs } from "./env-groups.ts";
export { NotificationSetting, type NotificationSettingArgs } from "./notifications.ts";
export { DedicatedIp, type DedicatedIpArgs, Project, type ProjectArgs } from "./projects.ts";
export {
  BackgroundWorker,
  CronJob,
  type CronJobArgs,
  PrivateService,
  WebService,
  type WebServiceArgs,
} from "./services.ts";
