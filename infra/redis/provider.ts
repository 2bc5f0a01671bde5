/** The shape that every provider's file has: the same arguments, the same result. */
import type * as pulumi from "@pulumi/pulumi";
import type { Recovery } from "../recovery/index.ts";
import type { Rotation } from "../rotation/index.ts";
import type { RedisOf, RedisProvider, RenderRegion } from "../settings/index.ts";

/** What each provider's file is given. */
export interface RedisArgs<P extends RedisProvider> {
  /** Logical name of the component; children are named after it. */
  name: string;
  settings: RedisOf<P>;
  /** Where the backend runs; Redis is put beside it. */
  backendRegion: RenderRegion;
  /** What an interrupted `up` created. */
  recovery: Recovery;
  /** Which password it has. */
  rotation: Rotation;
  /** Options for each resource: its parent. */
  opts: pulumi.CustomResourceOptions;
}

/** What each provider's file gives back. */
export interface RedisConnection {
  /** URL with credentials. Secret. `redis://` on Render's private network, `rediss://` everywhere else. */
  url: pulumi.Output<string>;
  /** The vendor's id of the database. */
  id: pulumi.Output<string>;
}
