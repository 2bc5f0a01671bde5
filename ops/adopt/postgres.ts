/** The Postgres on Render: which one is taken over, and how `kairos:postgres` says it. */
import { postgresUrlParts } from "../../infra/postgres/url.ts";
import { types } from "../../infra/resources.ts";
import type { RenderRegion } from "../../infra/settings/vendors.ts";
import type { Render, RenderPostgres as RenderAnswer, RenderConnection } from "../../vendors/render.ts";
import { choose, rowsOf, type Thing, textOf } from "./choose.ts";
import {
  accessDifferences,
  accessEntries,
  type Choices,
  type Ground,
  isManaged,
  nothingOf,
  renderEntries,
  type Section,
  type SectionDescription,
} from "./section.ts";
import { placeOf, samePlace } from "./urls.ts";

export type RenderPostgres = RenderAnswer & RenderConnection & Thing;

/** All of the workspace. */
export const renderDatabases = async (render: Render): Promise<RenderPostgres[]> =>
  Promise.all(
    (await render.list("postgres")).map(async (one) => ({
      ...one,
      ...(await render.connection("postgres", one.id)),
      vendor: "Render",
      kind: `Postgres ${one.version} ${one.plan}`,
    })),
  );

export async function choosePostgres(all: readonly RenderPostgres[], ground: Ground): Promise<Choices> {
  if (isManaged(ground, types.postgres)) return { rows: rowsOf(all, "managed") };
  const { sections, flags, variables, ask } = ground;
  const section = sections.postgres;
  const host = variables.POSTGRES_HOST?.value;
  const used = host && `postgresql://${host}:${variables.POSTGRES_PORT?.value ?? "5432"}`;
  const chosen =
    flags.postgres === "none"
      ? undefined
      : await choose<RenderPostgres>(
          {
            noun: "Postgres database",
            where: "on Render",
            flag: "--postgres",
            all,
            wanted: flags.postgres,
            settled: section.enabled === true ? textOf(section.name) : undefined,
            isUsed: ({ internalConnectionString, externalConnectionString }) =>
              samePlace(internalConnectionString, used) || samePlace(externalConnectionString, used),
          },
          ask,
        );
  return {
    rows: rowsOf(all, chosen),
    describe: (region) =>
      chosen === undefined ? withoutPostgres(section) : describePostgres(chosen.thing, region, ground),
  };
}

export function describePostgres(
  found: RenderPostgres,
  region: RenderRegion,
  { variables, sections: { postgres: section } }: Pick<Ground, "variables" | "sections">,
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
    differences: accessDifferences(accessList, found.name, "postgres", section.accessList),
    values: ({ postgres }) =>
      postgres.enabled
        ? { postgres: { connection: postgresUrlParts(postgres.network === "private" ? internal : external) } }
        : {},
  };
}

/** No Postgres is taken over: one that the settings want would be created. */
export const withoutPostgres = ({ enabled }: Section): SectionDescription =>
  nothingOf(
    { enabled: false },
    enabled === true && {
      what: "Postgres",
      is: "none taken over",
      wouldBe: "created as the stack file says",
      keptBy: "kairos:postgres.enabled: false; turn it on after pulumi up to create one",
    },
  );
