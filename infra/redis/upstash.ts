import * as pulumi from "@pulumi/pulumi";
import { RedisDatabase } from "@upstash/pulumi/redisDatabase.js";
import { upstash as upstashApi } from "../accounts.ts";
import { holdsData } from "../protection/index.ts";
import { types } from "../recovery/index.ts";
import { issuedLogin, resolved } from "../rotation/login.ts";
import { beside } from "../settings/vendors.ts";
import type { RedisArgs, RedisConnection } from "./provider.ts";

/** A global Upstash database whose primary region lies beside the backend. */
export function upstash({
  name,
  settings,
  backendRegion,
  recovery,
  rotation,
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
      // What somebody may have chosen in the console and this stack has no setting for.
      ignoreChanges: ["autoScale", "prodPack", "ipAllowlists", "consistent", "multizone"],
      ...recovery.options({ type: types.upstash, name: settings.name }),
    },
  );
  // After a reset the provider's own output is that of before, until somebody refreshes.
  rotation.keep();
  const password = rotation.neverRotated
    ? database.password
    : issuedLogin({
        database: "redis",
        rotation,
        number: rotation.record.current,
        user: "default",
        issue: async () => ({
          user: "default",
          password: await upstashApi().resetPassword(await resolved(database.databaseId)),
        }),
        after: [database.databaseId],
        opts,
      }).apply((login) => login.password);
  const url = pulumi
    .all([password, database.endpoint, database.port])
    .apply(([secret, host, port]) => `rediss://default:${encodeURIComponent(secret)}@${host}:${port}`);
  return { url: pulumi.secret(url), id: database.databaseId };
}
