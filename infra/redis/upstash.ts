import * as pulumi from "@pulumi/pulumi";
import { RedisDatabase } from "@upstash/pulumi/redisDatabase.js";
import { types } from "../adoption/index.ts";
import { holdsData } from "../protection.ts";
import { beside } from "../settings/vendors.ts";
import type { RedisArgs, RedisConnection } from "./provider.ts";

/** A global Upstash database whose primary region lies beside the backend. */
export function upstash({
  name,
  settings,
  backendRegion,
  adoptions,
  opts,
}: RedisArgs<"upstash">): RedisConnection {
  const database = new RedisDatabase(
    `${name}-upstash`,
    {
      databaseName: settings.name,
      // Upstash no longer creates regional databases; "global" needs a primary region.
      region: "global",
      primaryRegion: settings.primaryRegion ?? beside[backendRegion].upstash,
      readRegions: settings.readRegions,
      // Upstash always turns TLS on. Left to the provider's default (false), each later preview would want to
      // replace the database.
      tls: true,
      eviction: settings.eviction,
      budget: settings.budget,
    },
    {
      ...opts,
      ...holdsData(settings),
      ...adoptions.options({ type: types.upstash, name: settings.name }),
    },
  );
  const url = pulumi
    .all([database.password, database.endpoint, database.port])
    .apply(([password, host, port]) => `rediss://default:${encodeURIComponent(password)}@${host}:${port}`);
  return { url: pulumi.secret(url), id: database.databaseId };
}
