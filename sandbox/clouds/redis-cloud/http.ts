/** Redis Cloud's API in front of the model: the Essentials part, which it calls "fixed". */
import { type Context, Hono } from "hono";
import { timingSafeEqual } from "hono/utils/buffer";
import { z } from "zod";
import { type RedisCloudAccount, RedisCloudError } from "./model.ts";
import { plans } from "./plans.ts";
import { evictionPolicies, paymentMethods, persistence } from "./shapes.ts";

/** Who may call: the account's key, and the user's. */
export interface RedisCloudCredentials {
  apiKey: string;
  secretKey: string;
}

// Go writes an empty list as null.
const list = <T extends z.ZodType>(entry: T) =>
  z
    .array(entry)
    .nullish()
    .transform((entries) => entries ?? undefined);

const subscription = z.object({
  name: z.string(),
  planId: z.int(),
  paymentMethod: z.enum(paymentMethods).optional(),
  paymentMethodId: z.int().optional(),
});
const settings = z.object({
  name: z.string().optional(),
  dataPersistence: z.enum(persistence).optional(),
  dataEvictionPolicy: z.enum(evictionPolicies).optional(),
  replication: z.boolean().optional(),
  respVersion: z.enum(["resp2", "resp3"]).optional(),
  sourceIps: list(z.string()),
  password: z.string().optional(),
  alerts: list(z.object({ name: z.string(), value: z.number() })),
  memoryLimitInGb: z.number().optional(),
});
const bodies = {
  subscription,
  subscriptionChanges: subscription.partial(),
  database: settings.extend({
    name: z.string(),
    protocol: z.enum(["redis", "memcached", "stack"]).optional(),
    redisVersion: z.string().optional(),
    modules: list(z.object({ name: z.string() })),
  }),
  databaseChanges: settings.extend({ enableDefaultUser: z.boolean().optional() }),
  upgrade: z.object({ targetRedisVersion: z.string() }),
  tags: z.object({ tags: list(z.object({ key: z.string(), value: z.string() })) }),
};

/** The API under `/v1`. Every answer has a JSON body: its client decodes each of them. */
export function redisCloudApi(account: RedisCloudAccount, credentials: RedisCloudCredentials): Hono {
  const api = new Hono().basePath("/v1");
  api.use(async (context, next) => {
    const key = await timingSafeEqual(context.req.header("x-api-key") ?? "", credentials.apiKey);
    const secret = await timingSafeEqual(context.req.header("x-api-secret-key") ?? "", credentials.secretKey);
    return key && secret ? next() : refuse(context, 401, "Unauthorized");
  });
  api.onError((error, context) => {
    if (error instanceof RedisCloudError) return refuse(context, error.status, error.message);
    // The message names fields, never values: a password may be among them.
    if (error instanceof z.ZodError)
      return refuse(context, 400, `invalid ${error.issues.map(({ path }) => path.join(".")).join(", ")}`);
    if (error instanceof SyntaxError) return refuse(context, 400, "invalid JSON");
    throw error;
  });

  api.get("/tasks/:task", (context) => context.json(account.task(context.req.param("task"))));
  api.get("/payment-methods", (context) => context.json({ paymentMethods: account.paymentMethods }));
  planRoutes(api, account);
  subscriptionRoutes(api, account);
  databaseRoutes(api, account);
  // Not `notFound`, which an app that mounts this one would not hear of.
  api.all("*", (context) => refuse(context, 404, "no such resource"));
  return api;
}

function planRoutes(api: Hono, account: RedisCloudAccount): void {
  api.get("/fixed/plans", (context) => {
    const provider = context.req.query("provider");
    return context.json({
      plans: plans.filter((plan) => provider === undefined || plan.provider === provider),
    });
  });
  // Where a subscription can go from where it is: the plans of its own region.
  api.get("/fixed/plans/subscriptions/:subscription", (context) => {
    const { planId } = account.subscription(number(context, "subscription"));
    const region = plans.find(({ id }) => id === planId)?.region;
    return context.json({ plans: plans.filter((plan) => plan.region === region) });
  });
}

function subscriptionRoutes(api: Hono, account: RedisCloudAccount): void {
  const all = "/fixed/subscriptions";
  const one = `${all}/:subscription`;
  const id = (context: Context) => number(context, "subscription");
  api.get(all, (context) => context.json({ subscriptions: account.subscriptions() }));
  api.post(all, async (context) =>
    context.json(account.createSubscription(await read(context, bodies.subscription)), 202),
  );
  api.get(one, (context) => context.json(account.subscription(id(context))));
  api.put(one, async (context) => {
    const changes = await read(context, bodies.subscriptionChanges);
    return context.json(account.updateSubscription(id(context), changes), 202);
  });
  api.delete(one, (context) => context.json(account.deleteSubscription(id(context)), 202));
}

function databaseRoutes(api: Hono, account: RedisCloudAccount): void {
  const all = "/fixed/subscriptions/:subscription/databases";
  const one = `${all}/:database`;
  const owner = (context: Context) => number(context, "subscription");
  const ids = (context: Context) => [owner(context), number(context, "database")] as const;
  api.get(all, (context) => {
    const found = account.databases(owner(context));
    const offset = Number(context.req.query("offset") ?? 0);
    const databases = found.slice(offset, offset + Number(context.req.query("limit") ?? 100));
    const subscription = { subscriptionId: owner(context), numberOfDatabases: databases.length, databases };
    return context.json({ subscription });
  });
  api.post(all, async (context) =>
    context.json(account.createDatabase(owner(context), await read(context, bodies.database)), 202),
  );
  api.get(one, (context) => context.json(account.database(...ids(context))));
  api.put(one, async (context) => {
    const changes = await read(context, bodies.databaseChanges);
    return context.json(account.updateDatabase(...ids(context), changes), 202);
  });
  api.delete(one, (context) => context.json(account.deleteDatabase(...ids(context)), 202));
  api.post(`${one}/upgrade`, async (context) => {
    const { targetRedisVersion } = await read(context, bodies.upgrade);
    return context.json(account.upgradeDatabase(...ids(context), targetRedisVersion), 202);
  });
  api.get(`${one}/tags`, (context) => context.json({ tags: account.tags(...ids(context)) }));
  api.put(`${one}/tags`, async (context) => {
    const { tags = [] } = await read(context, bodies.tags);
    return context.json({ tags: account.setTags(...ids(context), tags) });
  });
}

const read = async <T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> =>
  schema.parse(await context.req.json());

function number(context: Context, name: string): number {
  const value = Number(context.req.param(name));
  if (!Number.isSafeInteger(value)) throw new RedisCloudError(404, `no such ${name}`);
  return value;
}

const reasons = { 400: "Bad Request", 401: "Unauthorized", 404: "Not Found" } as const;

const refuse = (context: Context, status: keyof typeof reasons, message: string) =>
  context.json({ timestamp: new Date().toISOString(), status, error: reasons[status], message }, status);
