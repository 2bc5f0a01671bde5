import type * as pulumi from "@pulumi/pulumi";
import { BridgedProvider, isOfType, type ProviderSpec } from "../bridge.ts";
import { render } from "./package.ts";

/** Each may come from the stack's settings (`render:apiKey` …) or the environment instead. */
export interface ProviderArgs {
  /** API key. Made secret. Else `RENDER_API_KEY`. */
  apiKey?: pulumi.Input<string | undefined>;
  /** Workspace that owns what is created, `tea-…` or `usr-…`. Else `RENDER_OWNER_ID`. */
  ownerId?: pulumi.Input<string | undefined>;
  /** Leaves it to somebody else to deploy a service after an update. Default `false`. */
  skipDeployAfterServiceUpdate?: pulumi.Input<boolean | undefined>;
  /** Waits until a new service's first deploy is live. Updates are never waited for. Default `false`. */
  waitForDeployCompletion?: pulumi.Input<boolean | undefined>;
}

/**
 * The Render provider 1.9.1. Made in code it shows one spurious update on the run after its creation, for its
 * recorded version changes to that of the bridge; the default provider, configured in the stack, does not.
 */
export class Provider extends BridgedProvider {
  /** @internal */
  static readonly spec: ProviderSpec<ProviderArgs> = {
    package: render,
    properties: {
      apiKey: "string",
      ownerId: "string",
      skipDeployAfterServiceUpdate: "json",
      waitForDeployCompletion: "json",
    },
    secrets: ["apiKey"],
  };

  declare readonly apiKey: pulumi.Output<string | undefined>;
  declare readonly ownerId: pulumi.Output<string | undefined>;

  constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super(Provider.spec, name, args, opts);
  }

  static override isInstance(object: unknown): object is Provider {
    return isOfType(object, `pulumi:providers:${render.name}`);
  }
}
