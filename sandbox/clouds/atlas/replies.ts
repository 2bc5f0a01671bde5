/** Clusters and their companions as Atlas answers them. What a provider needs and would crash without is all here. */
import { statusOf } from "./backups.ts";
import { defaultVersion } from "./cluster-rules.ts";
import type {
  Cluster,
  Container,
  DatabaseUser,
  Project,
  ProjectEvent,
  RegionConfig,
  RestoreJob,
  Snapshot,
} from "./state.ts";

/** Where a cluster's database can be reached, without user and password. */
export interface ConnectionStrings {
  /** `mongodb://`, with every host. */
  standard: string;
  /** `mongodb+srv://`, which is what Atlas shows first; a stand-in without DNS may give a `mongodb://` here too. */
  standardSrv: string;
}

const patches: Record<string, string> = { "7.0": "7.0.24", "8.0": "8.0.13", "9.0": "9.0.1" };

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

/** Of a dedicated cluster. The call that takes one is described to say less of it. */
export const snapshotReply = (snapshot: Snapshot): object => ({
  ...takenReply(snapshot),
  cloudProvider: "AWS",
  replicaSetName: snapshot.clusterName,
});

export const takenReply = (snapshot: Snapshot): object => ({
  id: snapshot.id,
  createdAt: date(snapshot.createdAt),
  description: snapshot.description,
  expiresAt: date(snapshot.expiresAt),
  frequencyType: snapshot.frequencyType,
  mongodVersion: patches[snapshot.version || defaultVersion],
  policyItems: snapshot.policyItems,
  snapshotType: snapshot.snapshotType,
  status: statusOf(snapshot),
  storageSizeBytes: 0,
  type: "replicaSet",
  links: [],
});

export function flexSnapshotReply(snapshot: Snapshot): object {
  const status = { inProgress: "RUNNING", failed: "FAILED", completed: "COMPLETED" }[statusOf(snapshot)];
  return {
    id: snapshot.id,
    expiration: date(snapshot.expiresAt),
    mongoDBVersion: patches[snapshot.version || defaultVersion],
    scheduledTime: date(snapshot.createdAt),
    startTime: date(snapshot.createdAt),
    ...(status === "COMPLETED" && { finishTime: date(snapshot.doneAt) }),
    status,
    links: [],
  };
}

/** @param taken when the snapshot was taken that it restores */
export function restoreReply(job: RestoreJob, taken: Snapshot | undefined): object {
  const { id, deliveryType, snapshotId, pointInTimeUTCSeconds, oplogTs, oplogInc, target } = job;
  const status = statusOf(job);
  return {
    id,
    deliveryType,
    ...{ snapshotId, pointInTimeUTCSeconds, oplogTs, oplogInc },
    targetClusterName: target.name,
    targetGroupId: target.groupId,
    cancelled: false,
    expired: false,
    failed: status === "failed",
    ...(taken !== undefined && { timestamp: date(taken.createdAt) }),
    ...(status === "completed" && { finishedAt: date(job.doneAt) }),
    deliveryUrl: [],
    links: [],
  };
}

export function flexRestoreReply(job: RestoreJob, taken: Snapshot | undefined): object {
  const { id, groupId, clusterName, snapshotId, target } = job;
  const status = { inProgress: "RUNNING", failed: "FAILED", completed: "COMPLETED" }[statusOf(job)];
  return {
    id,
    deliveryType: "RESTORE",
    instanceName: clusterName,
    projectId: groupId,
    restoreScheduledDate: date(job.createdAt),
    ...(status === "COMPLETED" && { restoreFinishedDate: date(job.doneAt) }),
    ...(taken !== undefined && { snapshotFinishedDate: date(taken.doneAt) }),
    snapshotId,
    status,
    targetDeploymentItemName: target.name,
    targetProjectId: target.groupId,
    links: [],
  };
}

const date = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");

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

/** An event of the project's feed: of a cluster's it is not said which, the client has to ask for one cluster's. */
export const eventReply = ({ actor, clusterName: _, ...event }: ProjectEvent, orgId: string) => ({
  ...event,
  orgId,
  ...actor,
  isGlobalAdmin: false,
  links: [],
});

/** A user without the password, which Atlas never answers. */
export function userReply({ password: _, ...user }: DatabaseUser): object {
  return { ...user, links: [] };
}
