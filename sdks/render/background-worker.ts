import type * as pulumi from "@pulumi/pulumi";
import { isOfType, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import {
  RunningService,
  type RunningServiceArgs,
  type RunningServiceState,
  runningServiceProperties,
} from "./service.ts";

export interface BackgroundWorkerArgs extends RunningServiceArgs {}
export interface BackgroundWorkerState extends RunningServiceState {}

/**
 * A service that nobody calls (`render_background_worker`, provider 1.9.1). Import id: the service's id,
 * `srv-…`.
 */
export class BackgroundWorker extends RunningService {
  /** @internal */
  static readonly spec: ResourceSpec<BackgroundWorkerArgs, BackgroundWorkerState> = {
    package: render,
    type: "render:index/backgroundWorker:BackgroundWorker",
    properties: runningServiceProperties,
  };

  constructor(name: string, args: BackgroundWorkerArgs, opts?: pulumi.CustomResourceOptions) {
    super(BackgroundWorker.spec, name, args, opts);
  }

  /** Reads a worker that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BackgroundWorkerState,
    opts?: pulumi.CustomResourceOptions,
  ): BackgroundWorker {
    return new BackgroundWorker(name, state as BackgroundWorkerArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is BackgroundWorker {
    return isOfType(object, BackgroundWorker.spec.type);
  }
}
