/** A Render Postgres as `kairos:postgres` says it. */
import type { RenderRegion } from "../../../infra/settings/vendors.ts";
import type { RenderPostgres } from "../inventory.ts";
import type { Section } from "../settings.ts";
import { placeOf } from "../urls.ts";
import type { ServiceVariables } from "../variables.ts";
import { accessEntries, onlyInFile, renderEntries, wideEntries } from "./access-list.ts";
import type { SectionDescription } from "./index.ts";

export function describePostgres(
  found: RenderPostgres,
  { region, variables, section }: { region: RenderRegion; variables: ServiceVariables; section: Section },
): SectionDescription {
  const host = variables.POSTGRES_HOST?.value;
  const { readReplicas = [], internalConnectionString: internal, externalConnectionString: external } = found;
  // Reached from outside, or out of another region, which the private network does not cross.
  const byPublic = host !== undefined && host === placeOf(external)?.host && host !== placeOf(internal)?.host;
  const accessList = renderEntries(found.ipAllowList);
  return {
    settings: {
      enabled: true,
      name: found.name,
      plan: found.plan,
      version: found.version,
      region: found.region === region ? undefined : found.region,
      // Left to Render: a size that is set would be in the way of a disk that grows.
      disk: undefined,
      highAvailability: found.highAvailabilityEnabled === true || undefined,
      readReplicas: readReplicas.length > 0 ? readReplicas.map(({ name }) => name) : undefined,
      database: found.databaseName,
      user: found.databaseUser,
      network: byPublic || found.region !== region ? "public" : undefined,
      accessList: accessList.length > 0 ? accessEntries(accessList) : undefined,
      mayBeDestroyed: undefined,
    },
    imports: { postgres: found.id },
    differences: [
      ...wideEntries(accessList, found.name, "postgres"),
      ...onlyInFile(section.accessList, accessList, "postgres"),
    ],
  };
}

/** No Postgres is taken over: one that the settings want would be created. */
export function withoutPostgres(section: Section): SectionDescription {
  const created = {
    what: "Postgres",
    is: "none taken over",
    wouldBe: "created as the stack file says",
    keptBy: "kairos:postgres.enabled: false; turn it on after pulumi up to create one",
  };
  return {
    settings: { enabled: false },
    exclusive: true,
    imports: {},
    differences: section.enabled === true ? [created] : [],
  };
}
