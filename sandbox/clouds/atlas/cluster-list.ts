/** The clusters that there are, and what they are busy with. */
import { checkName, refuseIfDeleting } from "./cluster-rules.ts";
import { AtlasError } from "./error.ts";
import {
  type AtlasContext,
  type Cluster,
  type ClusterBody,
  type ClusterKind,
  type Container,
  newId,
  type ReplicationSpec,
  timestamp,
} from "./state.ts";

/** The two APIs that clusters are served through. */
export type ClusterApi = "clusters" | "flex";

/** What a cluster has whatever its kind. */
interface Common {
  tags?: Cluster["tags"] | undefined;
  labels?: Cluster["labels"] | undefined;
  terminationProtectionEnabled?: boolean | undefined;
}

export class ClusterList {
  private readonly context: AtlasContext;

  constructor(context: AtlasContext) {
    this.context = context;
  }

  /** All clusters of a project that one of the APIs shows; both by default. */
  list(groupId: string, api?: ClusterApi): Cluster[] {
    this.context.project(groupId);
    this.settle();
    return this.context.data.clusters.filter(
      (cluster) =>
        cluster.groupId === groupId && (api === undefined || (cluster.kind === "flex") === (api === "flex")),
    );
  }

  get(groupId: string, name: string, api: ClusterApi): Cluster {
    const cluster = this.list(groupId).find((other) => other.name === name);
    if (cluster === undefined)
      throw new AtlasError(
        404,
        "CLUSTER_NOT_FOUND",
        `No cluster named ${name} exists in group ${groupId}.`,
        name,
        groupId,
      );
    if (api === "clusters" && cluster.kind === "flex")
      throw new AtlasError(
        400,
        "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
        `Cannot use Flex cluster ${name} in the Cluster API.`,
        name,
      );
    if (api === "flex" && cluster.kind !== "flex")
      throw new AtlasError(
        400,
        "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
        `Cannot use non-Flex cluster ${name} in the Flex API.`,
        name,
      );
    return cluster;
  }

  /** Starts to create one, under a name that is free. */
  add(groupId: string, name: string, body: ClusterBody, more: Common): Cluster {
    checkName(
      name,
      groupId,
      this.list(groupId).map((other) => other.name),
    );
    const { tags = [], labels = [], terminationProtectionEnabled = false } = more;
    const base = { groupId, name, tags, labels, terminationProtectionEnabled, processArgs: {} };
    const cluster: Cluster = { ...body, ...base };
    this.context.data.clusters.push(cluster);
    this.connect(cluster);
    return this.busy(cluster, "CREATING");
  }

  /** Sets what is said of the common settings and leaves the others. */
  change(cluster: Cluster, { tags, labels, terminationProtectionEnabled }: Common): void {
    refuseIfDeleting(cluster);
    if (tags !== undefined) cluster.tags = tags;
    if (labels !== undefined) cluster.labels = labels;
    if (terminationProtectionEnabled !== undefined)
      cluster.terminationProtectionEnabled = terminationProtectionEnabled;
  }

  delete(groupId: string, name: string, api: ClusterApi): Cluster {
    const cluster = this.get(groupId, name, api);
    refuseIfDeleting(cluster);
    if (cluster.terminationProtectionEnabled)
      throw new AtlasError(
        400,
        "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
        "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.",
      );
    return this.busy(cluster, "DELETING");
  }

  /** The networks that the project's dedicated clusters were given; they outlive the clusters. */
  containers(groupId: string, providerName = "AWS"): Container[] {
    this.context.project(groupId);
    return this.context.data.containers.filter(
      (container) => container.groupId === groupId && container.providerName === providerName,
    );
  }

  /** Gives each region of a dedicated cluster the project's network there. */
  connect({ kind, groupId, replicationSpecs }: Pick<Cluster, keyof ClusterBody | "groupId">): void {
    if (kind !== "dedicated") return;
    for (const { providerName, regionName } of replicationSpecs.flatMap((spec) => spec.regionConfigs)) {
      const known = this.containers(groupId, providerName).some((other) => other.regionName === regionName);
      if (!known) this.context.data.containers.push({ id: newId(), groupId, providerName, regionName });
    }
  }

  /** Starts what takes its time. */
  busy(cluster: Cluster, stateName: "CREATING" | "UPDATING" | "DELETING", becomes?: ClusterBody): Cluster {
    const until = Date.now() + this.context.provisioning;
    // A cluster that is still being created stays so when it is changed.
    const state =
      stateName === "UPDATING" && cluster.pending?.stateName === "CREATING" ? "CREATING" : stateName;
    const next = becomes ?? (stateName === "UPDATING" ? cluster.pending?.becomes : undefined);
    cluster.pending = { stateName: state, until, ...(next && { becomes: next }) };
    this.context.store.save();
    return cluster;
  }

  /** Finishes what has had its time. */
  private settle(): void {
    const { data, store } = this.context;
    const ready = data.clusters.filter(({ pending }) => pending !== undefined && pending.until <= Date.now());
    if (ready.length === 0) return;
    for (const cluster of ready) {
      const { stateName, becomes } = cluster.pending ?? {};
      delete cluster.pending;
      if (stateName === "DELETING") {
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
