/** Redis Cloud's API for Essentials, which it calls "fixed"; https://redis.io/docs/latest/operate/rc/api/ */
import { z } from "zod";
import { type Account, type CallOptions, type Lookup, maybe, VendorApi } from "./http.ts";

/** An Essentials subscription. */
const subscription = z.object({
  id: z.number(),
  name: z.string(),
  planId: z.number(),
  /** Zero: free, or paid in a marketplace. */
  paymentMethodId: maybe(z.number()),
  /** ISO 8601. */
  creationDate: z.string(),
});
/** What a subscription can be of. */
const plan = z.object({ id: z.number(), name: z.string(), provider: z.string(), region: z.string() });
const listed = z.object({ databaseId: z.number(), name: z.string() });
/** A database, as it is shown alone: a list leaves out the password. */
const database = listed.extend({
  /** `host:port`. */
  publicEndpoint: z.string(),
  dataEvictionPolicy: z.string(),
  dataPersistence: z.string(),
  replication: z.boolean(),
  /** The password is secret. */
  security: z.object({
    enableTls: maybe(z.boolean()),
    defaultUserEnabled: maybe(z.boolean()),
    password: maybe(z.string()),
  }),
});
export type RedisCloudSubscription = z.infer<typeof subscription>;
export type RedisCloudPlan = z.infer<typeof plan>;
export type RedisCloudDatabase = z.infer<typeof database>;

/** One account of Redis Cloud. */
export class RedisCloud {
  private readonly api: VendorApi;

  constructor(account: Account, options?: CallOptions) {
    this.api = new VendorApi(account, options);
  }

  /** The account that the settings name; undefined where a key is missing. */
  static account(lookup: Lookup): Account | undefined {
    const key = lookup("rediscloud:apiKey", "REDISCLOUD_ACCESS_KEY");
    const secret = lookup("rediscloud:secretKey", "REDISCLOUD_SECRET_KEY");
    if (key === "" || secret === "") return undefined;
    return {
      vendor: "Redis Cloud",
      base: (lookup("rediscloud:url", "REDISCLOUD_URL") || "https://api.redislabs.com/v1").replace(
        /\/+$/,
        "",
      ),
      authorize: () => ({ "x-api-key": key, "x-api-secret-key": secret }),
      secrets: [key, secret],
      keys: "rediscloud:apiKey and rediscloud:secretKey, or REDISCLOUD_ACCESS_KEY and REDISCLOUD_SECRET_KEY",
    };
  }

  async subscriptions() {
    const form = z.object({ subscriptions: z.array(subscription) });
    return (await this.api.get("/fixed/subscriptions", form)).subscriptions;
  }

  async plans() {
    return (await this.api.get("/fixed/plans", z.object({ plans: z.array(plan) }))).plans;
  }

  /** The databases of a subscription, without their passwords. */
  async databases(subscription: string | number) {
    const form = z.object({ subscription: z.object({ databases: z.array(listed) }) });
    const path = `/fixed/subscriptions/${subscription}/databases`;
    return (await this.api.get(path, form)).subscription.databases;
  }

  database(subscription: string | number, id: number) {
    return this.api.get(`/fixed/subscriptions/${subscription}/databases/${id}`, database);
  }
}
