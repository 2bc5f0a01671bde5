/** The bodies that Render's API takes, as far as the stand-in looks at them; other members are passed over. */
import { Described, type Issue } from "../described.ts";
import description from "./description.json" with { type: "json" };
import { RenderError } from "./error.ts";

/** What is made names the workspace that it shall belong to. */
export type Owned<T> = T & { ownerId: string };

/** Go writes an empty list as null. */
type List<T> = readonly T[] | null;

export interface AllowedBlock {
  cidrBlock: string;
  description: string;
}

export interface EnvVar {
  key: string;
  value: string;
}

/** `generateValue` asks Render for a value, which then stays. */
export type EnvVarInput = { key: string; value?: string; generateValue?: boolean };

export interface SecretFile {
  name: string;
  content: string;
}

export interface PostgresRequest {
  name: string;
  plan: string;
  version: string;
  region?: string;
  /** Made up where it is empty. */
  databaseName?: string;
  databaseUser?: string;
  diskSizeGB?: number;
  enableDiskAutoscaling?: boolean;
  connectionPool?: string;
  enableHighAvailability?: boolean;
  environmentId?: string;
  parameterOverrides?: Record<string, string>;
  readReplicas?: List<{ name: string; parameterOverrides?: Record<string, string> }>;
  ipAllowList?: List<AllowedBlock>;
}
export type PostgresChanges = Partial<PostgresRequest>;

/** The whole of what Render takes besides a Datadog key. */
export interface RecoveryRequest {
  /** ISO 8601. */
  restoreTime: string;
  restoreName?: string;
  plan?: string;
  environmentId?: string;
}

export interface KeyValueRequest {
  name: string;
  plan: string;
  region?: string;
  maxmemoryPolicy?: string;
  persistenceMode?: string;
  environmentId?: string;
  ipAllowList?: List<AllowedBlock>;
}
export type KeyValueChanges = Partial<KeyValueRequest>;

export interface EnvironmentRequest {
  name: string;
  protectedStatus?: string;
  networkIsolationEnabled?: boolean;
  ipAllowList?: List<AllowedBlock>;
}
export type EnvironmentChanges = Partial<EnvironmentRequest>;

export interface ProjectRequest {
  name: string;
  environments: readonly EnvironmentRequest[];
}

/** Environments that it is for; none: all that runs in the region. */
export interface DedicatedIpRequest {
  name: string;
  region: string;
  description?: string;
  environmentIds?: List<string>;
}
export type DedicatedIpChanges = Partial<Omit<DedicatedIpRequest, "region">>;

export interface EnvGroupRequest {
  name: string;
  envVars: List<EnvVarInput>;
  secretFiles?: List<SecretFile>;
  environmentId?: string;
  serviceIds?: List<string>;
}

export const serviceTypes = ["web_service", "background_worker", "private_service", "cron_job"] as const;

/** The details differ by type; all of them are kept. */
interface ServiceDetails {
  [detail: string]: unknown;
  region?: string;
  plan?: string;
  numInstances?: number;
  schedule?: string;
}
export interface ServiceRequest {
  name: string;
  type: (typeof serviceTypes)[number];
  repo?: string;
  branch?: string;
  autoDeploy?: "yes" | "no";
  autoDeployTrigger?: string;
  image?: { imagePath: string };
  rootDir?: string;
  environmentId?: string;
  buildFilter?: { paths: List<string>; ignoredPaths: List<string> };
  envVars?: List<EnvVarInput>;
  secretFiles?: List<SecretFile>;
  serviceDetails?: ServiceDetails;
}
export type ServiceChanges = Partial<ServiceRequest>;
export type DeployRequest = { commitId?: string; imageUrl?: string };
export type NotificationChanges = { notificationsToSend?: string; previewNotificationsEnabled?: string };

/** Render names the first thing that is wrong; a value only where it is not one of the words that there are. */
function refusal({ kind, path, input }: Issue): RenderError {
  const name = path.at(-1) ?? "body";
  if (kind === "missing") return new RenderError(400, `${name} is required`);
  if (kind === "not one of the words" && typeof input === "string")
    return new RenderError(400, `invalid ${name}: ${input}`);
  return new RenderError(400, `invalid ${path.join(".") || name}`);
}

export const described = new Described(description, refusal);
