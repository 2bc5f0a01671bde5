/** Upstash's Developer API, as far as its provider does not make the calls: lists, another password. */
import { z } from "zod";
import { type Account, type CallOptions, type Lookup, VendorApi } from "./http.ts";

/** A database; https://upstash.com/docs/devops/developer-api/redis/list_databases */
export interface UpstashDatabase {
  database_id: string;
  database_name: string;
  /** Seconds since 1970. */
  creation_time: number;
  /** `global`, or the region of a kind that Upstash no longer makes. */
  region: string;
  primary_region?: string;
  read_regions?: string[] | null;
  endpoint: string;
  port: number;
  /** Secret. */
  password: string;
  tls: boolean;
  eviction?: boolean;
  /** US dollars a month. */
  budget?: number;
}

/** Of a database, what is read of each. */
const database = z.looseObject({
  database_id: z.string(),
  database_name: z.string(),
  region: z.string(),
  endpoint: z.string(),
  port: z.number(),
  password: z.string(),
});

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

  databases(): Promise<UpstashDatabase[]> {
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
    const { password } = await this.api.get<UpstashDatabase>(`/v2/redis/database/${databaseId}`, database);
    return password;
  }
}
