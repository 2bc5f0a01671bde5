/** Subscriptions and databases as they are kept, and as they are answered at this moment. */
import { randomBytes, randomInt } from "node:crypto";
import description from "./description.json" with { type: "json" };
import { type Plan, plans } from "./plans.ts";
import type { DatabaseRequest, SubscriptionRequest, Tag } from "./requests.ts";

const { FixedSubscription } = description.$defs;

/** Redis versions of a new database; the first is the default. */
export const redisVersions = ["7.4", "7.2", "8.2"] as const;

/** When something that was asked for is there, or gone; milliseconds since 1970. */
export interface Times {
  readyAt: number;
  goneAt?: number;
}

export interface KeptSubscription extends Times {
  id: number;
  name: string;
  planId: number;
  paymentMethodType: NonNullable<SubscriptionRequest["paymentMethod"]>;
  paymentMethodId: number;
  creationDate: string;
}
export type Subscription = ReturnType<typeof subscriptionAnswer>;

export type KeptDatabase = Times & ReturnType<typeof newDatabase>;
export type Database = ReturnType<typeof databaseAnswer>;

export const planOf = ({ planId }: Pick<KeptSubscription, "planId">): Plan => {
  const plan = plans.find(({ id }) => id === planId);
  if (plan === undefined) throw new Error(`the state names plan ${planId}, which there is not`);
  return plan;
};

/** Its provider crashes where `security`, `security.defaultUserEnabled`, `alerts`, `modules` or `activatedOn` is absent. */
export function newDatabase(
  databaseId: number,
  subscriptionId: number,
  request: DatabaseRequest,
  { region }: Plan,
  readyAt: number,
) {
  const port = randomInt(10_000, 20_000);
  const place = `c${randomInt(1, 400)}.${region}-1.ec2.cloud.redislabs.com:${port}`;
  return {
    databaseId,
    subscriptionId,
    name: request.name,
    protocol: request.protocol ?? "redis",
    ...versions(request.redisVersion ?? redisVersions[0]),
    respVersion: request.respVersion ?? "resp2",
    memoryStorage: "ram",
    supportOSSClusterApi: false,
    useExternalEndpointForOSSClusterApi: false,
    dataPersistence: request.dataPersistence ?? "none",
    dataEvictionPolicy: request.dataEvictionPolicy ?? "volatile-lru",
    replication: request.replication ?? false,
    activatedOn: now(),
    publicEndpoint: `redis-${port}.${place}`,
    privateEndpoint: `redis-${port}.internal.${place}`,
    security: {
      defaultUserEnabled: true,
      password: request.password ?? randomBytes(24).toString("base64url"),
      sslClientAuthentication: false,
      tlsClientAuthentication: false,
      // Off in every new database, and its provider cannot turn it on.
      enableTls: false,
      sourceIps: request.sourceIps ?? ["0.0.0.0/0"],
    },
    alerts: request.alerts ?? [],
    modules: request.modules ?? [],
    tags: [] as Tag[],
    readyAt,
    /** Its status until it is ready. */
    until: "pending" as "pending" | "active-change-pending",
  };
}

export const versions = (redisVersion: string) => ({
  redisVersion,
  redisVersionCompliance: `${redisVersion}.0`,
});

/** With what the description has of its plan: size, price, place and limits. */
export function subscriptionAnswer({ readyAt, goneAt, ...subscription }: KeptSubscription) {
  const status = goneAt !== undefined ? "deleting" : Date.now() < readyAt ? "pending" : "active";
  const plan = planOf(subscription);
  const shown = Object.entries(plan).filter(([field]) => field in FixedSubscription.properties);
  return {
    ...(Object.fromEntries(shown) as Partial<Plan>),
    planName: plan.name,
    ...subscription,
    status,
  } as const;
}

/** @param publicEndpoint `host:port` */
export function databaseAnswer(kept: KeptDatabase, plan: Plan, publicEndpoint = kept.publicEndpoint) {
  const { subscriptionId: _, tags: __, until, readyAt, goneAt, ...database } = kept;
  const status = goneAt !== undefined ? "delete-pending" : Date.now() < readyAt ? until : "active";
  return structuredClone({
    ...database,
    publicEndpoint,
    status,
    provider: plan.provider,
    region: plan.region,
    planMemoryLimit: plan.size,
    memoryLimitMeasurementUnit: plan.sizeMeasurementUnit,
  });
}

/** This second, as the API writes it. */
export const now = () => `${new Date().toISOString().slice(0, 19)}Z`;
