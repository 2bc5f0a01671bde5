/** The bodies that Redis Cloud's API takes, as its clients write them. */
import { z } from "zod";
import { list, parser } from "../api.ts";
import { RedisCloudError } from "./error.ts";

const persistence = z.enum([
  "none",
  "aof-every-1-second",
  "aof-every-write",
  "snapshot-every-1-hour",
  "snapshot-every-6-hours",
  "snapshot-every-12-hours",
]);
const evictionPolicy = z.enum([
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
  "noeviction",
]);

export const subscription = z.object({
  name: z.string(),
  planId: z.int(),
  paymentMethod: z.enum(["credit-card", "marketplace"]).optional(),
  paymentMethodId: z.int().optional(),
});
export const subscriptionChanges = subscription.partial();
export type SubscriptionRequest = z.output<typeof subscription>;
export type SubscriptionChanges = z.output<typeof subscriptionChanges>;

const tag = z.object({ key: z.string(), value: z.string() });
export type Tag = z.output<typeof tag>;
export const tags = z.object({ tags: list(tag) });

/** What can be set at creation and later. */
const settings = z.object({
  name: z.string().optional(),
  dataPersistence: persistence.optional(),
  dataEvictionPolicy: evictionPolicy.optional(),
  replication: z.boolean().optional(),
  respVersion: z.enum(["resp2", "resp3"]).optional(),
  sourceIps: list(z.string()),
  password: z.string().optional(),
  alerts: list(z.object({ name: z.string(), value: z.number() })),
  /** Of old pay-as-you-go databases, and refused for all others. */
  memoryLimitInGb: z.number().optional(),
});
export const database = settings.extend({
  name: z.string(),
  protocol: z.enum(["redis", "memcached", "stack"]).optional(),
  redisVersion: z.string().optional(),
  modules: list(z.object({ name: z.string() })),
});
/** The API has no `enableDefaultUser` at creation. */
export const databaseChanges = settings.extend({ enableDefaultUser: z.boolean().optional() });
export const upgrade = z.object({ targetRedisVersion: z.string() });
export type DatabaseRequest = z.output<typeof database>;
export type DatabaseChanges = z.output<typeof databaseChanges>;

/** The message names fields, never values: a password may be among them. */
export const parse = parser(
  (issues) => new RedisCloudError(400, `invalid ${issues.map(({ path }) => path.join(".")).join(", ")}`),
);
