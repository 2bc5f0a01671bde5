import type * as pulumi from "@pulumi/pulumi";
import { isOfType, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import {
  RunningService,
  type RunningServiceArgs,
  type RunningServiceState,
  runningServiceProperties,
} from "./service.ts";

export interface PrivateServiceArgs extends RunningServiceArgs {}
export interface PrivateServiceState extends RunningServiceState {
  url?: pulumi.Input<string | undefined>;
}

/**
 * A service that only the private network reaches (`render_private_service`, provider 1.9.1). Import id: the
 * service's id, `srv-…`.
 */
export class PrivateService extends RunningService {
  /** @internal */
  static readonly spec: ResourceSpec<PrivateServiceArgs, PrivateServiceState> = {
    package: render,
    type: "render:index/privateService:PrivateService",
    properties: { ...runningServiceProperties, url: "computed" },
  };

  /** Host and port on the private network. */
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: PrivateServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super(PrivateService.spec, name, args, opts);
  }

  /** Reads a service that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: PrivateServiceState,
    opts?: pulumi.CustomResourceOptions,
  ): PrivateService {
    return new PrivateService(name, state as PrivateServiceArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is PrivateService {
    return isOfType(object, PrivateService.spec.type);
  }
}
