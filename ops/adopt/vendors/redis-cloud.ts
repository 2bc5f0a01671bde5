/** What there is at Redis Cloud: Essentials, which its API calls "fixed". */
import type { Lookup } from "../credentials.ts";
import { getter } from "../http.ts";
import type { Redis } from "../model.ts";

interface Subscription {
  id: number;
  name: string;
  planId: number;
  paymentMethodId?: number;
}
interface Plan {
  id: number;
  name: string;
  provider: string;
  region: string;
}
interface Database {
  databaseId: number;
  name: string;
  publicEndpoint: string;
  dataEvictionPolicy: string;
  dataPersistence: string;
  replication: boolean;
  security: { enableTls?: boolean; defaultUserEnabled?: boolean; password?: string };
}

/** All Essentials databases; undefined when there are no keys. https://redis.io/docs/latest/operate/rc/api/ */
export async function redisCloudDatabases(
  lookup: Lookup,
  environment: NodeJS.ProcessEnv,
): Promise<Redis[] | undefined> {
  const key = lookup("rediscloud:apiKey", "REDISCLOUD_ACCESS_KEY");
  const secret = lookup("rediscloud:secretKey", "REDISCLOUD_SECRET_KEY");
  if (key === "" || secret === "") return undefined;
  const get = getter({
    vendor: "Redis Cloud",
    base: (lookup("rediscloud:url", "REDISCLOUD_URL") || "https://api.redislabs.com/v1").replace(/\/+$/, ""),
    authorize: () => ({ "x-api-key": key, "x-api-secret-key": secret }),
    keys: "rediscloud:apiKey and rediscloud:secretKey, or REDISCLOUD_ACCESS_KEY and REDISCLOUD_SECRET_KEY",
    environment,
  });
  const { subscriptions } = await get<{ subscriptions: Subscription[] }>("/fixed/subscriptions");
  if (subscriptions.length === 0) return [];
  const { plans } = await get<{ plans: Plan[] }>("/fixed/plans");
  const found: Redis[] = [];
  for (const subscription of subscriptions) {
    const path = `/fixed/subscriptions/${subscription.id}/databases`;
    const answer = await get<{ subscription: { databases: { databaseId: number }[] } }>(path);
    for (const { databaseId } of answer.subscription.databases) {
      // The list leaves the password out.
      const database = await get<Database>(`${path}/${databaseId}`);
      found.push(
        redisOf(
          subscription,
          plans.find(({ id }) => id === subscription.planId),
          database,
        ),
      );
    }
  }
  return found;
}

function redisOf(subscription: Subscription, plan: Plan | undefined, database: Database): Redis {
  const { enableTls = false, password = "" } = database.security;
  const login = `default:${encodeURIComponent(password)}`;
  return {
    provider: "redis-cloud",
    id: `${subscription.id}/${database.databaseId}`,
    name: database.name,
    subscription: subscription.name,
    plan: plan?.name ?? "",
    place: `${plan?.provider} ${plan?.region}`,
    // Zero: free, or paid in a marketplace.
    paymentMethod: subscription.paymentMethodId || undefined,
    eviction: database.dataEvictionPolicy,
    persistence: database.dataPersistence,
    replication: database.replication,
    tls: enableTls,
    password,
    url: `${enableTls ? "rediss" : "redis"}://${login}@${database.publicEndpoint}`,
  };
}
