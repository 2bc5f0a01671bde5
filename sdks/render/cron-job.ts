import type * as pulumi from "@pulumi/pulumi";
import { isOfType, type Lookup, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import { Service, type ServiceArgs, serviceProperties } from "./service.ts";

export interface CronJobArgs extends ServiceArgs {
  /** When to run, in cron notation and UTC. May change in place. */
  schedule: pulumi.Input<string>;
}

export interface CronJobState extends Lookup<CronJobArgs> {
  slug?: pulumi.Input<string | undefined>;
}

/**
 * A command that runs by the clock (`render_cron_job`, provider 1.9.1). Import id: the job's id, `crn-…`.
 */
export class CronJob extends Service {
  /** @internal */
  static readonly spec: ResourceSpec<CronJobArgs, CronJobState> = {
    package: render,
    type: "render:index/cronJob:CronJob",
    properties: { ...serviceProperties, schedule: "required" },
  };

  declare readonly schedule: pulumi.Output<string>;

  constructor(name: string, args: CronJobArgs, opts?: pulumi.CustomResourceOptions) {
    super(CronJob.spec, name, args, opts);
  }

  /** Reads a job that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: CronJobState,
    opts?: pulumi.CustomResourceOptions,
  ): CronJob {
    return new CronJob(name, state as CronJobArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is CronJob {
    return isOfType(object, CronJob.spec.type);
  }
}
