/** The bodies that Atlas' API takes, as far as the stand-in looks at them. */
import { Described, type Issue } from "../described.ts";
import description from "./description.json" with { type: "json" };
import { AtlasError } from "./error.ts";

export type Tags = { key: string; value: string }[];

export interface ProjectRequest {
  name: string;
  orgId: string;
  tags?: Tags;
  withDefaultAlertsSettings?: boolean;
}

export interface AlertRequest {
  eventTypeName: string;
  enabled?: boolean;
  matchers?: object[];
  metricThreshold?: object;
  notifications: {
    typeName: string;
    emailAddress?: string;
    emailEnabled?: boolean | undefined;
    smsEnabled?: boolean | undefined;
    roles?: string[] | undefined;
    [setting: string]: unknown;
  }[];
}

/** What the nodes of one kind are made of. */
export interface Hardware {
  instanceSize: string;
  effectiveInstanceSize?: string;
  nodeCount?: number | undefined;
  diskSizeGB?: number;
  diskIOPS?: number;
  ebsVolumeType?: string;
}
/** Nodes by kind: those that can become primary, and the others. */
export interface Specs {
  electableSpecs?: Hardware;
  readOnlySpecs?: Hardware;
  analyticsSpecs?: Hardware;
}
export interface AutoScaling {
  compute?: {
    enabled?: boolean;
    scaleDownEnabled?: boolean;
    minInstanceSize?: string;
    maxInstanceSize?: string;
  };
  diskGB?: { enabled?: boolean };
}
export type ReplicationSpecs = {
  zoneName?: string;
  regionConfigs: (Specs & {
    providerName: string;
    backingProviderName?: string;
    regionName: string;
    priority?: number;
    autoScaling?: AutoScaling;
    analyticsAutoScaling?: AutoScaling;
  })[];
}[];

/** What a cluster has whatever its kind. */
export interface Common {
  tags?: Tags | undefined;
  labels?: Tags | undefined;
  terminationProtectionEnabled?: boolean | undefined;
}
/** The other members are kept as they are sent, and answered again. */
export interface ClusterRequest extends Common {
  [setting: string]: unknown;
  name: string;
  clusterType: string;
  replicationSpecs: ReplicationSpecs;
  paused?: boolean;
}
export type ClusterUpdate = Partial<ClusterRequest>;
export type ProcessArgs = Record<string, unknown>;

export interface PolicyItem {
  id?: string;
  frequencyType: "hourly" | "daily" | "weekly" | "monthly" | "yearly";
  frequencyInterval: number;
  retentionUnit: "days" | "weeks" | "months" | "years";
  retentionValue: number;
}
/** The other members are kept as they are sent, and answered again. */
export interface Schedule {
  [setting: string]: unknown;
  restoreWindowDays?: number;
  policies?: { id?: string; policyItems: PolicyItem[] }[];
}
export interface ComplianceRequest {
  authorizedEmail: string;
  authorizedUserFirstName: string;
  authorizedUserLastName: string;
  pitEnabled?: boolean;
  restoreWindowDays?: number;
  onDemandPolicyItem?: Pick<PolicyItem, "retentionUnit" | "retentionValue">;
  scheduledPolicyItems?: PolicyItem[];
}
export interface RestoreRequest {
  deliveryType: "automated" | "download" | "pointInTime";
  snapshotId?: string;
  pointInTimeUTCSeconds?: number;
  oplogTs?: number;
  oplogInc?: number;
  targetClusterName?: string;
  targetGroupId?: string;
}
export type SnapshotRequest = { retentionInDays?: number; description?: string };
export interface FlexRestoreRequest {
  snapshotId: string;
  targetDeploymentItemName: string;
  targetProjectId?: string;
  deliveryType?: "RESTORE" | "DOWNLOAD";
}

export interface FlexRequest extends Common {
  name: string;
  providerSettings: { backingProviderName: string; regionName: string };
}
/** M0 to FLEX or to a dedicated tier; carries the tier and the region and nothing else of the hardware. */
export interface TenantUpgrade {
  name: string;
  providerSettings: {
    providerName: string;
    backingProviderName?: string;
    instanceSizeName: string;
    regionName: string;
  };
  providerBackupEnabled?: boolean;
}
export type FlexUpgrade = Pick<ClusterRequest, "name" | "replicationSpecs"> & { backupEnabled?: boolean };

export type Role = { roleName: string; databaseName: string; collectionName?: string };
export type Scope = { name: string; type: string };
export interface UserRequest {
  username: string;
  databaseName: string;
  password?: string;
  roles: Role[];
  scopes?: Scope[];
  labels?: Tags;
  description?: string;
  x509Type?: string;
  ldapAuthType?: string;
  awsIAMType?: string;
  oidcAuthType?: string;
}
export type UserUpdate = Partial<UserRequest>;

export type AccessListRequest = {
  cidrBlock?: string;
  ipAddress?: string;
  awsSecurityGroup?: string;
  comment?: string;
}[];

/** The first thing that is wrong is named, never the value of a password. */
function refusal({ kind, path, input }: Issue): AtlasError {
  const attribute = path.filter((name) => !/^\d+$/.test(name)).join(".") || "body";
  const last = path.at(-1);
  if (kind === "unknown") return new AtlasError("INVALID_ATTRIBUTE", last ?? attribute);
  if (kind === "missing") return new AtlasError("MISSING_ATTRIBUTE", attribute);
  if (kind === "another type" || typeof input !== "string")
    return new AtlasError("INVALID_JSON_ATTRIBUTE", attribute);
  if (last === "regionName") return new AtlasError("INVALID_REGION", input, "AWS");
  if (last === "providerName") return new AtlasError("INVALID_PROVIDER", input);
  return new AtlasError("INVALID_ENUM_VALUE", input);
}

export const described = new Described(description, refusal);
