/** All checks of an environment, side by side. */
import { standing } from "../../infra/policies/budget.ts";
import type { Account } from "../../vendors/http.ts";
import { Render } from "../../vendors/render.ts";
import { authorityIn } from "./authority.ts";
import type { InsideAnswer } from "./inside/index.ts";
import { ofTheWay } from "./look/errors.ts";
import { type LookOptions, secondsSince } from "./look/look.ts";
import { hostIn, lookAtMongodb } from "./look/mongodb/index.ts";
import { lookAtPostgres } from "./look/postgres/index.ts";
import { lookAtRedis } from "./look/redis/index.ts";
import type { FactsOf, Failure, Observation, Status } from "./model.ts";
import { type DatabaseName, databaseNames, vendorOf } from "./place.ts";
import { checkRender } from "./render/index.ts";
import type { Environment } from "./sources.ts";
import type { StrangersStatus } from "./strangers/model.ts";
import { type Configuration, type Configured, configurationFrom, type SettingsOf } from "./variables.ts";
import { verdictOn, withCredential } from "./verdict/index.ts";

/** What a status needs besides the environment. */
export interface StatusOptions extends Omit<LookOptions, "timeout"> {
  /** Undefined: services are not looked at, and nobody looks from inside. */
  render?: Account;
  /** From where the databases are looked at; by default from inside only what cannot be reached from here. */
  from?: "here" | "backend";
}

/**
 * Asks all databases, and Render, at the same time. Takes no longer than MONGODB_TIMEOUT_MS and a second, whatever
 * happens, and the time of a job at Render where somebody has to look from inside, or of its vendors' word about backups;
 * resolves also when everything fails, or when it is interrupted.
 */
export async function statusOf(
  environment: Environment,
  { render: account, from, ...options }: StatusOptions = {},
): Promise<Status> {
  const { source, variables, services, credentials, cost, backups: ask } = environment;
  const at = new Date().toISOString();
  const since = performance.now();
  const configured = configurationFrom(variables);
  const look = { ...options, timeout: configured.timeout };
  const [here, render, backups = []] = await Promise.all([
    lookedAt(configured, from === "backend" ? undefined : look),
    checkRender(account, services, variables, look),
    ask?.(),
  ]);
  const inside = from === "here" ? undefined : await lookedAtInside(here, from, account, environment, look);
  const seen = { ...here, ...(inside && "observations" in inside && inside.observations) };
  const databases = {
    mongodb: withCredential("mongodb", verdictOn("mongodb", seen.mongodb), credentials),
    postgres: withCredential("postgres", verdictOn("postgres", seen.postgres), credentials),
    redis: withCredential("redis", verdictOn("redis", seen.redis), credentials),
  };
  const states = [...Object.values(databases), render, ...backups].map(({ state }) => state);
  const isDear = cost?.budget !== undefined && standing(cost, cost.budget) !== "within";
  return {
    schema: 2,
    at,
    source,
    contract: configured.contract,
    databases,
    render,
    ...(inside && "refused" in inside && { notInside: inside.refused }),
    ...(cost && { cost }),
    ...(backups.length > 0 && { backups }),
    seconds: secondsSince(since),
    ok: databases.mongodb.state !== "failed",
    allWell: !states.includes("failed") && !states.includes("warning") && !isDear,
  };
}

/** A status with what was found beside the stack: what warns there counts as any other warning. */
export const withStrangers = (status: Status, strangers: StrangersStatus): Status => ({
  ...status,
  strangers,
  allWell: status.allWell && strangers.state !== "warning",
});

type Observations = { [D in DatabaseName]: Observation<FactsOf<D>> | undefined };

const looks: {
  [D in DatabaseName]: {
    host: (settings: SettingsOf<D>) => string;
    look: (settings: SettingsOf<D>, options: LookOptions) => Promise<Observation<FactsOf<D>>>;
  };
} = {
  mongodb: { host: ({ url }) => hostIn(url), look: lookAtMongodb },
  postgres: { host: ({ host }) => host, look: lookAtPostgres },
  redis: { host: ({ url }) => new URL(url).hostname, look: lookAtRedis },
};

/** @param options undefined: there is what can be looked at from inside, and what needs no look */
async function lookedAt(configured: Configuration, options: LookOptions | undefined): Promise<Observations> {
  const [mongodb, postgres, redis] = await Promise.all([
    observed("mongodb", configured.mongodb, options),
    observed("postgres", configured.postgres, options),
    observed("redis", configured.redis, options),
  ]);
  return { mongodb, postgres, redis };
}

/** What is configured. Variables that are no good are a failure that needs no look. */
async function observed<D extends DatabaseName>(
  name: D,
  one: Configured<SettingsOf<D>>,
  options: LookOptions | undefined,
): Promise<Observation<FactsOf<D>> | undefined> {
  if (one === undefined) return undefined;
  const { host, look } = looks[name];
  if ("settings" in one && options !== undefined) return look(one.settings, options);
  const unseen = { seconds: 0, facts: { connected: false } as FactsOf<D> };
  if ("settings" in one) {
    const evidence = "not asked from here";
    const failure: Failure = { kind: "unreachable", stage: "connecting", evidence };
    return { vendor: vendorOf(host(one.settings)), ...unseen, failure };
  }
  const { mistakes } = one;
  const missing = mistakes.some(({ kind }) => kind === "missing");
  return {
    vendor: "other",
    ...unseen,
    failure: {
      kind: missing ? "missing-variables" : "invalid-variables",
      stage: "variables",
      evidence: mistakes.map(({ variable, kind }) => `${variable} ${kind}`).join(", "),
      mistakes,
    },
  };
}

/** Undefined where there is nothing to ask, or nobody whom: then what was seen from here stands. */
async function lookedAtInside(
  here: Observations,
  from: StatusOptions["from"],
  account: Account | undefined,
  { services, variables }: Environment,
  { timeout, signal }: LookOptions,
): Promise<InsideAnswer | undefined> {
  const out = databaseNames.filter((name) => {
    const { failure, vendor } = here[name] ?? {};
    // What is on this machine is not reached from another one.
    if (failure === undefined || (vendor === "local" && from !== "backend")) return false;
    return failure.stage === "connecting" && ofTheWay.has(failure.kind);
  });
  if (out.length === 0 || services.length === 0 || signal?.aborted) return undefined;
  if (account === undefined)
    return {
      refused: [
        "no service was asked from inside: RENDER_API_KEY is not set; expected a key of the workspace",
      ],
    };
  const databases = Object.fromEntries(out.map((name) => [name, here[name]?.vendor ?? "other"]));
  const { lookFromInside } = await import("./inside/index.ts");
  return lookFromInside({ account, services, variables, databases, timeout }, { ...(signal && { signal }) });
}

/**
 * Runs checks until they are done, or somebody stops them: they end by themselves, and clean up after them.
 *
 * @param ca the file of `--ca`
 */
export async function untilInterrupted<T>(
  ca: string | undefined,
  run: (options: StatusOptions & { signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  const render = renderAccount();
  const authority = ca === undefined ? undefined : await authorityIn(ca);
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await run({
      signal: stop.signal,
      ...(render && { render }),
      ...(authority !== undefined && { ca: authority }),
    });
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** The account at Render that the environment names: the same two variables that its provider reads. */
export function renderAccount(environment: NodeJS.ProcessEnv = process.env): Account | undefined {
  const key = environment.RENDER_API_KEY;
  return key ? Render.account(() => key, environment) : undefined;
}

/** What the command ends with: 0 when all is well that has to be. */
export const exitCodeOf = ({ ok, allWell }: Status, strict: boolean): 0 | 1 =>
  (strict ? allWell : ok) ? 0 : 1;
