/** Redis Cloud's API for Essentials, which it calls "fixed"; https://redis.io/docs/latest/operate/rc/api/ */
import { z } from "zod";
import { type Account, type CallOptions, type Lookup, VendorApi } from "./http.ts";

/** An Essentials subscription. */
export interface RedisCloudSubscription {
  id: number;
  name: string;
  planId: number;
  /** Zero: free, or paid in a marketplace. */
  paymentMethodId?: number;
  /** ISO 8601. */
  creationDate: string;
}

/** What a subscription can be of. */
export interface RedisCloudPlan {
  id: number;
  name: string;
  provider: string;
  region: string;
}

/** A database, as it is shown alone: a list leaves out the password. */
export interface RedisCloudDatabase {
  databaseId: number;
  name: string;
  /** `host:port`. */
  publicEndpoint: string;
  dataEvictionPolicy: string;
  dataPersistence: string;
  replication: boolean;
  /** The password is secret. */
  security: { enableTls?: boolean; defaultUserEnabled?: boolean; password?: string };
}

/** Of these answers, what is read of each. */
const plan = z.looseObject({ id: z.number(), name: z.string(), provider: z.string(), region: z.string() });
const subscription = z.looseObject({ id: z.number(), name: z.string() });
const listed = z.looseObject({ databaseId: z.number(), name: z.string() });
const database = listed.extend({ publicEndpoint: z.string(), security: z.looseObject({}) });

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

  async subscriptions(): Promise<RedisCloudSubscription[]> {
    const form = z.looseObject({ subscriptions: z.array(subscription) });
    return (await this.api.get<{ subscriptions: RedisCloudSubscription[] }>("/fixed/subscriptions", form))
      .subscriptions;
  }

  async plans(): Promise<RedisCloudPlan[]> {
    const form = z.looseObject({ plans: z.array(plan) });
    return (await this.api.get<{ plans: RedisCloudPlan[] }>("/fixed/plans", form)).plans;
  }

  /** The databases of a subscription, without their passwords. */
  async databases(subscription: string | number): Promise<Pick<RedisCloudDatabase, "databaseId" | "name">[]> {
    const path = `/fixed/subscriptions/${subscription}/databases`;
    const form = z.looseObject({ subscription: z.looseObject({ databases: z.array(listed) }) });
    const answer = await this.api.get<{ subscription: { databases: RedisCloudDatabase[] } }>(path, form);
    return answer.subscription.databases;
  }

  database(subscription: string | number, id: number): Promise<RedisCloudDatabase> {
    return this.api.get(`/fixed/subscriptions/${subscription}/databases/${id}`, database);
  }
}
