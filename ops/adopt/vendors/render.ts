/** What there is at Render, and which variables reach a service. */
import type { Lookup } from "../credentials.ts";
import { type Get, getter } from "../http.ts";
import type { Redis, RenderPostgres, RenderService, ServiceVariables } from "../model.ts";

const pageSize = 100;

/** One workspace of Render; https://api-docs.render.com/reference */
export class RenderAccount {
  private readonly get: Get;
  private readonly ownerId: string;

  constructor(lookup: Lookup, environment: NodeJS.ProcessEnv) {
    const key = lookup("render:apiKey", "RENDER_API_KEY");
    this.ownerId = lookup("render:ownerId", "RENDER_OWNER_ID");
    this.get = getter({
      vendor: "Render",
      base: (environment.RENDER_HOST || "https://api.render.com/v1").replace(/\/+$/, ""),
      authorize: () => ({ authorization: `Bearer ${key}`, accept: "application/json" }),
      keys: "render:apiKey, or RENDER_API_KEY",
      environment,
    });
  }

  /** Services that can have an env group; static sites run nothing. */
  async services(): Promise<RenderService[]> {
    const found = await this.all<ListedService>("/services", "service");
    return found
      .filter(({ type }) => type !== "static_site")
      .map(({ id, name, type, serviceDetails }) => ({
        id,
        name,
        type,
        region: serviceDetails?.region ?? "",
      }));
  }

  async postgres(): Promise<RenderPostgres[]> {
    const found = await this.all<ListedPostgres>("/postgres", "postgres");
    return Promise.all(
      found.map(async (one) => {
        const connection = await this.get<Connection>(`/postgres/${one.id}/connection-info`);
        return {
          id: one.id,
          name: one.name,
          plan: one.plan,
          version: one.version,
          region: one.region,
          database: one.databaseName,
          user: one.databaseUser,
          highAvailability: one.highAvailabilityEnabled === true,
          readReplicas: (one.readReplicas ?? []).map(({ name }) => name),
          accessList: (one.ipAllowList ?? []).map(accessOf),
          internal: connection.internalConnectionString,
          external: connection.externalConnectionString,
        };
      }),
    );
  }

  async keyValues(): Promise<Redis[]> {
    const found = await this.all<ListedKeyValue>("/key-value", "keyValue");
    return Promise.all(
      found.map(async (one): Promise<Redis> => {
        const connection = await this.get<Connection>(`/key-value/${one.id}/connection-info`);
        return {
          provider: "render",
          id: one.id,
          name: one.name,
          plan: one.plan,
          region: one.region,
          maxmemoryPolicy: one.options.maxmemoryPolicy,
          persistence: one.options.persistenceMode,
          accessList: (one.ipAllowList ?? []).map(accessOf),
          url: connection.internalConnectionString,
          externalUrl: connection.externalConnectionString,
        };
      }),
    );
  }

  /**
   * The variables that reach a service, with their values; secret. Its own win over those of a group; which of two
   * groups wins Render does not say, here it is the later one of the list.
   *
   * @see https://render.com/docs/configure-environment-variables
   */
  async variables(serviceId: string): Promise<ServiceVariables> {
    const groups = await this.all<{ id: string; name: string; serviceLinks?: { id: string }[] }>(
      "/env-groups",
      "envGroup",
    );
    const linked = groups.filter(({ serviceLinks = [] }) => serviceLinks.some(({ id }) => id === serviceId));
    const variables: Record<string, ServiceVariables[string]> = {};
    for (const { id, name } of linked) {
      const { envVars } = await this.get<{ envVars: Variable[] }>(`/env-groups/${id}`);
      for (const { key, value } of envVars) variables[key] = { value, group: name };
    }
    const own = await this.all<Variable>(`/services/${serviceId}/env-vars`, "envVar");
    for (const { key, value } of own) variables[key] = { value };
    return variables;
  }

  private async all<T>(path: string, kind: string): Promise<T[]> {
    const found: T[] = [];
    const owner = path.includes("/env-vars") ? {} : { ownerId: this.ownerId };
    let cursor: string | undefined;
    do {
      const query = { ...owner, limit: String(pageSize), ...(cursor !== undefined && { cursor }) };
      const page = await this.get<({ cursor: string } & Record<string, T>)[]>(path, query);
      found.push(...page.map((item) => item[kind] as T));
      cursor = page.length < pageSize ? undefined : page.at(-1)?.cursor;
    } while (cursor !== undefined);
    return found;
  }
}

interface Variable {
  key: string;
  value: string;
}
interface ListedService {
  id: string;
  name: string;
  type: string;
  serviceDetails?: { region?: string };
}
interface Block {
  cidrBlock: string;
  description?: string;
}
interface ListedPostgres {
  id: string;
  name: string;
  plan: string;
  version: string;
  region: string;
  databaseName: string;
  databaseUser: string;
  highAvailabilityEnabled?: boolean;
  readReplicas?: { name: string }[];
  ipAllowList?: Block[];
}
interface ListedKeyValue {
  id: string;
  name: string;
  plan: string;
  region: string;
  options: { maxmemoryPolicy: string; persistenceMode: string };
  ipAllowList?: Block[];
}
interface Connection {
  internalConnectionString: string;
  externalConnectionString: string;
}

const accessOf = ({ cidrBlock, description = "" }: Block) => ({ cidr: cidrBlock, comment: description });
