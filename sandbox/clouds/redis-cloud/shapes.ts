/** What the API answers, as its clients read it. */
import type { DatabaseRequest, SubscriptionRequest } from "./requests.ts";

export interface Subscription {
  id: number;
  name: string;
  status: "pending" | "active" | "deleting";
  planId: number;
  paymentMethodType: NonNullable<SubscriptionRequest["paymentMethod"]>;
  paymentMethodId: number;
  creationDate: string;
}

/**
 * A database as it is read. Its provider crashes where `security`, `security.defaultUserEnabled`, `alerts`, `modules`
 * or `activatedOn` is absent.
 */
export interface Database {
  databaseId: number;
  name: string;
  protocol: NonNullable<DatabaseRequest["protocol"]>;
  provider: string;
  region: string;
  status: "pending" | "active-change-pending" | "active" | "delete-pending";
  redisVersion: string;
  redisVersionCompliance: string;
  respVersion: NonNullable<DatabaseRequest["respVersion"]>;
  planMemoryLimit: number;
  memoryLimitMeasurementUnit: string;
  memoryStorage: "ram";
  supportOSSClusterApi: boolean;
  useExternalEndpointForOSSClusterApi: boolean;
  dataPersistence: NonNullable<DatabaseRequest["dataPersistence"]>;
  dataEvictionPolicy: NonNullable<DatabaseRequest["dataEvictionPolicy"]>;
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
  alerts: NonNullable<DatabaseRequest["alerts"]>;
  modules: NonNullable<DatabaseRequest["modules"]>;
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
