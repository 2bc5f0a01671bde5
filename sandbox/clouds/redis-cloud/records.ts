/** Subscriptions and databases as they are kept, and as they are answered at this moment. */
import { randomBytes, randomInt } from "node:crypto";
import { type Plan, plans } from "./plans.ts";
import type { DatabaseRequest, Tag } from "./requests.ts";
import type { Database, Subscription } from "./shapes.ts";

/** Redis versions of a new database; the first is the default. */
export const redisVersions = ["7.4", "7.2", "8.2"] as const;

/** When something that was asked for is there, or gone; milliseconds since 1970. */
export interface Times {
  readyAt: number;
  goneAt?: number;
}

export type KeptSubscription = Omit<Subscription, "status"> & Times;

type OfThePlan = "provider" | "region" | "planMemoryLimit" | "memoryLimitMeasurementUnit";
export interface KeptDatabase extends Omit<Database, "status" | OfThePlan>, Times {
  subscriptionId: number;
  /** Its status until it is ready. */
  until: "pending" | "active-change-pending";
  tags: Tag[];
}

export const planOf = ({ planId }: KeptSubscription): Plan => {
  const plan = plans.find(({ id }) => id === planId);
  if (plan === undefined) throw new Error(`the state names plan ${planId}, which there is not`);
  return plan;
};

export function newDatabase(
  databaseId: number,
  subscriptionId: number,
  request: DatabaseRequest,
  { region }: Plan,
  readyAt: number,
): KeptDatabase {
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
    tags: [],
    readyAt,
    until: "pending",
  };
}

export const versions = (redisVersion: string) => ({
  redisVersion,
  redisVersionCompliance: `${redisVersion}.0`,
});

export function subscriptionAnswer({ readyAt, goneAt, ...subscription }: KeptSubscription): Subscription {
  const status = goneAt !== undefined ? "deleting" : Date.now() < readyAt ? "pending" : "active";
  return { ...subscription, status };
}

export function databaseAnswer(
  kept: KeptDatabase,
  plan: Plan,
  publicEndpoint = kept.publicEndpoint,
): Database {
  const { subscriptionId: _, tags: __, until, readyAt, goneAt, ...database } = kept;
  return structuredClone({
    ...database,
    publicEndpoint,
    status: goneAt !== undefined ? "delete-pending" : Date.now() < readyAt ? until : "active",
    provider: plan.provider,
    region: plan.region,
    planMemoryLimit: plan.size,
    memoryLimitMeasurementUnit: plan.sizeMeasurementUnit,
  });
}

/** This second, as the API writes it. */
export const now = () => `${new Date().toISOString().slice(0, 19)}Z`;
