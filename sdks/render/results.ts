/** The shapes of shapes.ts as the provider reports them: plain values, defaults filled in. */
import type { Read } from "../bridge.ts";
import type * as shape from "./shapes.ts";

export interface IpAllowList extends Read<shape.IpAllowList> {}
export interface LogStreamOverride extends Read<shape.LogStreamOverride, "endpoint"> {}
/** A replica reports its override as given, without the default endpoint. */
export interface ReplicaLogStreamOverride extends Read<shape.LogStreamOverride> {}
export interface EnvVars extends Read<shape.EnvVars, "value" | "generateValue"> {}
export interface SecretFiles extends Read<shape.SecretFiles> {}

export interface Autoscaling extends Omit<Read<shape.Autoscaling>, "criteria"> {
  criteria: AutoscalingCriteria;
}
export interface AutoscalingCriteria extends Read<shape.AutoscalingCriteria, "cpu" | "memory"> {}
export interface AutoscalingTarget extends Read<shape.AutoscalingTarget> {}

export interface Disk extends Read<shape.Disk, "id"> {}
export interface CustomDomain extends Read<shape.CustomDomain, keyof shape.CustomDomain> {}
export interface ActiveCustomDomain extends CustomDomain {}
export interface MaintenanceMode extends Read<shape.MaintenanceMode, "enabled" | "uri"> {}
export interface NotificationOverride
  extends Read<shape.NotificationOverride, keyof shape.NotificationOverride> {}
export interface Previews extends Read<shape.Previews, "generation"> {}

export interface RuntimeSource {
  nativeRuntime?: NativeRuntime;
  docker?: Docker;
  image?: Image;
}
export interface BuildFilter extends Read<shape.BuildFilter> {}
export interface NativeRuntime extends Read<shape.NativeRuntime, "autoDeploy" | "autoDeployTrigger"> {}
export interface Docker
  extends Read<shape.Docker, "autoDeploy" | "autoDeployTrigger" | "context" | "dockerfilePath"> {}
export interface Image extends Read<shape.Image, "tag" | "digest"> {}
