/** The bodies that Redis Cloud's API takes, as its clients write them. */
import { Described } from "../described.ts";
import description from "./description.json" with { type: "json" };
import { RedisCloudError } from "./error.ts";

export interface SubscriptionRequest {
  name: string;
  planId: number;
  paymentMethod?: "credit-card" | "marketplace";
  paymentMethodId?: number;
}
export type SubscriptionChanges = Partial<SubscriptionRequest>;

export interface Tag {
  key: string;
  value: string;
}

export interface DatabaseRequest {
  name: string;
  protocol?: "redis" | "memcached" | "stack";
  redisVersion?: string;
  respVersion?: "resp2" | "resp3";
  dataPersistence?: string;
  dataEvictionPolicy?: string;
  replication?: boolean;
  sourceIps?: readonly string[] | null;
  password?: string;
  alerts?: readonly { name: string; value: number }[] | null;
  modules?: readonly { name: string }[] | null;
  /** Of old pay-as-you-go databases, and refused for all others. */
  memoryLimitInGb?: number;
}
/** The API has no `enableDefaultUser` at creation. */
export type DatabaseChanges = Partial<Omit<DatabaseRequest, "protocol" | "redisVersion" | "modules">> & {
  enableDefaultUser?: boolean;
};

/** The message names fields, never values: a password may be among them. */
export const described = new Described(
  description,
  ({ path }) => new RedisCloudError(400, `invalid ${path.join(".") || "body"}`),
);
