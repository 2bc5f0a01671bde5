import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type Read, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import type * as result from "./results.ts";
import type * as shape from "./shapes.ts";

export interface PostgresArgs {
  /**
   * Name shown by Render. Left out, the bridge derives one from the resource's name and a random suffix. May
   * change in place.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * Plan: `free`, `basic_256mb`, `basic_1gb`, `basic_4gb`, `pro_4gb` … `pro_512gb`, `accelerated_16gb` …
   * `accelerated_1024gb`, one of the older `starter`, `standard`, `pro`, `pro_plus`, or anything that begins
   * with `Custom`. May change in place.
   */
  plan: pulumi.Input<string>;
  /** `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`. Changing it replaces the database. */
  region: pulumi.Input<string>;
  /** Major version, `"11"` to `"18"`. Changing it replaces the database. */
  version: pulumi.Input<string>;
  /**
   * Name of the database inside the instance. Changing it replaces the instance. Render may append a suffix
   * to it, which the provider hides: read the true name from a connection string, and give the true name when
   * importing, for the shorter one would ask for a replacement.
   */
  databaseName?: pulumi.Input<string | undefined>;
  /** Owner of the database. Changing it replaces the instance. */
  databaseUser?: pulumi.Input<string | undefined>;
  /** Disk in GB: 1 or a multiple of 5. */
  diskSizeGb?: pulumi.Input<number | undefined>;
  /** Keeps a standby that takes over on failure. */
  highAvailabilityEnabled?: pulumi.Input<boolean | undefined>;
  /** Who may connect from outside. Left out or empty: the private network only. */
  ipAllowLists?: pulumi.Input<pulumi.Input<shape.IpAllowList>[] | undefined>;
  /** Project environment (`evm-…`) the database belongs to. */
  environmentId?: pulumi.Input<string | undefined>;
  /** Server settings by name, in PostgreSQL's notation. */
  parameterOverrides?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  /** Read-only copies. */
  readReplicas?: pulumi.Input<pulumi.Input<PostgresReadReplica>[] | undefined>;
  /** Key with which the database reports to Datadog. Made secret. */
  datadogApiKey?: pulumi.Input<string | undefined>;
  logStreamOverride?: pulumi.Input<shape.LogStreamOverride | undefined>;
}

export interface PostgresState extends Lookup<PostgresArgs> {
  connectionInfo?: pulumi.Input<PostgresConnectionInfo | undefined>;
  primaryPostgresId?: pulumi.Input<string | undefined>;
  role?: pulumi.Input<string | undefined>;
}

/** A read-only copy of a database. */
export interface PostgresReadReplica {
  /** Assigned by Render. */
  id?: pulumi.Input<string | undefined>;
  name: pulumi.Input<string>;
  parameterOverrides?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  logStreamOverride?: pulumi.Input<shape.LogStreamOverride | undefined>;
}

/** How to reach a database. All of it is secret. */
export interface PostgresConnectionInfo {
  password?: pulumi.Input<string | undefined>;
  /** `postgresql://…` on Render's private network, from the same region. */
  internalConnectionString?: pulumi.Input<string | undefined>;
  /** `postgresql://…` from anywhere the allow list permits. */
  externalConnectionString?: pulumi.Input<string | undefined>;
  /** Shell command that opens the database. */
  psqlCommand?: pulumi.Input<string | undefined>;
}

export interface PostgresReadReplicaResult extends Read<PostgresReadReplica, "id"> {}
export interface PostgresConnectionInfoResult
  extends Read<PostgresConnectionInfo, keyof PostgresConnectionInfo> {}

/**
 * A PostgreSQL database on Render (`render_postgres`, provider 1.9.1). Created when Render calls it
 * available, which may take minutes. Import id: the database's id, `dpg-…-a`.
 */
export class Postgres extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<PostgresArgs, PostgresState> = {
    package: render,
    type: "render:index/postgres:Postgres",
    properties: {
      name: "optional",
      plan: "required",
      region: "required",
      version: "required",
      databaseName: "optional",
      databaseUser: "optional",
      diskSizeGb: "optional",
      highAvailabilityEnabled: "optional",
      ipAllowLists: "optional",
      environmentId: "optional",
      parameterOverrides: "optional",
      readReplicas: "optional",
      datadogApiKey: "optional",
      logStreamOverride: "optional",
      connectionInfo: "computed",
      primaryPostgresId: "computed",
      role: "computed",
    },
    secrets: ["connectionInfo", "datadogApiKey"],
  };

  /**
   * How to connect, as a secret.
   *
   * The real engine delivers a secret inside a secret, and the Node SDK opens only the outer one: at run time
   * the object is an envelope whose `value` holds the members, and `connectionInfo.password` is `undefined`
   * although its type says `string`. The in-process monitor has no envelope. For either, open what is left
   * first: `connectionInfo.apply((info) => (info as { value?: typeof info }).value ?? info)`, which stays
   * secret.
   */
  declare readonly connectionInfo: pulumi.Output<PostgresConnectionInfoResult>;
  /** The name asked for; Render's own may carry a suffix. */
  declare readonly databaseName: pulumi.Output<string>;
  declare readonly databaseUser: pulumi.Output<string>;
  declare readonly datadogApiKey: pulumi.Output<string | undefined>;
  declare readonly diskSizeGb: pulumi.Output<number>;
  declare readonly environmentId: pulumi.Output<string | undefined>;
  declare readonly highAvailabilityEnabled: pulumi.Output<boolean>;
  declare readonly ipAllowLists: pulumi.Output<result.IpAllowList[]>;
  declare readonly logStreamOverride: pulumi.Output<result.LogStreamOverride>;
  declare readonly name: pulumi.Output<string>;
  declare readonly parameterOverrides: pulumi.Output<{ [key: string]: string } | undefined>;
  declare readonly plan: pulumi.Output<string>;
  /** Of a replica: the id of its primary. */
  declare readonly primaryPostgresId: pulumi.Output<string>;
  declare readonly readReplicas: pulumi.Output<PostgresReadReplicaResult[] | undefined>;
  declare readonly region: pulumi.Output<string>;
  /** `primary` or `replica`. */
  declare readonly role: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.CustomResourceOptions) {
    super(Postgres.spec, name, args, opts);
  }

  /** Reads a database that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: PostgresState,
    opts?: pulumi.CustomResourceOptions,
  ): Postgres {
    return new Postgres(name, state as PostgresArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is Postgres {
    return isOfType(object, Postgres.spec.type);
  }
}
