/** Every Redis that there is, whoever runs it. */
import type {
  RedisCloud,
  RedisCloudDatabase,
  RedisCloudPlan,
  RedisCloudSubscription,
} from "../../vendors/redis-cloud.ts";
import type { Render, RenderKeyValue } from "../../vendors/render.ts";
import type { Upstash, UpstashDatabase } from "../../vendors/upstash.ts";

/** A Redis, with its vendor's own answer. */
export type Redis = {
  /** As its import wants it. */
  id: string;
  name: string;
  /** With credentials. Secret. */
  url: string;
} & (
  | { provider: "upstash"; database: UpstashDatabase }
  | { provider: "render"; database: RenderKeyValue; externalUrl: string }
  | {
      provider: "redis-cloud";
      database: RedisCloudDatabase;
      subscription: RedisCloudSubscription;
      /** Undefined for one that Redis Cloud no longer lists. */
      plan: RedisCloudPlan | undefined;
    }
  /** One that only the services' variables, or the settings, know. */
  | { provider: "external" }
);

/** All Redis databases of the account. */
export async function upstashDatabases(upstash: Upstash): Promise<Redis[]> {
  return (await upstash.databases()).map((database) => ({
    provider: "upstash",
    id: database.database_id,
    name: database.database_name,
    url: urlOf(database.tls, database.password, `${database.endpoint}:${database.port}`),
    database,
  }));
}

/** All Key Values of the workspace. */
export async function keyValues(render: Render): Promise<Redis[]> {
  return Promise.all(
    (await render.list("key-value")).map(async (database): Promise<Redis> => {
      const { id, name } = database;
      const connection = await render.connection("key-value", id);
      return {
        provider: "render",
        id,
        name,
        url: connection.internalConnectionString,
        externalUrl: connection.externalConnectionString,
        database,
      };
    }),
  );
}

/** All Essentials databases of the account. */
export async function redisCloudDatabases(redisCloud: RedisCloud): Promise<Redis[]> {
  const subscriptions = await redisCloud.subscriptions();
  if (subscriptions.length === 0) return [];
  const plans = await redisCloud.plans();
  const found: Redis[] = [];
  for (const subscription of subscriptions) {
    const plan = plans.find(({ id }) => id === subscription.planId);
    for (const { databaseId } of await redisCloud.databases(subscription.id)) {
      const database = await redisCloud.database(subscription.id, databaseId);
      const { name, publicEndpoint, security } = database;
      found.push({
        provider: "redis-cloud",
        id: `${subscription.id}/${databaseId}`,
        name,
        url: urlOf(security.enableTls === true, security.password ?? "", publicEndpoint),
        database,
        subscription,
        plan,
      });
    }
  }
  return found;
}

const urlOf = (tls: boolean, password: string, place: string) =>
  `${tls ? "rediss" : "redis"}://default:${encodeURIComponent(password)}@${place}`;
