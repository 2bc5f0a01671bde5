/** What there is at Render, and which variables reach a service. */
import type { Render, RenderAccess } from "../../../vendors/render.ts";
import type { Redis, RenderPostgres, RenderService, ServiceVariables } from "../model.ts";

/** Services that can have an env group; static sites run nothing. */
export async function renderServices(render: Render): Promise<RenderService[]> {
  return (await render.list("services"))
    .filter(({ type }) => type !== "static_site")
    .map(({ id, name, type, serviceDetails }) => ({ id, name, type, region: serviceDetails?.region ?? "" }));
}

export async function renderPostgres(render: Render): Promise<RenderPostgres[]> {
  return Promise.all(
    (await render.list("postgres")).map(async (one) => {
      const connection = await render.connection("postgres", one.id);
      return {
        id: one.id,
        name: one.name,
        plan: one.plan,
        version: one.version,
        region: one.region,
        database: one.databaseName,
        user: one.databaseUser,
        highAvailability: one.highAvailabilityEnabled === true,
        readReplicas: (one.readReplicas ?? []).map(({ name }) => name),
        accessList: (one.ipAllowList ?? []).map(accessOf),
        internal: connection.internalConnectionString,
        external: connection.externalConnectionString,
      };
    }),
  );
}

export async function renderKeyValues(render: Render): Promise<Redis[]> {
  return Promise.all(
    (await render.list("key-value")).map(async (one): Promise<Redis> => {
      const connection = await render.connection("key-value", one.id);
      return {
        provider: "render",
        id: one.id,
        name: one.name,
        plan: one.plan,
        region: one.region,
        maxmemoryPolicy: one.options.maxmemoryPolicy,
        persistence: one.options.persistenceMode,
        accessList: (one.ipAllowList ?? []).map(accessOf),
        url: connection.internalConnectionString,
        externalUrl: connection.externalConnectionString,
      };
    }),
  );
}

/**
 * The variables that reach a service, with their values; secret. Its own win over those of a group; which of two groups
 * wins Render does not say, here it is the later one of the list.
 *
 * @see https://render.com/docs/configure-environment-variables
 */
export async function variablesOf(render: Render, serviceId: string): Promise<ServiceVariables> {
  const variables: Record<string, ServiceVariables[string]> = {};
  for (const { name, envVars } of await render.groupsOf(serviceId))
    for (const { key, value } of envVars) variables[key] = { value, group: name };
  for (const { key, value } of await render.ownVariables(serviceId)) variables[key] = { value };
  return variables;
}

const accessOf = ({ cidrBlock, description = "" }: RenderAccess) => ({
  cidr: cidrBlock,
  comment: description,
});
