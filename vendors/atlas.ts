/** MongoDB Atlas' Administration API, as far as nothing else makes the calls; https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/ */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import {
  type Account,
  type Authorization,
  type CallOptions,
  type Lookup,
  mostPages,
  VendorApi,
} from "./http.ts";

/** The dated version of the API whose answers are read here: the first that has all of Flex clusters. */
const accept = "application/vnd.atlas.2024-11-13+json";
const root = "/api/atlas/v2";
const pageSize = 500;

export interface AtlasGroup {
  id: string;
  name: string;
  orgId?: string;
  created?: string;
}

/** A label or a tag. */
export interface AtlasTag {
  key: string;
  value: string;
}

/** A cluster of any tier but Flex. */
export interface AtlasClusterAnswer {
  name: string;
  /** ISO 8601, as all dates here. */
  createDate?: string;
  /** `IDLE` when nothing is under way. */
  stateName?: string;
  mongoDBMajorVersion?: string;
  tags?: AtlasTag[];
  backupEnabled?: boolean;
  pitEnabled?: boolean;
  terminationProtectionEnabled?: boolean;
  connectionStrings?: { standard?: string; standardSrv?: string };
  replicationSpecs?: {
    regionConfigs: {
      providerName: string;
      regionName: string;
      electableSpecs?: { instanceSize?: string; nodeCount?: number; diskSizeGB?: number };
      autoScaling?: {
        compute?: { enabled?: boolean; minInstanceSize?: string; maxInstanceSize?: string };
      };
    }[];
  }[];
}

export interface AtlasFlexAnswer extends AtlasClusterAnswer {
  providerSettings: { backingProviderName?: string; regionName?: string };
}

export interface AtlasUserAnswer {
  username: string;
  databaseName: string;
  roles: { roleName: string; databaseName: string; collectionName?: string }[];
  scopes?: { name: string; type: string }[];
  x509Type?: string;
  ldapAuthType?: string;
  awsIAMType?: string;
  oidcAuthType?: string;
  labels?: AtlasTag[];
}

/** When snapshots are taken of a dedicated cluster, and how far back any moment can be restored. */
export interface AtlasSchedule {
  nextSnapshot?: string;
  /** Of clusters with point-in-time restore. */
  restoreWindowDays?: number;
  policies?: { policyItems: { frequencyType: string; frequencyInterval: number }[] }[];
}

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

export interface AtlasAccessEntry {
  cidrBlock?: string;
  /** In place of a block: a group of a peered network. */
  awsSecurityGroup?: string;
  comment?: string;
  /** ISO 8601, of an entry that ends by itself. */
  deleteAfterDate?: string;
}

/**
 * Something that happened in a project. Who did it is a person or a pair of keys; of what Atlas does by itself, nobody.
 * Which cluster it was is not in it: ask for one cluster's.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-listgroupevents
 */
export interface AtlasEvent {
  created: string;
  eventTypeName: string;
  /** A person's address. */
  username?: string;
  publicKey?: string;
  dbUserUsername?: string;
  /** The entry of the access list: an address or a block. */
  whitelistEntry?: string;
}

/** Of these answers, what is read of each. */
const named = z.looseObject({ name: z.string() });
const cluster = named.extend({
  replicationSpecs: z
    .array(
      z.looseObject({
        regionConfigs: z.array(z.looseObject({ providerName: z.string(), regionName: z.string() })),
      }),
    )
    .nullish(),
});
const forms = {
  group: named.extend({ id: z.string() }),
  cluster,
  flexCluster: cluster.extend({ providerSettings: z.looseObject({}) }),
  user: z.looseObject({
    username: z.string(),
    databaseName: z.string(),
    roles: z.array(z.looseObject({ roleName: z.string(), databaseName: z.string() })),
    scopes: z.array(named).nullish(),
  }),
  accessEntry: z.looseObject({ cidrBlock: z.string().nullish(), comment: z.string().nullish() }),
  event: z.looseObject({ created: z.string(), eventTypeName: z.string() }),
  schedule: z.looseObject({
    policies: z
      .array(
        z.looseObject({
          policyItems: z.array(z.looseObject({ frequencyType: z.string(), frequencyInterval: z.number() })),
        }),
      )
      .nullish(),
  }),
  snapshot: z.looseObject({ id: z.string(), status: z.string().nullish() }),
  identified: z.looseObject({ id: z.string() }),
};

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

  projects(): Promise<AtlasGroup[]> {
    return this.all("/groups", forms.group);
  }

  clusters(project: string): Promise<AtlasClusterAnswer[]> {
    return this.all(`/groups/${project}/clusters`, forms.cluster);
  }

  flexClusters(project: string): Promise<AtlasFlexAnswer[]> {
    return this.all(`/groups/${project}/flexClusters`, forms.flexCluster);
  }

  users(project: string): Promise<AtlasUserAnswer[]> {
    return this.all(`/groups/${project}/databaseUsers`, forms.user);
  }

  accessList(project: string): Promise<AtlasAccessEntry[]> {
    return this.all(`/groups/${project}/accessList`, forms.accessEntry);
  }

  /** What of a type happened in a project, or to one of its clusters. */
  events(project: string, type: string, cluster?: string): Promise<AtlasEvent[]> {
    return this.all(`/groups/${project}/events`, forms.event, {
      eventType: type,
      ...(cluster && { clusterNames: cluster }),
    });
  }

  /** Whether all that was asked of a cluster and its project's users is in force; undefined: no such cluster. */
  async changeStatus(project: string, cluster: string): Promise<"PENDING" | "APPLIED" | undefined> {
    const path = `${root}/groups/${project}/clusters/${encodeURIComponent(cluster)}/status`;
    const status = await this.api.send<{ changeStatus: "PENDING" | "APPLIED" }>("GET", path, {
      orNothing: true,
      form: z.looseObject({ changeStatus: z.string() }),
    });
    return status?.changeStatus;
  }

  /** One cluster, or nothing where there is none of this name; a Flex cluster by an API of its own. */
  cluster(project: string, name: string, flex: boolean): Promise<AtlasClusterAnswer | undefined> {
    return this.api.send("GET", `${root}${clusterPath(project, name, flex)}`, {
      orNothing: true,
      form: forms.cluster,
    });
  }

  schedule(project: string, cluster: string): Promise<AtlasSchedule> {
    return this.api.get(`${root}${backup(project, cluster, false)}/schedule`, forms.schedule);
  }

  /** All that there are, newest first; of a Flex cluster by its own API. */
  async snapshots(project: string, cluster: string, flex: boolean): Promise<AtlasSnapshot[]> {
    const all = await this.all<SnapshotAnswer>(`${backup(project, cluster, flex)}/snapshots`, forms.snapshot);
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
    await this.api.send("POST", `${root}${backup(project, name, flex)}/restoreJobs`, { body });
  }

  /** Restores of a cluster's snapshots, into whatever cluster. */
  async restoreJobs(project: string, cluster: string, flex: boolean): Promise<AtlasRestoreJob[]> {
    const all = await this.all<RestoreAnswer>(
      `${backup(project, cluster, flex)}/restoreJobs`,
      forms.identified,
    );
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
    await this.api.send("POST", `${root}/groups/${project}/${flex ? "flexClusters" : "clusters"}`, { body });
  }

  /** Begins to change what is said of a dedicated cluster, and nothing else of it. */
  async changeCluster(project: string, name: string, body: object): Promise<void> {
    const path = `${root}${clusterPath(project, name, false)}`;
    await this.api.send("PATCH", path, { body, repeatable: true });
  }

  /** Begins to delete a cluster with all that it holds, its snapshots too. */
  async deleteCluster(project: string, name: string, flex: boolean): Promise<void> {
    await this.api.send("DELETE", `${root}${clusterPath(project, name, flex)}`, { orNothing: true });
  }

  /** Makes a database user who logs in with a password. */
  async addUser(project: string, user: AtlasUserAnswer & { password: string }): Promise<void> {
    await this.api.send("POST", `${root}/groups/${project}/databaseUsers`, { body: user });
  }

  async removeUser(project: string, username: string): Promise<void> {
    const path = `${root}/groups/${project}/databaseUsers/admin/${encodeURIComponent(username)}`;
    await this.api.send("DELETE", path, { orNothing: true });
  }

  private async all<T>(
    path: string,
    item: z.ZodType,
    query: Readonly<Record<string, string>> = {},
  ): Promise<T[]> {
    const form = z.looseObject({ results: z.array(item).optional() });
    const found: T[] = [];
    for (let pageNum = 1; pageNum <= mostPages; pageNum += 1) {
      const page = { pageNum: String(pageNum), itemsPerPage: String(pageSize), ...query };
      const { results = [] } = await this.api.get<{ results?: T[] }>(root + path, form, page);
      found.push(...results);
      if (results.length < pageSize) return found;
    }
    throw this.api.endless(root + path);
  }
}

/** As the two APIs have it: dedicated clusters' and Flex clusters'. */
interface SnapshotAnswer {
  id: string;
  status?: string;
  createdAt?: string;
  startTime?: string;
  finishTime?: string;
}
interface RestoreAnswer {
  id: string;
  targetClusterName?: string;
  targetDeploymentItemName?: string;
  finishedAt?: string;
  restoreFinishedDate?: string;
  failed?: boolean;
  cancelled?: boolean;
  expired?: boolean;
  status?: string;
}
const stages: Readonly<Record<string, AtlasSnapshot["status"]>> = {
  completed: "completed",
  failed: "failed",
};

const clusterPath = (project: string, name: string, flex: boolean) =>
  `/groups/${project}/${flex ? "flexClusters" : "clusters"}/${encodeURIComponent(name)}`;
const backup = (project: string, cluster: string, flex: boolean) =>
  `${clusterPath(project, cluster, flex)}/backup`;

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
      await login.send<{ access_token: string }>("POST", "/api/oauth/token", {
        fields: { grant_type: "client_credentials" },
        form: z.looseObject({ access_token: z.string() }),
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
