/**
 * Upstash: what its provider 0.5.0 sends for a database, and what it makes of the answer.
 *
 * @see https://github.com/upstash/terraform-provider-upstash
 */

import type { RedisDatabaseArgs } from "@upstash/pulumi/redisDatabase.js";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import { described, type UpstashCloud, UpstashError } from "../../../sandbox/clouds/upstash/index.ts";
import { type ProviderModel, translation } from "./vendor.ts";

/**
 * Databases of one account.
 *
 * @param owner the account's e-mail address
 */
export const upstash = (cloud: UpstashCloud, owner: string | undefined): ProviderModel => ({
  name: "Upstash",
  resources: {
    [types.upstash]: translation<RedisDatabaseArgs>()(
      ["databaseName", "region", "primaryRegion", "readRegions", "tls", "eviction", "budget"],
      ({ databaseName, region, primaryRegion, readRegions = [], ...more }) => {
        const { tls = false, eviction = false, budget = 20 } = more;
        const database = cloud.create(
          described.body("POST /database", {
            database_name: databaseName,
            region,
            primary_region: primaryRegion,
            ...(readRegions.length > 0 && { read_regions: readRegions }),
            tls,
            eviction,
            auto_upgrade: false,
            prod_pack_enabled: false,
            budget,
          }),
          owner,
        );
        return {
          id: `upstash-database-${database.database_id}`,
          outputs: {
            databaseId: database.database_id,
            endpoint: database.endpoint,
            port: database.port,
            password: secret(database.password),
            restToken: secret(database.rest_token),
            readOnlyRestToken: secret(database.read_only_rest_token),
            state: database.state,
            databaseType: database.database_type,
            creationTime: database.creation_time,
            userEmail: database.user_email,
          },
        };
      },
      ({ databaseId }) => cloud.delete(String(databaseId)),
    ),
  },
  refusal: (error) => (error instanceof UpstashError ? error.message : undefined),
});
