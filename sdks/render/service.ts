/** What Render's kinds of service have in common: each adds its own to one of the two classes here. */
import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, type Lookup, type Properties } from "../bridge.ts";
import type * as result from "./results.ts";
import type * as shape from "./shapes.ts";

/** Arguments of every service. All but `region` may change in place. */
export interface ServiceArgs {
  /**
   * Name shown by Render, and part of the address. Left out, the bridge derives one with a random suffix.
   * Must be unique in the workspace: the provider finds a service it has just created by its name.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * `starter`, `standard`, `pro`, `pro_plus`, `pro_max`, `pro_ultra` or a custom plan. Not checked before
   * Render.
   */
  plan: pulumi.Input<string>;
  /** `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`. Changing it replaces the service. */
  region: pulumi.Input<string>;
  /** What runs: built by Render, built by a Dockerfile, or an image. */
  runtimeSource: pulumi.Input<shape.RuntimeSource>;
  /**
   * Command that starts the service. Mandatory with a native runtime; otherwise overrides the image's own.
   */
  startCommand?: pulumi.Input<string | undefined>;
  /** Environment variables by name: the whole set, others are removed. Not empty if given. */
  envVars?: pulumi.Input<{ [key: string]: pulumi.Input<shape.EnvVars> } | undefined>;
  /** Files by name. Not empty if given. */
  secretFiles?: pulumi.Input<{ [key: string]: pulumi.Input<shape.SecretFiles> } | undefined>;
  /** Directory of the repository in which commands run; changes outside of it do not deploy. */
  rootDirectory?: pulumi.Input<string | undefined>;
  /** Project environment (`evm-…`) the service belongs to. */
  environmentId?: pulumi.Input<string | undefined>;
  notificationOverride?: pulumi.Input<shape.NotificationOverride | undefined>;
  logStreamOverride?: pulumi.Input<shape.LogStreamOverride | undefined>;
}

export interface ServiceState extends Lookup<ServiceArgs> {
  slug?: pulumi.Input<string | undefined>;
}

export const serviceProperties: Properties<ServiceArgs, ServiceState> = {
  name: "optional",
  plan: "required",
  region: "required",
  runtimeSource: "required",
  startCommand: "optional",
  envVars: "optional",
  secretFiles: "optional",
  rootDirectory: "optional",
  environmentId: "optional",
  notificationOverride: "optional",
  logStreamOverride: "optional",
  slug: "computed",
};

export abstract class Service extends BridgedResource {
  /** Values are secret in what the provider returns. */
  declare readonly envVars: pulumi.Output<{ [key: string]: result.EnvVars } | undefined>;
  declare readonly environmentId: pulumi.Output<string | undefined>;
  declare readonly logStreamOverride: pulumi.Output<result.LogStreamOverride>;
  declare readonly name: pulumi.Output<string>;
  declare readonly notificationOverride: pulumi.Output<result.NotificationOverride>;
  declare readonly plan: pulumi.Output<string>;
  declare readonly region: pulumi.Output<string>;
  declare readonly rootDirectory: pulumi.Output<string>;
  declare readonly runtimeSource: pulumi.Output<result.RuntimeSource>;
  declare readonly secretFiles: pulumi.Output<{ [key: string]: result.SecretFiles } | undefined>;
  /** The name as it stands in addresses. */
  declare readonly slug: pulumi.Output<string>;
  declare readonly startCommand: pulumi.Output<string | undefined>;
}

/** Arguments of a service that keeps running, as opposed to a cron job. */
export interface RunningServiceArgs extends ServiceArgs {
  /** Instances, 1 to 100. Leave out what is scaled elsewhere: then the present number stays. */
  numInstances?: pulumi.Input<number | undefined>;
  autoscaling?: pulumi.Input<shape.Autoscaling | undefined>;
  disk?: pulumi.Input<shape.Disk | undefined>;
  /** Command that runs before each deploy takes over, such as a migration. */
  preDeployCommand?: pulumi.Input<string | undefined>;
  /** Seconds between SIGTERM and SIGKILL, 1 to 300. */
  maxShutdownDelaySeconds?: pulumi.Input<number | undefined>;
  previews?: pulumi.Input<shape.Previews | undefined>;
  /** @deprecated Use `previews.generation`; the two exclude each other. */
  pullRequestPreviewsEnabled?: pulumi.Input<boolean | undefined>;
}

export interface RunningServiceState extends Lookup<RunningServiceArgs>, Pick<ServiceState, "slug"> {}

export const runningServiceProperties: Properties<RunningServiceArgs, RunningServiceState> = {
  ...serviceProperties,
  numInstances: "optional",
  autoscaling: "optional",
  disk: "optional",
  preDeployCommand: "optional",
  maxShutdownDelaySeconds: "optional",
  previews: "optional",
  pullRequestPreviewsEnabled: "optional",
};

export abstract class RunningService extends Service {
  declare readonly autoscaling: pulumi.Output<result.Autoscaling | undefined>;
  declare readonly disk: pulumi.Output<result.Disk | undefined>;
  declare readonly maxShutdownDelaySeconds: pulumi.Output<number>;
  declare readonly numInstances: pulumi.Output<number>;
  declare readonly preDeployCommand: pulumi.Output<string | undefined>;
  declare readonly previews: pulumi.Output<result.Previews>;
  /** @deprecated Use `previews.generation`. */
  declare readonly pullRequestPreviewsEnabled: pulumi.Output<boolean>;
}
