/** The bodies that Atlas' API takes, as far as the stand-in looks at them; other attributes are passed over. */
import { z } from "zod";
import { parser } from "../api.ts";
import { AtlasError } from "./error.ts";

const tags = z.array(z.object({ key: z.string(), value: z.string() }));
export type Tags = z.output<typeof tags>;

export const project = z.object({
  name: z.string(),
  orgId: z.string(),
  tags: tags.optional(),
  withDefaultAlertsSettings: z.boolean().optional(),
});
export const projectUpdate = project.pick({ name: true, tags: true }).partial();
export const projectSettings = z.record(z.string(), z.boolean());

/** What the nodes of one kind are made of. */
const hardware = z.object({
  instanceSize: z.string(),
  nodeCount: z.int().min(0).optional(),
  diskSizeGB: z.number().optional(),
  diskIOPS: z.int().optional(),
  ebsVolumeType: z.string().optional(),
});
export type Hardware = z.output<typeof hardware>;
/** Nodes by kind: those that can become primary, and the others. */
const specs = z.object({
  electableSpecs: hardware.optional(),
  readOnlySpecs: hardware.optional(),
  analyticsSpecs: hardware.optional(),
});
export type Specs = z.output<typeof specs>;
const autoScaling = z.object({
  compute: z
    .object({
      enabled: z.boolean().default(false),
      scaleDownEnabled: z.boolean().default(false),
      minInstanceSize: z.string().optional(),
      maxInstanceSize: z.string().optional(),
    })
    .default({ enabled: false, scaleDownEnabled: false }),
  diskGB: z.object({ enabled: z.boolean() }).default({ enabled: true }),
});
export type AutoScaling = z.output<typeof autoScaling>;
const replicationSpecs = z.array(
  z.object({
    zoneName: z.string().optional(),
    regionConfigs: z.array(
      specs.extend({
        providerName: z.string(),
        backingProviderName: z.string().optional(),
        regionName: z.string(),
        priority: z.int().optional(),
        autoScaling: autoScaling.optional(),
        analyticsAutoScaling: autoScaling.optional(),
      }),
    ),
  }),
);
export type ReplicationSpecs = z.output<typeof replicationSpecs>;

/** What is kept as it was sent, and answered again. */
const settings = z.object({
  backupEnabled: z.boolean(),
  pitEnabled: z.boolean(),
  mongoDBMajorVersion: z.string(),
  versionReleaseSystem: z.enum(["LTS", "CONTINUOUS"]),
  paused: z.boolean(),
  biConnector: z.object({ enabled: z.boolean().optional(), readPreference: z.string().optional() }),
  encryptionAtRestProvider: z.string(),
  rootCertType: z.string(),
  redactClientLogData: z.boolean(),
  replicaSetScalingStrategy: z.string(),
  configServerManagementMode: z.string(),
  globalClusterSelfManagedSharding: z.boolean(),
  useAwsTimeBasedSnapshotCopyForFastInitialSync: z.boolean(),
  advancedConfiguration: z.record(z.string(), z.unknown()),
});
export const clusterUpdate = settings.partial().extend({
  name: z.string().optional(),
  clusterType: z.string().optional(),
  replicationSpecs: replicationSpecs.optional(),
  terminationProtectionEnabled: z.boolean().optional(),
  tags: tags.optional(),
  labels: tags.optional(),
});
export const cluster = clusterUpdate.extend({
  name: z.string(),
  clusterType: z.string(),
  replicationSpecs,
});
export const processArgs = z.record(z.string(), z.unknown());

export const flexUpdate = z.strictObject({
  tags: tags.optional(),
  terminationProtectionEnabled: z.boolean().optional(),
});
export const flex = z.object({
  name: z.string(),
  providerSettings: z.object({ backingProviderName: z.string(), regionName: z.string() }),
  terminationProtectionEnabled: z.boolean().optional(),
  tags: tags.optional(),
});
/** M0 to FLEX or to a dedicated tier; carries the tier and the region and nothing else of the hardware. */
export const tenantUpgrade = z.object({
  name: z.string(),
  providerSettings: z.object({
    providerName: z.string(),
    backingProviderName: z.string().optional(),
    instanceSizeName: z.string(),
    regionName: z.string(),
  }),
  providerBackupEnabled: z.boolean().optional(),
});
export const flexUpgrade = z.object({
  name: z.string(),
  replicationSpecs,
  backupEnabled: z.boolean().optional(),
});

const role = z.object({
  roleName: z.string(),
  databaseName: z.string(),
  collectionName: z.string().optional(),
});
export type Role = z.output<typeof role>;
const scope = z.object({ name: z.string(), type: z.enum(["CLUSTER", "DATA_LAKE", "STREAM"]) });
export type Scope = z.output<typeof scope>;
export const userUpdate = z.object({
  password: z.string().optional(),
  roles: z.array(role).optional(),
  scopes: z.array(scope).optional(),
  labels: tags.optional(),
  description: z.string().optional(),
});
export const user = userUpdate.extend({
  username: z.string().min(1),
  databaseName: z.string(),
  roles: z.array(role),
  x509Type: z.enum(["NONE", "CUSTOMER", "MANAGED"]).default("NONE"),
  ldapAuthType: z.enum(["NONE", "USER", "GROUP"]).default("NONE"),
  awsIAMType: z.enum(["NONE", "USER", "ROLE"]).default("NONE"),
  oidcAuthType: z.enum(["NONE", "USER", "IDP_GROUP"]).default("NONE"),
});

export const accessList = z.array(
  z.object({
    cidrBlock: z.string().optional(),
    ipAddress: z.string().optional(),
    awsSecurityGroup: z.string().optional(),
    comment: z.string().optional(),
  }),
);

export type ProjectRequest = z.output<typeof project>;
export type ProjectUpdate = z.output<typeof projectUpdate>;
export type ProjectSettings = z.output<typeof projectSettings>;
export type ClusterRequest = z.output<typeof cluster>;
export type ClusterUpdate = z.output<typeof clusterUpdate>;
export type ProcessArgs = z.output<typeof processArgs>;
export type FlexRequest = z.output<typeof flex>;
export type FlexUpdate = z.output<typeof flexUpdate>;
export type TenantUpgrade = z.output<typeof tenantUpgrade>;
export type FlexUpgrade = z.output<typeof flexUpgrade>;
export type UserRequest = z.output<typeof user>;
export type UserUpdate = z.output<typeof userUpdate>;
export type AccessListRequest = z.output<typeof accessList>;

/** Checks a body as Atlas does: the first thing that is wrong is named, never the value of a password. */
export const parse = parser(([issue]) => {
  const attribute = issue?.path.filter((key) => typeof key === "string").join(".") || "body";
  if (issue?.code === "unrecognized_keys") return new AtlasError("INVALID_ATTRIBUTE", issue.keys.join(", "));
  if (issue?.code === "invalid_type" && issue.input === undefined)
    return new AtlasError("MISSING_ATTRIBUTE", attribute);
  if (issue?.code === "invalid_value") return new AtlasError("INVALID_ENUM_VALUE", String(issue.input));
  return new AtlasError("INVALID_JSON_ATTRIBUTE", attribute);
});
