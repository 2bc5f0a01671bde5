import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type ResourceSpec } from "../bridge.ts";
import { rediscloud } from "./package.ts";
import type { Timeouts } from "./shapes.ts";
import type * as result from "./types/output.ts";

/** All of it may change in place. */
export interface EssentialsSubscriptionArgs {
  /** Name shown by Redis Cloud. Left out, the bridge derives one with a random suffix. */
  name?: pulumi.Input<string | undefined>;
  /** Plan, which settles cloud, region and size: see `getEssentialsPlan`. */
  planId: pulumi.Input<number>;
  /** `credit-card` (default) or `marketplace`. Counts on creation only; later changes are ignored. */
  paymentMethod?: pulumi.Input<string | undefined>;
  /** The card to charge. Not for free plans, not for `marketplace`. */
  paymentMethodId?: pulumi.Input<number | undefined>;
  /** Terraform's own id under another name. Leave it to the provider. */
  essentialsSubscriptionId?: pulumi.Input<string | undefined>;
  timeouts?: pulumi.Input<Timeouts | undefined>;
}

export interface EssentialsSubscriptionState extends Lookup<EssentialsSubscriptionArgs> {
  creationDate?: pulumi.Input<string | undefined>;
  status?: pulumi.Input<string | undefined>;
}

/**
 * A small fixed-price subscription (`rediscloud_essentials_subscription`, provider 2.11.0). Its `id` is a
 * number written as a string; that is the import id too.
 */
export class EssentialsSubscription extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<EssentialsSubscriptionArgs, EssentialsSubscriptionState> = {
    package: rediscloud,
    type: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
    properties: {
      name: "optional",
      planId: "required",
      paymentMethod: "optional",
      paymentMethodId: "optional",
      essentialsSubscriptionId: "optional",
      timeouts: "optional",
      creationDate: "computed",
      status: "computed",
    },
  };

  declare readonly creationDate: pulumi.Output<string>;
  declare readonly essentialsSubscriptionId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly paymentMethod: pulumi.Output<string | undefined>;
  declare readonly paymentMethodId: pulumi.Output<number | undefined>;
  declare readonly planId: pulumi.Output<number>;
  /** `active` once usable. */
  declare readonly status: pulumi.Output<string>;
  declare readonly timeouts: pulumi.Output<result.EssentialsSubscriptionTimeouts | undefined>;

  constructor(name: string, args: EssentialsSubscriptionArgs, opts?: pulumi.CustomResourceOptions) {
    super(EssentialsSubscription.spec, name, args, opts);
  }

  /** Reads a subscription that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: EssentialsSubscriptionState,
    opts?: pulumi.CustomResourceOptions,
  ): EssentialsSubscription {
    return new EssentialsSubscription(name, state as EssentialsSubscriptionArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is EssentialsSubscription {
    return isOfType(object, EssentialsSubscription.spec.type);
  }
}
