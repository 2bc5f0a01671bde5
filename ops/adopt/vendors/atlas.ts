/** What there is at MongoDB Atlas. */
import type { Atlas, AtlasClusterAnswer, AtlasFlexAnswer, AtlasUserAnswer } from "../../../vendors/atlas.ts";
import type { AtlasCluster, AtlasProject, AtlasUser } from "../model.ts";

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
      users: users.filter(hasPassword).map(userOf),
      // Entries that end by themselves, and AWS' own groups, are nobody's to declare.
      accessList: accessList.flatMap(({ cidrBlock, comment, deleteAfterDate }) =>
        cidrBlock === undefined || deleteAfterDate !== undefined
          ? []
          : [{ cidr: cidrBlock, comment: comment ?? "" }],
      ),
    });
  }
  return projects;
}

function common({ name, connectionStrings = {}, terminationProtectionEnabled = false }: AtlasClusterAnswer) {
  const { standard = "", standardSrv = "" } = connectionStrings;
  return {
    name,
    hosts: [standard, standardSrv].flatMap(hostsOf),
    connectionString: standardSrv || standard,
    terminationProtection: terminationProtectionEnabled,
  };
}

/** Hosts of a connection string, with their ports. */
export function hostsOf(connectionString: string): string[] {
  const hosts = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(connectionString)?.[1];
  return hosts?.split(",") ?? [];
}

function clusterOf(cluster: AtlasClusterAnswer): AtlasCluster {
  const regions = (cluster.replicationSpecs ?? []).flatMap(({ regionConfigs }) => regionConfigs);
  const [first] = regions;
  const tiers = new Set(regions.map(({ electableSpecs }) => electableSpecs?.instanceSize).filter(Boolean));
  const tier = tiers.size === 1 ? [...tiers][0] : undefined;
  const onAws = first?.providerName === "AWS" || first?.providerName === "TENANT";
  const compute = first?.autoScaling?.compute;
  return {
    ...common(cluster),
    tier,
    region: regions.length === 1 && onAws ? first?.regionName : undefined,
    ...(tier !== "M0" && {
      backup: { snapshots: cluster.backupEnabled === true, pointInTime: cluster.pitEnabled === true },
    }),
    ...(compute?.enabled === true &&
      compute.minInstanceSize !== undefined &&
      compute.maxInstanceSize !== undefined && {
        autoscale: { from: compute.minInstanceSize, to: compute.maxInstanceSize },
      }),
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

const userOf = ({ username, roles, scopes = [] }: AtlasUserAnswer): AtlasUser => ({
  name: username,
  roles: roles.map(
    ({ roleName, databaseName, collectionName }) =>
      `${roleName}@${databaseName}${collectionName ? `.${collectionName}` : ""}`,
  ),
  scopes: scopes.filter(({ type }) => type === "CLUSTER").map(({ name }) => name),
});
