/** Dedicated clusters and the free M0. */
import { ClusterList, newBody } from "./cluster-list.ts";
import { checkOneFreeCluster, checkSettings, defaultVersion } from "./cluster-rules.ts";
import { checkBackups } from "./compliance.ts";
import { AtlasError } from "./error.ts";
import { flexSpecs } from "./flex-clusters.ts";
import { checkRegion, isTenant, noScaling, provision } from "./hardware.ts";
import type { ClusterRequest, ClusterUpdate, ProcessArgs, Schedule, TenantUpgrade } from "./requests.ts";
import { refuseIfRestoring } from "./restores.ts";
import { changedSchedule, emptySchedule } from "./schedule.ts";
import type { AtlasContext, Cluster, Container } from "./state.ts";

/** In milliseconds; https://www.mongodb.com/docs/atlas/pause-terminate-cluster/ */
const untilPausedAgain = 3_600_000;

/** The stand-in does not shard; Atlas refuses it for the small tiers with this code. */
function needReplicaSet(clusterType = "REPLICASET"): void {
  if (clusterType !== "REPLICASET") throw new AtlasError("SHARDING_NOT_SUPPORTED");
}

export class Clusters extends ClusterList {
  constructor(context: AtlasContext) {
    super(context, "clusters");
  }

  create(groupId: string, request: ClusterRequest, effective = false): Cluster {
    const { name, clusterType, replicationSpecs, ...rest } = request;
    needReplicaSet(clusterType);
    if (rest.paused) throw new AtlasError("CANNOT_CREATE_PAUSED_CLUSTER", name);
    const kind = isTenant(replicationSpecs) ? "tenant" : "dedicated";
    const { tags, labels, terminationProtectionEnabled, ...settings } = rest;
    checkSettings(settings, kind);
    if (kind === "dedicated") checkBackups(this.context.project(groupId), settings);
    const specs = provision(replicationSpecs, [], effective);
    if (kind === "tenant") checkOneFreeCluster(this.list(groupId));
    const common = { tags, labels, terminationProtectionEnabled };
    return this.add(groupId, name, newBody(kind, specs, settings), common);
  }

  update(groupId: string, name: string, request: ClusterUpdate, effective = false): Cluster {
    const cluster = this.get(groupId, name);
    const { name: newName, clusterType, replicationSpecs, paused, ...rest } = request;
    needReplicaSet(clusterType);
    if (newName !== undefined && newName !== name) throw new AtlasError("CLUSTER_CANNOT_CHANGE_NAME");
    if (cluster.kind === "tenant") throw new AtlasError("TENANT_CLUSTER_UPDATE_UNSUPPORTED");
    if (cluster.settings.paused === true && paused !== false)
      throw new AtlasError("CANNOT_UPDATE_PAUSED_CLUSTER", name);
    refuseIfRestoring(this.context.data, cluster);
    const now = Date.now();
    if (paused === true && now - (cluster.resumedAt ?? 0) < untilPausedAgain)
      throw new AtlasError("CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER");
    const { tags, labels, terminationProtectionEnabled, ...settings } = rest;
    const { mongoDBMajorVersion = defaultVersion } = cluster.settings;
    checkSettings({ ...cluster.settings, ...settings }, cluster.kind, mongoDBMajorVersion);
    checkBackups(this.context.project(groupId), { ...cluster.settings, ...settings });
    if (replicationSpecs !== undefined && isTenant(replicationSpecs))
      throw new AtlasError("CLUSTER_CANNOT_CHANGE_PROVIDER_NAME");
    const specs = replicationSpecs && provision(replicationSpecs, cluster.replicationSpecs, effective);
    // All is checked: nothing was changed by a call that is refused.
    this.change(cluster, { tags, labels, terminationProtectionEnabled });
    if (cluster.settings.paused === true && paused === false) cluster.resumedAt = now;
    Object.assign(cluster.settings, settings, paused !== undefined && { paused });
    if (specs !== undefined) cluster.replicationSpecs = specs;
    this.connect(cluster);
    return this.busy(cluster, "UPDATING");
  }

  /**
   * M0 to FLEX or to a dedicated tier, which is then a cluster with another id and creation date under the old name.
   * Only tier and region can be said here: disk, autoscaling and point-in-time restore take a second update.
   */
  upgradeTenant(groupId: string, request: TenantUpgrade): Cluster {
    const { name, providerSettings, providerBackupEnabled } = request;
    const cluster = this.get(groupId, name);
    // Atlas' code for a cluster that is no tenant is not known; this one is a guess.
    if (cluster.kind !== "tenant") throw new AtlasError("INVALID_ATTRIBUTE", "name");
    const { providerName, backingProviderName, instanceSizeName, regionName } = providerSettings;
    if (providerName === "FLEX") {
      if (instanceSizeName !== "FLEX") throw new AtlasError("INVALID_ATTRIBUTE", "instanceSizeName");
      checkRegion(backingProviderName, regionName, true);
      const specs = flexSpecs(backingProviderName ?? "", regionName);
      return this.busy(cluster, "UPDATING", newBody("flex", specs, {}));
    }
    const electableSpecs = { instanceSize: instanceSizeName, nodeCount: 3 };
    const specs = provision([
      {
        regionConfigs: [{ providerName, regionName, priority: 7, electableSpecs, autoScaling: noScaling() }],
      },
    ]);
    const settings = { backupEnabled: providerBackupEnabled === true };
    return this.busy(cluster, "UPDATING", newBody("dedicated", specs, settings));
  }

  updateProcessArgs(groupId: string, name: string, changes: ProcessArgs): Cluster {
    const cluster = this.get(groupId, name);
    if (cluster.kind === "tenant") throw new AtlasError("TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED");
    Object.assign(cluster.processArgs, changes);
    return this.busy(cluster, "UPDATING");
  }

  /** Whose backup schedule is asked about. */
  scheduled(groupId: string, name: string): Cluster {
    const cluster = this.get(groupId, name);
    if (cluster.kind === "tenant") throw new AtlasError("PROVIDER_BACKUP_NOT_SUPPORTED");
    return cluster;
  }

  /** Changes its backup schedule; without any nothing is taken any more. */
  updateSchedule(groupId: string, name: string, changes?: Schedule): Cluster {
    const cluster = this.scheduled(groupId, name);
    const project = this.context.project(groupId);
    if (changes !== undefined && cluster.settings.backupEnabled !== true)
      throw new AtlasError("BACKUP_CONFIG_NOT_FOUND", name, groupId);
    cluster.schedule =
      changes === undefined ? emptySchedule(project, cluster) : changedSchedule(project, cluster, changes);
    this.context.store.save();
    return cluster;
  }

  /** The networks that the project's dedicated clusters were given. */
  containers(groupId: string, providerName = "AWS"): Container[] {
    this.context.project(groupId);
    return this.context.data.containers.filter(
      (container) => container.groupId === groupId && container.providerName === providerName,
    );
  }

  /** What Atlas does by itself under load: the nodes grow, and what the client asked for stays as it was. */
  autoscale(groupId: string, name: string, grown: { instanceSize?: string; diskSizeGB?: number }): Cluster {
    const cluster = this.get(groupId, name);
    for (const { current } of cluster.replicationSpecs.flatMap(({ regionConfigs }) => regionConfigs))
      for (const specs of Object.values(current)) if (specs !== undefined) Object.assign(specs, grown);
    return this.busy(cluster, "UPDATING");
  }
}
