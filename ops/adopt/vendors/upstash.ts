/** What there is at Upstash. */
import type { Upstash } from "../../../vendors/upstash.ts";
import type { Redis } from "../model.ts";

/** All Redis databases of the account. */
export async function upstashDatabases(upstash: Upstash): Promise<Redis[]> {
  return (await upstash.databases()).map((one) => ({
    provider: "upstash",
    id: one.database_id,
    name: one.database_name,
    region: one.region,
    primaryRegion: one.primary_region ?? "",
    readRegions: one.read_regions ?? [],
    tls: one.tls,
    eviction: one.eviction === true,
    budget: one.budget ?? 20,
    url: `${one.tls ? "rediss" : "redis"}://default:${encodeURIComponent(one.password)}@${one.endpoint}:${one.port}`,
  }));
}
