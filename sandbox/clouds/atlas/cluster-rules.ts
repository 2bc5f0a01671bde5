/** What Atlas refuses of a cluster, besides its hardware. */
import { AtlasError } from "./error.ts";
import type { Tags } from "./requests.ts";
import type { Cluster, ClusterKind } from "./state.ts";

/** Major versions, oldest first, and the one that a new cluster gets; https://www.mongodb.com/docs/atlas/reference/atlas-versions/ */
const versions = ["7.0", "8.0", "9.0"];
export const defaultVersion = "8.0";
const nameLimit = 64;
/** Host names are made of this many characters of the cluster's name. */
const prefixLength = 23;

/** @param others the clusters that the project has */
export function checkName(name: string, groupId: string, others: readonly string[]): void {
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

export function checkOneFreeCluster(clusters: readonly Cluster[]): void {
  const why = "This project has reached the limit for the number of free clusters.";
  if (clusters.some(({ kind }) => kind === "tenant"))
    throw new AtlasError("CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API", why);
}

export function refuseIfDeleting({ name, pending }: Cluster): void {
  if (pending?.stateName === "DELETING") throw new AtlasError("CLUSTER_ALREADY_REQUESTED_DELETION", name);
}

export function checkSettings(settings: Record<string, unknown>, kind: ClusterKind, before?: unknown): void {
  const { mongoDBMajorVersion: version, backupEnabled, pitEnabled } = settings;
  if (kind === "tenant" && backupEnabled === true) throw new AtlasError("PROVIDER_BACKUP_NOT_SUPPORTED");
  // Point-in-time restore reads the backups. Atlas' code for this is not known; this one is its general refusal.
  if (pitEnabled === true && backupEnabled !== true) throw new AtlasError("INVALID_CLUSTER_CONFIGURATION");
  if (typeof version !== "string") return;
  if (!versions.includes(version)) throw new AtlasError("MONGODB_VERSION_INVALID", version);
  if (typeof before !== "string") return;
  const steps = versions.indexOf(version) - versions.indexOf(before);
  if (steps < 0) throw new AtlasError("CLUSTER_UPGRADE_INVALID");
  // One after the other; Atlas' code for this is not known.
  if (steps > 1) throw new AtlasError("INVALID_CLUSTER_CONFIGURATION");
}

/** https://www.mongodb.com/docs/atlas/tags/ */
export function checkTags(tags: Tags = []): void {
  const wrong = tags.flatMap(({ key, value }) => [key, value]).find((text) => !/^[^/]{1,255}$/u.test(text));
  if (wrong !== undefined) throw new AtlasError("TAG_INVALID", wrong);
}
