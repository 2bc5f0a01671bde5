/** Clusters and their companions as Atlas answers them. What a provider needs and would crash without is all here. */
import { defaultVersion } from "./cluster-rules.ts";
import type { Cluster, Container, DatabaseUser, Project, RegionConfig } from "./state.ts";

/** Where a cluster's database can be reached, without user and password. */
export interface ConnectionStrings {
  /** `mongodb://`, with every host. */
  standard: string;
  /** `mongodb+srv://`, which is what Atlas shows first; a stand-in without DNS may give a `mongodb://` here too. */
  standardSrv: string;
}

const patches: Record<string, string> = { "7.0": "7.0.24", "8.0": "8.0.13" };

/** What both APIs for clusters say. */
function common(cluster: Cluster, { standard, standardSrv }: ConnectionStrings): object {
  const { id, groupId, name, createDate, tags, terminationProtectionEnabled, pending } = cluster;
  const there = pending?.stateName !== "CREATING";
  return {
    id,
    groupId,
    name,
    createDate,
    tags,
    terminationProtectionEnabled,
    clusterType: "REPLICASET",
    stateName: pending?.stateName ?? "IDLE",
    // Empty until the cluster is there.
    connectionStrings: there ? { standard, standardSrv, privateEndpoint: [] } : {},
    links: [],
  };
}

/** @param effective whether the client asked to see apart what it had asked for and what runs */
export function clusterReply(cluster: Cluster, connection: ConnectionStrings, effective: boolean): object {
  const { labels, settings, kind, replicationSpecs } = cluster;
  const version = (settings.mongoDBMajorVersion as string | undefined) ?? defaultVersion;
  return {
    backupEnabled: false,
    biConnector: { enabled: false, readPreference: "secondary" },
    configServerManagementMode: "ATLAS_MANAGED",
    encryptionAtRestProvider: "NONE",
    globalClusterSelfManagedSharding: false,
    paused: false,
    pitEnabled: false,
    redactClientLogData: false,
    replicaSetScalingStrategy: "WORKLOAD_TYPE",
    rootCertType: "ISRGROOTX1",
    useAwsTimeBasedSnapshotCopyForFastInitialSync: false,
    versionReleaseSystem: "LTS",
    ...settings,
    ...(kind === "dedicated" && {
      advancedConfiguration: {
        minimumEnabledTlsProtocol: "TLS1_2",
        tlsCipherConfigMode: "DEFAULT",
        customOpensslCipherConfigTls12: [],
        customOpensslCipherConfigTls13: [],
        ...(settings.advancedConfiguration as object | undefined),
      },
    }),
    ...common(cluster, connection),
    labels,
    mongoDBMajorVersion: version,
    mongoDBVersion: patches[version],
    featureCompatibilityVersion: version,
    replicationSpecs: replicationSpecs.map(({ regionConfigs, ...spec }) => ({
      ...spec,
      regionConfigs: regionConfigs.map((region) => regionReply(region, effective && kind === "dedicated")),
    })),
  };
}

export function flexReply(cluster: Cluster, connection: ConnectionStrings): object {
  const region = cluster.replicationSpecs[0]?.regionConfigs[0];
  return {
    ...common(cluster, connection),
    mongoDBVersion: patches[defaultVersion],
    versionReleaseSystem: "LTS",
    // Flex backs up daily, always.
    backupSettings: { enabled: true },
    providerSettings: {
      providerName: "FLEX",
      backingProviderName: region?.backingProviderName,
      regionName: region?.regionName,
      diskSizeGB: 5,
    },
  };
}

function regionReply(region: RegionConfig, effective: boolean): object {
  const { requested, current, autoScaling, analyticsAutoScaling, ...place } = region;
  const scaling = { autoScaling, analyticsAutoScaling };
  if (!effective) return { ...place, ...current, ...scaling };
  return {
    ...place,
    ...requested,
    ...scaling,
    effectiveElectableSpecs: current.electableSpecs,
    effectiveReadOnlySpecs: current.readOnlySpecs,
    effectiveAnalyticsSpecs: current.analyticsSpecs,
  };
}

export function processArgsReply({ processArgs }: Cluster): object {
  return {
    changeStreamOptionsPreAndPostImagesExpireAfterSeconds: null,
    chunkMigrationConcurrency: null,
    customOpensslCipherConfigTls12: [],
    customOpensslCipherConfigTls13: [],
    defaultMaxTimeMS: null,
    defaultWriteConcern: null,
    javascriptEnabled: true,
    minimumEnabledTlsProtocol: "TLS1_2",
    noTableScan: false,
    oplogMinRetentionHours: null,
    oplogSizeMB: null,
    queryStatsLogVerbosity: 1,
    sampleRefreshIntervalBIConnector: null,
    sampleSizeBIConnector: null,
    tlsCipherConfigMode: "DEFAULT",
    transactionLifetimeLimitSeconds: null,
    ...processArgs,
  };
}

export const containerReply = ({ id, providerName, regionName }: Container) => ({
  id,
  providerName,
  regionName,
  atlasCidrBlock: "192.168.248.0/21",
  provisioned: true,
});

export function projectReply(project: Project, clusterCount: number): object {
  const { id, orgId, name, created, tags, withDefaultAlertsSettings } = project;
  return { id, orgId, name, created, tags, withDefaultAlertsSettings, clusterCount, links: [] };
}

/** A user without the password, which Atlas never answers. */
export function userReply({ password: _, ...user }: DatabaseUser): object {
  return { ...user, links: [] };
}
