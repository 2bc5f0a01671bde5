/** Plans, subscriptions and databases: as they are asked for, as they are kept, and as they are answered at this moment. */
import { randomBytes, randomInt } from "node:crypto";
import description from "./description.json" with { type: "json" };
import table from "./plans.json" with { type: "json" };

const { FixedSubscription } = description.$defs;

/**
 * A few of the Essentials plans, in the regions beside Render's: the free one, and two that are paid (plans.json, with
 * its source). The vendor has one plan per size, availability and region, each with a number of its own, which stays.
 */
export const plans = table.regions.flatMap((region, index) =>
  table.sizes.map(({ firstId, ...size }) => ({
    id: firstId + index,
    ...{ ...table.everywhere, region, regionId: index + 1 },
    ...size,
  })),
);

/** A plan as `GET /fixed/plans` lists it; its price is per month. */
export type Plan = (typeof plans)[number];

/**
 * Whether a subscription can go from one plan to another: it stays in its region, and over several zones or not.
 * https://redis.io/docs/latest/operate/rc/subscriptions/view-essentials-subscription/
 */
export const leadsTo = (from: Plan, to: Plan): boolean =>
  from.region === to.region && (from.availability === "Multi-zone") === (to.availability === "Multi-zone");

export interface SubscriptionRequest {
  name: string;
  planId: number;
  paymentMethod?: "credit-card" | "marketplace";
  paymentMethodId?: number;
}

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

/** Redis versions of a new database; the first is the default. */
export const redisVersions: readonly [string, ...string[]] = ["7.4", "7.2", "8.2"];

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
export type KeptDatabase = Times & ReturnType<typeof newDatabase>;

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
