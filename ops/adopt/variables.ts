/** What the services have of the contract's variables, beside what the stack would give them. */
import { assigned, contract, type VariableName } from "../../infra/contract.ts";
import { urlOptions } from "../../infra/mongodb/index.ts";
import { mongodbUrl } from "../../infra/mongodb/url.ts";
import { postgresUrlParts } from "../../infra/postgres/url.ts";
import type { Settings } from "../../infra/settings/index.ts";
import type { Render } from "../../vendors/render.ts";
import type { VariableRow } from "./report.ts";
import type { Selection } from "./select.ts";
import { mongodbUrlOf } from "./urls.ts";

/** Variables that reach a service, by name. Secret. */
export type ServiceVariables = Readonly<Record<string, ServiceVariable>>;

/** Set by the service itself, or by an env group of that name. */
interface ServiceVariable {
  value: string;
  group?: string;
}

/**
 * The variables that reach a service, with their values; secret. Its own win over those of a group; which of two groups
 * wins Render does not say, here it is the later one of the list.
 *
 * @see https://render.com/docs/configure-environment-variables
 */
export async function variablesOf(render: Render, serviceId: string): Promise<ServiceVariables> {
  const variables: Record<string, ServiceVariable> = {};
  for (const { name, envVars } of await render.groupsOf(serviceId))
    for (const { key, value } of envVars) variables[key] = { value, group: name };
  for (const { key, value } of await render.ownVariables(serviceId)) variables[key] = { value };
  return variables;
}

/** Values by name. Secret. */
export type ExpectedValues = Partial<Record<VariableName, string>>;

/** What the stack gives a service once it is no longer left alone; of what is in the stack already nothing is known. */
export function expectedVariables(
  { mongodb, postgres, redis }: Settings,
  chosen: Pick<Selection, "mongodb" | "postgres" | "redis">,
): ExpectedValues {
  const found = {
    cluster: chosen.mongodb === "managed" ? undefined : chosen.mongodb.cluster.thing,
    postgres: chosen.postgres === "managed" ? undefined : chosen.postgres?.thing,
    redis: chosen.redis === "managed" ? undefined : chosen.redis?.thing,
  };
  const redisUrl = redis.provider === "external" ? redis.url : found.redis?.url;
  return assigned<string>({
    ...(found.cluster &&
      mongodb.password !== undefined && {
        mongodb: {
          url: mongodbUrl(found.cluster.connectionString, {
            user: mongodb.user,
            password: mongodb.password,
            database: mongodb.database,
            options: urlOptions(mongodb.driver),
          }),
          database: mongodb.database,
          driver: mongodb.driver,
        },
      }),
    ...(found.postgres &&
      postgres.enabled && {
        postgres: {
          connection: postgresUrlParts(
            postgres.network === "private"
              ? found.postgres.internalConnectionString
              : found.postgres.externalConnectionString,
          ),
        },
      }),
    ...(redisUrl !== undefined && redis.provider !== "none" && { redis: { url: redisUrl } }),
  });
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
