/** What the two APIs for clusters have in common: which there are, what they are called, and what they are busy with. */
import { forgetSnapshotsOf } from "./backups.ts";
import { AtlasError } from "./refusals.ts";
import {
  type AtlasContext,
  type Cluster,
  type ClusterBody,
  type ClusterKind,
  newId,
  Part,
  type ReplicationSpec,
  type Tags,
  timestamp,
} from "./state.ts";

/** What a cluster has whatever its kind. */
export interface Common {
  tags?: Tags | undefined;
  labels?: Tags | undefined;
  terminationProtectionEnabled?: boolean | undefined;
}

/** All clusters of a project as they are by now, whatever the API. */
export function clustersOf(context: AtlasContext, groupId: string): Cluster[] {
  settle(context);
  return context.of("clusters", groupId);
}

/** A cluster, or Atlas' refusal. @param api the one that is asked */
export function clusterOf(context: AtlasContext, groupId: string, name: string, api?: Api): Cluster {
  const cluster = clustersOf(context, groupId).find((other) => other.name === name);
  if (cluster === undefined) throw new AtlasError("CLUSTER_NOT_FOUND", name, groupId);
  if (api === "dedicated" && cluster.kind === "flex")
    throw new AtlasError("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", name);
  if (api === "flex" && cluster.kind !== "flex")
    throw new AtlasError("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", name);
  return cluster;
}

/** Flex clusters have an API of their own. */
export type Api = "dedicated" | "flex";

/** Finishes what has had its time. */
function settle(context: AtlasContext): void {
  const { data } = context;
  const ready = data.clusters.filter(({ pending }) => pending !== undefined && pending.until <= Date.now());
  if (ready.length === 0) return;
  for (const cluster of ready) {
    const { stateName, becomes } = cluster.pending ?? {};
    delete cluster.pending;
    const { groupId, name: clusterName } = cluster;
    // By itself, whoever happens to look.
    const happened = (what: "CLUSTER_READY" | "CLUSTER_DELETED") =>
      context.actor.exit(() => context.happened(what, groupId, { clusterName }));
    if (stateName === "CREATING") happened("CLUSTER_READY");
    if (stateName === "DELETING") {
      happened("CLUSTER_DELETED");
      forgetSnapshotsOf(context, cluster);
      data.clusters.splice(data.clusters.indexOf(cluster), 1);
    } else if (becomes !== undefined) {
      Object.assign(cluster, becomes);
      connect(context, cluster);
    }
  }
  context.save();
}

/** Gives each region of a dedicated cluster the project's network there. It outlives the cluster. */
export function connect({ data: { containers } }: AtlasContext, cluster: Cluster): void {
  const { kind, groupId, replicationSpecs } = cluster;
  if (kind !== "dedicated") return;
  for (const { providerName, regionName } of replicationSpecs.flatMap((spec) => spec.regionConfigs)) {
    const known = containers.some(
      (other) =>
        other.groupId === groupId && other.providerName === providerName && other.regionName === regionName,
    );
    if (!known) containers.push({ id: newId(), groupId, providerName, regionName });
  }
}

/** The clusters of one of the APIs. */
export class ClusterList extends Part {
  private readonly api: Api;

  constructor(context: AtlasContext, api: Api) {
    super(context);
    this.api = api;
  }

  list(groupId: string): Cluster[] {
    return clustersOf(this.context, groupId).filter(
      ({ kind }) => (kind === "flex") === (this.api === "flex"),
    );
  }

  get(groupId: string, name: string): Cluster {
    return clusterOf(this.context, groupId, name, this.api);
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
    const names = clustersOf(this.context, groupId).map((other) => other.name);
    checkName(name, groupId, names);
    checkTags(more.tags);
    const { tags = [], labels = [], terminationProtectionEnabled = false } = more;
    const base = { groupId, name, tags, labels, terminationProtectionEnabled, processArgs: {} };
    const cluster: Cluster = { ...body, ...base };
    this.context.data.clusters.push(cluster);
    this.context.happened("CLUSTER_CREATED", groupId, { clusterName: name });
    connect(this.context, cluster);
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
    this.context.save();
    return cluster;
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

const nameLimit = 64;
/** Host names are made of this many characters of the cluster's name. */
const prefixLength = 23;

/** @param others the clusters that the project has */
function checkName(name: string, groupId: string, others: readonly string[]): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)) throw new AtlasError("CLUSTER_NAME_INVALID", name);
  if (name.length > nameLimit) throw new AtlasError("CLUSTER_NAME_TOO_LONG", name, nameLimit);
  if (others.includes(name)) throw new AtlasError("DUPLICATE_CLUSTER_NAME", name, groupId);
  const prefix = name.slice(0, prefixLength);
  // https://github.com/mongodb/mongodb-atlas-cli/pull/3780
  if (prefix.length === prefixLength && prefix.endsWith("-"))
    throw new AtlasError("CLUSTER_NAME_PREFIX_INVALID", name, prefixLength, prefix);
  if (others.some((other) => other.slice(0, prefixLength) === prefix))
    throw new AtlasError("DUPLICATE_CLUSTER_NAME_PREFIX", name, prefixLength);
}

function refuseIfDeleting({ name, pending }: Cluster): void {
  if (pending?.stateName === "DELETING") throw new AtlasError("CLUSTER_ALREADY_REQUESTED_DELETION", name);
}

/** https://www.mongodb.com/docs/atlas/tags/ */
export function checkTags(tags: Tags = []): void {
  const wrong = tags.flatMap(({ key, value }) => [key, value]).find((text) => !/^[^/]{1,255}$/u.test(text));
  if (wrong !== undefined) throw new AtlasError("TAG_INVALID", wrong);
}
