/** What the two APIs for clusters have in common: which there are, and what they are busy with. */
import { forgetSnapshotsOf } from "./backups.ts";
import { checkName, checkTags, refuseIfDeleting } from "./cluster-rules.ts";
import { AtlasError } from "./error.ts";
import type { Common } from "./requests.ts";
import {
  type AtlasContext,
  type Cluster,
  type ClusterBody,
  type ClusterKind,
  newId,
  Part,
  type ReplicationSpec,
  timestamp,
} from "./state.ts";

/** All clusters of the projects. One of the APIs shows Flex clusters, the other one all others. */
export class ClusterList extends Part {
  private readonly api: "clusters" | "flex" | undefined;

  /** @param api both by default */
  constructor(context: AtlasContext, api?: "clusters" | "flex") {
    super(context);
    this.api = api;
  }

  list(groupId: string): Cluster[] {
    const all = this.all(groupId);
    return this.api === undefined
      ? all
      : all.filter(({ kind }) => (kind === "flex") === (this.api === "flex"));
  }

  get(groupId: string, name: string): Cluster {
    const cluster = this.all(groupId).find((other) => other.name === name);
    if (cluster === undefined) throw new AtlasError("CLUSTER_NOT_FOUND", name, groupId);
    if (this.api === "clusters" && cluster.kind === "flex")
      throw new AtlasError("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", name);
    if (this.api === "flex" && cluster.kind !== "flex")
      throw new AtlasError("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", name);
    return cluster;
  }

  /** Atlas' own word on whether all that was asked of a cluster, and of its project's users, is in force. */
  status(groupId: string, name: string): "PENDING" | "APPLIED" {
    const { applying } = this.context.project(groupId);
    const changing = applying !== undefined && applying.until > Date.now();
    const { pending } = this.get(groupId, name);
    return changing || pending !== undefined ? "PENDING" : "APPLIED";
  }

  /** @param retainBackups whether its snapshots stay */
  delete(groupId: string, name: string, retainBackups = false): void {
    const cluster = this.get(groupId, name);
    refuseIfDeleting(cluster);
    if (cluster.terminationProtectionEnabled)
      throw new AtlasError("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED");
    this.context.happened("CLUSTER_DELETE_SUBMITTED", groupId, { clusterName: name });
    if (retainBackups) cluster.retainBackups = true;
    this.busy(cluster, "DELETING");
  }

  /** Starts to create one, under a name that is free. */
  protected add(groupId: string, name: string, body: ClusterBody, more: Common): Cluster {
    const names = this.all(groupId).map((other) => other.name);
    checkName(name, groupId, names);
    checkTags(more.tags);
    const { tags = [], labels = [], terminationProtectionEnabled = false } = more;
    const base = { groupId, name, tags, labels, terminationProtectionEnabled, processArgs: {} };
    const cluster: Cluster = { ...body, ...base };
    this.context.data.clusters.push(cluster);
    this.context.happened("CLUSTER_CREATED", groupId, { clusterName: name });
    this.connect(cluster);
    return this.busy(cluster, "CREATING");
  }

  /** Sets what is said of the common settings and leaves the others. */
  protected change(cluster: Cluster, { tags, labels, terminationProtectionEnabled }: Common): void {
    refuseIfDeleting(cluster);
    checkTags(tags);
    if (tags !== undefined) cluster.tags = tags;
    if (labels !== undefined) cluster.labels = labels;
    if (terminationProtectionEnabled !== undefined)
      cluster.terminationProtectionEnabled = terminationProtectionEnabled;
  }

  /** Gives each region of a dedicated cluster the project's network there. It outlives the cluster. */
  protected connect({ kind, groupId, replicationSpecs }: Pick<Cluster, keyof ClusterBody | "groupId">): void {
    if (kind !== "dedicated") return;
    const { containers } = this.context.data;
    for (const { providerName, regionName } of replicationSpecs.flatMap((spec) => spec.regionConfigs)) {
      const known = containers.some(
        (other) =>
          other.groupId === groupId && other.providerName === providerName && other.regionName === regionName,
      );
      if (!known) containers.push({ id: newId(), groupId, providerName, regionName });
    }
  }

  /** Starts what takes its time. */
  protected busy(
    cluster: Cluster,
    stateName: "CREATING" | "UPDATING" | "DELETING",
    becomes?: ClusterBody,
  ): Cluster {
    const until = Date.now() + this.context.times.provisioning;
    // A cluster that is still being created stays so when it is changed.
    const state =
      stateName === "UPDATING" && cluster.pending?.stateName === "CREATING" ? "CREATING" : stateName;
    if (stateName === "UPDATING")
      this.context.happened("CLUSTER_UPDATE_SUBMITTED", cluster.groupId, { clusterName: cluster.name });
    const next = becomes ?? (stateName === "UPDATING" ? cluster.pending?.becomes : undefined);
    cluster.pending = { stateName: state, until, ...(next && { becomes: next }) };
    this.context.store.save();
    return cluster;
  }

  /** Whatever the API. */
  private all(groupId: string): Cluster[] {
    this.context.project(groupId);
    this.settle();
    return this.context.data.clusters.filter((cluster) => cluster.groupId === groupId);
  }

  /** Finishes what has had its time. */
  private settle(): void {
    const { data, store } = this.context;
    const ready = data.clusters.filter(({ pending }) => pending !== undefined && pending.until <= Date.now());
    if (ready.length === 0) return;
    for (const cluster of ready) {
      const { stateName, becomes } = cluster.pending ?? {};
      delete cluster.pending;
      const { groupId, name: clusterName } = cluster;
      // By itself, whoever happens to look.
      const happened = (what: "CLUSTER_READY" | "CLUSTER_DELETED") =>
        this.context.actor.exit(() => this.context.happened(what, groupId, { clusterName }));
      if (stateName === "CREATING") happened("CLUSTER_READY");
      if (stateName === "DELETING") {
        happened("CLUSTER_DELETED");
        forgetSnapshotsOf(this.context, cluster);
        data.clusters.splice(data.clusters.indexOf(cluster), 1);
      } else if (becomes !== undefined) {
        Object.assign(cluster, becomes);
        this.connect(cluster);
      }
    }
    store.save();
  }
}

/** A cluster that nobody has named yet. */
export function newBody(
  kind: ClusterKind,
  replicationSpecs: ReplicationSpec[],
  settings: Record<string, unknown>,
): ClusterBody {
  return { id: newId(), kind, createDate: timestamp(), replicationSpecs, settings };
}
