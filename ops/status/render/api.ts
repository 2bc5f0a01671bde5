/** What a status reads of Render's API; it changes nothing. Values of variables become digests before they leave here. */
import type { Account, VendorError } from "../../../vendors/http.ts";
import { Render, type RenderService, type RenderVariable } from "../../../vendors/render.ts";
import type { Deadline } from "../look/deadline.ts";
import { meaningOf } from "../look/errors.ts";
import { KnownFailure } from "../look/look.ts";
import type { Deploy } from "../model.ts";

/** A variable: its name, and a digest that is the same for the same value within one run. */
export type Digests = Map<string, string>;

/** A service, and what it runs with. */
export interface ServiceLookup {
  service: RenderService;
  /** The newest ones, newest first. */
  deploys: Deploy[];
  /** The variables that the service sets itself. */
  own: Digests;
  /** The env groups that are linked to it. */
  groups: { variables: Digests }[];
}

/** Within a deadline, and without a second try: what does not answer now is what a status has to say. */
export function renderReader(account: Account, deadline: Deadline, digest: (value: string) => string) {
  const aborter = new AbortController();
  const render = new Render(account, "", { retries: 0, signal: aborter.signal, word: failureOf });
  const allGroups = render.list("env-groups");
  const digests = (variables: readonly RenderVariable[]): Digests =>
    new Map(variables.map(({ key, value }) => [key, digest(value)]));
  return async (id: string): Promise<ServiceLookup> => {
    const asked = Promise.all([
      render.service(id),
      render.deploys(id),
      render.ownVariables(id),
      allGroups.then((listed) => render.groupsOf(id, listed)),
    ]);
    try {
      const [service, deploys, own, groups] = await deadline.within(asked);
      return {
        service,
        deploys: deploys.map(({ status, createdAt }) => ({ status, createdAt })),
        own: digests(own),
        groups: groups.map(({ envVars }) => ({ variables: digests(envVars) })),
      };
    } catch (error) {
      if (!(error instanceof KnownFailure)) aborter.abort();
      throw error;
    }
  };
}

function failureOf(error: VendorError): KnownFailure {
  const { status } = error;
  if (status === undefined) return new KnownFailure(meaningOf(error));
  const evidence = `HTTP ${status}`;
  if (error.isRefusal) return new KnownFailure({ kind: "login-refused", evidence });
  if (status === 404) return new KnownFailure({ kind: "no-such-service", evidence });
  if (status === 429) return new KnownFailure({ kind: "quota-used-up", evidence });
  if (status < 300) return new KnownFailure({ kind: "not-supported", evidence: "no JSON" });
  return new KnownFailure({ kind: "unexpected", evidence });
}
