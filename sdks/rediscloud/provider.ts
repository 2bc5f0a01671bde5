import type * as pulumi from "@pulumi/pulumi";
import { BridgedProvider, isOfType, type ProviderSpec } from "../bridge.ts";
import { rediscloud } from "./package.ts";

/**
 * Each may come from the stack's settings (`rediscloud:apiKey` …) or the environment instead. The provider
 * calls none of them secret: pass the keys as `pulumi.secret(…)`, or they stand in the state in clear.
 */
export interface ProviderArgs {
  /** Account key. Else `REDISCLOUD_ACCESS_KEY`. */
  apiKey?: pulumi.Input<string | undefined>;
  /** User key. Else `REDISCLOUD_SECRET_KEY`. */
  secretKey?: pulumi.Input<string | undefined>;
  /**
   * The API, its `/v1` included and without a slash at the end. Else `REDISCLOUD_URL`, else Redis Cloud's
   * own.
   */
  url?: pulumi.Input<string | undefined>;
}

/** The Redis Cloud provider 2.11.0. */
export class Provider extends BridgedProvider {
  /** @internal */
  static readonly spec: ProviderSpec<ProviderArgs> = {
    package: rediscloud,
    properties: { apiKey: "string", secretKey: "string", url: "string" },
  };

  declare readonly apiKey: pulumi.Output<string | undefined>;
  declare readonly secretKey: pulumi.Output<string | undefined>;
  declare readonly url: pulumi.Output<string | undefined>;

  constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super(Provider.spec, name, args, opts);
  }

  static override isInstance(object: unknown): object is Provider {
    return isOfType(object, `pulumi:providers:${rediscloud.name}`);
  }
}
