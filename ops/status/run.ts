/** All checks of an environment, side by side. */
import type { Account } from "../../vendors/http.ts";
import { Render } from "../../vendors/render.ts";
import { authorityIn } from "./authority.ts";
import { type CheckOptions, secondsSince } from "./check.ts";
import type { Status } from "./model.ts";
import { checkMongodb } from "./mongodb/index.ts";
import { checkPostgres } from "./postgres/index.ts";
import { checkRedis } from "./redis/index.ts";
import { checkRender } from "./render/index.ts";
import type { Environment } from "./sources.ts";
import { configurationFrom } from "./variables.ts";

/** What a status needs besides the environment. */
export interface StatusOptions extends Omit<CheckOptions, "timeout"> {
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
  const check = { ...options, timeout };
  const [mongodb, postgres, redis, render] = await Promise.all([
    checkMongodb(configured.mongodb, check),
    checkPostgres(configured.postgres, check),
    checkRedis(configured.redis, check),
    checkRender(account, services, variables, check),
  ]);
  const states = [mongodb.state, postgres.state, redis.state, render.state];
  return {
    schema: 1,
    at,
    source,
    contract,
    databases: { mongodb, postgres, redis },
    render,
    seconds: secondsSince(since),
    ok: mongodb.state !== "failed",
    allWell: !states.includes("failed") && !states.includes("warning"),
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
