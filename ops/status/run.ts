/** All checks of an environment, side by side. */
import type { Account } from "../../vendors/http.ts";
import { Render } from "../../vendors/render.ts";
import { authorityIn } from "./authority.ts";
import { type LookOptions, secondsSince } from "./look/look.ts";
import { lookAtMongodb } from "./look/mongodb/index.ts";
import { lookAtPostgres } from "./look/postgres/index.ts";
import { lookAtRedis } from "./look/redis/index.ts";
import type { Observation, Status } from "./model.ts";
import { checkRender } from "./render/index.ts";
import type { Environment } from "./sources.ts";
import { type ConfigurationResult, configurationFrom } from "./variables.ts";
import { verdictOn } from "./verdict/index.ts";

/** What a status needs besides the environment. */
export interface StatusOptions extends Omit<LookOptions, "timeout"> {
  /** Undefined: services are not looked at. */
  render?: Account;
}

/**
 * Asks all databases, and Render, at the same time. Takes no longer than MONGODB_TIMEOUT_MS and a second, whatever
 * happens; resolves also when everything fails, or when it is interrupted.
 */
export async function statusOf(
  { source, variables, services }: Environment,
  { render: account, ...options }: StatusOptions = {},
): Promise<Status> {
  const at = new Date().toISOString();
  const since = performance.now();
  const { contract, timeout, ...configured } = configurationFrom(variables);
  const look = { ...options, timeout };
  const [mongodb, postgres, redis, render] = await Promise.all([
    observed(configured.mongodb, look, lookAtMongodb),
    observed(configured.postgres, look, lookAtPostgres),
    observed(configured.redis, look, lookAtRedis),
    checkRender(account, services, variables, look),
  ]);
  const databases = {
    mongodb: verdictOn("mongodb", mongodb),
    postgres: verdictOn("postgres", postgres),
    redis: verdictOn("redis", redis),
  };
  const states = [...Object.values(databases), render].map(({ state }) => state);
  return {
    schema: 2,
    at,
    source,
    contract,
    databases,
    render,
    seconds: secondsSince(since),
    ok: databases.mongodb.state !== "failed",
    allWell: !states.includes("failed") && !states.includes("warning"),
  };
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
