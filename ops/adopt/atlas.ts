/** What there is at MongoDB Atlas, as far as it can be taken over. */
import type {
  Atlas,
  AtlasClusterAnswer,
  AtlasFlexAnswer,
  AtlasGroup,
  AtlasUserAnswer,
} from "../../vendors/atlas.ts";
import type { AccessEntry } from "./describe/access-list.ts";
import { mongodbUrlOf } from "./urls.ts";

export interface AtlasProject extends AtlasGroup {
  clusters: AtlasCluster[];
  /** Users with a password; others cannot be given to a backend by URL. */
  users: AtlasUserAnswer[];
  accessList: AccessEntry[];
}

/** A cluster of any tier: Atlas tells of a Flex cluster in other words. */
export interface AtlasCluster {
  name: string;
  /** `M0`, `FLEX`, `M10` …; undefined where regions differ in it. */
  tier: string | undefined;
  /** Atlas' name of the only region; undefined when there are several, or another cloud than AWS. */
  region: string | undefined;
  /** Hosts of its connection strings, each with its port where it has one. */
  hosts: string[];
  connectionString: string;
  terminationProtection: boolean;
  /** Dedicated tiers only. */
  backup?: { snapshots: boolean; pointInTime: boolean };
  /** Compute follows the load between two tiers. */
  autoscale?: { from: string; to: string };
}

/** Every project that the keys can see, with what lies in it. */
export async function atlasProjects(atlas: Atlas): Promise<AtlasProject[]> {
  const projects: AtlasProject[] = [];
  for (const { id, name } of await atlas.projects()) {
    const [clusters, flexClusters, users, accessList] = [
      await atlas.clusters(id),
      await atlas.flexClusters(id),
      await atlas.users(id),
      await atlas.accessList(id),
    ];
    projects.push({
      id,
      name,
      clusters: [...clusters.map(clusterOf), ...flexClusters.map(flexOf)],
      users: users.filter(hasPassword),
      // Entries that end by themselves, and AWS' own groups, are nobody's to declare.
      accessList: accessList.flatMap(({ cidrBlock, comment = "", deleteAfterDate }) =>
        cidrBlock === undefined || deleteAfterDate !== undefined ? [] : [{ cidr: cidrBlock, comment }],
      ),
    });
  }
  return projects;
}

function common({ name, connectionStrings = {}, terminationProtectionEnabled = false }: AtlasClusterAnswer) {
  const { standard = "", standardSrv = "" } = connectionStrings;
  return {
    name,
    hosts: [standard, standardSrv].flatMap((url) => mongodbUrlOf(url)?.hosts ?? []),
    connectionString: standardSrv || standard,
    terminationProtection: terminationProtectionEnabled,
  };
}

function clusterOf(cluster: AtlasClusterAnswer): AtlasCluster {
  const regions = (cluster.replicationSpecs ?? []).flatMap(({ regionConfigs }) => regionConfigs);
  const [first] = regions;
  const tiers = new Set(regions.map(({ electableSpecs }) => electableSpecs?.instanceSize).filter(Boolean));
  const tier = tiers.size === 1 ? [...tiers][0] : undefined;
  const onAws = first?.providerName === "AWS" || first?.providerName === "TENANT";
  const { enabled, minInstanceSize: from, maxInstanceSize: to } = first?.autoScaling?.compute ?? {};
  return {
    ...common(cluster),
    tier,
    region: regions.length === 1 && onAws ? first?.regionName : undefined,
    ...(tier !== "M0" && {
      backup: { snapshots: cluster.backupEnabled === true, pointInTime: cluster.pitEnabled === true },
    }),
    ...(enabled === true && from !== undefined && to !== undefined && { autoscale: { from, to } }),
  };
}

function flexOf(cluster: AtlasFlexAnswer): AtlasCluster {
  const { backingProviderName, regionName } = cluster.providerSettings;
  return { ...common(cluster), tier: "FLEX", region: backingProviderName === "AWS" ? regionName : undefined };
}

/** Who logs in by certificate, LDAP, AWS or OIDC has none. */
const hasPassword = (user: AtlasUserAnswer) =>
  user.databaseName === "admin" &&
  [user.x509Type, user.ldapAuthType, user.awsIAMType, user.oidcAuthType].every(
    (type) => type === undefined || type === "NONE",
  );
