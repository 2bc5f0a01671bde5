import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";

export interface EnvGroupLinkArgs {
  /** The group, `evg-…`. */
  envGroupId: pulumi.Input<string>;
  /**
   * Ids of all services that use the group, at least one: those of the group that are missing here lose it.
   */
  serviceIds: pulumi.Input<pulumi.Input<string>[]>;
}

export interface EnvGroupLinkState extends Lookup<EnvGroupLinkArgs> {}

/**
 * The services of an env group (`render_env_group_link`, provider 1.9.1). Creating one fails when the group
 * already serves a service that is not listed. Its `id` says nothing (the provider gives none); import id:
 * the id of the group.
 */
export class EnvGroupLink extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<EnvGroupLinkArgs, EnvGroupLinkState> = {
    package: render,
    type: "render:index/envGroupLink:EnvGroupLink",
    properties: { envGroupId: "required", serviceIds: "required" },
  };

  declare readonly envGroupId: pulumi.Output<string>;
  declare readonly serviceIds: pulumi.Output<string[]>;

  constructor(name: string, args: EnvGroupLinkArgs, opts?: pulumi.CustomResourceOptions) {
    super(EnvGroupLink.spec, name, args, opts);
  }

  /** Reads a link that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: EnvGroupLinkState,
    opts?: pulumi.CustomResourceOptions,
  ): EnvGroupLink {
    return new EnvGroupLink(name, state as EnvGroupLinkArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is EnvGroupLink {
    return isOfType(object, EnvGroupLink.spec.type);
  }
}
