/** The objects inside arguments, under the names the generated SDK gives them: `render.types.input.…`. */
import type * as shape from "../shapes.ts";

export type { KeyvalueConnectionInfo } from "../keyvalue.ts";
export type { PostgresConnectionInfo, PostgresReadReplica } from "../postgres.ts";
export type { ProjectEnvironments } from "../project.ts";

export type PostgresIpAllowList = shape.IpAllowList;
export type PostgresLogStreamOverride = shape.LogStreamOverride;
export type PostgresReadReplicaLogStreamOverride = shape.LogStreamOverride;

export type KeyvalueIpAllowList = shape.IpAllowList;
export type KeyvalueLogStreamOverride = shape.LogStreamOverride;

export type EnvGroupEnvVars = shape.EnvVars;
export type EnvGroupSecretFiles = shape.SecretFiles;

export type ProjectEnvironmentsIpAllowList = shape.IpAllowList;

export type WebServiceEnvVars = shape.EnvVars;
export type WebServiceSecretFiles = shape.SecretFiles;
export type WebServiceLogStreamOverride = shape.LogStreamOverride;
export type WebServiceNotificationOverride = shape.NotificationOverride;
export type WebServiceRuntimeSource = shape.RuntimeSource;
export type WebServiceRuntimeSourceNativeRuntime = shape.NativeRuntime;
export type WebServiceRuntimeSourceNativeRuntimeBuildFilter = shape.BuildFilter;
export type WebServiceRuntimeSourceDocker = shape.Docker;
export type WebServiceRuntimeSourceDockerBuildFilter = shape.BuildFilter;
export type WebServiceRuntimeSourceImage = shape.Image;
export type WebServiceAutoscaling = shape.Autoscaling;
export type WebServiceAutoscalingCriteria = shape.AutoscalingCriteria;
export type WebServiceAutoscalingCriteriaCpu = shape.AutoscalingTarget;
export type WebServiceAutoscalingCriteriaMemory = shape.AutoscalingTarget;
export type WebServiceDisk = shape.Disk;
export type WebServicePreviews = shape.Previews;
export type WebServiceActiveCustomDomain = shape.ActiveCustomDomain;
export type WebServiceCustomDomain = shape.CustomDomain;
export type WebServiceIpAllowList = shape.IpAllowList;
export type WebServiceMaintenanceMode = shape.MaintenanceMode;

export type BackgroundWorkerEnvVars = shape.EnvVars;
export type BackgroundWorkerSecretFiles = shape.SecretFiles;
export type BackgroundWorkerLogStreamOverride = shape.LogStreamOverride;
export type BackgroundWorkerNotificationOverride = shape.NotificationOverride;
export type BackgroundWorkerRuntimeSource = shape.RuntimeSource;
export type BackgroundWorkerRuntimeSourceNativeRuntime = shape.NativeRuntime;
export type BackgroundWorkerRuntimeSourceNativeRuntimeBuildFilter = shape.BuildFilter;
export type BackgroundWorkerRuntimeSourceDocker = shape.Docker;
export type BackgroundWorkerRuntimeSourceDockerBuildFilter = shape.BuildFilter;
export type BackgroundWorkerRuntimeSourceImage = shape.Image;
export type BackgroundWorkerAutoscaling = shape.Autoscaling;
export type BackgroundWorkerAutoscalingCriteria = shape.AutoscalingCriteria;
export type BackgroundWorkerAutoscalingCriteriaCpu = shape.AutoscalingTarget;
export type BackgroundWorkerAutoscalingCriteriaMemory = shape.AutoscalingTarget;
export type BackgroundWorkerDisk = shape.Disk;
export type BackgroundWorkerPreviews = shape.Previews;

export type PrivateServiceEnvVars = shape.EnvVars;
export type PrivateServiceSecretFiles = shape.SecretFiles;
export type PrivateServiceLogStreamOverride = shape.LogStreamOverride;
export type PrivateServiceNotificationOverride = shape.NotificationOverride;
export type PrivateServiceRuntimeSource = shape.RuntimeSource;
export type PrivateServiceRuntimeSourceNativeRuntime = shape.NativeRuntime;
export type PrivateServiceRuntimeSourceNativeRuntimeBuildFilter = shape.BuildFilter;
export type PrivateServiceRuntimeSourceDocker = shape.Docker;
export type PrivateServiceRuntimeSourceDockerBuildFilter = shape.BuildFilter;
export type PrivateServiceRuntimeSourceImage = shape.Image;
export type PrivateServiceAutoscaling = shape.Autoscaling;
export type PrivateServiceAutoscalingCriteria = shape.AutoscalingCriteria;
export type PrivateServiceAutoscalingCriteriaCpu = shape.AutoscalingTarget;
export type PrivateServiceAutoscalingCriteriaMemory = shape.AutoscalingTarget;
export type PrivateServiceDisk = shape.Disk;
export type PrivateServicePreviews = shape.Previews;

export type CronJobEnvVars = shape.EnvVars;
export type CronJobSecretFiles = shape.SecretFiles;
export type CronJobLogStreamOverride = shape.LogStreamOverride;
export type CronJobNotificationOverride = shape.NotificationOverride;
export type CronJobRuntimeSource = shape.RuntimeSource;
export type CronJobRuntimeSourceNativeRuntime = shape.NativeRuntime;
export type CronJobRuntimeSourceNativeRuntimeBuildFilter = shape.BuildFilter;
export type CronJobRuntimeSourceDocker = shape.Docker;
export type CronJobRuntimeSourceDockerBuildFilter = shape.BuildFilter;
export type CronJobRuntimeSourceImage = shape.Image;
