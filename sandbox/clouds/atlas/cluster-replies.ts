/** Clusters and their companions as Atlas answers them. What a provider needs and would crash without is all here. */
import type { Cluster, ConnectionStrings, RegionConfig } from "./state.ts";

/** Major versions, oldest first, and the one that a new cluster gets; https://www.mongodb.com/docs/atlas/reference/atlas-versions/ */
export const patches: Record<string, string> = { "7.0": "7.0.24", "8.0": "8.0.13", "9.0": "9.0.1" };
export const defaultVersion = "8.0";

/** What both APIs for clusters say. */
function common(cluster: Cluster, { standard, standardSrv }: ConnectionStrings): object {
  const { id, groupId, name, createDate, tags, terminationProtectionEnabled, pending } = cluster;
  // Empty until the cluster is there, and while it becomes another kind of cluster.
  const there = pending?.stateName !== "CREATING" && pending?.becomes === undefined;
  return {
    id,
    groupId,
    name,
    createDate,
    tags,
    terminationProtectionEnabled,
    clusterType: "REPLICASET",
    stateName: pending?.stateName ?? "IDLE",
    connectionStrings: there
      ? { standard, standardSrv, ...(cluster.kind !== "flex" && { privateEndpoint: [] }) }
      : {},
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

/** What a call that upgrades M0 says, in the form of an older version of the API. */
export function legacyReply(cluster: Cluster, connection: ConnectionStrings): object {
  const { backingProviderName, regionName } = cluster.replicationSpecs[0]?.regionConfigs[0] ?? {};
  const place = { backingProviderName, regionName };
  return {
    ...common(cluster, connection),
    providerSettings: { providerName: "TENANT", instanceSizeName: "M0", ...place },
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

/** What runs stands beside what was asked for, which a client that does not tell them apart sees instead of it. */
function regionReply(region: RegionConfig, effective: boolean): object {
  const { requested, current, autoScaling, analyticsAutoScaling, ...place } = region;
  const { electableSpecs, readOnlySpecs, analyticsSpecs } = current;
  return {
    ...place,
    ...(effective ? requested : current),
    autoScaling,
    analyticsAutoScaling,
    // M0 does not scale.
    ...(autoScaling && {
      effectiveElectableSpecs: electableSpecs,
      effectiveReadOnlySpecs: readOnlySpecs,
      effectiveAnalyticsSpecs: analyticsSpecs,
    }),
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
