/** What there is at MongoDB Atlas, as far as it can be taken over. */
import type { Atlas, AtlasClusterAnswer, AtlasFlexAnswer, AtlasUserAnswer } from "../../vendors/atlas.ts";
import type { Thing } from "./choose.ts";
import { mongodbUrlOf } from "./urls.ts";

export type AtlasProject = Awaited<ReturnType<typeof atlasProjects>>[number];
export type AtlasCluster = ReturnType<typeof clusterOf>;
export type AtlasUser = Thing & Pick<AtlasUserAnswer, "roles" | "scopes">;

const atAtlas = (kind: string, name: string, id = name): Thing => ({
  ...{ vendor: "MongoDB Atlas", kind, name, id },
});

/** Every project that the keys can see, with what lies in it. */
export async function atlasProjects(atlas: Atlas) {
  const projects = [];
  for (const { id, name } of await atlas.projects())
    projects.push({
      ...atAtlas("project", name, id),
      clusters: [...(await atlas.clusters(id)), ...(await atlas.flexClusters(id))].map(clusterOf),
      users: (await atlas.users(id)).filter(hasPassword).map(userOf),
      // Entries that end by themselves, and AWS' own groups, are nobody's to declare.
      accessList: (await atlas.accessList(id)).flatMap(
        ({ cidrBlock: cidr, comment = "", deleteAfterDate }) =>
          cidr === undefined || deleteAfterDate !== undefined
            ? []
            : [{ ...atAtlas("access list", cidr), cidr, comment }],
      ),
    });
  return projects;
}

/** A cluster of any tier: Atlas tells of a Flex cluster in other words. */
function clusterOf(cluster: AtlasClusterAnswer | AtlasFlexAnswer) {
  const { standard = "", standardSrv = "" } = cluster.connectionStrings ?? {};
  const regions = (cluster.replicationSpecs ?? []).flatMap(({ regionConfigs }) => regionConfigs);
  const [first] = regions;
  const flex = "providerSettings" in cluster ? cluster.providerSettings : undefined;
  const tiers = new Set(regions.map(({ electableSpecs }) => electableSpecs?.instanceSize).filter(Boolean));
  const cloud = flex ? flex.backingProviderName : regions.length === 1 ? first?.providerName : undefined;
  const { enabled, minInstanceSize: from, maxInstanceSize: to } = first?.autoScaling?.compute ?? {};
  /** `M0`, `FLEX`, `M10` …; undefined where regions differ in it. */
  const tier = flex ? "FLEX" : tiers.size === 1 ? [...tiers][0] : undefined;
  return {
    ...atAtlas(`cluster ${tier ?? ""}`.trim(), cluster.name),
    tier,
    /** Atlas' name of the only region; undefined when there are several, or another cloud than AWS. */
    region: cloud === "AWS" || cloud === "TENANT" ? (flex ?? first)?.regionName : undefined,
    /** Hosts of its connection strings, each with its port where it has one. */
    hosts: [standard, standardSrv].flatMap((url) => mongodbUrlOf(url)?.hosts ?? []),
    connectionString: standardSrv || standard,
    terminationProtection: cluster.terminationProtectionEnabled === true,
    /** What it means for dedicated tiers only. */
    backup: { snapshots: cluster.backupEnabled === true, pointInTime: cluster.pitEnabled === true },
    /** Compute follows the load between two tiers. */
    autoscale: enabled === true && from !== undefined && to !== undefined ? { from, to } : undefined,
  };
}

const userOf = (user: AtlasUserAnswer): AtlasUser => ({
  ...user,
  ...atAtlas("database user", user.username),
});

/** A user with a password; others cannot be given to a backend by URL: by certificate, LDAP, AWS or OIDC they have none. */
const hasPassword = (user: AtlasUserAnswer) =>
  user.databaseName === "admin" &&
  [user.x509Type, user.ldapAuthType, user.awsIAMType, user.oidcAuthType].every(
    (type) => type === undefined || type === "NONE",
  );
