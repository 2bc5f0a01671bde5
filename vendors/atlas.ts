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

/** The dated version of the API whose answers are read here. */
const accept = "application/vnd.atlas.2024-08-05+json";
const root = "/api/atlas/v2";
const pageSize = 500;

export interface AtlasGroup {
  id: string;
  name: string;
}

/** A cluster of any tier but Flex. */
export interface AtlasClusterAnswer {
  name: string;
  /** ISO 8601, as all dates here. */
  createDate?: string;
  backupEnabled?: boolean;
  pitEnabled?: boolean;
  terminationProtectionEnabled?: boolean;
  connectionStrings?: { standard?: string; standardSrv?: string };
  replicationSpecs?: {
    regionConfigs: {
      providerName: string;
      regionName: string;
      electableSpecs?: { instanceSize?: string; nodeCount?: number };
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
}

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
