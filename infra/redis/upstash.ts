import * as pulumi from "@pulumi/pulumi";
import { RedisDatabase } from "@upstash/pulumi/redisDatabase.js";
import { upstash as upstashApi } from "../accounts.ts";
import { protectionOf } from "../protection/index.ts";
import { types } from "../resources.ts";
import { issuedLogin, resolved } from "../rotation/login.ts";
import type { Run } from "../run.ts";
import { leftAlone } from "../settings/fields.ts";
import type { RedisOf } from "../settings/index.ts";
import type { RedisConnection } from "./index.ts";

/** A global Upstash database whose primary region lies beside the backend. */
export function upstash(
  name: string,
  settings: RedisOf<"upstash">,
  { placement, recovery, rotation: { redis: rotation } }: Run,
  opts: pulumi.CustomResourceOptions,
): RedisConnection {
  const isOpen = settings.accessList.length === 0;
  const database = new RedisDatabase(
    `${name}-upstash`,
    {
      databaseName: settings.name,
      // Upstash no longer creates regional databases; "global" needs a primary region.
      region: "global",
      primaryRegion: placement.upstash.region,
      readRegions: settings.readRegions,
      // Upstash always turns TLS on. Left to the provider's default (false), each later preview would want to
      // replace the database.
      tls: true,
      eviction: settings.eviction,
      budget: settings.budget,
      ...(!isOpen && { ipAllowlists: settings.accessList.map(({ cidr }) => cidr) }),
      ...(settings.with as object),
    },
    {
      ...opts,
      ...protectionOf(settings),
      // What somebody may have chosen in the console and this stack says nothing of.
      ignoreChanges: [
        ...leftAlone(["autoScale", "prodPack", "consistent", "multizone"], settings.with),
        ...(isOpen ? ["ipAllowlists"] : []),
      ],
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
