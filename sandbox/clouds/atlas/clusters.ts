/** Dedicated clusters and the free M0. */
import { type ClusterList, newBody } from "./cluster-list.ts";
import { checkOneFreeCluster, checkSettings, defaultVersion } from "./cluster-rules.ts";
import { AtlasError, invalidAttribute } from "./error.ts";
import { flexSpecs } from "./flex-clusters.ts";
import { checkRegion, isTenant, noScaling, provision } from "./hardware.ts";
import { clusterRequest, clusterUpdate, parse, processArgsUpdate, tenantUpgradeRequest } from "./requests.ts";
import type { Cluster, Container } from "./state.ts";

export class Clusters {
  private readonly all: ClusterList;

  constructor(all: ClusterList) {
    this.all = all;
  }

  list(groupId: string): Cluster[] {
    return this.all.list(groupId, "clusters");
  }

  get(groupId: string, name: string): Cluster {
    return this.all.get(groupId, name, "clusters");
  }

  create(groupId: string, body: unknown, effective = false): Cluster {
    const { name, clusterType, replicationSpecs, ...rest } = parse(clusterRequest, body);
    // The stand-in does not shard; Atlas refuses it for the small tiers with this code.
    if (clusterType !== "REPLICASET")
      throw new AtlasError(
        400,
        "SHARDING_NOT_SUPPORTED",
        "Sharding is not supported for the selected instance size.",
      );
    if (rest.paused)
      throw new AtlasError(
        400,
        "CANNOT_CREATE_PAUSED_CLUSTER",
        `Cluster ${name} cannot be created in a paused state.`,
        name,
      );
    const kind = isTenant(replicationSpecs) ? "tenant" : "dedicated";
    const { tags, labels, terminationProtectionEnabled, ...settings } = rest;
    checkSettings(settings, kind);
    const specs = provision(replicationSpecs, [], effective);
    if (kind === "tenant") checkOneFreeCluster(this.all.list(groupId));
    return this.all.add(groupId, name, newBody(kind, specs, settings), {
      tags,
      labels,
      terminationProtectionEnabled,
    });
  }

  update(groupId: string, name: string, body: unknown, effective = false): Cluster {
    const cluster = this.get(groupId, name);
    const {
      name: newName,
      clusterType: _,
      replicationSpecs,
      paused,
      ...rest
    } = parse(clusterUpdate, body ?? {});
    if (newName !== undefined && newName !== name)
      throw new AtlasError(
        400,
        "CLUSTER_CANNOT_CHANGE_NAME",
        "Cannot change name of cluster during an update.",
      );
    if (cluster.kind === "tenant")
      throw new AtlasError(
        400,
        "TENANT_CLUSTER_UPDATE_UNSUPPORTED",
        "Cannot update a M0/M2/M5 cluster through the public API.",
      );
    // Not in Atlas' list; the provider's acceptance tests expect it. The status is a guess.
    if (cluster.settings.paused === true && paused !== false)
      throw new AtlasError(
        409,
        "CANNOT_UPDATE_PAUSED_CLUSTER",
        `Cannot update cluster ${name} while it is paused or being paused.`,
        name,
      );
    const { tags, labels, terminationProtectionEnabled, ...settings } = rest;
    const { mongoDBMajorVersion = defaultVersion } = cluster.settings;
    checkSettings({ ...cluster.settings, ...settings }, cluster.kind, mongoDBMajorVersion);
    if (replicationSpecs !== undefined && isTenant(replicationSpecs))
      throw new AtlasError(
        400,
        "CLUSTER_CANNOT_CHANGE_PROVIDER_NAME",
        "Cannot change the cloud provider of a cluster.",
      );
    const specs = replicationSpecs && provision(replicationSpecs, cluster.replicationSpecs, effective);
    // All is checked: nothing was changed by a call that is refused.
    this.all.change(cluster, { tags, labels, terminationProtectionEnabled });
    Object.assign(cluster.settings, settings, paused !== undefined && { paused });
    if (specs !== undefined) cluster.replicationSpecs = specs;
    this.all.connect(cluster);
    return this.all.busy(cluster, "UPDATING");
  }

  delete(groupId: string, name: string): Cluster {
    return this.all.delete(groupId, name, "clusters");
  }

  /**
   * M0 to FLEX or to a dedicated tier, which is then a cluster with another id and creation date under the old name.
   * Only tier and region can be said here: disk, autoscaling and point-in-time restore take a second update.
   */
  upgradeTenant(groupId: string, body: unknown): Cluster {
    const { name, providerSettings, providerBackupEnabled } = parse(tenantUpgradeRequest, body);
    const cluster = this.get(groupId, name);
    // Atlas' code for a cluster that is no tenant is not known; this one is a guess.
    if (cluster.kind !== "tenant") throw invalidAttribute("name");
    const { providerName, backingProviderName, instanceSizeName, regionName } = providerSettings;
    if (providerName === "FLEX") {
      if (instanceSizeName !== "FLEX") throw invalidAttribute("instanceSizeName");
      checkRegion(backingProviderName, regionName);
      const specs = flexSpecs(backingProviderName ?? "", regionName);
      return this.all.busy(cluster, "UPDATING", newBody("flex", specs, {}));
    }
    const electableSpecs = { instanceSize: instanceSizeName, nodeCount: 3 };
    const specs = provision([
      {
        regionConfigs: [{ providerName, regionName, priority: 7, electableSpecs, autoScaling: noScaling() }],
      },
    ]);
    const settings = { backupEnabled: providerBackupEnabled === true };
    return this.all.busy(cluster, "UPDATING", newBody("dedicated", specs, settings));
  }

  updateProcessArgs(groupId: string, name: string, body: unknown): Cluster {
    const cluster = this.get(groupId, name);
    if (cluster.kind === "tenant")
      throw new AtlasError(
        400,
        "TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED",
        "Cannot set custom process args for tenant clusters.",
      );
    Object.assign(cluster.processArgs, parse(processArgsUpdate, body));
    return this.all.busy(cluster, "UPDATING");
  }

  /** The networks of the project's dedicated clusters. */
  containers(groupId: string, providerName = "AWS"): Container[] {
    return this.all.containers(groupId, providerName);
  }

  /** What Atlas does by itself under load: the nodes grow, and what the client asked for stays as it was. */
  autoscale(groupId: string, name: string, grown: { instanceSize?: string; diskSizeGB?: number }): Cluster {
    const cluster = this.get(groupId, name);
    for (const { current } of cluster.replicationSpecs.flatMap(({ regionConfigs }) => regionConfigs))
      for (const specs of Object.values(current)) Object.assign(specs, grown);
    return this.all.busy(cluster, "UPDATING");
  }
}
