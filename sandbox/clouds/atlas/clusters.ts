/** Dedicated clusters and the free M0. */
import type { Context } from "hono";
import { type Route, route } from "../api.ts";
import { ClusterList, type Common, connect, newBody } from "./cluster-list.ts";
import { clusterReply, defaultVersion, legacyReply, patches, processArgsReply } from "./cluster-replies.ts";
import { checkBackups } from "./compliance.ts";
import {
  checkRegion,
  flexSpecs,
  isTenant,
  noScaling,
  offered,
  provision,
  type ReplicationSpecs,
} from "./hardware.ts";
import { AtlasError } from "./refusals.ts";
import { refuseIfRestoring } from "./restores.ts";
import { changedSchedule, emptySchedule, scheduleOf } from "./schedule.ts";
import {
  type AtlasContext,
  type Cluster,
  type ClusterKind,
  type Container,
  page,
  type Schedule,
} from "./state.ts";

/** The other members are kept as they are sent, and answered again. */
export interface ClusterRequest extends Common {
  [setting: string]: unknown;
  name: string;
  clusterType: string;
  replicationSpecs: ReplicationSpecs;
  paused?: boolean;
}
/** M0 to FLEX or to a dedicated tier; carries the tier and the region and nothing else of the hardware. */
interface TenantUpgrade {
  name: string;
  providerSettings: {
    providerName: string;
    backingProviderName?: string;
    instanceSizeName: string;
    regionName: string;
  };
  providerBackupEnabled?: boolean;
}

/** In milliseconds; https://www.mongodb.com/docs/atlas/pause-terminate-cluster/ */
const untilPausedAgain = 3_600_000;

/** The stand-in does not shard; Atlas refuses it for the small tiers with this code. */
function needReplicaSet(clusterType = "REPLICASET"): void {
  if (clusterType !== "REPLICASET") throw new AtlasError("SHARDING_NOT_SUPPORTED");
}

export class Clusters extends ClusterList {
  constructor(context: AtlasContext) {
    super(context, "dedicated");
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
    if (kind === "tenant" && this.list(groupId).some((other) => other.kind === "tenant"))
      throw new AtlasError(
        "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API",
        "This project has reached the limit for the number of free clusters.",
      );
    const common = { tags, labels, terminationProtectionEnabled };
    return this.add(groupId, name, newBody(kind, specs, settings), common);
  }

  update(groupId: string, name: string, request: Partial<ClusterRequest>, effective = false): Cluster {
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
    connect(this.context, cluster);
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

  /** The networks that the project's dedicated clusters were given. */
  containers(groupId: string, providerName = "AWS"): Container[] {
    return this.context.of("containers", groupId).filter((one) => one.providerName === providerName);
  }

  get routes(): Route[] {
    const all = "/groups/:group/clusters" as const;
    const one = `${all}/:name` as const;
    // Sent by the provider when `useEffectiveFields` is on.
    const effective = ({ req }: Context) => req.header("use-effective-instance-fields") === "true";
    const reply = (cluster: Cluster, context: Context) =>
      clusterReply(cluster, this.context.connection(cluster), effective(context));
    /** Whose backup schedule is asked about. */
    const scheduled = (groupId: string, name: string) => {
      const cluster = this.get(groupId, name);
      if (cluster.kind === "tenant") throw new AtlasError("PROVIDER_BACKUP_NOT_SUPPORTED");
      return cluster;
    };
    const setSchedule = (cluster: Cluster, schedule: Schedule) => {
      cluster.schedule = schedule;
      this.context.save();
      return scheduleOf(cluster);
    };
    return [
      route(`GET ${all}`, ({ group, query, context }) => {
        const shown = this.list(group).map((cluster) => reply(cluster, context));
        return page(shown, query);
      }),
      route(`POST ${all}`, ({ group, context }, body: ClusterRequest) =>
        reply(this.create(group, body, effective(context)), context),
      ),
      route(`GET ${all}/provider/regions`, ({ group, query }) => {
        this.context.project(group);
        return page(offered(), query);
      }),
      route(`POST ${all}/tenantUpgrade`, ({ group }, body: TenantUpgrade) => {
        const cluster = this.upgradeTenant(group, body);
        return legacyReply(cluster, this.context.connection(cluster));
      }),
      route(`GET ${one}`, ({ group, name, context }) => reply(this.get(group, name), context)),
      route(`PATCH ${one}`, ({ group, name, context }, body: Partial<ClusterRequest>) =>
        reply(this.update(group, name, body, effective(context)), context),
      ),
      route(`DELETE ${one}`, ({ group, name, query }) =>
        this.delete(group, name, query.retainBackups === "true"),
      ),
      // Atlas' own word on whether all that was asked of a cluster, and of its project's users, is in force.
      route(`GET ${one}/status`, ({ group, name }) => {
        const { applying } = this.context.project(group);
        const isChanging = applying !== undefined && applying.until > Date.now();
        const isPending = this.get(group, name).pending !== undefined || isChanging;
        return { changeStatus: isPending ? "PENDING" : "APPLIED", links: [] };
      }),
      route(`GET ${one}/processArgs`, ({ group, name }) => processArgsReply(this.get(group, name))),
      route(`PATCH ${one}/processArgs`, ({ group, name }, changes: Record<string, unknown>) => {
        const cluster = this.get(group, name);
        if (cluster.kind === "tenant") throw new AtlasError("TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED");
        Object.assign(cluster.processArgs, changes);
        return processArgsReply(this.busy(cluster, "UPDATING"));
      }),
      route(`GET ${one}/backup/schedule`, ({ group, name }) => scheduleOf(scheduled(group, name))),
      route(`PATCH ${one}/backup/schedule`, ({ group, name }, changes: Schedule) => {
        const cluster = scheduled(group, name);
        if (cluster.settings.backupEnabled !== true)
          throw new AtlasError("BACKUP_CONFIG_NOT_FOUND", name, group);
        return setSchedule(cluster, changedSchedule(this.context.project(group), cluster, changes));
      }),
      // Nothing is taken any more.
      route(`DELETE ${one}/backup/schedule`, ({ group, name }) => {
        const cluster = scheduled(group, name);
        return setSchedule(cluster, emptySchedule(this.context.project(group), cluster));
      }),
      route("GET /groups/:group/containers", ({ group, query }) => {
        const shown = this.containers(group, query.providerName).map(({ groupId: _, ...container }) => ({
          ...container,
          atlasCidrBlock: "192.168.248.0/21",
          provisioned: true,
        }));
        return page(shown, query);
      }),
    ];
  }

  /** What Atlas does by itself under load: the nodes grow, and what the client asked for stays as it was. */
  autoscale(groupId: string, name: string, grown: { instanceSize?: string; diskSizeGB?: number }): Cluster {
    const cluster = this.get(groupId, name);
    for (const { current } of cluster.replicationSpecs.flatMap(({ regionConfigs }) => regionConfigs))
      for (const specs of Object.values(current)) if (specs !== undefined) Object.assign(specs, grown);
    return this.busy(cluster, "UPDATING");
  }
}

function checkSettings(settings: Record<string, unknown>, kind: ClusterKind, before?: unknown): void {
  const { mongoDBMajorVersion: version, backupEnabled, pitEnabled } = settings;
  if (kind === "tenant" && backupEnabled === true) throw new AtlasError("PROVIDER_BACKUP_NOT_SUPPORTED");
  // Point-in-time restore reads the backups. Atlas' code for this is not known; this one is its general refusal.
  if (pitEnabled === true && backupEnabled !== true) throw new AtlasError("INVALID_CLUSTER_CONFIGURATION");
  if (typeof version !== "string") return;
  const versions = Object.keys(patches);
  if (!versions.includes(version)) throw new AtlasError("MONGODB_VERSION_INVALID", version);
  if (typeof before !== "string") return;
  const steps = versions.indexOf(version) - versions.indexOf(before);
  if (steps < 0) throw new AtlasError("CLUSTER_UPGRADE_INVALID");
  // One after the other; Atlas' code for this is not known.
  if (steps > 1) throw new AtlasError("INVALID_CLUSTER_CONFIGURATION");
}
