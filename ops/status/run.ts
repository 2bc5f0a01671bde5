/** All checks of an environment, side by side. */
import { standing } from "../../infra/policies/budget.ts";
import type { Account } from "../../vendors/http.ts";
import { Render } from "../../vendors/render.ts";
import type { Cost } from "../cost/model.ts";
import type { FailureKind } from "./advice/texts.ts";
import { authorityIn } from "./authority.ts";
import type { InsideAnswer } from "./inside/index.ts";
import { type LookOptions, secondsSince } from "./look/look.ts";
import { hostIn, lookAtMongodb } from "./look/mongodb/index.ts";
import { lookAtPostgres } from "./look/postgres/index.ts";
import { lookAtRedis } from "./look/redis/index.ts";
import type { FactsOf, Observation, Status } from "./model.ts";
import { type DatabaseName, databaseNames, vendorOf } from "./place.ts";
import { checkRender } from "./render/index.ts";
import type { Environment } from "./sources.ts";
import type { StrangersStatus } from "./strangers/model.ts";
import { type Configuration, type ConfigurationResult, configurationFrom } from "./variables.ts";
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
  { source, variables, services, credentials, cost, backups: ask }: Environment,
  { render: account, from, ...options }: StatusOptions = {},
): Promise<Status> {
  const at = new Date().toISOString();
  const since = performance.now();
  const { contract, timeout, ...configured } = configurationFrom(variables);
  const look = { ...options, timeout };
  const [here, render, backups = []] = await Promise.all([
    from === "backend" ? notLookedAt(configured) : lookFromHere(configured, look),
    checkRender(account, services, variables, look),
    ask?.(),
  ]);
  const inside =
    from === "here" ? undefined : await lookedAtInside(here, from, account, services, variables, look);
  const { mongodb, postgres, redis } = {
    ...here,
    ...(inside && "observations" in inside && inside.observations),
  };
  const databases = {
    mongodb: withCredential("mongodb", verdictOn("mongodb", mongodb), credentials),
    postgres: withCredential("postgres", verdictOn("postgres", postgres), credentials),
    redis: withCredential("redis", verdictOn("redis", redis), credentials),
  };
  const states = [...Object.values(databases), render, ...backups].map(({ state }) => state);
  return {
    schema: 2,
    at,
    source,
    contract,
    databases,
    render,
    ...(inside && "refused" in inside && { notInside: inside.refused }),
    ...(cost && { cost }),
    ...(backups.length > 0 && { backups }),
    seconds: secondsSince(since),
    ok: databases.mongodb.state !== "failed",
    allWell: !states.includes("failed") && !states.includes("warning") && isWithin(cost),
  };
}

/** A status with what was found beside the stack: what warns there counts as any other warning. */
export const withStrangers = (status: Status, strangers: StrangersStatus): Status => ({
  ...status,
  strangers,
  allWell: status.allWell && strangers.state !== "warning",
});

const isWithin = (cost: Cost | undefined) =>
  cost?.budget === undefined || standing(cost, cost.budget) === "within";

type Configured = Pick<Configuration, DatabaseName>;
type Observations = { [D in DatabaseName]: Observation<FactsOf<D>> | undefined };

async function lookFromHere(configured: Configured, look: LookOptions): Promise<Observations> {
  const [mongodb, postgres, redis] = await Promise.all([
    observed(configured.mongodb, look, lookAtMongodb),
    observed(configured.postgres, look, lookAtPostgres),
    observed(configured.redis, look, lookAtRedis),
  ]);
  return { mongodb, postgres, redis };
}

/** What is there to be looked at from inside, and what needs no look. */
const notLookedAt = ({ mongodb, postgres, redis }: Configured): Promise<Observations> => {
  const unseen = async ({ host }: { host: string }) => ({
    vendor: vendorOf(host),
    seconds: 0,
    facts: { connected: false },
    failure: { kind: "unreachable" as const, stage: "connecting" as const, evidence: "not asked from here" },
  });
  const look = { timeout: 0 };
  return Promise.all([
    observed(mongodb, look, ({ url }) => unseen({ host: hostIn(url) })),
    observed(postgres, look, unseen),
    observed(redis, look, ({ url }) => unseen({ host: new URL(url).hostname })),
  ]).then(([one, two, three]) => ({ mongodb: one, postgres: two, redis: three }));
};

/** Failures that another place may not have: nobody was there, or nobody answered from there. */
export const ofTheWay: ReadonlySet<FailureKind> = new Set([
  "host-not-found",
  "connection-refused",
  "unreachable",
  "connection-closed",
  "address-refused",
  "timeout",
  "tls-failed",
]);

/** Undefined where there is nothing to ask, or nobody whom: then what was seen from here stands. */
async function lookedAtInside(
  here: Observations,
  from: StatusOptions["from"],
  account: Account | undefined,
  services: Environment["services"],
  variables: Environment["variables"],
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

/** Looks at what is configured. Variables that are no good are a failure that needs no look. */
async function observed<Settings, Facts extends { connected: boolean }>(
  configured: ConfigurationResult<Settings>,
  options: LookOptions,
  look: (settings: Settings, options: LookOptions) => Promise<Observation<Facts>>,
): Promise<Observation<Facts> | undefined> {
  if (configured === undefined || "settings" in configured)
    return configured && look(configured.settings, options);
  const { mistakes } = configured;
  const missing = mistakes.some(({ kind }) => kind === "missing");
  return {
    vendor: "other",
    seconds: 0,
    facts: { connected: false } as Facts,
    failure: {
      kind: missing ? "missing-variables" : "invalid-variables",
      stage: "variables",
      evidence: mistakes.map(({ variable, kind }) => `${variable} ${kind}`).join(", "),
      mistakes,
    },
  };
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
