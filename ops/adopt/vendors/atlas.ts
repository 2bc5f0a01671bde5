/** What there is at MongoDB Atlas. */
import { createHash, randomBytes } from "node:crypto";
import { fetch } from "undici";
import { UserError } from "../../errors.ts";
import type { Lookup } from "../credentials.ts";
import { type Api, dispatcherFor, type Get, getter } from "../http.ts";
import type { AtlasCluster, AtlasProject, AtlasUser } from "../model.ts";

/** The dated version of the API whose answers are read here. */
const accept = "application/vnd.atlas.2024-08-05+json";
const root = "/api/atlas/v2";
const pageSize = 500;

/** Every project that the keys can see, with what lies in it; https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/ */
export async function atlasProjects(lookup: Lookup, environment: NodeJS.ProcessEnv): Promise<AtlasProject[]> {
  const get = getter(api(lookup, environment));
  const groups = await all<{ id: string; name: string }>(get, "/groups");
  const projects: AtlasProject[] = [];
  for (const { id, name } of groups) {
    const [clusters, flexClusters, users, accessList] = [
      await all<Cluster>(get, `/groups/${id}/clusters`),
      await all<FlexCluster>(get, `/groups/${id}/flexClusters`),
      await all<User>(get, `/groups/${id}/databaseUsers`),
      await all<Access>(get, `/groups/${id}/accessList`),
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

async function all<T>(get: Get, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let pageNum = 1; ; pageNum += 1) {
    const query = { pageNum: String(pageNum), itemsPerPage: String(pageSize) };
    const { results = [] } = await get<{ results?: T[] }>(root + path, query);
    found.push(...results);
    if (results.length < pageSize) return found;
  }
}

interface Specs {
  instanceSize?: string;
  nodeCount?: number;
}
interface Compute {
  enabled?: boolean;
  minInstanceSize?: string;
  maxInstanceSize?: string;
}
interface Cluster {
  name: string;
  backupEnabled?: boolean;
  pitEnabled?: boolean;
  terminationProtectionEnabled?: boolean;
  connectionStrings?: { standard?: string; standardSrv?: string };
  replicationSpecs?: {
    regionConfigs: {
      providerName: string;
      regionName: string;
      electableSpecs?: Specs;
      autoScaling?: { compute?: Compute };
    }[];
  }[];
}
interface FlexCluster extends Cluster {
  providerSettings: { backingProviderName?: string; regionName?: string };
}
interface User {
  username: string;
  databaseName: string;
  roles: { roleName: string; databaseName: string; collectionName?: string }[];
  scopes?: { name: string; type: string }[];
  x509Type?: string;
  ldapAuthType?: string;
  awsIAMType?: string;
  oidcAuthType?: string;
}
interface Access {
  cidrBlock?: string;
  comment?: string;
  deleteAfterDate?: string;
}

function common({ name, connectionStrings = {}, terminationProtectionEnabled = false }: Cluster) {
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

function clusterOf(cluster: Cluster): AtlasCluster {
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

function flexOf(cluster: FlexCluster): AtlasCluster {
  const { backingProviderName, regionName } = cluster.providerSettings;
  return { ...common(cluster), tier: "FLEX", region: backingProviderName === "AWS" ? regionName : undefined };
}

/** Who logs in by certificate, LDAP, AWS or OIDC has none. */
const hasPassword = (user: User) =>
  user.databaseName === "admin" &&
  [user.x509Type, user.ldapAuthType, user.awsIAMType, user.oidcAuthType].every(
    (type) => type === undefined || type === "NONE",
  );

const userOf = ({ username, roles, scopes = [] }: User): AtlasUser => ({
  name: username,
  roles: roles.map(
    ({ roleName, databaseName, collectionName }) =>
      `${roleName}@${databaseName}${collectionName ? `.${collectionName}` : ""}`,
  ),
  scopes: scopes.filter(({ type }) => type === "CLUSTER").map(({ name }) => name),
});

function api(lookup: Lookup, environment: NodeJS.ProcessEnv): Api {
  const base = lookup("mongodbatlas:baseUrl", "MONGODB_ATLAS_BASE_URL", "MCLI_OPS_MANAGER_URL");
  const clientId = lookup("mongodbatlas:clientId", "MONGODB_ATLAS_CLIENT_ID");
  const clientSecret = lookup("mongodbatlas:clientSecret", "MONGODB_ATLAS_CLIENT_SECRET");
  const publicKey = lookup(
    "mongodbatlas:publicKey",
    "MONGODB_ATLAS_PUBLIC_API_KEY",
    "MONGODB_ATLAS_PUBLIC_KEY",
    "MCLI_PUBLIC_API_KEY",
  );
  const privateKey = lookup(
    "mongodbatlas:privateKey",
    "MONGODB_ATLAS_PRIVATE_API_KEY",
    "MONGODB_ATLAS_PRIVATE_KEY",
    "MCLI_PRIVATE_API_KEY",
  );
  const address = (base || "https://cloud.mongodb.com").replace(/\/+$/, "");
  const common = { vendor: "MongoDB Atlas" as const, base: address, environment };
  if (clientId !== "" && clientSecret !== "") {
    let token: Promise<string> | undefined;
    return {
      ...common,
      keys: "mongodbatlas:clientId and mongodbatlas:clientSecret, or MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET",
      authorize: async () => {
        token ??= accessToken(address, `${clientId}:${clientSecret}`, environment);
        return { accept, authorization: `Bearer ${await token}` };
      },
    };
  }
  return {
    ...common,
    keys: "mongodbatlas:publicKey and mongodbatlas:privateKey, or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY",
    authorize: (path, challenge) =>
      challenge === undefined
        ? { accept }
        : { accept, authorization: digest({ publicKey, privateKey }, challenge, path) },
  };
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** The answer to a challenge for a GET: https://www.rfc-editor.org/rfc/rfc7616#section-3.4 */
function digest(keys: { publicKey: string; privateKey: string }, challenge: string, uri: string): string {
  const part = (name: string) => new RegExp(`${name}="?([^",]*)`).exec(challenge)?.[1] ?? "";
  const [realm, nonce, opaque] = [part("realm"), part("nonce"), part("opaque")];
  const cnonce = randomBytes(8).toString("hex");
  const who = md5(`${keys.publicKey}:${realm}:${keys.privateKey}`);
  const response = md5(`${who}:${nonce}:00000001:${cnonce}:auth:${md5(`GET:${uri}`)}`);
  const fields = { username: keys.publicKey, realm, nonce, uri, cnonce, response, ...(opaque && { opaque }) };
  const quoted = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `Digest ${[...quoted, "algorithm=MD5", "qop=auth", "nc=00000001"].join(", ")}`;
}

/** A service account logs in first: the one call that is no GET, and changes nothing. */
async function accessToken(base: string, account: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const what = "MongoDB Atlas: the login of the service account";
  const answer = await fetch(`${base}/api/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(account).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
    dispatcher: dispatcherFor(environment),
    signal: AbortSignal.timeout(30_000),
  }).catch((error: Error & { cause?: { code?: string } }) => {
    throw new UserError(
      `${what} got no answer (${error.cause?.code ?? error.name}); check the network, then try again`,
    );
  });
  const body = (await answer.json().catch(() => ({}))) as { access_token?: string };
  if (answer.status === 200 && body.access_token !== undefined) return body.access_token;
  throw new UserError(
    `${what} answered ${answer.status}; expected 200: check mongodbatlas:clientId and mongodbatlas:clientSecret`,
  );
}
