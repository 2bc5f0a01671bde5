/** What Atlas refuses of a cluster, besides its hardware. */
import { AtlasError, missing } from "./error.ts";
import type { Cluster, ClusterKind } from "./state.ts";

/** Major versions, oldest first, and the one that a new cluster gets. */
const versions = ["7.0", "8.0"];
export const defaultVersion = "8.0";
const nameLimit = 64;
/** Host names are made of this many characters of the cluster's name. */
const prefixLength = 23;

/** @param others the clusters that the project has */
export function checkName(name: string, groupId: string, others: readonly string[]): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name))
    throw new AtlasError(
      400,
      "CLUSTER_NAME_INVALID",
      `The cluster name ${name} is invalid. The name can only contain ASCII letters, numbers, and hyphens.`,
      name,
    );
  if (name.length > nameLimit)
    throw new AtlasError(
      400,
      "CLUSTER_NAME_TOO_LONG",
      `Cluster name ${name} is limited to ${nameLimit} characters.`,
      name,
    );
  if (others.includes(name))
    throw new AtlasError(
      400,
      "DUPLICATE_CLUSTER_NAME",
      `A cluster named ${name} is already present in group ${groupId}.`,
      name,
      groupId,
    );
  const prefix = name.slice(0, prefixLength);
  if (others.some((other) => other.slice(0, prefixLength) === prefix))
    throw new AtlasError(
      400,
      "DUPLICATE_CLUSTER_NAME_PREFIX",
      `Cluster name ${name} cannot have same first ${prefixLength} characters as another cluster name in same group.`,
      name,
    );
}

/** The code's name misleads: it is what Atlas answers for a second M0, in these words (logs of the provider's tests). */
export function checkOneFreeCluster(clusters: readonly Cluster[]): void {
  const why = "This project has reached the limit for the number of free clusters.";
  if (clusters.some(({ kind }) => kind === "tenant"))
    throw new AtlasError(
      400,
      "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API",
      `Cannot create a cluster with instance size M0 via the public api: ${why}`,
      why,
    );
}

export function refuseIfDeleting({ name, pending }: Cluster): void {
  if (pending?.stateName === "DELETING")
    throw new AtlasError(
      400,
      "CLUSTER_ALREADY_REQUESTED_DELETION",
      `The cluster ${name} has already been requested for deletion.`,
      name,
    );
}

export function checkSettings(settings: Record<string, unknown>, kind: ClusterKind, before?: unknown): void {
  const { mongoDBMajorVersion: version, backupEnabled, pitEnabled } = settings;
  if (kind === "tenant" && backupEnabled === true)
    throw new AtlasError(
      400,
      "PROVIDER_BACKUP_NOT_SUPPORTED",
      "Provider snapshot backups are not supported for this type of provider.",
    );
  // Point-in-time restore reads the backups. Atlas' code for this is not known; this one is its general refusal.
  if (pitEnabled === true && backupEnabled !== true)
    throw new AtlasError(
      400,
      "INVALID_CLUSTER_CONFIGURATION",
      "The specified cluster configuration is not valid.",
    );
  if (version === undefined) return;
  if (typeof version !== "string") throw missing("mongoDBMajorVersion");
  if (!versions.includes(version))
    throw new AtlasError(
      400,
      "MONGODB_VERSION_INVALID",
      `An invalid MongoDB version ${version} was specified.`,
      version,
    );
  if (typeof before === "string" && versions.indexOf(version) < versions.indexOf(before))
    throw new AtlasError(
      400,
      "CLUSTER_UPGRADE_INVALID",
      "Cluster cannot be upgraded, as specified upgrade version is below the current version.",
    );
}
