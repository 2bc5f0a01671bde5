/** What a status reads of Render's API; it changes nothing. Values of variables become digests before they leave here. */
import { Failure } from "../check.ts";
import type { Deadline } from "../deadline.ts";
import { meaningOf } from "../errors.ts";

/** The account. The key is secret, and part of no error. */
export interface RenderAccount {
  key: string;
  /** `RENDER_HOST`, or Render's own; with `/v1`. */
  host: string;
}

/** A variable: its name, and a digest that is the same for the same value within one run. */
export type Digests = Map<string, string>;

export interface Service {
  suspended: boolean;
  updatedAt: string;
}

export interface ListedDeploy {
  id: string;
  status: string;
  createdAt: string;
  finishedAt?: string;
}

export interface EnvGroup {
  updatedAt: string;
  variables: Digests;
}

const pageSize = 100;

/** @see https://api-docs.render.com/reference */
export class RenderApi {
  private readonly account: RenderAccount;
  private readonly deadline: Deadline;
  private readonly digest: (value: string) => string;
  private groups: Promise<ListedGroup[]> | undefined;

  constructor(account: RenderAccount, deadline: Deadline, digest: (value: string) => string) {
    this.account = account;
    this.deadline = deadline;
    this.digest = digest;
  }

  async service(id: string): Promise<Service> {
    const { suspended, updatedAt } = await this.get<{ suspended?: string; updatedAt: string }>(
      `/services/${id}`,
    );
    return { suspended: suspended === "suspended", updatedAt };
  }

  /** The newest deploys, newest first. */
  async deploys(serviceId: string): Promise<ListedDeploy[]> {
    const page = await this.get<{ deploy: ListedDeploy }[]>(`/services/${serviceId}/deploys?limit=20`);
    const deploys = page.map(({ deploy: { id, status, createdAt, finishedAt } }) => ({
      id,
      status,
      createdAt,
      ...(finishedAt && { finishedAt }),
    }));
    return deploys.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  /** The variables that the service sets itself. */
  async ownVariables(serviceId: string): Promise<Digests> {
    const items = await this.all<{ envVar: EnvVar }>(`/services/${serviceId}/env-vars`);
    return this.digests(items.map(({ envVar }) => envVar));
  }

  /** The env groups that are linked to the service. */
  async envGroups(serviceId: string): Promise<EnvGroup[]> {
    this.groups ??= this.all<{ envGroup: ListedGroup }>("/env-groups").then((items) =>
      items.map(({ envGroup }) => envGroup),
    );
    const linked = (await this.groups).filter(
      // A list that does not tell links leaves that to each group.
      ({ serviceLinks }) => serviceLinks === undefined || isLinked(serviceLinks, serviceId),
    );
    const groups = await Promise.all(linked.map(({ id }) => this.get<WholeGroup>(`/env-groups/${id}`)));
    return groups
      .filter(({ serviceLinks = [] }) => isLinked(serviceLinks, serviceId))
      .map(({ updatedAt, envVars }) => ({ updatedAt, variables: this.digests(envVars) }));
  }

  private digests(variables: readonly EnvVar[]): Digests {
    return new Map(variables.map(({ key, value }) => [key, this.digest(value)]));
  }

  /** All pages of a list. */
  private async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(pageSize), ...(cursor !== undefined && { cursor }) });
      const page = await this.get<(T & { cursor?: string })[]>(`${path}?${query}`);
      items.push(...page);
      cursor = page.length < pageSize ? undefined : page.at(-1)?.cursor;
    } while (cursor !== undefined);
    return items;
  }

  private async get<T>(path: string): Promise<T> {
    const { host, key } = this.account;
    const aborter = new AbortController();
    try {
      return await this.deadline.within(read<T>(host + path, key, aborter.signal));
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(meaningOf(error));
    } finally {
      aborter.abort();
    }
  }
}

interface EnvVar {
  key: string;
  value: string;
}

interface ListedGroup {
  id: string;
  serviceLinks?: { id: string }[];
}

interface WholeGroup extends ListedGroup {
  updatedAt: string;
  envVars: EnvVar[];
}

const isLinked = (links: readonly { id: string }[], serviceId: string) =>
  links.some(({ id }) => id === serviceId);

async function read<T>(url: string, key: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${key}` }, signal });
  const { status } = response;
  const evidence = `HTTP ${status}`;
  if (status === 401 || status === 403) throw new Failure({ kind: "login-refused", evidence });
  if (status === 404) throw new Failure({ kind: "no-such-service", evidence });
  if (status === 429) throw new Failure({ kind: "quota-used-up", evidence });
  if (!response.ok) throw new Failure({ kind: "unexpected", evidence });
  try {
    return (await response.json()) as T;
  } catch (error) {
    // The parser's message quotes what it was given.
    if (error instanceof SyntaxError) throw new Failure({ kind: "not-supported", evidence: "no JSON" });
    throw error;
  }
}
