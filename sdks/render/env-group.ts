import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import type * as result from "./results.ts";
import type * as shape from "./shapes.ts";

/** All of it may change in place. */
export interface EnvGroupArgs {
  /** Name shown by Render. Left out, the bridge derives one with a random suffix. */
  name?: pulumi.Input<string | undefined>;
  /** Environment variables by name. Not empty if given. */
  envVars?: pulumi.Input<{ [key: string]: pulumi.Input<shape.EnvVars> } | undefined>;
  /** Files by name. Not empty if given. */
  secretFiles?: pulumi.Input<{ [key: string]: pulumi.Input<shape.SecretFiles> } | undefined>;
  /** Project environment (`evm-…`) the group belongs to. */
  environmentId?: pulumi.Input<string | undefined>;
}

export interface EnvGroupState extends Lookup<EnvGroupArgs> {}

/**
 * A set of environment variables that services share (`render_env_group`, provider 1.9.1). Changing one
 * deploys nothing: a linked service sees new values after its next deploy. Import id: the group's id,
 * `evg-…`.
 */
export class EnvGroup extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<EnvGroupArgs, EnvGroupState> = {
    package: render,
    type: "render:index/envGroup:EnvGroup",
    properties: {
      name: "optional",
      envVars: "optional",
      secretFiles: "optional",
      environmentId: "optional",
    },
  };

  /** Values are secret in what the provider returns. */
  declare readonly envVars: pulumi.Output<{ [key: string]: result.EnvVars } | undefined>;
  declare readonly environmentId: pulumi.Output<string | undefined>;
  declare readonly name: pulumi.Output<string>;
  declare readonly secretFiles: pulumi.Output<{ [key: string]: result.SecretFiles } | undefined>;

  constructor(name: string, args?: EnvGroupArgs, opts?: pulumi.CustomResourceOptions) {
    super(EnvGroup.spec, name, args, opts);
  }

  /** Reads a group that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: EnvGroupState,
    opts?: pulumi.CustomResourceOptions,
  ): EnvGroup {
    return new EnvGroup(name, state as EnvGroupArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is EnvGroup {
    return isOfType(object, EnvGroup.spec.type);
  }
}
