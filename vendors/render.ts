/** Render's API, as far as its provider does not make the calls; https://api-docs.render.com/reference */
import { z } from "zod";
import { type Account, type CallOptions, type Lookup, maybe, mostPages, VendorApi, word } from "./http.ts";

/** Of answers, what is read of each. */
const named = z.object({ id: z.string(), name: z.string() });

/** What may connect from outside. A list of nobody is null. Source: recorded answers of Render's provider. */
const access = z.object({ cidrBlock: z.string(), description: maybe(z.string()) });
const ipAllowList = z.array(access).nullish();

/** ISO 8601. It is only compared: an answer without one is of use, too. */
const date = z.unknown().optional() as unknown as z.ZodType<string>;

/** A service, as lists show it. */
const service = named.extend({
  /** For example `web_service`. */
  type: z.string(),
  /** The workspace, `tea-…`. */
  ownerId: maybe(z.string()),
  createdAt: date,
  updatedAt: date,
  suspended: maybe(word<"suspended" | "not_suspended">()),
  /** Absent: it is in none. */
  environmentId: maybe(z.string()),
  /** Cron jobs have no previews; answers of some age say them by the second word. */
  serviceDetails: maybe(
    z.object({
      region: maybe(z.string()),
      plan: maybe(z.string()),
      previews: maybe(z.object({ generation: maybe(z.string()) })),
      pullRequestPreviewsEnabled: maybe(word<"yes" | "no">()),
      /** Of a pull request's preview: the service that it is one of. */
      parentServer: maybe(z.object({ id: z.string() })),
    }),
  ),
});

/** A Postgres, as lists show it. */
const postgres = named.extend({
  createdAt: date,
  updatedAt: maybe(z.string()),
  /** Of a read replica: whose it is. */
  primaryPostgresID: maybe(z.string()),
  /** `available` when it can be used; of a recovery also `recovery_in_progress`, `recovery_failed`. */
  status: maybe(z.string()),
  diskSizeGB: maybe(z.number()),
  plan: z.string(),
  version: z.string(),
  region: z.string(),
  databaseName: z.string(),
  databaseUser: z.string(),
  highAvailabilityEnabled: maybe(z.boolean()),
  readReplicas: maybe(z.array(z.object({ name: z.string() }))),
  ipAllowList,
});

/** To which moments a Postgres can be recovered; https://api-docs.render.com/reference/retrieve-postgres-recovery-info */
const recovery = z.object({
  recoveryStatus: word<"AVAILABLE" | "BACKUP_NOT_READY" | "NOT_AVAILABLE">(),
  startsAt: maybe(z.string()),
});

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
const keyValue = named.extend({
  createdAt: date,
  updatedAt: maybe(z.string()),
  plan: z.string(),
  region: z.string(),
  /** `unknown`, then `creating` for a while after its creation. Source: recorded answers of Render's provider. */
  status: maybe(z.string()),
  options: z.object({ maxmemoryPolicy: z.string(), persistenceMode: z.string() }),
  ipAllowList,
});

/** How to connect. Secret. */
const connection = z.object({ internalConnectionString: z.string(), externalConnectionString: z.string() });

/** An env group, as lists show it; one that leaves out its links leaves that to the group itself. */
const envGroup = named.extend({
  createdAt: maybe(z.string()),
  serviceLinks: maybe(z.array(z.object({ id: z.string() }))),
});

/** A variable. Its value may be secret. */
const variable = z.object({ key: z.string(), value: z.string() });

/** A deploy; https://api-docs.render.com/reference/list-deploys */
const deploy = z.object({
  id: z.string(),
  status: z.string(),
  createdAt: z.string(),
  /** null until it has ended; an image has a null for its commit. Source: recorded answers of Render's provider. */
  finishedAt: z.string().nullish(),
  commit: z.object({ id: z.string() }).nullish(),
  image: maybe(z.object({ ref: z.string() })),
});

/** Statuses of deploys that never ran, or no longer do. Source: https://api-docs.render.com/reference/list-deploys */
export const failedDeploys: ReadonlySet<string> = new Set([
  "build_failed",
  "update_failed",
  "pre_deploy_failed",
  "canceled",
  "deactivated",
]);

/** A one-off job of a service; https://render.com/docs/one-off-jobs */
const job = z.object({
  id: z.string(),
  /** Absent until it is known. */
  status: maybe(word<"pending" | "running" | "succeeded" | "failed" | "canceled">()),
  createdAt: z.string(),
});

/** One line of a log; https://api-docs.render.com/reference/list-logs */
const logLine = z.object({
  /** May hold whatever the program printed, secrets too. */
  message: z.string(),
  timestamp: z.string(),
  /** Among them `type`: `app`, `build` or `request`. */
  labels: maybe(z.array(z.object({ name: z.string(), value: z.string() }))),
});

/** A user of a Postgres; the connection info shows the default one. https://render.com/docs/postgresql-credentials */
const postgresUser = z.object({
  username: z.string(),
  default: z.boolean(),
  createdAt: maybe(z.string()),
  openConnections: z.number(),
});

export type RenderService = z.infer<typeof service>;
export type RenderAccess = z.infer<typeof access>;
export type RenderPostgres = z.infer<typeof postgres>;
export type RenderKeyValue = z.infer<typeof keyValue>;
export type RenderConnection = z.infer<typeof connection>;
export type RenderEnvGroup = z.infer<typeof envGroup>;
export type RenderVariable = z.infer<typeof variable>;
export type RenderDeploy = z.infer<typeof deploy>;
export type RenderJob = z.infer<typeof job>;
export type RenderLogLine = z.infer<typeof logLine>;

/** A commit or an image; neither: what the service is configured to run. */
export interface DeployedSource {
  commitId?: string;
  imageUrl?: string;
}

/** What Render has lists of, and under which name most lists show each item. */
const lists = {
  services: { wrapper: "service", item: service },
  postgres: { wrapper: "postgres", item: postgres },
  "key-value": { wrapper: "keyValue", item: keyValue },
  "env-groups": { wrapper: "envGroup", item: envGroup },
  projects: { wrapper: "project", item: named },
  "dedicated-ips": { wrapper: "dedicatedIp", item: named },
};
type Item<Kind extends keyof typeof lists> = z.infer<(typeof lists)[Kind]["item"]>;

const pageSize = 100;

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
  async list<Kind extends keyof typeof lists>(
    kind: Kind,
    query: Readonly<Record<string, string>> = {},
  ): Promise<Item<Kind>[]> {
    const { wrapper, item } = lists[kind];
    const owned = { ...(this.owner !== "" && { ownerId: this.owner }), ...query };
    return (await this.pages(`/${kind}`, wrapper, item, owned)) as Item<Kind>[];
  }

  /** Those of exactly this name: Render's own filter also finds others. */
  async named<Kind extends keyof typeof lists>(kind: Kind, name: string): Promise<Item<Kind>[]> {
    return (await this.list(kind, { name })).filter((one) => one.name === name);
  }

  service(id: string) {
    return this.api.get(`/services/${id}`, service);
  }

  /** The service, or nothing where there is none of this id. */
  serviceIfAny(id: string) {
    return this.api.find(`/services/${id}`, service);
  }

  keyValue(id: string) {
    return this.api.get(`/key-value/${id}`, keyValue);
  }

  /** The variables that stand on the service itself. */
  ownVariables(serviceId: string) {
    return this.pages(`/services/${serviceId}/env-vars`, "envVar", variable);
  }

  /** The env groups that are linked to a service, with their variables; the later one of the list wins. */
  async groupsOf(serviceId: string, listed?: readonly RenderEnvGroup[]) {
    const linked = (listed ?? (await this.list("env-groups"))).filter(
      ({ serviceLinks }) => serviceLinks === undefined || isLinked(serviceLinks, serviceId),
    );
    const form = envGroup.extend({ envVars: z.array(variable) });
    const groups = await Promise.all(linked.map(({ id }) => this.api.get(`/env-groups/${id}`, form)));
    return groups.filter(({ serviceLinks = [] }) => isLinked(serviceLinks, serviceId));
  }

  /** The newest deploys, newest first. */
  async deploys(serviceId: string): Promise<RenderDeploy[]> {
    const page = await this.api.get(
      `/services/${serviceId}/deploys`,
      z.array(z.union([z.object({ deploy }), deploy])),
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
    return (await this.api.send("POST", `/services/${serviceId}/jobs`, request)) as RenderJob;
  }

  job(serviceId: string, jobId: string) {
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
    const { logs = [] } = await this.api.get("/logs", z.object({ logs: z.array(logLine).optional() }), query);
    return logs
      .filter(({ labels = [] }) => !labels.some(({ name, value }) => name === "type" && value === "request"))
      .toReversed()
      .sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  }

  /** How to connect to a Postgres or a Key Value. Secret. */
  connection(kind: "postgres" | "key-value", id: string) {
    return this.api.get(`/${kind}/${id}/connection-info`, connection);
  }

  /** The Postgres, or nothing where there is none of this id. */
  postgres(id: string) {
    return this.api.find(`/postgres/${id}`, postgres);
  }

  recovery(postgresId: string) {
    return this.api.get(`/postgres/${postgresId}/recovery`, recovery);
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
    const request = { body: { restoreTime: to, restoreName: name }, form: postgres };
    return (await this.api.send("POST", `/postgres/${postgresId}/recovery`, request)) as RenderPostgres;
  }

  /** Who may connect to a Postgres from outside. */
  async admit(postgresId: string, ipAllowList: readonly RenderAccess[]): Promise<void> {
    await this.api.send("PATCH", `/postgres/${postgresId}`, { body: { ipAllowList }, repeatable: true });
  }

  /** Deletes a Postgres with all that it holds. */
  deletePostgres(id: string) {
    return this.api.delete(`/postgres/${id}`);
  }

  /** Users of a Postgres that Render manages; https://render.com/docs/postgresql-credentials */
  postgresUsers(postgresId: string) {
    return this.api.get(`/postgres/${postgresId}/credentials`, z.array(postgresUser));
  }

  /** Makes another user, which becomes the default one. Render chooses its password. */
  async addPostgresUser(postgresId: string, username: string): Promise<void> {
    await this.api.send("POST", `/postgres/${postgresId}/credentials`, { body: { username } });
  }

  removePostgresUser(postgresId: string, username: string) {
    return this.api.delete(`/postgres/${postgresId}/credentials/${encodeURIComponent(username)}`);
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
  private async pages<Form extends z.ZodType>(
    path: string,
    wrapper: string,
    item: Form,
    query: Record<string, string> = {},
  ): Promise<z.infer<Form>[]> {
    const form = z.array(z.union([z.object({ [wrapper]: item }), item]));
    const found: z.infer<Form>[] = [];
    let cursor: string | undefined;
    for (let count = 1; count <= mostPages; count += 1) {
      const asked = { ...query, limit: String(pageSize), ...(cursor !== undefined && { cursor }) };
      const page = (await this.api.get(path, form, asked)) as Record<string, unknown>[];
      found.push(...page.map((item) => (item[wrapper] ?? item) as z.infer<Form>));
      cursor = page.length < pageSize ? undefined : (page.at(-1)?.cursor as string | undefined);
      if (cursor === undefined) return found;
    }
    throw this.api.endless(path);
  }
}

const isLinked = (links: readonly { id: string }[], serviceId: string) =>
  links.some(({ id }) => id === serviceId);
