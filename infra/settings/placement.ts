/** Where each database is put: where its own section says, otherwise beside the backend. Decided here and nowhere else. */
import type { Settings } from "./schema.ts";
import { beside } from "./vendors.ts";

/** A place, in the words of the vendor whose it is, and the setting that it comes from. */
export interface Place<Region extends string = string> {
  region: Region;
  /** `mongodb.region`, or `region` for what is put beside the backend. */
  setting: string;
}

/** The places of a stack's databases, whether they are on or not. */
export function placementOf({ region, mongodb, postgres, redis }: Settings) {
  const place = <R extends string>(setting: string, own: R | undefined, besideBackend: R): Place<R> =>
    own === undefined ? { region: besideBackend, setting: "region" } : { region: own, setting };
  const { atlas, upstash, aws } = beside[region];
  return {
    mongodb: place("mongodb.region", mongodb.region, atlas),
    postgres: place("postgres.region", postgres.enabled ? postgres.region : undefined, region),
    keyValue: place("redis.region", undefined, region),
    upstash: place(
      "redis.primaryRegion",
      redis.provider === "upstash" ? redis.primaryRegion : undefined,
      upstash,
    ),
    /** A plan of Redis Cloud is chosen for an AWS region. */
    redisCloud: place<string>("redis.region", undefined, aws),
  };
}

export type Placement = ReturnType<typeof placementOf>;
