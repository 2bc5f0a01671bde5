/** What travels: the API's bodies, as its clients write and read them. */

export const persistence = [
  "none",
  "aof-every-1-second",
  "aof-every-write",
  "snapshot-every-1-hour",
  "snapshot-every-6-hours",
  "snapshot-every-12-hours",
] as const;

export const evictionPolicies = [
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
  "noeviction",
] as const;

/** Redis versions of a new database; the first is the default. */
export const redisVersions = ["7.4", "7.2", "8.2"] as const;

export const paymentMethods = ["credit-card", "marketplace"] as const;

export interface SubscriptionRequest {
  name: string;
  planId: number;
  paymentMethod?: (typeof paymentMethods)[number] | undefined;
  paymentMethodId?: number | undefined;
}

export type SubscriptionChanges = { [K in keyof SubscriptionRequest]?: SubscriptionRequest[K] | undefined };

export interface Subscription {
  id: number;
  name: string;
  status: "pending" | "active" | "deleting";
  planId: number;
  paymentMethodType: (typeof paymentMethods)[number];
  paymentMethodId: number;
  creationDate: string;
}

export interface Alert {
  name: string;
  value: number;
}

export interface Tag {
  key: string;
  value: string;
}

/** What can be set at creation and later; the rest of {@link DatabaseRequest} can be set once. */
export interface DatabaseChanges {
  name?: string | undefined;
  dataPersistence?: (typeof persistence)[number] | undefined;
  dataEvictionPolicy?: (typeof evictionPolicies)[number] | undefined;
  replication?: boolean | undefined;
  respVersion?: "resp2" | "resp3" | undefined;
  sourceIps?: string[] | undefined;
  password?: string | undefined;
  alerts?: Alert[] | undefined;
  /** Only by an update: the API has no such field at creation. */
  enableDefaultUser?: boolean | undefined;
  /** Of old pay-as-you-go databases, and refused for all others. */
  memoryLimitInGb?: number | undefined;
}

export interface DatabaseRequest extends Omit<DatabaseChanges, "enableDefaultUser"> {
  name: string;
  protocol?: "redis" | "memcached" | "stack" | undefined;
  redisVersion?: string | undefined;
  modules?: { name: string }[] | undefined;
}

/**
 * A database as it is read. Its provider crashes where `security`, `security.defaultUserEnabled`, `alerts`, `modules`
 * or `activatedOn` is absent.
 */
export interface Database {
  databaseId: number;
  name: string;
  protocol: "redis" | "memcached" | "stack";
  provider: string;
  region: string;
  status: "pending" | "active-change-pending" | "active" | "delete-pending";
  redisVersion: string;
  redisVersionCompliance: string;
  respVersion: "resp2" | "resp3";
  planMemoryLimit: number;
  memoryLimitMeasurementUnit: string;
  memoryStorage: "ram";
  supportOSSClusterApi: boolean;
  useExternalEndpointForOSSClusterApi: boolean;
  dataPersistence: (typeof persistence)[number];
  dataEvictionPolicy: (typeof evictionPolicies)[number];
  replication: boolean;
  activatedOn: string;
  /** `host:port` */
  publicEndpoint: string;
  privateEndpoint: string;
  security: {
    defaultUserEnabled: boolean;
    password: string;
    sslClientAuthentication: boolean;
    tlsClientAuthentication: boolean;
    enableTls: boolean;
    sourceIps: string[];
  };
  alerts: Alert[];
  modules: { name: string }[];
}

export interface Task {
  taskId: string;
  commandType: string;
  status: "received" | "processing-in-progress" | "processing-completed" | "processing-error";
  description: string;
  timestamp: string;
  /** Always there: clients look for `resourceId` in it unchecked. */
  response: { resourceId?: number; error?: TaskError };
  links: [];
}

/** Why a task failed. */
export interface TaskError {
  /** For example `SUBSCRIPTION_NOT_ACTIVE`. */
  type: string;
  /** For example `403 FORBIDDEN`. */
  status: string;
  description: string;
}
