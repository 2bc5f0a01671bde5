/** Redis Cloud's API in front of the model: the Essentials part, which it calls "fixed". */
import type { Hono } from "hono";
import { timingSafeEqual } from "hono/utils/buffer";
import { type Route, route, vendorApi } from "../api.ts";
import type { RedisCloudAccount } from "./model.ts";
import {
  type DatabaseChanges,
  type DatabaseRequest,
  leadsTo,
  planOf,
  plans,
  type SubscriptionRequest,
  type Tag,
} from "./records.ts";
import { described, RedisCloudError } from "./refusals.ts";

export { RedisCloudAccount, type RedisCloudOptions } from "./model.ts";
export { type DatabaseChanges, type DatabaseRequest, plans, type SubscriptionRequest } from "./records.ts";
export { described, RedisCloudError } from "./refusals.ts";
export type { Task } from "./tasks.ts";

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

export function redisCloudRoutes(account: RedisCloudAccount): Route[] {
  const all = "/fixed/subscriptions" as const;
  const one = `${all}/:subscription` as const;
  const databases = `${one}/databases` as const;
  const database = `${databases}/:database` as const;
  const id = (call: { subscription: string }) => number(call, "subscription");
  const ids = (call: { subscription: string; database: string }) =>
    [id(call), number(call, "database")] as const;
  return [
    route("GET /tasks/:task", ({ task }) => account.task(task)),
    route("GET /payment-methods", () => ({ paymentMethods: account.paymentMethods })),
    route("GET /fixed/plans", ({ query: { provider } }) => ({
      plans: plans.filter((plan) => provider === undefined || plan.provider === provider),
    })),
    // Where a subscription can go from where it is.
    route("GET /fixed/plans/subscriptions/:subscription", (call) => {
      const current = planOf(account.subscription(id(call)));
      return { plans: plans.filter((plan) => leadsTo(current, plan)) };
    }),
    route(`GET ${all}`, () => ({ subscriptions: account.subscriptions() })),
    route(`POST ${all}`, (_, body: SubscriptionRequest) => account.createSubscription(body)),
    route(`GET ${one}`, (call) => account.subscription(id(call))),
    route(`PUT ${one}`, (call, body: Partial<SubscriptionRequest>) =>
      account.updateSubscription(id(call), body),
    ),
    route(`DELETE ${one}`, (call) => account.deleteSubscription(id(call))),
    route(`GET ${databases}`, (call) => {
      const { offset = "0", limit = "100" } = call.query;
      // Recorded: the password is in the answer of one database alone.
      const shown = account
        .databases(id(call))
        .slice(Number(offset), Number(offset) + Number(limit))
        .map(({ security: { password: _, ...security }, ...database }) => ({ ...database, security }));
      return {
        subscription: { subscriptionId: id(call), numberOfDatabases: shown.length, databases: shown },
      };
    }),
    route(`POST ${databases}`, (call, body: DatabaseRequest) => account.createDatabase(id(call), body)),
    route(`GET ${database}`, (call) => account.database(...ids(call))),
    route(`PUT ${database}`, (call, body: DatabaseChanges) => account.updateDatabase(...ids(call), body)),
    route(`DELETE ${database}`, (call) => account.deleteDatabase(...ids(call))),
    route(`POST ${database}/upgrade`, (call, body: { targetRedisVersion: string }) =>
      account.upgradeDatabase(...ids(call), body.targetRedisVersion),
    ),
    route(`GET ${database}/tags`, (call) => ({ tags: account.tags(...ids(call)) })),
    route(`PUT ${database}/tags`, (call, { tags }: { tags: Tag[] | null }) => ({
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
