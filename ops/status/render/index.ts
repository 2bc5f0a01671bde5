/** Whether the backend's services run with what the stack gives them, as far as Render's API tells. */
import { createHmac, randomBytes } from "node:crypto";
import { contract } from "../../../infra/contract.ts";
import type { Account } from "../../../vendors/http.ts";
import { failedDeploys } from "../../../vendors/render.ts";
import { Deadline } from "../look/deadline.ts";
import { failureFrom, grace, type LookOptions, secondsSince } from "../look/look.ts";
import type { Deploy, RenderServiceStatus, RenderStatus } from "../model.ts";
import type { Variables } from "../variables.ts";
import { problemFrom } from "../verdict/index.ts";
import { type Digests, renderReader, type ServiceLookup } from "./api.ts";

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
  // New for each run: a digest says something only beside another one of the same run.
  const salt = randomBytes(32);
  const digest = (value: string) => createHmac("sha256", salt).update(value).digest("hex");
  const lookUp = renderReader(account, new Deadline(timeout + grace, signal), digest);
  const given = new Map(
    Object.keys(contract).flatMap((name): [string, string][] => {
      const value = variables[name];
      return value ? [[name, digest(value)]] : [];
    }),
  );
  const statuses = await Promise.all(
    services.map(async ({ name, id, deployed = false }): Promise<RenderServiceStatus> => {
      try {
        return judged({ name, id }, await lookUp(id), given, deployed);
      } catch (error) {
        const problem = problemFrom(failureFrom(error, { stage: "asking" }), place);
        return { name, id, state: "failed", problem };
      }
    }),
  );
  const problems = statuses.map(({ problem }) => problem);
  const common = problems.every((problem) => problem !== undefined && problem.kind !== "no-such-service")
    ? problems[0]
    : undefined;
  return {
    state: worst(statuses.map(({ state }) => state)),
    seconds: secondsSince(since),
    ...(common && { problem: common }),
    services: common === undefined ? statuses : [],
  };
}

const place = { database: "services", vendor: "other" } as const;

function judged(
  name: Pick<ServiceId, "name" | "id">,
  found: ServiceLookup,
  given: Digests,
  isDeployed: boolean,
): RenderServiceStatus {
  const { service, deploys } = found;
  const [last] = deploys;
  const live = deploys.find(({ status }) => status === "live");
  const variables = compared(found, given);
  const current = currency(last, live, isDeployed);
  const wrong = variables.differ.length + variables.missing.length + variables.extra.length > 0;
  const doubtful =
    wrong || current === "no" || current === "deploying" || (last !== live && last !== undefined);
  const suspended = service.suspended === "suspended";
  const dead = suspended || (live === undefined && current !== "deploying");
  return {
    ...name,
    state: dead ? "failed" : doubtful ? "warning" : "well",
    suspended,
    ...(last && { lastDeploy: last }),
    ...(live && live !== last && { liveDeploy: live }),
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
  last: Deploy | undefined,
  live: Deploy | undefined,
  isDeployed: boolean,
): NonNullable<RenderServiceStatus["liveWithCurrentVariables"]> {
  if (last !== undefined && last !== live && !failedDeploys.has(last.status)) return "deploying";
  if (live === undefined) return "no";
  // A deploy that failed may have been the stack's own, where nobody waits for it.
  return isDeployed && last === live ? "yes" : "unknown";
}

/** A service's own variable wins over that of a group: https://render.com/docs/configure-environment-variables */
function compared(
  { own, groups }: ServiceLookup,
  given: Digests,
): NonNullable<RenderServiceStatus["variables"]> {
  const result: NonNullable<RenderServiceStatus["variables"]> = {
    equal: [],
    differ: [],
    missing: [],
    extra: [],
    shadowed: [],
  };
  for (const name of Object.keys(contract)) {
    const inGroups = groups.flatMap(({ variables }) => variables.get(name) ?? []);
    const itself = own.get(name);
    const effective = itself === undefined ? inGroups : [itself];
    const wanted = given.get(name);
    if (itself !== undefined && inGroups.length > 0) result.shadowed.push(name);
    if (wanted === undefined) {
      if (effective.length > 0) result.extra.push(name);
    } else if (effective.length === 0) result.missing.push(name);
    else result[effective.every((digest) => digest === wanted) ? "equal" : "differ"].push(name);
  }
  return result;
}

function worst(states: readonly RenderServiceStatus["state"][]): RenderServiceStatus["state"] {
  if (states.includes("failed")) return "failed";
  return states.includes("warning") ? "warning" : "well";
}
