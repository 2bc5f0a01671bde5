/**
 * Restore jobs: a snapshot, or a moment of the continuous backup, takes the place of all that a cluster holds.
 *
 * @see https://www.mongodb.com/docs/atlas/backup-restore-cluster/
 */
import type { Snapshots } from "./backups.ts";
import { defaultVersion } from "./cluster-rules.ts";
import { AtlasError } from "./error.ts";
import type { FlexRestoreRequest, RestoreRequest } from "./requests.ts";
import { scheduleOf } from "./schedule.ts";
import {
  type AtlasContext,
  type AtlasState,
  type Cluster,
  type ClusterKind,
  isBusy,
  newId,
  Part,
  type RestoreJob,
} from "./state.ts";

const day = 24 * 3_600_000;

export class RestoreJobs extends Part {
  private readonly snapshots: Snapshots;

  constructor(context: AtlasContext, snapshots: Snapshots) {
    super(context);
    this.snapshots = snapshots;
  }

  /** From the newest on. */
  list(groupId: string, name: string, kind: ClusterKind): RestoreJob[] {
    // It knows which of the two APIs a cluster is of.
    this.snapshots.list(groupId, name, kind);
    return (this.context.data.restoreJobs ?? [])
      .filter((job) => job.groupId === groupId && job.clusterName === name)
      .reverse();
  }

  get(groupId: string, name: string, kind: ClusterKind, id: string): RestoreJob {
    const job = this.list(groupId, name, kind).find((one) => one.id === id);
    if (job !== undefined) return job;
    throw new AtlasError(kind === "flex" ? "TENANT_RESTORE_NOT_FOUND" : "RESTORE_JOB_NOT_FOUND", id, name);
  }

  async create(groupId: string, name: string, request: RestoreRequest): Promise<RestoreJob> {
    const { deliveryType, snapshotId, targetClusterName, targetGroupId } = request;
    this.snapshots.list(groupId, name, "dedicated");
    if (deliveryType === "download") throw new AtlasError("UNSUPPORTED_DELIVERY_METHOD");
    if (targetGroupId === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "targetGroupId");
    if (targetClusterName === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "targetClusterName");
    if (deliveryType === "pointInTime") {
      const at = this.moment(groupId, name, request);
      const target = this.target(targetGroupId, targetClusterName, this.versionOf(groupId, name), [
        "dedicated",
      ]);
      return this.run({ groupId, name }, { at }, target, { deliveryType, ...given(request) });
    }
    if (snapshotId === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "snapshotId");
    const snapshot = this.snapshot(groupId, name, "dedicated", snapshotId);
    const target = this.target(targetGroupId, targetClusterName, snapshot.version, ["dedicated"]);
    return this.run({ groupId, name }, { snapshot: snapshot.id }, target, { deliveryType, snapshotId });
  }

  async createFlex(groupId: string, name: string, request: FlexRestoreRequest): Promise<RestoreJob> {
    const {
      snapshotId,
      targetDeploymentItemName,
      targetProjectId = groupId,
      deliveryType = "RESTORE",
    } = request;
    this.snapshots.list(groupId, name, "flex");
    if (deliveryType !== "RESTORE") throw new AtlasError("UNSUPPORTED_DELIVERY_METHOD");
    const snapshot = this.snapshot(groupId, name, "flex", snapshotId);
    const kinds: ClusterKind[] = ["flex", "dedicated"];
    const target = this.target(targetProjectId, targetDeploymentItemName, snapshot.version, kinds);
    const more = { deliveryType: "automated" as const, snapshotId };
    return this.run({ groupId, name }, { snapshot: snapshot.id }, target, more);
  }

  /** @throws always: Atlas cancels downloads only, and there are none here */
  cancel(groupId: string, name: string, id: string): void {
    this.get(groupId, name, "dedicated", id);
    throw new AtlasError("CANNOT_CANCEL_AUTOMATED_RESTORE");
  }

  private async run(
    source: { groupId: string; name: string },
    what: { snapshot: string } | { at: number },
    target: Cluster,
    more: Pick<RestoreJob, "deliveryType" | "snapshotId" | "pointInTimeUTCSeconds" | "oplogTs" | "oplogInc">,
  ): Promise<RestoreJob> {
    const { data, store, times, copies } = this.context;
    const createdAt = Date.now();
    const job: RestoreJob = {
      id: newId(),
      groupId: source.groupId,
      clusterName: source.name,
      target: { groupId: target.groupId, name: target.name },
      createdAt,
      doneAt: createdAt + times.backups,
      ...more,
    };
    data.restoreJobs = [...(data.restoreJobs ?? []), job];
    store.save();
    await copies.restore(source, what, target).catch(() => {
      job.failed = true;
    });
    store.save();
    return job;
  }

  private snapshot(groupId: string, name: string, kind: ClusterKind, id: string) {
    const snapshot = this.snapshots.get(groupId, name, kind, id);
    // One that is not there yet, or never will be, is none.
    if (snapshot.failed || snapshot.doneAt > Date.now())
      throw new AtlasError(kind === "flex" ? "TENANT_SNAPSHOT_NOT_FOUND" : "SNAPSHOT_NOT_FOUND", id, name);
    return snapshot;
  }

  /** In milliseconds since 1970. */
  private moment(groupId: string, name: string, request: RestoreRequest): number {
    const cluster = this.cluster(groupId, name);
    const { pointInTimeUTCSeconds, oplogTs, oplogInc } = request;
    const seconds = pointInTimeUTCSeconds ?? oplogTs;
    if (seconds === undefined || (pointInTimeUTCSeconds !== undefined && oplogTs !== undefined))
      throw new AtlasError("MISSING_ATTRIBUTE", "pointInTimeUTCSeconds");
    if (oplogTs !== undefined && oplogInc === undefined)
      throw new AtlasError("MISSING_ATTRIBUTE", "oplogInc");
    if (cluster.settings.pitEnabled !== true) throw new AtlasError("BACKUP_CONFIG_NOT_FOUND", name, groupId);
    const at = seconds * 1000;
    if (at > Date.now()) throw new AtlasError("INVALID_ATTRIBUTE", "pointInTimeUTCSeconds");
    const window = (scheduleOf(cluster).restoreWindowDays ?? 0) * day;
    const since = this.context.copies.since(cluster) ?? Number.POSITIVE_INFINITY;
    if (at < Math.max(since, Date.now() - window))
      throw new AtlasError("UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME");
    return at;
  }

  /** Where it goes: a cluster that is there, not busy, of the same major version. */
  private target(groupId: string, name: string, version: string, kinds: ClusterKind[]): Cluster {
    const target = this.cluster(groupId, name);
    if (!kinds.includes(target.kind)) throw new AtlasError("INVALID_CLUSTER_CONFIGURATION");
    refuseIfRestoring(this.context.data, target);
    if (isBusy(target)) throw new AtlasError("TENANT_RESTORE_DESTINATION_UNAVAILABLE");
    const own = String(target.settings.mongoDBMajorVersion ?? "");
    if ((own || defaultVersion) !== (version || defaultVersion))
      throw new AtlasError("TENANT_RESTORE_VERSION_MISMATCH");
    return target;
  }

  private versionOf = (groupId: string, name: string) =>
    String(this.cluster(groupId, name).settings.mongoDBMajorVersion ?? "");

  private cluster(groupId: string, name: string): Cluster {
    this.context.project(groupId);
    const cluster = this.context.data.clusters.find((one) => one.groupId === groupId && one.name === name);
    if (cluster === undefined) throw new AtlasError("CLUSTER_NOT_FOUND", name, groupId);
    return cluster;
  }
}

/** @throws AtlasError while a cluster is being restored: nothing else can be done with it */
export function refuseIfRestoring({ restoreJobs = [] }: AtlasState, { groupId, name }: Cluster): void {
  const isRestored = restoreJobs.some(
    ({ target, doneAt }) => target.groupId === groupId && target.name === name && doneAt > Date.now(),
  );
  if (isRestored) throw new AtlasError("CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE");
}

const given = ({ pointInTimeUTCSeconds, oplogTs, oplogInc }: RestoreRequest) => ({
  ...(pointInTimeUTCSeconds !== undefined && { pointInTimeUTCSeconds }),
  ...(oplogTs !== undefined && { oplogTs, ...(oplogInc !== undefined && { oplogInc }) }),
});
