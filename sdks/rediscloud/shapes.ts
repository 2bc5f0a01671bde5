/** The objects inside the arguments. */
import type * as pulumi from "@pulumi/pulumi";

/** How long an operation may take, as Go durations such as `30m`. */
export interface Timeouts {
  /** Default `30m`. */
  create?: pulumi.Input<string | undefined>;
  /** Default `10m`. */
  read?: pulumi.Input<string | undefined>;
  /** Default `30m`. */
  update?: pulumi.Input<string | undefined>;
  /** Default `10m`. */
  delete?: pulumi.Input<string | undefined>;
}

/** A threshold that sends a notification. */
export interface Alert {
  /** What is watched, such as `dataset-size`; which ones there are depends on the plan. */
  name: pulumi.Input<string>;
  /** Threshold, in the unit of what is watched. */
  value: pulumi.Input<number>;
}

/** A Redis module, such as `RedisJSON`. */
export interface Module {
  name?: pulumi.Input<string | undefined>;
}

/** Makes the database a copy of others. */
export interface Replica {
  syncSources: pulumi.Input<pulumi.Input<SyncSource>[]>;
}

/** A database to copy from. */
export interface SyncSource {
  /** `redis://user:password@host:port`; without user and password for a database of Redis Cloud. */
  endpoint: pulumi.Input<string>;
  /** Whether to connect by TLS. Redis Cloud finds out for databases of its own. */
  encryption?: pulumi.Input<boolean | undefined>;
  /** The source's certificate chain, PEM. */
  serverCert?: pulumi.Input<string | undefined>;
}
