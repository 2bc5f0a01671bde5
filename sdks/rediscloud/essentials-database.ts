import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type ResourceSpec } from "../bridge.ts";
import { rediscloud } from "./package.ts";
import type { Alert, Module, Replica, Timeouts } from "./shapes.ts";
import type * as result from "./types/output.ts";

/** May change in place where nothing else is said. */
export interface EssentialsDatabaseArgs {
  /**
   * The subscription's id as a number: `subscription.id.apply(Number)`. Changing it replaces the database.
   */
  subscriptionId: pulumi.Input<number>;
  /**
   * Name shown by Redis Cloud, up to 40 characters. Left out, the bridge derives one with a random suffix.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * `none`, `aof-every-1-second`, `aof-every-write`, `snapshot-every-1-hour`, `snapshot-every-6-hours` or
   * `snapshot-every-12-hours`. Free plans have `none` only.
   */
  dataPersistence: pulumi.Input<string>;
  /** Keeps a second copy in memory. Not in free plans. */
  replication: pulumi.Input<boolean>;
  /** `redis`, `memcached` or `stack`. Changing it replaces the database. */
  protocol?: pulumi.Input<string | undefined>;
  /** Redis version, such as `7.4`; by default Redis Cloud's. A change upgrades. */
  redisVersion?: pulumi.Input<string | undefined>;
  /** `resp2` or `resp3`. */
  respVersion?: pulumi.Input<string | undefined>;
  /**
   * What gives way when memory is full: `noeviction`, or `allkeys-` or `volatile-` followed by `lru`, `lfu`
   * or `random`, or `volatile-ttl`. Default `volatile-lru`.
   */
  dataEviction?: pulumi.Input<string | undefined>;
  /** Password of the default user. Made secret. Left out, Redis Cloud invents one. */
  password?: pulumi.Input<string | undefined>;
  /** Whether the default user may connect. Default `true`. */
  enableDefaultUser?: pulumi.Input<boolean | undefined>;
  /**
   * CIDR blocks that may connect; by default everybody. Not empty if given. Without `enablePaygFeatures` the
   * provider ignores the list, and sends `0.0.0.0/0` in its place.
   */
  sourceIps?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Thresholds to be told of. */
  alerts?: pulumi.Input<pulumi.Input<Alert>[] | undefined>;
  /** Modules to load; Redis 8 has them built in. Changing them replaces the database. */
  modules?: pulumi.Input<pulumi.Input<Module>[] | undefined>;
  /** Labels. Keys and values in lower case. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  /** Where daily backups go. Paid plans only. */
  periodicBackupPath?: pulumi.Input<string | undefined>;
  replica?: pulumi.Input<Replica | undefined>;
  /** Certificates, PEM, of clients that authenticate by TLS. */
  clientTlsCertificates?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * Turns on what only old pay-as-you-go databases have; Redis Cloud refuses it for new ones. Default
   * `false`, and then the provider drops without a word: `sourceIps`, `memoryLimitInGb`,
   * `supportOssClusterApi`, `externalEndpointForOssClusterApi`, `enableDatabaseClustering`, `regexRules` and
   * `enableTls`.
   */
  enablePaygFeatures?: pulumi.Input<boolean | undefined>;
  /** Asks clients for TLS. Has no effect without `enablePaygFeatures`: then there is none. */
  enableTls?: pulumi.Input<boolean | undefined>;
  /** Has no effect without `enablePaygFeatures`. */
  memoryLimitInGb?: pulumi.Input<number | undefined>;
  /** Has no effect without `enablePaygFeatures`. */
  supportOssClusterApi?: pulumi.Input<boolean | undefined>;
  /** Has no effect without `enablePaygFeatures`. */
  externalEndpointForOssClusterApi?: pulumi.Input<boolean | undefined>;
  /** Has no effect without `enablePaygFeatures`. */
  enableDatabaseClustering?: pulumi.Input<boolean | undefined>;
  /** Has no effect without `enablePaygFeatures`. */
  regexRules?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Terraform's own id under another name. Leave it to the provider. */
  essentialsDatabaseId?: pulumi.Input<string | undefined>;
  timeouts?: pulumi.Input<Timeouts | undefined>;
}

export interface EssentialsDatabaseState extends Lookup<EssentialsDatabaseArgs> {
  activatedOn?: pulumi.Input<string | undefined>;
  cloudProvider?: pulumi.Input<string | undefined>;
  dbId?: pulumi.Input<number | undefined>;
  privateEndpoint?: pulumi.Input<string | undefined>;
  publicEndpoint?: pulumi.Input<string | undefined>;
  redisVersionCompliance?: pulumi.Input<string | undefined>;
  region?: pulumi.Input<string | undefined>;
}

/**
 * The database of an Essentials subscription (`rediscloud_essentials_database`, provider 2.11.0). The
 * provider's own waits make creation take a minute and a half at the least. Import id: `<subscription
 * id>/<database id>`.
 */
export class EssentialsDatabase extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<EssentialsDatabaseArgs, EssentialsDatabaseState> = {
    package: rediscloud,
    type: "rediscloud:index/essentialsDatabase:EssentialsDatabase",
    properties: {
      subscriptionId: "required",
      name: "optional",
      dataPersistence: "required",
      replication: "required",
      protocol: "optional",
      redisVersion: "optional",
      respVersion: "optional",
      dataEviction: "optional",
      password: "optional",
      enableDefaultUser: "optional",
      sourceIps: "optional",
      alerts: "optional",
      modules: "optional",
      tags: "optional",
      periodicBackupPath: "optional",
      replica: "optional",
      clientTlsCertificates: "optional",
      enablePaygFeatures: "optional",
      enableTls: "optional",
      memoryLimitInGb: "optional",
      supportOssClusterApi: "optional",
      externalEndpointForOssClusterApi: "optional",
      enableDatabaseClustering: "optional",
      regexRules: "optional",
      essentialsDatabaseId: "optional",
      timeouts: "optional",
      activatedOn: "computed",
      cloudProvider: "computed",
      dbId: "computed",
      privateEndpoint: "computed",
      publicEndpoint: "computed",
      redisVersionCompliance: "computed",
      region: "computed",
    },
    secrets: ["password"],
  };

  declare readonly activatedOn: pulumi.Output<string>;
  declare readonly alerts: pulumi.Output<result.EssentialsDatabaseAlert[] | undefined>;
  declare readonly clientTlsCertificates: pulumi.Output<string[] | undefined>;
  /** Cloud that hosts the database, by the plan. */
  declare readonly cloudProvider: pulumi.Output<string>;
  declare readonly dataEviction: pulumi.Output<string | undefined>;
  declare readonly dataPersistence: pulumi.Output<string>;
  declare readonly dbId: pulumi.Output<number>;
  declare readonly enableDatabaseClustering: pulumi.Output<boolean | undefined>;
  declare readonly enableDefaultUser: pulumi.Output<boolean | undefined>;
  declare readonly enablePaygFeatures: pulumi.Output<boolean | undefined>;
  declare readonly enableTls: pulumi.Output<boolean | undefined>;
  declare readonly essentialsDatabaseId: pulumi.Output<string>;
  declare readonly externalEndpointForOssClusterApi: pulumi.Output<boolean | undefined>;
  declare readonly memoryLimitInGb: pulumi.Output<number | undefined>;
  declare readonly modules: pulumi.Output<result.EssentialsDatabaseModule[]>;
  declare readonly name: pulumi.Output<string>;
  /** Password of the default user, as a secret. */
  declare readonly password: pulumi.Output<string>;
  declare readonly periodicBackupPath: pulumi.Output<string | undefined>;
  /** `host:port` inside the cloud provider's network. */
  declare readonly privateEndpoint: pulumi.Output<string>;
  declare readonly protocol: pulumi.Output<string>;
  /** `host:port` from the internet. */
  declare readonly publicEndpoint: pulumi.Output<string>;
  declare readonly redisVersion: pulumi.Output<string>;
  declare readonly redisVersionCompliance: pulumi.Output<string>;
  declare readonly regexRules: pulumi.Output<string[]>;
  /** Region that hosts the database, by the plan. */
  declare readonly region: pulumi.Output<string>;
  declare readonly replica: pulumi.Output<result.EssentialsDatabaseReplica | undefined>;
  declare readonly replication: pulumi.Output<boolean>;
  declare readonly respVersion: pulumi.Output<string>;
  declare readonly sourceIps: pulumi.Output<string[] | undefined>;
  declare readonly subscriptionId: pulumi.Output<number>;
  declare readonly supportOssClusterApi: pulumi.Output<boolean | undefined>;
  declare readonly tags: pulumi.Output<{ [key: string]: string } | undefined>;
  declare readonly timeouts: pulumi.Output<result.EssentialsDatabaseTimeouts | undefined>;

  constructor(name: string, args: EssentialsDatabaseArgs, opts?: pulumi.CustomResourceOptions) {
    super(EssentialsDatabase.spec, name, args, opts);
  }

  /** Reads a database that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: EssentialsDatabaseState,
    opts?: pulumi.CustomResourceOptions,
  ): EssentialsDatabase {
    return new EssentialsDatabase(name, state as EssentialsDatabaseArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is EssentialsDatabase {
    return isOfType(object, EssentialsDatabase.spec.type);
  }
}
