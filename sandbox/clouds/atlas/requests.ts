/** The bodies that Atlas' API takes, as far as the stand-in looks at them; other attributes are passed over. */
import { z } from "zod";
import { AtlasError, invalidAttribute, invalidEnum, missing } from "./error.ts";

const tags = z.array(z.object({ key: z.string(), value: z.string() }));

export const projectRequest = z.object({
  name: z.string(),
  orgId: z.string(),
  tags: tags.optional(),
  withDefaultAlertsSettings: z.boolean().optional(),
});
export const projectUpdate = projectRequest.pick({ name: true, tags: true }).partial();
export const projectSettings = z.record(z.string(), z.boolean());

const hardware = z.object({
  instanceSize: z.string(),
  nodeCount: z.int().min(0).optional(),
  diskSizeGB: z.number().optional(),
  diskIOPS: z.int().optional(),
  ebsVolumeType: z.string().optional(),
});
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
const replicationSpecs = z.array(
  z.object({
    zoneName: z.string().optional(),
    regionConfigs: z.array(
      z.object({
        providerName: z.string(),
        backingProviderName: z.string().optional(),
        regionName: z.string(),
        priority: z.int().default(7),
        electableSpecs: hardware.optional(),
        readOnlySpecs: hardware.optional(),
        analyticsSpecs: hardware.optional(),
        autoScaling: autoScaling.optional(),
        analyticsAutoScaling: autoScaling.optional(),
      }),
    ),
  }),
);
export type ReplicationSpecsRequest = z.output<typeof replicationSpecs>;

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
export const clusterRequest = clusterUpdate.extend({
  name: z.string(),
  clusterType: z.string(),
  replicationSpecs,
});
export const processArgsUpdate = z.record(z.string(), z.unknown());

export const flexUpdate = z.strictObject({
  tags: tags.optional(),
  terminationProtectionEnabled: z.boolean().optional(),
});
export const flexRequest = z.object({
  name: z.string(),
  providerSettings: z.object({ backingProviderName: z.string(), regionName: z.string() }),
  terminationProtectionEnabled: z.boolean().optional(),
  tags: tags.optional(),
});
/** M0 to FLEX or to a dedicated tier; carries the tier and the region and nothing else of the hardware. */
export const tenantUpgradeRequest = z.object({
  name: z.string(),
  providerSettings: z.object({
    providerName: z.string(),
    backingProviderName: z.string().optional(),
    instanceSizeName: z.string(),
    regionName: z.string(),
  }),
  providerBackupEnabled: z.boolean().optional(),
});
export const flexUpgradeRequest = z.object({
  name: z.string(),
  replicationSpecs,
  backupEnabled: z.boolean().optional(),
});

const role = z.object({
  roleName: z.string(),
  databaseName: z.string(),
  collectionName: z.string().optional(),
});
const scope = z.object({ name: z.string(), type: z.enum(["CLUSTER", "DATA_LAKE", "STREAM"]) });
export const userUpdate = z.object({
  password: z.string().optional(),
  roles: z.array(role).optional(),
  scopes: z.array(scope).optional(),
  labels: tags.optional(),
  description: z.string().optional(),
});
export const userRequest = userUpdate.extend({
  username: z.string().min(1),
  databaseName: z.string(),
  roles: z.array(role),
  x509Type: z.enum(["NONE", "CUSTOMER", "MANAGED"]).default("NONE"),
  ldapAuthType: z.enum(["NONE", "USER", "GROUP"]).default("NONE"),
  awsIAMType: z.enum(["NONE", "USER", "ROLE"]).default("NONE"),
  oidcAuthType: z.enum(["NONE", "USER", "IDP_GROUP"]).default("NONE"),
});

export const accessListRequest = z.array(
  z.object({
    cidrBlock: z.string().optional(),
    ipAddress: z.string().optional(),
    awsSecurityGroup: z.string().optional(),
    comment: z.string().optional(),
  }),
);

/** Checks a body as Atlas does: the first thing that is wrong is named, never the value of a password. */
export function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const attribute = issue?.path.filter((key) => typeof key === "string").join(".") || "body";
  if (issue?.code === "unrecognized_keys") throw invalidAttribute(issue.keys.join(", "));
  if (issue?.code === "invalid_type" && issue.input === undefined) throw missing(attribute);
  if (issue?.code === "invalid_value") throw invalidEnum(String(issue.input));
  throw new AtlasError(
    400,
    "INVALID_JSON_ATTRIBUTE",
    `Received JSON for the ${attribute} attribute does not match expected format.`,
    attribute,
  );
}
