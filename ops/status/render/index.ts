/**
 * Whether the backend's services run with what the stack gives them, as far as Render's API tells; it changes nothing. Values
 * of variables stay in here: what leaves it are names.
 */
import { contract } from "../../../infra/contract.ts";
import type { Account, VendorError } from "../../../vendors/http.ts";
import {
  failedDeploys,
  Render,
  type RenderDeploy,
  type RenderService,
  type RenderVariable,
} from "../../../vendors/render.ts";
import { Deadline } from "../look/deadline.ts";
import { meaningOf } from "../look/errors.ts";
import { failureFrom, grace, KnownFailure, type LookOptions, secondsSince } from "../look/look.ts";
import type { RenderServiceStatus, RenderStatus } from "../model.ts";
import type { Variables } from "../variables.ts";
import { problemFrom } from "../verdict/index.ts";

/** A service that gets the contract's variables. */
export interface ServiceId {
  name: string;
  id: string;
  /** The stack's state says that the stack has deployed it since it last changed its variables. */
  deployed?: true;
}

/** @param account undefined: nobody gave a key */
export async function checkRender(
  account: Account | undefined,
  services: readonly ServiceId[],
  variables: Variables,
  { timeout, signal }: LookOptions,
): Promise<RenderStatus> {
  if (services.length === 0) return { state: "unchecked", reason: "no-services" };
  if (account === undefined) return { state: "unchecked", reason: "no-key" };
  const since = performance.now();
  const deadline = new Deadline(timeout + grace, signal);
  const aborter = new AbortController();
  // Without a second try: what does not answer now is what a status has to say.
  const render = new Render(account, "", { retries: 0, signal: aborter.signal, word: failureOf });
  const allGroups = render.list("env-groups");
  const statusOf = async ({ name, id, deployed }: ServiceId): Promise<RenderServiceStatus> => {
    try {
      const asked = Promise.all([
        render.service(id),
        render.deploys(id),
        render.ownVariables(id),
        allGroups.then((listed) => render.groupsOf(id, listed)),
      ]);
      const [service, deploys, own, groups] = await deadline.within(asked);
      const inGroups = groups.flatMap(({ envVars }) => envVars);
      return { name, id, ...judged(service, deploys, compared(own, inGroups, variables), deployed === true) };
    } catch (error) {
      if (!(error instanceof KnownFailure)) aborter.abort();
      const place = { database: "services", vendor: "other" } as const;
      const problem = problemFrom(failureFrom(error, { stage: "asking" }), place);
      return { name, id, state: "failed", problem };
    }
  };
  const statuses = await Promise.all(services.map(statusOf));
  const isCommon = statuses.every(({ problem }) => problem && problem.kind !== "no-such-service");
  const states = statuses.map(({ state }) => state);
  const problem = isCommon ? statuses[0]?.problem : undefined;
  return {
    state: (["failed", "warning"] as const).find((state) => states.includes(state)) ?? "well",
    seconds: secondsSince(since),
    ...(problem && { problem }),
    services: problem ? [] : statuses,
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

type Compared = NonNullable<RenderServiceStatus["variables"]>;

function judged(
  service: RenderService,
  deploys: readonly RenderDeploy[],
  variables: Compared,
  isDeployed: boolean,
): Omit<RenderServiceStatus, "name" | "id"> {
  const [last, live] = [deploys[0], deploys.find(({ status }) => status === "live")].map(
    (deploy) => deploy && { status: deploy.status, createdAt: deploy.createdAt },
  );
  const isLast = deploys[0]?.status === "live";
  const current = currency(last, live, isDeployed && isLast);
  const wrong = variables.differ.length + variables.missing.length + variables.extra.length > 0;
  const doubtful = wrong || current === "no" || current === "deploying" || (last !== undefined && !isLast);
  const suspended = service.suspended === "suspended";
  const dead = suspended || (live === undefined && current !== "deploying");
  return {
    state: dead ? "failed" : doubtful ? "warning" : "well",
    suspended,
    ...(last && { lastDeploy: last }),
    ...(live && !isLast && { liveDeploy: live }),
    liveWithCurrentVariables: current,
    variables,
  };
}

/**
 * Render does not say with which variables a deploy was started, nor when one last changed: the date of an env group or
 * a service stays when its variables change (recorded answers of Render's provider). What the stack gave and deployed,
 * the stack's state knows; whether these are still the ones at Render, {@link compared} says.
 */
function currency(
  last: Pick<RenderDeploy, "status"> | undefined,
  live: object | undefined,
  isDeployed: boolean,
): NonNullable<RenderServiceStatus["liveWithCurrentVariables"]> {
  if (last !== undefined && last.status !== "live" && !failedDeploys.has(last.status)) return "deploying";
  if (live === undefined) return "no";
  // A deploy that failed may have been the stack's own, where nobody waits for it.
  return isDeployed ? "yes" : "unknown";
}

/** A service's own variable wins over that of a group: https://render.com/docs/configure-environment-variables */
function compared(
  own: readonly RenderVariable[],
  inGroups: readonly RenderVariable[],
  wanted: Variables,
): Compared {
  const result: Compared = { equal: [], differ: [], missing: [], extra: [], shadowed: [] };
  for (const name of Object.keys(contract)) {
    const [itself, shared] = [own, inGroups].map((all) => all.filter(({ key }) => key === name)) as [
      RenderVariable[],
      RenderVariable[],
    ];
    const effective = itself.length > 0 ? itself : shared;
    if (itself.length > 0 && shared.length > 0) result.shadowed.push(name);
    if (!wanted[name]) {
      if (effective.length > 0) result.extra.push(name);
    } else if (effective.length === 0) result.missing.push(name);
    else result[effective.every(({ value }) => value === wanted[name]) ? "equal" : "differ"].push(name);
  }
  return result;
}
