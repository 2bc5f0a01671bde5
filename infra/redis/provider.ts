import type * as pulumi from "@pulumi/pulumi";

/** What each provider's file gives back. */
export interface RedisConnection {
  /** URL with credentials. Secret. */
  url: pulumi.Output<string>;
  /** The vendor's id of the database. */
  id: pulumi.Output<string>;
}
