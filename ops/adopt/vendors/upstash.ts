/** What there is at Upstash. */
import type { Lookup } from "../credentials.ts";
import { getter } from "../http.ts";
import type { Redis } from "../model.ts";

interface Listed {
  database_id: string;
  database_name: string;
  region: string;
  primary_region?: string;
  read_regions?: string[] | null;
  endpoint: string;
  port: number;
  password: string;
  tls: boolean;
  eviction?: boolean;
  budget?: number;
}

/** All Redis databases of the account; undefined when there is no key. https://upstash.com/docs/devops/developer-api */
export async function upstashDatabases(
  lookup: Lookup,
  environment: NodeJS.ProcessEnv,
): Promise<Redis[] | undefined> {
  const email = lookup("upstash:email", "UPSTASH_EMAIL");
  const key = lookup("upstash:apiKey", "UPSTASH_API_KEY");
  if (email === "" || key === "") return undefined;
  const get = getter({
    vendor: "Upstash",
    base: "https://api.upstash.com",
    authorize: () => ({ authorization: `Basic ${Buffer.from(`${email}:${key}`).toString("base64")}` }),
    keys: "upstash:email and upstash:apiKey, or UPSTASH_EMAIL and UPSTASH_API_KEY",
    environment,
  });
  const listed = await get<Listed[]>("/v2/redis/databases");
  return listed.map((one) => ({
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
