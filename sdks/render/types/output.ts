/** The objects inside outputs, under the names the generated SDK gives them: `render.types.output.…`. */
import type * as result from "../results.ts";

export type { KeyvalueConnectionInfoResult as KeyvalueConnectionInfo } from "../keyvalue.ts";
export type {
  PostgresConnectionInfoResult as PostgresConnectionInfo,
  PostgresReadReplicaResult as PostgresReadReplica,
} from "../postgres.ts";
export type { ProjectEnvironmentsResult as ProjectEnvironments } from "../project.ts";

export type PostgresIpAllowList = result.IpAllowList;
export type PostgresLogStreamOverride = result.LogStreamOverride;
export type PostgresReadReplicaLogStreamOverride = result.ReplicaLogStreamOverride;

export type KeyvalueIpAllowList = result.IpAllowList;
export type KeyvalueLogStreamOverride = result.LogStreamOverride;

export type EnvGroupEnvVars = result.EnvVars;
export type EnvGroupSecretFiles = result.SecretFiles;

export type ProjectEnvironmentsIpAllowList = result.IpAllowList;

export type WebServiceEnvVars = result.EnvVars;
export type WebServiceSecretFiles = result.SecretFiles;
export type WebServiceLogStreamOverride = result.LogStreamOverride;
export type WebServiceNotificationOverride = result.NotificationOverride;
export type WebServiceRuntimeSource = result.RuntimeSource;
export type WebServiceRuntimeSourceNativeRuntime = result.NativeRuntime;
export type WebServiceRuntimeSourceNativeRuntimeBuildFilter = result.BuildFilter;
export type WebServiceRuntimeSourceDocker = result.Docker;
export type WebServiceRuntimeSourceDockerBuildFilter = result.BuildFilter;
export type WebServiceRuntimeSourceImage = result.Image;
export type WebServiceAutoscaling = result.Autoscaling;
export type WebServiceAutoscalingCriteria = result.AutoscalingCriteria;
export type WebServiceAutoscalingCriteriaCpu = result.AutoscalingTarget;
export type WebServiceAutoscalingCriteriaMemory = result.AutoscalingTarget;
export type WebServiceDisk = result.Disk;
export type WebServicePreviews = result.Previews;
export type WebServiceActiveCustomDomain = result.ActiveCustomDomain;
export type WebServiceCustomDomain = result.CustomDomain;
export type WebServiceIpAllowList = result.IpAllowList;
export type WebServiceMaintenanceMode = result.MaintenanceMode;

export type BackgroundWorkerEnvVars = result.EnvVars;
export type BackgroundWorkerSecretFiles = result.SecretFiles;
export type BackgroundWorkerLogStreamOverride = result.LogStreamOverride;
export type BackgroundWorkerNotificationOverride = result.NotificationOverride;
export type BackgroundWorkerRuntimeSource = result.RuntimeSource;
export type BackgroundWorkerRuntimeSourceNativeRuntime = result.NativeRuntime;
export type BackgroundWorkerRuntimeSourceNativeRuntimeBuildFilter = result.BuildFilter;
export type BackgroundWorkerRuntimeSourceDocker = result.Docker;
export type BackgroundWorkerRuntimeSourceDockerBuildFilter = result.BuildFilter;
export type BackgroundWorkerRuntimeSourceImage = result.Image;
export type BackgroundWorkerAutoscaling = result.Autoscaling;
export type BackgroundWorkerAutoscalingCriteria = result.AutoscalingCriteria;
export type BackgroundWorkerAutoscalingCriteriaCpu = result.AutoscalingTarget;
export type BackgroundWorkerAutoscalingCriteriaMemory = result.AutoscalingTarget;
export type BackgroundWorkerDisk = result.Disk;
export type BackgroundWorkerPreviews = result.Previews;

export type PrivateServiceEnvVars = result.EnvVars;
export type PrivateServiceSecretFiles = result.SecretFiles;
export type PrivateServiceLogStreamOverride = result.LogStreamOverride;
export type PrivateServiceNotificationOverride = result.NotificationOverride;
export type PrivateServiceRuntimeSource = result.RuntimeSource;
export type PrivateServiceRuntimeSourceNativeRuntime = result.NativeRuntime;
export type PrivateServiceRuntimeSourceNativeRuntimeBuildFilter = result.BuildFilter;
export type PrivateServiceRuntimeSourceDocker = result.Docker;
export type PrivateServiceRuntimeSourceDockerBuildFilter = result.BuildFilter;
export type PrivateServiceRuntimeSourceImage = result.Image;
export type PrivateServiceAutoscaling = result.Autoscaling;
export type PrivateServiceAutoscalingCriteria = result.AutoscalingCriteria;
export type PrivateServiceAutoscalingCriteriaCpu = result.AutoscalingTarget;
export type PrivateServiceAutoscalingCriteriaMemory = result.AutoscalingTarget;
export type PrivateServiceDisk = result.Disk;
export type PrivateServicePreviews = result.Previews;

export type CronJobEnvVars = result.EnvVars;
export type CronJobSecretFiles = result.SecretFiles;
export type CronJobLogStreamOverride = result.LogStreamOverride;
export type CronJobNotificationOverride = result.NotificationOverride;
export type CronJobRuntimeSource = result.RuntimeSource;
export type CronJobRuntimeSourceNativeRuntime = result.NativeRuntime;
export type CronJobRuntimeSourceNativeRuntimeBuildFilter = result.BuildFilter;
export type CronJobRuntimeSourceDocker = result.Docker;
export type CronJobRuntimeSourceDockerBuildFilter = result.BuildFilter;
export type CronJobRuntimeSourceImage = result.Image;
