import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type Read, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import type * as result from "./results.ts";
import type * as shape from "./shapes.ts";

export interface KeyvalueArgs {
  /** Name shown by Render. Left out, the bridge derives one with a random suffix. May change in place. */
  name?: pulumi.Input<string | undefined>;
  /** `free`, `starter`, `standard`, `pro`, `pro_plus` (the default, and not a cheap one) or `Custom…`. */
  plan?: pulumi.Input<string | undefined>;
  /** `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`. Changing it replaces the store. */
  region: pulumi.Input<string>;
  /**
   * What gives way when memory is full: `noeviction`, or `allkeys_` or `volatile_` followed by `lru`, `lfu`
   * or `random`, or `volatile_ttl`.
   */
  maxMemoryPolicy: pulumi.Input<string>;
  /** `journal_snapshot`, `snapshot` or `off`. */
  persistenceMode?: pulumi.Input<string | undefined>;
  /** Who may connect from outside. Left out or empty: the private network only. */
  ipAllowLists?: pulumi.Input<pulumi.Input<shape.IpAllowList>[] | undefined>;
  /** Project environment (`evm-…`) the store belongs to. */
  environmentId?: pulumi.Input<string | undefined>;
  logStreamOverride?: pulumi.Input<shape.LogStreamOverride | undefined>;
}

export interface KeyvalueState extends Lookup<KeyvalueArgs> {
  connectionInfo?: pulumi.Input<KeyvalueConnectionInfo | undefined>;
}

/** How to reach a store. All of it is secret. */
export interface KeyvalueConnectionInfo {
  /** `redis://…` on Render's private network, from the same region. */
  internalConnectionString?: pulumi.Input<string | undefined>;
  /** `rediss://…` from anywhere the allow list permits. */
  externalConnectionString?: pulumi.Input<string | undefined>;
  /** Shell command that opens the store. */
  cliCommand?: pulumi.Input<string | undefined>;
}

export interface KeyvalueConnectionInfoResult
  extends Read<KeyvalueConnectionInfo, keyof KeyvalueConnectionInfo> {}

/**
 * A Redis-compatible store on Render (`render_keyvalue`, provider 1.9.1); note the lower-case `v`. Import id:
 * the store's id, `red-…`.
 */
export class Keyvalue extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<KeyvalueArgs, KeyvalueState> = {
    package: render,
    type: "render:index/keyvalue:Keyvalue",
    properties: {
      name: "optional",
      plan: "optional",
      region: "required",
      maxMemoryPolicy: "required",
      persistenceMode: "optional",
      ipAllowLists: "optional",
      environmentId: "optional",
      logStreamOverride: "optional",
      connectionInfo: "computed",
    },
    secrets: ["connectionInfo"],
  };

  /** How to connect, as a secret inside a secret: see {@link Postgres.connectionInfo} for how to open it. */
  declare readonly connectionInfo: pulumi.Output<KeyvalueConnectionInfoResult>;
  declare readonly environmentId: pulumi.Output<string | undefined>;
  declare readonly ipAllowLists: pulumi.Output<result.IpAllowList[]>;
  declare readonly logStreamOverride: pulumi.Output<result.LogStreamOverride>;
  declare readonly maxMemoryPolicy: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly persistenceMode: pulumi.Output<string>;
  declare readonly plan: pulumi.Output<string>;
  declare readonly region: pulumi.Output<string>;

  constructor(name: string, args: KeyvalueArgs, opts?: pulumi.CustomResourceOptions) {
    super(Keyvalue.spec, name, args, opts);
  }

  /** Reads a store that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: KeyvalueState,
    opts?: pulumi.CustomResourceOptions,
  ): Keyvalue {
    return new Keyvalue(name, state as KeyvalueArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is Keyvalue {
    return isOfType(object, Keyvalue.spec.type);
  }
}
