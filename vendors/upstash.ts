/** Upstash's Developer API, as far as its provider does not make the calls: lists, another password. */
import { z } from "zod";
import { type Account, type CallOptions, type Lookup, maybe, VendorApi } from "./http.ts";

/** A database; https://upstash.com/docs/devops/developer-api/redis/list_databases */
const database = z.object({
  database_id: z.string(),
  database_name: z.string(),
  /** Seconds since 1970. */
  creation_time: z.number(),
  /** `global`, or the region of a kind that Upstash no longer makes. */
  region: z.string(),
  primary_region: maybe(z.string()),
  read_regions: maybe(z.array(z.string())),
  endpoint: z.string(),
  port: z.number(),
  /** Secret. */
  password: z.string(),
  tls: z.boolean(),
  eviction: maybe(z.boolean()),
  /** US dollars a month. */
  budget: maybe(z.number()),
});
export type UpstashDatabase = z.infer<typeof database>;

/** One account of Upstash. */
export class Upstash {
  private readonly api: VendorApi;

  constructor(account: Account, options?: CallOptions) {
    this.api = new VendorApi(account, options);
  }

  /** The account that the settings name; undefined where there is no key. */
  static account(lookup: Lookup): Account | undefined {
    const email = lookup("upstash:email", "UPSTASH_EMAIL");
    const key = lookup("upstash:apiKey", "UPSTASH_API_KEY");
    if (email === "" || key === "") return undefined;
    return {
      vendor: "Upstash",
      base: "https://api.upstash.com",
      authorize: () => ({ authorization: `Basic ${Buffer.from(`${email}:${key}`).toString("base64")}` }),
      secrets: [key],
      keys: "upstash:email and upstash:apiKey, or UPSTASH_EMAIL and UPSTASH_API_KEY",
    };
  }

  databases() {
    return this.api.get("/v2/redis/databases", z.array(database));
  }

  /**
   * Gives a database another password, which ends the one before.
   *
   * @see https://upstash.com/docs/devops/developer-api/redis/reset_password
   * @returns the new one, which is secret
   */
  async resetPassword(databaseId: string): Promise<string> {
    await this.api.send("POST", `/v2/redis/reset-password/${databaseId}`);
    // Asked for again: that is where its provider reads it.
    const { password } = await this.api.get(`/v2/redis/database/${databaseId}`, database);
    return password;
  }
}
