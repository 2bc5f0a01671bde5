/**
 * Restore jobs: a snapshot, or a moment of the continuous backup, takes the place of all that a cluster holds.
 *
 * @see https://www.mongodb.com/docs/atlas/backup-restore-cluster/
 */
import { type Route, route } from "../api.ts";
import { flexStatus, paths, type Snapshots, statusOf } from "./backups.ts";
import { type Api, clusterOf } from "./cluster-list.ts";
import { defaultVersion } from "./cluster-replies.ts";
import { AtlasError } from "./refusals.ts";
import { scheduleOf } from "./schedule.ts";
import {
  type AtlasContext,
  type AtlasState,
  type Cluster,
  type ClusterKind,
  dateOf,
  isBusy,
  newId,
  Part,
  page,
  type RestoreJob,
  type Snapshot,
} from "./state.ts";

interface RestoreRequest {
  deliveryType: "automated" | "download" | "pointInTime";
  snapshotId?: string;
  pointInTimeUTCSeconds?: number;
  oplogTs?: number;
  oplogInc?: number;
  targetClusterName?: string;
  targetGroupId?: string;
}
interface FlexRestoreRequest {
  snapshotId: string;
  targetDeploymentItemName: string;
  targetProjectId?: string;
  deliveryType?: "RESTORE" | "DOWNLOAD";
}

const day = 24 * 3_600_000;

export class RestoreJobs extends Part {
  private readonly snapshots: Snapshots;

  constructor(context: AtlasContext, snapshots: Snapshots) {
    super(context);
    this.snapshots = snapshots;
  }

  /** From the newest on. */
  list(groupId: string, name: string, api: Api): RestoreJob[] {
    // It knows which of the two APIs a cluster is of.
    this.snapshots.list(groupId, name, api);
    return this.context
      .of("restoreJobs", groupId)
      .filter(({ clusterName }) => clusterName === name)
      .reverse();
  }

  get(groupId: string, name: string, api: Api, id: string): RestoreJob {
    const job = this.list(groupId, name, api).find((one) => one.id === id);
    if (job !== undefined) return job;
    throw new AtlasError(api === "flex" ? "TENANT_RESTORE_NOT_FOUND" : "RESTORE_JOB_NOT_FOUND", id, name);
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

  private async run(
    source: { groupId: string; name: string },
    what: { snapshot: string } | { at: number },
    target: Cluster,
    more: Pick<RestoreJob, "deliveryType" | "snapshotId" | "pointInTimeUTCSeconds" | "oplogTs" | "oplogInc">,
  ): Promise<RestoreJob> {
    const { data, times, copies } = this.context;
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
    data.restoreJobs.push(job);
    this.context.save();
    await copies.restore(source, what, target).catch(() => {
      job.failed = true;
    });
    this.context.save();
    return job;
  }

  private snapshot(groupId: string, name: string, api: Api, id: string) {
    const snapshot = this.snapshots.get(groupId, name, api, id);
    // One that is not there yet, or never will be, is none.
    if (snapshot.failed || snapshot.doneAt > Date.now())
      throw new AtlasError(api === "flex" ? "TENANT_SNAPSHOT_NOT_FOUND" : "SNAPSHOT_NOT_FOUND", id, name);
    return snapshot;
  }

  /** In milliseconds since 1970. */
  private moment(groupId: string, name: string, request: RestoreRequest): number {
    const cluster = clusterOf(this.context, groupId, name);
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
    const target = clusterOf(this.context, groupId, name);
    if (!kinds.includes(target.kind)) throw new AtlasError("INVALID_CLUSTER_CONFIGURATION");
    refuseIfRestoring(this.context.data, target);
    if (isBusy(target)) throw new AtlasError("TENANT_RESTORE_DESTINATION_UNAVAILABLE");
    const own = String(target.settings.mongoDBMajorVersion ?? "");
    if ((own || defaultVersion) !== (version || defaultVersion))
      throw new AtlasError("TENANT_RESTORE_VERSION_MISMATCH");
    return target;
  }

  private versionOf = (groupId: string, name: string) =>
    String(clusterOf(this.context, groupId, name).settings.mongoDBMajorVersion ?? "");

  get routes(): Route[] {
    const of = (api: Api, reply: (job: RestoreJob, taken: Snapshot | undefined) => object) => {
      const { path, job } = paths[api];
      const shown = (one: RestoreJob) => {
        const all = this.snapshots.list(one.groupId, one.clusterName, api);
        return reply(
          one,
          all.find(({ id }) => id === one.snapshotId),
        );
      };
      return [
        route(`GET ${path}/restoreJobs`, ({ group, name, query }) =>
          page(this.list(group, name, api).map(shown), query),
        ),
        route(
          `POST ${path}/restoreJobs`,
          async ({ group, name }, body: RestoreRequest & FlexRestoreRequest) =>
            shown(
              await (api === "flex" ? this.createFlex(group, name, body) : this.create(group, name, body)),
            ),
        ),
        route(`GET ${path}/restoreJobs/:${job}`, ({ group, name, [job]: id }) =>
          shown(this.get(group, name, api, id)),
        ),
      ];
    };
    return [
      ...of("dedicated", restoreReply),
      ...of("flex", flexRestoreReply),
      route(`DELETE ${paths.dedicated.path}/restoreJobs/:job`, ({ group, name, job }) => {
        this.get(group, name, "dedicated", job);
        // Atlas cancels downloads only, and there are none here.
        throw new AtlasError("CANNOT_CANCEL_AUTOMATED_RESTORE");
      }),
    ];
  }
}

/** @throws AtlasError while a cluster is being restored: nothing else can be done with it */
export function refuseIfRestoring({ restoreJobs }: AtlasState, { groupId, name }: Cluster): void {
  const isRestored = restoreJobs.some(
    ({ target, doneAt }) => target.groupId === groupId && target.name === name && doneAt > Date.now(),
  );
  if (isRestored) throw new AtlasError("CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE");
}

const given = ({ pointInTimeUTCSeconds, oplogTs, oplogInc }: RestoreRequest) => ({
  ...(pointInTimeUTCSeconds !== undefined && { pointInTimeUTCSeconds }),
  ...(oplogTs !== undefined && { oplogTs, ...(oplogInc !== undefined && { oplogInc }) }),
});

/** @param taken when the snapshot was taken that it restores */
function restoreReply(job: RestoreJob, taken: Snapshot | undefined): object {
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
    ...(taken !== undefined && { timestamp: dateOf(taken.createdAt) }),
    ...(status === "completed" && { finishedAt: dateOf(job.doneAt) }),
    deliveryUrl: [],
    links: [],
  };
}

function flexRestoreReply(job: RestoreJob, taken: Snapshot | undefined): object {
  const { id, groupId, clusterName, snapshotId, target } = job;
  const status = flexStatus[statusOf(job)];
  return {
    id,
    deliveryType: "RESTORE",
    instanceName: clusterName,
    projectId: groupId,
    restoreScheduledDate: dateOf(job.createdAt),
    ...(status === "COMPLETED" && { restoreFinishedDate: dateOf(job.doneAt) }),
    ...(taken !== undefined && { snapshotFinishedDate: dateOf(taken.doneAt) }),
    snapshotId,
    status,
    targetDeploymentItemName: target.name,
    targetProjectId: target.groupId,
    links: [],
  };
}
