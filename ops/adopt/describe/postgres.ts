/** A Render Postgres as `kairos:postgres` says it. */
import type { RenderRegion } from "../../../infra/settings/vendors.ts";
import type { RenderPostgres, ServiceVariables } from "../model.ts";
import { placeOf } from "../urls.ts";
import { accessEntries, onlyInFile, wideEntries } from "./access-list.ts";
import type { Section, SectionDescription } from "./types.ts";

export function describePostgres(
  found: RenderPostgres,
  { region, variables, section }: { region: RenderRegion; variables: ServiceVariables; section: Section },
): SectionDescription {
  const host = variables.POSTGRES_HOST?.value;
  const { internal, external } = found;
  // Reached from outside, or out of another region, which the private network does not cross.
  const byPublic = host !== undefined && host === placeOf(external)?.host && host !== placeOf(internal)?.host;
  return {
    settings: {
      enabled: true,
      name: found.name,
      plan: found.plan,
      version: found.version,
      region: found.region === region ? undefined : found.region,
      // Left to Render: a size that is set would be in the way of a disk that grows.
      disk: undefined,
      highAvailability: found.highAvailability || undefined,
      readReplicas: found.readReplicas.length > 0 ? found.readReplicas : undefined,
      database: found.database,
      user: found.user,
      network: byPublic || found.region !== region ? "public" : undefined,
      accessList: found.accessList.length > 0 ? accessEntries(found.accessList) : undefined,
      mayBeDestroyed: undefined,
    },
    imports: { postgres: found.id },
    differences: [
      ...wideEntries(found.accessList, found.name, "postgres"),
      ...onlyInFile(section.accessList, found.accessList, "postgres"),
    ],
  };
}

/** No Postgres is taken over: one that the settings want would be created. */
export function withoutPostgres(section: Section): SectionDescription {
  const wanted = section.enabled === true;
  return {
    settings: { enabled: false },
    exclusive: true,
    imports: {},
    differences: wanted
      ? [
          {
            what: "Postgres",
            is: "none taken over",
            wouldBe: "created as the stack file says",
            keptBy: "kairos:postgres.enabled: false; turn it on after pulumi up to create one",
          },
        ]
      : [],
  };
}
