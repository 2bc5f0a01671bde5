/** What there is at Redis Cloud. */
import type {
  RedisCloud,
  RedisCloudDatabase,
  RedisCloudPlan,
  RedisCloudSubscription,
} from "../../../vendors/redis-cloud.ts";
import type { Redis } from "../model.ts";

/** All Essentials databases of the account. */
export async function redisCloudDatabases(redisCloud: RedisCloud): Promise<Redis[]> {
  const subscriptions = await redisCloud.subscriptions();
  if (subscriptions.length === 0) return [];
  const plans = await redisCloud.plans();
  const found: Redis[] = [];
  for (const subscription of subscriptions) {
    const plan = plans.find(({ id }) => id === subscription.planId);
    for (const { databaseId } of await redisCloud.databases(subscription.id))
      found.push(redisOf(subscription, plan, await redisCloud.database(subscription.id, databaseId)));
  }
  return found;
}

function redisOf(
  subscription: RedisCloudSubscription,
  plan: RedisCloudPlan | undefined,
  database: RedisCloudDatabase,
): Redis {
  const { enableTls = false, password = "" } = database.security;
  const login = `default:${encodeURIComponent(password)}`;
  return {
    provider: "redis-cloud",
    id: `${subscription.id}/${database.databaseId}`,
    name: database.name,
    subscription: subscription.name,
    plan: plan?.name ?? "",
    place: `${plan?.provider} ${plan?.region}`,
    paymentMethod: subscription.paymentMethodId || undefined,
    eviction: database.dataEvictionPolicy,
    persistence: database.dataPersistence,
    replication: database.replication,
    tls: enableTls,
    password,
    url: `${enableTls ? "rediss" : "redis"}://${login}@${database.publicEndpoint}`,
  };
}
