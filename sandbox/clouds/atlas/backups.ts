/**
 * Snapshots of clusters: those of a schedule, those that are asked for, and what a Flex cluster has each day.
 *
 * @see https://www.mongodb.com/docs/atlas/backup/cloud-backup/overview/
 * @see https://www.mongodb.com/docs/atlas/backup/cloud-backup/flex-cluster-backup/
 */

import { type Route, route } from "../api.ts";
import { type Api, clusterOf, clustersOf } from "./cluster-list.ts";
import { defaultVersion, patches } from "./cluster-replies.ts";
import { checkSnapshotDeletion, checkSnapshotRetention, isRetained } from "./compliance.ts";
import { AtlasError } from "./refusals.ts";
import { policyItemsOf, retentionOf } from "./schedule.ts";
import {
  type AtlasContext,
  type Cluster,
  dateOf,
  isBusy,
  newId,
  Part,
  type PolicyItem,
  page,
  type Snapshot,
  type SnapshotOf,
} from "./state.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** Milliseconds between two snapshots of a kind. A month is 30 days here, a year 365. */
const periods = { hourly: hour, daily: day, weekly: 7 * day, monthly: 30 * day, yearly: 365 * day };
/** Milliseconds before the first one of a Flex cluster; at Atlas it comes within a day. */
const firstOfFlex = 60_000;
/** Of the last eight days; https://www.mongodb.com/docs/atlas/backup/cloud-backup/flex-cluster-backup/ */
const flexKept = 8 * day;

type SnapshotRequest = { retentionInDays?: number; description?: string };

/** Whether a cluster is backed up at all; M0 never is. */
export const isBackedUp = ({ kind, settings }: Pick<Cluster, "kind" | "settings">): boolean =>
  kind === "flex" || (kind === "dedicated" && settings.backupEnabled === true);

/** Of one of the APIs: that of dedicated clusters, or that of Flex. */
export class Snapshots extends Part {
  /** From the newest on. Of a cluster that is gone those that were retained. */
  list(groupId: string, name: string, api: Api): Snapshot[] {
    this.cluster(groupId, name, api);
    return this.of({ groupId, clusterName: name }).reverse();
  }

  get(groupId: string, name: string, api: Api, id: string): Snapshot {
    const snapshot = this.list(groupId, name, api).find((one) => one.id === id);
    if (snapshot !== undefined) return snapshot;
    throw new AtlasError(api === "flex" ? "TENANT_SNAPSHOT_NOT_FOUND" : "SNAPSHOT_NOT_FOUND", id, name);
  }

  /** One that is asked for. Only one at a time is. */
  async take(
    groupId: string,
    name: string,
    { retentionInDays = 1, description }: SnapshotRequest,
  ): Promise<Snapshot> {
    const cluster = this.cluster(groupId, name, "dedicated");
    if (cluster === undefined) throw new AtlasError("CLUSTER_NOT_FOUND", name, groupId);
    if (!isBackedUp(cluster)) throw new AtlasError("BACKUP_CONFIG_NOT_FOUND", name, groupId);
    if (retentionInDays < 1) throw new AtlasError("ATTRIBUTE_NEGATIVE_OR_ZERO", "retentionInDays");
    checkSnapshotRetention(this.context.project(groupId), retentionInDays * day);
    const isTaken = this.of({ groupId, clusterName: name }).some(
      (one) => one.snapshotType === "onDemand" && statusOf(one) === "inProgress",
    );
    if (isTaken) throw new AtlasError("UNFINISHED_ON_DEMAND_SNAPSHOT");
    const more = { snapshotType: "onDemand" as const, ...(description && { description }) };
    return this.made(cluster, retentionInDays * day, more);
  }

  delete(groupId: string, name: string, id: string): void {
    const snapshot = this.get(groupId, name, "dedicated", id);
    if (statusOf(snapshot) === "inProgress") throw new AtlasError("CANNOT_DELETE_IN_PROGRESS_SNAPSHOT", id);
    checkSnapshotDeletion(this.context.project(groupId));
    forget(this.context, [snapshot]);
  }

  /** What Atlas does by itself: takes what is due, lets go of what has expired. */
  async keepUp(): Promise<void> {
    const { data } = this.context;
    forget(
      this.context,
      data.snapshots.filter(({ expiresAt }) => expiresAt <= Date.now()),
    );
    const clusters = data.clusters.filter(
      (cluster) => isBackedUp(cluster) && !isBusy(cluster) && cluster.settings.paused !== true,
    );
    await Promise.all(clusters.map((cluster) => this.takeDue(cluster)));
  }

  private async takeDue(cluster: Cluster): Promise<void> {
    const due = this.due(cluster).sort((a, b) => periods[b.frequencyType] - periods[a.frequencyType]);
    const [longest] = due;
    if (longest === undefined) return;
    const kept = cluster.kind === "flex" ? flexKept : Math.max(...due.map(retentionOf));
    const policyItems = due.flatMap(({ id }) => id ?? []);
    const { frequencyType } = longest;
    await this.made(cluster, kept, { snapshotType: "scheduled", frequencyType, policyItems });
  }

  /** The items of a cluster's policy whose time has come. */
  private due(cluster: Cluster): PolicyItem[] {
    const { groupId, name, kind } = cluster;
    const taken = this.of({ groupId, clusterName: name }).filter(({ clusterId }) => clusterId === cluster.id);
    const isYoung = Date.now() - Date.parse(cluster.createDate) < firstOfFlex;
    if (kind === "flex" && taken.length === 0 && isYoung) return [];
    const items: PolicyItem[] =
      kind === "flex"
        ? [{ frequencyType: "daily", frequencyInterval: 1, retentionUnit: "days", retentionValue: 8 }]
        : policyItemsOf(cluster);
    return items.filter(({ id, frequencyType, frequencyInterval }) => {
      const period = periods[frequencyType] * (frequencyType === "hourly" ? frequencyInterval : 1);
      const last = taken.filter(({ policyItems = [] }) => kind === "flex" || policyItems.includes(id ?? ""));
      return last.every(({ createdAt }) => Date.now() - createdAt >= period);
    });
  }

  private async made(cluster: Cluster, kept: number, more: SnapshotOf): Promise<Snapshot> {
    const { groupId, name: clusterName, id: clusterId, kind } = cluster;
    const { copies, times, data } = this.context;
    const now = Date.now();
    const snapshot: Snapshot = {
      id: newId(),
      ...{ groupId, clusterName, clusterId, kind },
      createdAt: now,
      doneAt: now + times.backups,
      expiresAt: now + kept,
      version: String(cluster.settings.mongoDBMajorVersion ?? ""),
      ...more,
    };
    // Known before it is taken: a second look meanwhile takes no second one.
    data.snapshots = [...data.snapshots, snapshot];
    await copies.take(cluster, snapshot.id).catch(() => {
      snapshot.failed = true;
    });
    this.context.save();
    return snapshot;
  }

  private of({ groupId, clusterName }: Pick<Snapshot, "groupId" | "clusterName">): Snapshot[] {
    return this.context.data.snapshots.filter(
      (one) => one.groupId === groupId && one.clusterName === clusterName,
    );
  }

  /** The cluster of a name, where it is there still; what was retained can be read without it. */
  private cluster(groupId: string, name: string, api: Api): Cluster | undefined {
    const isThere = clustersOf(this.context, groupId).some((one) => one.name === name);
    if (!isThere && this.of({ groupId, clusterName: name }).length > 0) return undefined;
    const cluster = clusterOf(this.context, groupId, name, api);
    if (cluster.kind === "tenant") throw new AtlasError("PROVIDER_BACKUP_NOT_SUPPORTED");
    return cluster;
  }

  get routes(): Route[] {
    const asked = "/groups/:group/clusters/:name/backup/snapshots" as const;
    const listed = (api: Api, shown: (snapshot: Snapshot) => object) => {
      const { path, snapshot } = paths[api];
      return [
        route(`GET ${path}/snapshots`, async ({ group, name, query }) => {
          await this.keepUp();
          return page(this.list(group, name, api).map(shown), query);
        }),
        route(`GET ${path}/snapshots/:${snapshot}`, ({ group, name, [snapshot]: id }) =>
          shown(this.get(group, name, api, id)),
        ),
      ];
    };
    return [
      ...listed("dedicated", snapshotReply),
      ...listed("flex", flexSnapshotReply),
      route(`POST ${asked}`, async ({ group, name }, body: SnapshotRequest) =>
        takenReply(await this.take(group, name, body)),
      ),
      route(`DELETE ${asked}/:snapshot`, ({ group, name, snapshot }) => this.delete(group, name, snapshot)),
    ];
  }
}

/** Where each of the two APIs has its backups, and what it calls one in a path. */
export const paths = {
  dedicated: { path: "/groups/:group/clusters/:name/backup", snapshot: "snapshot", job: "job" },
  flex: { path: "/groups/:group/flexClusters/:name/backup", snapshot: "flexSnapshot", job: "flexJob" },
} as const;

/** With a cluster go its snapshots, unless they were asked to stay. */
export function forgetSnapshotsOf(context: AtlasContext, cluster: Cluster): void {
  const { groupId, name, retainBackups } = cluster;
  if (retainBackups || isRetained(context.project(groupId))) return;
  const own = (one: Snapshot) => one.groupId === groupId && one.clusterName === name;
  forget(context, context.data.snapshots.filter(own));
}

function forget(context: AtlasContext, gone: Snapshot[]): void {
  if (gone.length === 0) return;
  const { data, copies } = context;
  data.snapshots = data.snapshots.filter((one) => !gone.includes(one));
  for (const { groupId, clusterName, id } of gone) copies.drop({ groupId, name: clusterName }, id);
  context.save();
}

export const statusOf = ({ failed, doneAt }: Pick<Snapshot, "failed" | "doneAt">) =>
  failed ? "failed" : doneAt > Date.now() ? "inProgress" : "completed";

/** A status as the API of Flex has it. */
export const flexStatus = { inProgress: "RUNNING", failed: "FAILED", completed: "COMPLETED" };

/** Of a dedicated cluster. The call that takes one is described to say less of it. */
const snapshotReply = (snapshot: Snapshot): object => ({
  ...takenReply(snapshot),
  cloudProvider: "AWS",
  replicaSetName: snapshot.clusterName,
});

const takenReply = (snapshot: Snapshot): object => ({
  id: snapshot.id,
  createdAt: dateOf(snapshot.createdAt),
  description: snapshot.description,
  expiresAt: dateOf(snapshot.expiresAt),
  frequencyType: snapshot.frequencyType,
  mongodVersion: patches[snapshot.version || defaultVersion],
  policyItems: snapshot.policyItems,
  snapshotType: snapshot.snapshotType,
  status: statusOf(snapshot),
  storageSizeBytes: 0,
  type: "replicaSet",
  links: [],
});

function flexSnapshotReply(snapshot: Snapshot): object {
  const status = flexStatus[statusOf(snapshot)];
  return {
    id: snapshot.id,
    expiration: dateOf(snapshot.expiresAt),
    mongoDBVersion: patches[snapshot.version || defaultVersion],
    scheduledTime: dateOf(snapshot.createdAt),
    startTime: dateOf(snapshot.createdAt),
    ...(status === "COMPLETED" && { finishTime: dateOf(snapshot.doneAt) }),
    status,
    links: [],
  };
}
