/** What the services have of the contract's variables, beside what the stack would give them. */
import { contract, type VariableName } from "../../infra/contract.ts";
import { urlOptions } from "../../infra/mongodb/index.ts";
import { mongodbUrl } from "../../infra/mongodb/url.ts";
import type { Settings } from "../../infra/settings/index.ts";
import type { AtlasCluster, Redis, RenderPostgres, ServiceVariables, VariableRow } from "./model.ts";
import { mongodbUrlOf } from "./urls.ts";

/** Values by name. Secret. */
export type ExpectedValues = Partial<Record<VariableName, string>>;

/** What the stack gives a service once it is no longer left alone; of what is in the stack already nothing is known. */
export function expectedVariables(
  settings: Settings,
  found: {
    cluster: AtlasCluster | undefined;
    postgres: RenderPostgres | undefined;
    redis: Redis | undefined;
  },
): ExpectedValues {
  const { mongodb, postgres, redis } = settings;
  const url =
    found.postgres && postgres.enabled
      ? new URL(postgres.network === "private" ? found.postgres.internal : found.postgres.external)
      : undefined;
  return {
    ...(found.cluster &&
      mongodb.password !== undefined && {
        MONGODB_URL: mongodbUrl(found.cluster.connectionString, {
          user: mongodb.user,
          password: mongodb.password,
          database: mongodb.database,
          options: urlOptions(mongodb.driver),
        }),
        MONGODB_DB_NAME: mongodb.database,
        MONGODB_TIMEOUT_MS: String(mongodb.driver.timeout),
        MONGODB_MAX_POOL_SIZE: String(mongodb.driver.maxPoolSize),
        MONGODB_MIN_POOL_SIZE: String(mongodb.driver.minPoolSize),
      }),
    ...(url && {
      POSTGRES_HOST: url.hostname,
      POSTGRES_PORT: url.port || "5432",
      POSTGRES_USER: decodeURIComponent(url.username),
      POSTGRES_PASSWORD: decodeURIComponent(url.password),
      POSTGRES_DB: decodeURIComponent(url.pathname.slice(1)),
    }),
    ...(redis.provider === "external" && { REDIS_URL: redis.url }),
    ...(found.redis &&
      redis.provider !== "none" &&
      redis.provider !== "external" && { REDIS_URL: found.redis.url }),
  };
}

/** One row for each variable that the stack would give. */
export function compared(service: string, has: ServiceVariables, expected: ExpectedValues): VariableRow[] {
  return (Object.entries(expected) as [VariableName, string][]).map(([variable, value]) => {
    const now = has[variable];
    const setBy =
      now === undefined ? "nobody" : now.group === undefined ? "the service" : `env group ${now.group}`;
    return { service, variable, setBy, comparison: comparison(variable, now?.value, value) };
  });
}

function comparison(name: VariableName, now: string | undefined, then: string): string {
  if (now === undefined) return "would be added";
  if (now === then) return "same";
  if (name === "MONGODB_URL") return urlComparison(now, then);
  return contract[name].secret ? "would change" : `${now} would become ${then}`;
}

/** Which parts of the URL differ; the password is never among the words. */
function urlComparison(now: string, then: string): string {
  const [a, b] = [mongodbUrlOf(now), mongodbUrlOf(then)];
  if (a === undefined || b === undefined) return "would change: it is no MongoDB URL";
  const parts: string[] = [];
  if (a.hosts.join() !== b.hosts.join()) parts.push(`host ${a.hosts.join()} would become ${b.hosts.join()}`);
  if (a.user !== b.user) parts.push(`user ${a.user} would become ${b.user}`);
  if (a.password !== b.password) parts.push("another password");
  if (a.database !== b.database) parts.push(`database ${a.database || "(none)"} would become ${b.database}`);
  const names = new Set([...Object.keys(a.options), ...Object.keys(b.options)]);
  for (const option of names)
    if (a.options[option] !== b.options[option])
      parts.push(`${option}=${a.options[option] ?? "(none)"} would become ${b.options[option] ?? "(none)"}`);
  return parts.length === 0 ? "same, written differently" : parts.join("; ");
}
