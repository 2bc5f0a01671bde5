/** What a status reads of Render's API; it changes nothing. Values of variables become digests before they leave here. */
import type { Account, VendorError } from "../../../vendors/http.ts";
import {
  Render,
  type RenderDeploy,
  type RenderEnvGroup,
  type RenderVariable,
} from "../../../vendors/render.ts";
import { Failure } from "../check.ts";
import type { Deadline } from "../deadline.ts";
import { meaningOf } from "../errors.ts";

/** A variable: its name, and a digest that is the same for the same value within one run. */
export type Digests = Map<string, string>;

export interface Service {
  suspended: boolean;
  updatedAt: string;
}

export type ListedDeploy = Pick<RenderDeploy, "id" | "status" | "createdAt" | "finishedAt">;

export interface EnvGroup {
  updatedAt: string;
  variables: Digests;
}

/** Within a deadline, and without a second try: what does not answer now is what a status has to say. */
export class RenderReader {
  private readonly render: Render;
  private readonly deadline: Deadline;
  private readonly digest: (value: string) => string;
  private readonly aborter = new AbortController();
  private groups: Promise<RenderEnvGroup[]> | undefined;

  constructor(account: Account, deadline: Deadline, digest: (value: string) => string) {
    this.render = new Render(account, "", { retries: 0, signal: this.aborter.signal, word: failureOf });
    this.deadline = deadline;
    this.digest = digest;
  }

  async service(id: string): Promise<Service> {
    const { suspended, updatedAt } = await this.within(this.render.service(id));
    return { suspended: suspended === "suspended", updatedAt };
  }

  /** The newest deploys, newest first. */
  async deploys(serviceId: string): Promise<ListedDeploy[]> {
    return (await this.within(this.render.deploys(serviceId))).map(
      ({ id, status, createdAt, finishedAt }) => ({
        id,
        status,
        createdAt,
        ...(finishedAt && { finishedAt }),
      }),
    );
  }

  /** The variables that the service sets itself. */
  async ownVariables(serviceId: string): Promise<Digests> {
    return this.digests(await this.within(this.render.ownVariables(serviceId)));
  }

  /** The env groups that are linked to the service. */
  async envGroups(serviceId: string): Promise<EnvGroup[]> {
    this.groups ??= this.render.list("env-groups");
    const groups = await this.within(this.groups.then((listed) => this.render.groupsOf(serviceId, listed)));
    return groups.map(({ updatedAt, envVars }) => ({ updatedAt, variables: this.digests(envVars) }));
  }

  private digests(variables: readonly RenderVariable[]): Digests {
    return new Map(variables.map(({ key, value }) => [key, this.digest(value)]));
  }

  private async within<T>(answer: Promise<T>): Promise<T> {
    try {
      return await this.deadline.within(answer);
    } catch (error) {
      if (!(error instanceof Failure)) this.aborter.abort();
      throw error instanceof Failure ? error : new Failure(meaningOf(error));
    }
  }
}

function failureOf(error: VendorError): Failure {
  const { status } = error;
  if (status === undefined) return new Failure(meaningOf(error));
  const evidence = `HTTP ${status}`;
  if (error.isRefusal) return new Failure({ kind: "login-refused", evidence });
  if (status === 404) return new Failure({ kind: "no-such-service", evidence });
  if (status === 429) return new Failure({ kind: "quota-used-up", evidence });
  if (status < 300) return new Failure({ kind: "not-supported", evidence: "no JSON" });
  return new Failure({ kind: "unexpected", evidence });
}
