/** MongoDB Atlas' Administration API, as far as nothing else makes the calls; https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/ */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import {
  type Account,
  type Authorization,
  type CallOptions,
  type Lookup,
  maybe,
  mostPages,
  VendorApi,
  word,
} from "./http.ts";

/** The dated version of the API whose answers are read here: the first that has all of Flex clusters. */
const accept = "application/vnd.atlas.2024-11-13+json";
const groups = "/api/atlas/v2/groups";
const pageSize = 500;

/** Of answers, what is read of each. Dates are ISO 8601. */
const named = z.object({ name: z.string() });
/** Labels or tags. */
const tags = maybe(z.array(z.object({ key: z.string(), value: z.string() })));
const group = named.extend({ id: z.string(), orgId: maybe(z.string()), created: maybe(z.string()) });
const cluster = named.extend({
  createDate: maybe(z.string()),
  /** `IDLE` when nothing is under way. */
  stateName: maybe(z.string()),
  mongoDBMajorVersion: maybe(z.string()),
  tags,
  backupEnabled: maybe(z.boolean()),
  pitEnabled: maybe(z.boolean()),
  terminationProtectionEnabled: maybe(z.boolean()),
  connectionStrings: maybe(z.object({ standard: maybe(z.string()), standardSrv: maybe(z.string()) })),
  replicationSpecs: maybe(
    z.array(
      z.object({
        regionConfigs: z.array(
          z.object({
            providerName: z.string(),
            regionName: z.string(),
            electableSpecs: maybe(
              z.object({
                instanceSize: maybe(z.string()),
                nodeCount: maybe(z.number()),
                diskSizeGB: maybe(z.number()),
              }),
            ),
            autoScaling: maybe(
              z.object({
                compute: maybe(
                  z.object({
                    enabled: maybe(z.boolean()),
                    minInstanceSize: maybe(z.string()),
                    maxInstanceSize: maybe(z.string()),
                  }),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
  ),
});
const flexCluster = cluster.extend({
  providerSettings: z.object({ backingProviderName: maybe(z.string()), regionName: maybe(z.string()) }),
});
const user = z.object({
  username: z.string(),
  databaseName: z.string(),
  roles: z.array(
    z.object({ roleName: z.string(), databaseName: z.string(), collectionName: maybe(z.string()) }),
  ),
  scopes: maybe(z.array(named.extend({ type: z.string() }))),
  x509Type: maybe(z.string()),
  ldapAuthType: maybe(z.string()),
  awsIAMType: maybe(z.string()),
  oidcAuthType: maybe(z.string()),
  labels: tags,
});
const accessEntry = z.object({
  cidrBlock: maybe(z.string()),
  /** In place of a block: a group of a peered network. */
  awsSecurityGroup: maybe(z.string()),
  comment: maybe(z.string()),
  /** Of an entry that ends by itself. */
  deleteAfterDate: maybe(z.string()),
});
const event = z.object({
  created: z.string(),
  eventTypeName: z.string(),
  /** A person's address. */
  username: maybe(z.string()),
  publicKey: maybe(z.string()),
  dbUserUsername: maybe(z.string()),
  /** The entry of the access list: an address or a block. */
  whitelistEntry: maybe(z.string()),
});
const schedule = z.object({
  nextSnapshot: maybe(z.string()),
  /** Of clusters with point-in-time restore. */
  restoreWindowDays: maybe(z.number()),
  policies: maybe(
    z.array(
      z.object({
        policyItems: z.array(z.object({ frequencyType: z.string(), frequencyInterval: z.number() })),
      }),
    ),
  ),
});
/** As the two APIs have it: dedicated clusters' and Flex clusters'. */
const snapshot = z.object({
  id: z.string(),
  status: maybe(z.string()),
  createdAt: maybe(z.string()),
  startTime: maybe(z.string()),
  finishTime: maybe(z.string()),
});
const restoreJob = z.object({
  id: z.string(),
  targetClusterName: maybe(z.string()),
  targetDeploymentItemName: maybe(z.string()),
  finishedAt: maybe(z.string()),
  restoreFinishedDate: maybe(z.string()),
  failed: maybe(z.boolean()),
  cancelled: maybe(z.boolean()),
  expired: maybe(z.boolean()),
  status: maybe(z.string()),
});

export type AtlasGroup = z.infer<typeof group>;
/** A cluster of any tier but Flex. */
export type AtlasClusterAnswer = z.infer<typeof cluster>;
export type AtlasFlexAnswer = z.infer<typeof flexCluster>;
export type AtlasUserAnswer = z.infer<typeof user>;
/** When snapshots are taken of a dedicated cluster, and how far back any moment can be restored. */
export type AtlasSchedule = z.infer<typeof schedule>;
/**
 * Something that happened in a project. Who did it is a person or a pair of keys; of what Atlas does by itself, nobody.
 * Which cluster it was is not in it: ask for one cluster's.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-listgroupevents
 */
export type AtlasEvent = z.infer<typeof event>;

/** A copy of a cluster's data, of whatever tier. */
export interface AtlasSnapshot {
  id: string;
  /** When it was taken; absent while it waits. */
  at?: string;
  /** `pending`: it is not there yet. */
  status: "pending" | "completed" | "failed";
}

/** A snapshot being written into a cluster. */
export interface AtlasRestoreJob {
  id: string;
  target?: string;
  /** When it was over; also of one that failed. */
  finishedAt?: string;
  failed: boolean;
}

/** What is restored: a snapshot, or a moment. */
export type AtlasRestorePoint = { snapshotId: string } | { seconds: number };

/** What one pair of keys can see. */
export class Atlas {
  private readonly api: VendorApi;

  constructor(account: Account, options?: CallOptions) {
    this.api = new VendorApi(account, options);
  }

  /** The account that the settings name: a service account, or a pair of API keys. */
  static account(lookup: Lookup, options?: CallOptions): Account {
    const base = lookup("mongodbatlas:baseUrl", "MONGODB_ATLAS_BASE_URL", "MCLI_OPS_MANAGER_URL");
    const clientId = lookup("mongodbatlas:clientId", "MONGODB_ATLAS_CLIENT_ID");
    const clientSecret = lookup("mongodbatlas:clientSecret", "MONGODB_ATLAS_CLIENT_SECRET");
    const common = {
      vendor: "MongoDB Atlas" as const,
      base: (base || "https://cloud.mongodb.com").replace(/\/+$/, ""),
    };
    if (clientId !== "" && clientSecret !== "")
      return serviceAccount({ ...common, clientId, clientSecret }, options);
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
    return {
      ...common,
      keys: "mongodbatlas:publicKey and mongodbatlas:privateKey, or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY",
      secrets: [privateKey],
      authorize: (call) => ({
        accept,
        ...(call.challenge !== undefined && { authorization: digest({ publicKey, privateKey }, call) }),
      }),
    };
  }

  projects() {
    return this.all("", group);
  }

  clusters(project: string) {
    return this.all(`/${project}/clusters`, cluster);
  }

  flexClusters(project: string) {
    return this.all(`/${project}/flexClusters`, flexCluster);
  }

  users(project: string) {
    return this.all(`/${project}/databaseUsers`, user);
  }

  accessList(project: string) {
    return this.all(`/${project}/accessList`, accessEntry);
  }

  /** What of a type happened in a project, or to one of its clusters. */
  events(project: string, type: string, cluster?: string) {
    const query = { eventType: type, ...(cluster && { clusterNames: cluster }) };
    return this.all(`/${project}/events`, event, query);
  }

  /** Whether all that was asked of a cluster and its project's users is in force; undefined: no such cluster. */
  async changeStatus(project: string, name: string) {
    const form = z.object({ changeStatus: word<"PENDING" | "APPLIED">() });
    return (await this.api.find(`${groups}${clusterPath(project, name, false)}/status`, form))?.changeStatus;
  }

  /** One cluster, or nothing where there is none of this name; a Flex cluster by an API of its own. */
  cluster(project: string, name: string, flex: boolean) {
    return this.api.find(groups + clusterPath(project, name, flex), cluster);
  }

  schedule(project: string, cluster: string) {
    return this.api.get(`${groups}${clusterPath(project, cluster, false)}/backup/schedule`, schedule);
  }

  /** All that there are, newest first; of a Flex cluster by its own API. */
  async snapshots(project: string, cluster: string, flex: boolean): Promise<AtlasSnapshot[]> {
    const all = await this.all(`${clusterPath(project, cluster, flex)}/backup/snapshots`, snapshot);
    return all
      .map(({ id, status = "", createdAt, finishTime, startTime }) => {
        const at = createdAt ?? finishTime ?? startTime;
        return { id, status: stages[status.toLowerCase()] ?? "pending", ...(at !== undefined && { at }) };
      })
      .sort((a, b) => ((a.at ?? "9") > (b.at ?? "9") ? -1 : 1));
  }

  /** Begins to replace all data of the target, a cluster of the same project, by what is restored. */
  async restore(
    project: string,
    { name, flex }: { name: string; flex: boolean },
    target: string,
    point: AtlasRestorePoint,
  ): Promise<void> {
    const ofFlex = { targetProjectId: project, targetDeploymentItemName: target };
    const what =
      "seconds" in point
        ? { deliveryType: "pointInTime", pointInTimeUTCSeconds: point.seconds }
        : { ...(!flex && { deliveryType: "automated" }), snapshotId: point.snapshotId };
    const body = { ...what, ...(flex ? ofFlex : { targetGroupId: project, targetClusterName: target }) };
    await this.api.send("POST", `${groups}${clusterPath(project, name, flex)}/backup/restoreJobs`, { body });
  }

  /** Restores of a cluster's snapshots, into whatever cluster. */
  async restoreJobs(project: string, cluster: string, flex: boolean): Promise<AtlasRestoreJob[]> {
    const all = await this.all(`${clusterPath(project, cluster, flex)}/backup/restoreJobs`, restoreJob);
    return all.map((job) => {
      const finishedAt = job.finishedAt ?? job.restoreFinishedDate;
      const target = job.targetClusterName ?? job.targetDeploymentItemName;
      const failed = job.failed || job.cancelled || job.expired || job.status === "FAILED";
      return {
        id: job.id,
        failed: failed === true,
        ...(target !== undefined && { target }),
        ...(finishedAt !== undefined && { finishedAt }),
      };
    });
  }

  /** Begins to make a cluster, which is billed from then on. @param body as the API of its kind takes it */
  async createCluster(project: string, flex: boolean, body: object): Promise<void> {
    await this.api.send("POST", `${groups}/${project}/${clustersOf(flex)}`, { body });
  }

  /** Begins to change what is said of a dedicated cluster, and nothing else of it. */
  async changeCluster(project: string, name: string, body: object): Promise<void> {
    const path = groups + clusterPath(project, name, false);
    await this.api.send("PATCH", path, { body, repeatable: true });
  }

  /** Begins to delete a cluster with all that it holds, its snapshots too. */
  deleteCluster(project: string, name: string, flex: boolean) {
    return this.api.delete(groups + clusterPath(project, name, flex));
  }

  /** Makes a database user who logs in with a password. */
  async addUser(project: string, user: AtlasUserAnswer & { password: string }): Promise<void> {
    await this.api.send("POST", `${groups}/${project}/databaseUsers`, { body: user });
  }

  removeUser(project: string, username: string) {
    return this.api.delete(`${groups}/${project}/databaseUsers/admin/${encodeURIComponent(username)}`);
  }

  /** @param path below all projects */
  private async all<Item extends z.ZodType>(
    path: string,
    item: Item,
    query: Readonly<Record<string, string>> = {},
  ): Promise<z.infer<Item>[]> {
    const form = z.object({ results: z.array(item).optional() });
    const found: z.infer<Item>[] = [];
    for (let pageNum = 1; pageNum <= mostPages; pageNum += 1) {
      const page = { pageNum: String(pageNum), itemsPerPage: String(pageSize), ...query };
      const { results = [] } = await this.api.get(groups + path, form, page);
      found.push(...results);
      if (results.length < pageSize) return found;
    }
    throw this.api.endless(groups + path);
  }
}

const stages: Readonly<Record<string, AtlasSnapshot["status"]>> = {
  completed: "completed",
  failed: "failed",
};

const clustersOf = (flex: boolean) => (flex ? "flexClusters" : "clusters");
const clusterPath = (project: string, name: string, flex: boolean) =>
  `/${project}/${clustersOf(flex)}/${encodeURIComponent(name)}`;

/** A service account logs in first, once: a token lasts an hour. */
function serviceAccount(
  {
    clientId,
    clientSecret,
    ...common
  }: Pick<Account, "vendor" | "base"> & { clientId: string; clientSecret: string },
  options?: CallOptions,
): Account {
  const secret = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const keys =
    "mongodbatlas:clientId and mongodbatlas:clientSecret, or MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET";
  const login = new VendorApi(
    {
      ...common,
      keys,
      secrets: [clientSecret, secret],
      authorize: () => ({ authorization: `Basic ${secret}` }),
    },
    { ...options, word: (error) => error },
  );
  let token: Promise<string> | undefined;
  const ask = async () =>
    (
      await login.send("POST", "/api/oauth/token", {
        fields: { grant_type: "client_credentials" },
        form: z.object({ access_token: z.string() }),
        // It changes nothing.
        repeatable: true,
      })
    )?.access_token ?? "";
  return {
    ...common,
    keys,
    secrets: [clientSecret, secret],
    authorize: async () => {
      token ??= ask();
      return { accept, authorization: `Bearer ${await token}` };
    },
  };
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** The answer to a challenge: https://www.rfc-editor.org/rfc/rfc7616#section-3.4 */
function digest(
  { publicKey, privateKey }: { publicKey: string; privateKey: string },
  { method, target: uri, challenge = "" }: Authorization,
): string {
  const part = (name: string) => new RegExp(`${name}="?([^",]*)`).exec(challenge)?.[1] ?? "";
  const [realm, nonce, opaque] = [part("realm"), part("nonce"), part("opaque")];
  const cnonce = randomBytes(8).toString("hex");
  const who = md5(`${publicKey}:${realm}:${privateKey}`);
  const response = md5(`${who}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  const fields = { username: publicKey, realm, nonce, uri, cnonce, response, ...(opaque && { opaque }) };
  const quoted = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `Digest ${[...quoted, "algorithm=MD5", "qop=auth", "nc=00000001"].join(", ")}`;
}
