/** Redis Cloud's API in front of the model: the Essentials part, which it calls "fixed". */
import type { Hono } from "hono";
import { timingSafeEqual } from "hono/utils/buffer";
import { type Route, route, vendorApi } from "../api.ts";
import { RedisCloudError } from "./error.ts";
import type { RedisCloudAccount } from "./model.ts";
import { leadsTo, plans } from "./plans.ts";
import {
  type DatabaseChanges,
  type DatabaseRequest,
  described,
  type SubscriptionChanges,
  type SubscriptionRequest,
  type Tag,
} from "./requests.ts";

/** Who may call: the account's key, and the user's. */
export interface RedisCloudCredentials {
  apiKey: string;
  secretKey: string;
}

/** The API under `/v1`. Every answer has a JSON body: its client decodes each of them. */
export const redisCloudApi = (account: RedisCloudAccount, credentials: RedisCloudCredentials): Hono =>
  vendorApi({
    basePath: "/v1",
    routes: redisCloudRoutes(account),
    described,
    enter: async ({ req }, next) => {
      const key = await timingSafeEqual(req.header("x-api-key") ?? "", credentials.apiKey);
      const secret = await timingSafeEqual(req.header("x-api-secret-key") ?? "", credentials.secretKey);
      if (!key || !secret) throw new RedisCloudError(401, "Unauthorized");
      await next();
    },
    malformed: () => new RedisCloudError(400, "invalid JSON"),
    unknown: () => new RedisCloudError(404, "no such resource"),
  });

export const redisCloudRoutes = (account: RedisCloudAccount): Route[] => [
  ...accountRoutes(account),
  ...subscriptionRoutes(account),
  ...databaseRoutes(account),
];

const accountRoutes = (account: RedisCloudAccount): Route[] => [
  route("GET /tasks/:task", ({ task }) => account.task(task)),
  route("GET /payment-methods", () => ({ paymentMethods: account.paymentMethods })),
  route("GET /fixed/plans", ({ query: { provider } }) => ({
    plans: plans.filter((plan) => provider === undefined || plan.provider === provider),
  })),
  // Where a subscription can go from where it is.
  route("GET /fixed/plans/subscriptions/:subscription", (call) => {
    const { planId } = account.subscription(number(call, "subscription"));
    const current = plans.find(({ id }) => id === planId);
    return { plans: plans.filter((plan) => current !== undefined && leadsTo(current, plan)) };
  }),
];

function subscriptionRoutes(account: RedisCloudAccount): Route[] {
  const all = "/fixed/subscriptions" as const;
  const one = `${all}/:subscription` as const;
  const id = (call: { subscription: string }) => number(call, "subscription");
  return [
    route(`GET ${all}`, () => ({ subscriptions: account.subscriptions() })),
    route(`POST ${all}`, (_, body: SubscriptionRequest) => account.createSubscription(body)),
    route(`GET ${one}`, (call) => account.subscription(id(call))),
    route(`PUT ${one}`, (call, body: SubscriptionChanges) => account.updateSubscription(id(call), body)),
    route(`DELETE ${one}`, (call) => account.deleteSubscription(id(call))),
  ];
}

function databaseRoutes(account: RedisCloudAccount): Route[] {
  const all = "/fixed/subscriptions/:subscription/databases" as const;
  const one = `${all}/:database` as const;
  const owner = (call: { subscription: string }) => number(call, "subscription");
  const ids = (call: { subscription: string; database: string }) =>
    [owner(call), number(call, "database")] as const;
  return [
    route(`GET ${all}`, (call) => {
      const { offset = "0", limit = "100" } = call.query;
      const found = account.databases(owner(call));
      // Recorded: the password is in the answer of one database alone.
      const databases = found
        .slice(Number(offset), Number(offset) + Number(limit))
        .map(({ security: { password: _, ...security }, ...database }) => ({ ...database, security }));
      const subscription = { subscriptionId: owner(call), numberOfDatabases: databases.length, databases };
      return { subscription };
    }),
    route(`POST ${all}`, (call, body: DatabaseRequest) => account.createDatabase(owner(call), body)),
    route(`GET ${one}`, (call) => account.database(...ids(call))),
    route(`PUT ${one}`, (call, body: DatabaseChanges) => account.updateDatabase(...ids(call), body)),
    route(`DELETE ${one}`, (call) => account.deleteDatabase(...ids(call))),
    route(`POST ${one}/upgrade`, (call, body: { targetRedisVersion: string }) =>
      account.upgradeDatabase(...ids(call), body.targetRedisVersion),
    ),
    route(`GET ${one}/tags`, (call) => ({ tags: account.tags(...ids(call)) })),
    route(`PUT ${one}/tags`, (call, { tags }: { tags: Tag[] | null }) => ({
      tags: account.setTags(...ids(call), tags ?? []),
    })),
  ];
}

/** An id in a path. */
function number<Name extends string>(call: Record<Name, string>, name: Name): number {
  const value = Number(call[name]);
  if (!Number.isSafeInteger(value)) throw new RedisCloudError(404, `no such ${name}`);
  return value;
}
