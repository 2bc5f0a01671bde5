/** Render's API, as far as its provider does not make the calls; https://api-docs.render.com/reference */
import { z } from "zod";
import { type Account, type CallOptions, type Lookup, mostPages, VendorApi } from "./http.ts";

/** A service, as lists show it. */
export interface RenderService {
  id: string;
  name: string;
  /** For example `web_service`. */
  type: string;
  /** The workspace, `tea-…`. */
  ownerId?: string;
  /** ISO 8601, as all dates here. */
  createdAt: string;
  updatedAt: string;
  suspended?: "suspended" | "not_suspended";
  /** Absent: it is in none. */
  environmentId?: string;
  /** Cron jobs have no previews; answers of some age say them by the second word. */
  serviceDetails?: {
    region?: string;
    plan?: string;
    previews?: { generation?: string };
    pullRequestPreviewsEnabled?: "yes" | "no";
    /** Of a pull request's preview: the service that it is one of. */
    parentServer?: { id: string };
  };
}

/** What may connect from outside. A list of nobody is null. Source: recorded answers of Render's provider. */
export interface RenderAccess {
  cidrBlock: string;
  description?: string;
}

/** A Postgres, as lists show it. */
export interface RenderPostgres {
  id: string;
  name: string;
  createdAt: string;
  updatedAt?: string;
  /** Of a read replica: whose it is. */
  primaryPostgresID?: string;
  /** `available` when it can be used; of a recovery also `recovery_in_progress`, `recovery_failed`. */
  status?: string;
  diskSizeGB?: number;
  plan: string;
  version: string;
  region: string;
  databaseName: string;
  databaseUser: string;
  highAvailabilityEnabled?: boolean;
  readReplicas?: { name: string }[];
  ipAllowList?: RenderAccess[] | null;
}

/** To which moments a Postgres can be recovered; https://api-docs.render.com/reference/retrieve-postgres-recovery-info */
export interface RenderRecovery {
  recoveryStatus: "AVAILABLE" | "BACKUP_NOT_READY" | "NOT_AVAILABLE";
  startsAt?: string;
}

/** A logical export, which can be downloaded for seven days; https://api-docs.render.com/reference/list-postgres-export */
export interface RenderExport {
  id: string;
  createdAt: string;
  /** Where it is to be had, once it is there. Secret: whoever has it needs no key. */
  url?: string;
}

/** Milliseconds before now that no recovery reaches. Source: https://render.com/docs/postgresql-backups (2026-11-27) */
export const recoveryLag = 10 * 60_000;

/** A Key Value, as lists show it. */
export interface RenderKeyValue {
  id: string;
  name: string;
  createdAt: string;
  updatedAt?: string;
  plan: string;
  region: string;
  /** `unknown`, then `creating` for a while after its creation. Source: recorded answers of Render's provider. */
  status?: string;
  options: { maxmemoryPolicy: string; persistenceMode: string };
  ipAllowList?: RenderAccess[] | null;
}

/** How to connect. Secret. */
export interface RenderConnection {
  internalConnectionString: string;
  externalConnectionString: string;
}

/** An env group, as lists show it; one that leaves out its links leaves that to the group itself. */
export interface RenderEnvGroup {
  id: string;
  name: string;
  createdAt?: string;
  serviceLinks?: { id: string }[];
}

/** A variable. Its value may be secret. */
export interface RenderVariable {
  key: string;
  value: string;
}

/** A deploy; https://api-docs.render.com/reference/list-deploys */
export interface RenderDeploy {
  id: string;
  status: string;
  createdAt: string;
  /** null until it has ended; an image has a null for its commit. Source: recorded answers of Render's provider. */
  finishedAt?: string | null;
  commit?: { id: string } | null;
  image?: { ref: string };
}

/** Statuses of deploys that never ran, or no longer do. Source: https://api-docs.render.com/reference/list-deploys */
export const failedDeploys: ReadonlySet<string> = new Set([
  "build_failed",
  "update_failed",
  "pre_deploy_failed",
  "canceled",
  "deactivated",
]);

/** A one-off job of a service; https://render.com/docs/one-off-jobs */
export interface RenderJob {
  id: string;
  /** Absent until it is known. */
  status?: "pending" | "running" | "succeeded" | "failed" | "canceled";
  createdAt: string;
}

/** One line of a log; https://api-docs.render.com/reference/list-logs */
export interface RenderLogLine {
  /** May hold whatever the program printed, secrets too. */
  message: string;
  timestamp: string;
  /** Among them `type`: `app`, `build` or `request`. */
  labels?: { name: string; value: string }[];
}

/** A commit or an image; neither: what the service is configured to run. */
export interface DeployedSource {
  commitId?: string;
  imageUrl?: string;
}

/** A user of a Postgres; the connection info shows the default one. https://render.com/docs/postgresql-credentials */
export interface RenderPostgresUser {
  username: string;
  default: boolean;
  createdAt?: string;
  openConnections: number;
}

/** What Render has lists of, and under which name most lists show each item. */
interface Lists {
  services: RenderService;
  postgres: RenderPostgres;
  "key-value": RenderKeyValue;
  "env-groups": RenderEnvGroup;
  projects: { id: string; name: string };
  "dedicated-ips": { id: string; name: string };
}
const wrappers = {
  services: "service",
  postgres: "postgres",
  "key-value": "keyValue",
  "env-groups": "envGroup",
  projects: "project",
  "dedicated-ips": "dedicatedIp",
} as const satisfies Record<keyof Lists, string>;

const pageSize = 100;

/** Of these answers, what is read of each. */
const named = z.looseObject({ id: z.string(), name: z.string() });
const access = z.array(z.looseObject({ cidrBlock: z.string() })).nullish();
const links = z.array(z.looseObject({ id: z.string() })).nullish();
const variable = z.looseObject({ key: z.string(), value: z.string() });
const deploy = z.looseObject({ id: z.string(), status: z.string(), createdAt: z.string() });
const job = z.looseObject({ id: z.string(), createdAt: z.string() });
const group = named.extend({ serviceLinks: links });
const forms = {
  services: named.extend({ type: z.string(), serviceDetails: z.looseObject({}).nullish() }),
  postgres: named.extend({
    plan: z.string(),
    version: z.string(),
    region: z.string(),
    databaseName: z.string(),
    databaseUser: z.string(),
    readReplicas: z.array(z.looseObject({ name: z.string() })).nullish(),
    ipAllowList: access,
  }),
  "key-value": named.extend({
    plan: z.string(),
    region: z.string(),
    options: z.looseObject({}),
    ipAllowList: access,
  }),
  "env-groups": group,
  projects: named,
  "dedicated-ips": named,
};
const label = z.looseObject({ name: z.string(), value: z.string() });
const logLine = z.looseObject({
  message: z.string(),
  timestamp: z.string(),
  labels: z.array(label).optional(),
});

/** One workspace of Render. */
export class Render {
  private readonly api: VendorApi;

  /** @param owner the workspace, `tea-…`: whose things the lists show; empty: all that the key can see */
  constructor(
    account: Account,
    readonly owner: string,
    options?: CallOptions,
  ) {
    this.api = new VendorApi(account, options);
  }

  /** The account that the settings name. Its address is of the environment, where its provider looks too. */
  static account(lookup: Lookup, environment: NodeJS.ProcessEnv = process.env): Account {
    const key = lookup("render:apiKey", "RENDER_API_KEY");
    return {
      vendor: "Render",
      base: (environment.RENDER_HOST || "https://api.render.com/v1").replace(/\/+$/, ""),
      authorize: () => ({ authorization: `Bearer ${key}`, accept: "application/json" }),
      secrets: [key],
      keys: "render:apiKey, or RENDER_API_KEY",
    };
  }

  /** @returns the workspace that the settings name, `tea-…` */
  static owner(lookup: Lookup): string {
    return lookup("render:ownerId", "RENDER_OWNER_ID");
  }

  /** All of a kind in this workspace, whatever page they are on. */
  async list<K extends keyof Lists>(
    kind: K,
    query: Readonly<Record<string, string>> = {},
  ): Promise<Lists[K][]> {
    return this.pages(`/${kind}`, wrappers[kind], forms[kind], {
      ...(this.owner !== "" && { ownerId: this.owner }),
      ...query,
    });
  }

  /** Those of exactly this name: Render's own filter also finds others. */
  async named<K extends keyof Lists>(kind: K, name: string): Promise<Lists[K][]> {
    return (await this.list(kind, { name })).filter((one) => one.name === name);
  }

  service(id: string): Promise<RenderService> {
    return this.api.get(`/services/${id}`, forms.services);
  }

  /** The service, or nothing where there is none of this id. */
  serviceIfAny(id: string): Promise<RenderService | undefined> {
    return this.api.send("GET", `/services/${id}`, { orNothing: true, form: forms.services });
  }

  keyValue(id: string): Promise<RenderKeyValue> {
    return this.api.get(`/key-value/${id}`, forms["key-value"]);
  }

  /** The variables that stand on the service itself. */
  ownVariables(serviceId: string): Promise<RenderVariable[]> {
    return this.pages(`/services/${serviceId}/env-vars`, "envVar", variable);
  }

  /** The env groups that are linked to a service, with their variables; the later one of the list wins. */
  async groupsOf(
    serviceId: string,
    listed?: readonly RenderEnvGroup[],
  ): Promise<(RenderEnvGroup & { envVars: RenderVariable[] })[]> {
    const linked = (listed ?? (await this.list("env-groups"))).filter(
      ({ serviceLinks }) => serviceLinks === undefined || isLinked(serviceLinks, serviceId),
    );
    const groups = await Promise.all(
      linked.map(({ id }) =>
        this.api.get<RenderEnvGroup & { envVars: RenderVariable[] }>(
          `/env-groups/${id}`,
          group.extend({ envVars: z.array(variable) }),
        ),
      ),
    );
    return groups.filter(({ serviceLinks = [] }) => isLinked(serviceLinks, serviceId));
  }

  /** The newest deploys, newest first. */
  async deploys(serviceId: string): Promise<RenderDeploy[]> {
    const page = await this.api.get<({ deploy: RenderDeploy } | RenderDeploy)[]>(
      `/services/${serviceId}/deploys`,
      z.array(z.union([z.looseObject({ deploy }), deploy])),
      { limit: "20" },
    );
    return page
      .map((item) => ("deploy" in item ? item.deploy : item))
      .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  /** Starts a deploy and does not wait for it. */
  async deploy(serviceId: string, what: DeployedSource = {}): Promise<void> {
    await this.api.send("POST", `/services/${serviceId}/deploys`, { body: what });
  }

  /**
   * Runs a command once, with the service's build, variables and network. It is billed by the second.
   *
   * @param command shown in the dashboard and kept: nothing secret
   */
  async startJob(serviceId: string, command: string): Promise<RenderJob> {
    const request = { body: { startCommand: command }, form: job };
    return (await this.api.send<RenderJob>("POST", `/services/${serviceId}/jobs`, request)) as RenderJob;
  }

  job(serviceId: string, jobId: string): Promise<RenderJob> {
    return this.api.get(`/services/${serviceId}/jobs/${jobId}`, job);
  }

  async cancelJob(serviceId: string, jobId: string): Promise<void> {
    await this.api.send("POST", `/services/${serviceId}/jobs/${jobId}/cancel`, { orNothing: true });
  }

  /**
   * The last lines, up to 100, that a build, a service or a job wrote since then, oldest first; no requests. Lines
   * arrive some seconds after they were written.
   *
   * @param since ISO 8601
   * @param ownerId the workspace, where this client was told none
   */
  async logs(resource: string, since: string, ownerId = this.owner): Promise<RenderLogLine[]> {
    const query = { ownerId, resource, startTime: since, direction: "backward", limit: "100" };
    const form = z.looseObject({ logs: z.array(logLine).optional() });
    const { logs = [] } = await this.api.get<{ logs?: RenderLogLine[] }>("/logs", form, query);
    return logs
      .filter(({ labels = [] }) => !labels.some(({ name, value }) => name === "type" && value === "request"))
      .toReversed()
      .sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  }

  /** How to connect to a Postgres or a Key Value. Secret. */
  connection(kind: "postgres" | "key-value", id: string): Promise<RenderConnection> {
    return this.api.get(
      `/${kind}/${id}/connection-info`,
      z.looseObject({ internalConnectionString: z.string(), externalConnectionString: z.string() }),
    );
  }

  /** The Postgres, or nothing where there is none of this id. */
  postgres(id: string): Promise<RenderPostgres | undefined> {
    return this.api.send("GET", `/postgres/${id}`, { orNothing: true, form: forms.postgres });
  }

  recovery(postgresId: string): Promise<RenderRecovery> {
    return this.api.get(`/postgres/${postgresId}/recovery`, z.looseObject({ recoveryStatus: z.string() }));
  }

  /** Logical exports that somebody has asked for. */
  exports(postgresId: string): Promise<RenderExport[]> {
    const form = z.array(z.looseObject({ id: z.string(), createdAt: z.string() }));
    return this.api.get(`/postgres/${postgresId}/export`, form);
  }

  /**
   * Begins a recovery into a Postgres of its own, which is billed from then on; the old one stays as it is.
   *
   * @param to ISO 8601
   */
  async recover(postgresId: string, name: string, to: string): Promise<RenderPostgres> {
    const body = { restoreTime: to, restoreName: name };
    return (await this.api.send<RenderPostgres>("POST", `/postgres/${postgresId}/recovery`, {
      body,
      form: forms.postgres,
    })) as RenderPostgres;
  }

  /** Who may connect to a Postgres from outside. */
  async admit(postgresId: string, ipAllowList: readonly RenderAccess[]): Promise<void> {
    await this.api.send("PATCH", `/postgres/${postgresId}`, { body: { ipAllowList }, repeatable: true });
  }

  /** Deletes a Postgres with all that it holds. */
  async deletePostgres(id: string): Promise<void> {
    await this.api.send("DELETE", `/postgres/${id}`, { orNothing: true });
  }

  /** Users of a Postgres that Render manages; https://render.com/docs/postgresql-credentials */
  postgresUsers(postgresId: string): Promise<RenderPostgresUser[]> {
    return this.api.get(
      `/postgres/${postgresId}/credentials`,
      z.array(z.looseObject({ username: z.string() })),
    );
  }

  /** Makes another user, which becomes the default one. Render chooses its password. */
  async addPostgresUser(postgresId: string, username: string): Promise<void> {
    await this.api.send("POST", `/postgres/${postgresId}/credentials`, { body: { username } });
  }

  async removePostgresUser(postgresId: string, username: string): Promise<void> {
    const path = `/postgres/${postgresId}/credentials/${encodeURIComponent(username)}`;
    await this.api.send("DELETE", path, { orNothing: true });
  }

  /** The default user with its password, which is secret. */
  async postgresLogin(postgresId: string): Promise<{ user: string; password: string }> {
    const { internalConnectionString: text } = await this.connection("postgres", postgresId);
    try {
      const { username, password } = new URL(text);
      return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
    } catch {
      // Node's own error would show the string, password included.
      throw new Error(
        `Render: GET /postgres/${postgresId}/connection-info gave no connection string of a known form`,
      );
    }
  }

  /**
   * Items stand under their kind's name or bare: Render's description of its API has env groups bare, and its dashboard's
   * own answers are reported in both shapes.
   */
  private async pages<T>(
    path: string,
    wrapper: string,
    item: z.ZodType,
    query: Record<string, string> = {},
  ): Promise<T[]> {
    const form = z.array(z.union([z.looseObject({ [wrapper]: item }), item]));
    const found: T[] = [];
    let cursor: string | undefined;
    for (let count = 1; count <= mostPages; count += 1) {
      const page = await this.api.get<Record<string, unknown>[]>(path, form, {
        ...query,
        limit: String(pageSize),
        ...(cursor !== undefined && { cursor }),
      });
      found.push(...page.map((item) => (item[wrapper] ?? item) as T));
      cursor = page.length < pageSize ? undefined : (page.at(-1)?.cursor as string | undefined);
      if (cursor === undefined) return found;
    }
    throw this.api.endless(path);
  }
}

const isLinked = (links: readonly { id: string }[], serviceId: string) =>
  links.some(({ id }) => id === serviceId);
