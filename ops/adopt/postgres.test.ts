import { describe, expect, it } from "vitest";
import { describePostgres, type RenderPostgres, withoutPostgres } from "./postgres.ts";

const sections = { mongodb: {}, postgres: {}, redis: {}, import: {}, backend: [] };

describe("describePostgres", () => {
  const found: RenderPostgres = {
    vendor: "Render",
    kind: "Postgres 18 basic_1gb",
    id: "dpg-1-a",
    name: "Kaïros DB",
    createdAt: "2026-01-01T00:00:00Z",
    plan: "basic_1gb",
    version: "18",
    region: "oregon",
    databaseName: "kairos_db_x1y2",
    databaseUser: "kairos_db_x1y2_user",
    highAvailabilityEnabled: false,
    readReplicas: [],
    ipAllowList: null,
    internalConnectionString: "postgresql://u:p@dpg-1-a/kairos_db_x1y2",
    externalConnectionString: "postgresql://u:p@dpg-1-a.oregon-postgres.render.com/kairos_db_x1y2",
  };
  it.each([
    ["private", "dpg-1-a", "oregon", undefined],
    ["public, as the backend has it", "dpg-1-a.oregon-postgres.render.com", "oregon", "public"],
    ["public, out of another region", undefined, "ohio", "public"],
  ] as const)("is reached over the network that is %s", (_, host, region, network) => {
    const variables = host === undefined ? {} : { POSTGRES_HOST: { value: host } };
    const { settings, imports } = describePostgres(found, region, { variables, sections });
    expect(settings).toMatchObject({ name: "Kaïros DB", database: "kairos_db_x1y2" });
    expect(settings.network).toBe(network);
    expect(imports).toEqual({ postgres: "dpg-1-a" });
  });

  it("is turned off where there is none, and says so if it was wanted", () => {
    expect(withoutPostgres({ enabled: true }).differences).toHaveLength(1);
    expect(withoutPostgres({})).toEqual({
      settings: { enabled: false },
      exclusive: true,
      imports: {},
      differences: [],
    });
  });
});
