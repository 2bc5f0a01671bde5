import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { RenderRegion } from "../../infra/settings/vendors.ts";
import type { AtlasCluster } from "./atlas.ts";
import type { Thing } from "./choose.ts";
import { describeMongodb, type MongodbSelection } from "./mongodb.ts";
import type { Ground, Section } from "./section.ts";
import { mongodbUrlOf } from "./urls.ts";

const password = randomBytes(12).toString("base64url");
const thing = (kind: string, name: string, id = name): Thing => ({
  ...{ vendor: "MongoDB Atlas", kind, id, name },
});
const cluster: AtlasCluster = {
  ...thing("cluster M10", "cluster0"),
  tier: "M10",
  region: "US_WEST_2",
  hosts: ["cluster0.example.net"],
  connectionString: "mongodb+srv://cluster0.example.net",
  terminationProtection: true,
  backup: { snapshots: true, pointInTime: true },
  autoscale: undefined,
};
const project = thing("project", "Kairos", "0123456789abcdef01234567");
const user = {
  ...thing("database user", "kairos"),
  roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
  scopes: [{ name: "cluster0", type: "CLUSTER" }],
};
const accessList = [{ cidr: "203.0.113.0/24", comment: "office" }];
const described = (
  changes: Partial<MongodbSelection> = {},
  { region = "oregon", variables = {}, url, section = {} }: Seen = {},
) =>
  describeMongodb({ project, cluster, user, password, accessList, ...changes }, region, {
    sections: { mongodb: section, postgres: {}, redis: {}, import: {}, backend: [] },
    variables,
    url,
  });
interface Seen extends Partial<Pick<Ground, "variables" | "url">> {
  region?: RenderRegion;
  section?: Section;
}

describe("describeMongodb", () => {
  it.each<[string, Partial<AtlasCluster>, string[] | undefined]>([
    ["a dedicated cluster's hardware", {}, ["hardware"]],
    ["no termination protection", { terminationProtection: false }, ["terminationProtection", "hardware"]],
    ["snapshots alone", { backup: { snapshots: true, pointInTime: false } }, ["backup", "hardware"]],
    ["nothing of a FLEX that is as wanted", { tier: "FLEX" }, undefined],
    ["nothing of an M0, which has no protection", { tier: "M0", terminationProtection: false }, undefined],
    ["the place of a FLEX in another cloud", { tier: "FLEX", region: undefined }, ["hardware"]],
  ])("leaves %s", (_, changes, leave) => {
    const { settings, differences } = described({ cluster: { ...cluster, ...changes } });
    expect(settings.leave).toEqual(leave);
    expect(differences).toHaveLength(leave?.length ?? 0);
  });

  it("names a region only where it is not the one beside the backend", () => {
    expect(described().settings.region).toBeUndefined();
    expect(described({}, { region: "ohio" }).settings.region).toBe("US_WEST_2");
  });

  it("takes name, timeout, pool and options from what the backend has, in the file's own words", () => {
    const url = mongodbUrlOf(
      `mongodb+srv://kairos:${password}@cluster0.example.net/old?retryReads=false&compressors=snappy,zlib`,
    );
    const variables = {
      MONGODB_DB_NAME: { value: "autre" },
      MONGODB_TIMEOUT_MS: { value: "5000" },
      MONGODB_MAX_POOL_SIZE: { value: "many" },
    };
    const { settings } = described({}, { url, variables, section: { driver: { timeout: "5s" } } });
    expect(settings.database).toBe("autre");
    expect(settings.driver).toEqual({ timeout: "5s", retryReads: false, compressors: ["snappy", "zlib"] });
  });

  it("lists wide roles, wide blocks and entries of the file that Atlas does not have", () => {
    const { differences, settings } = described(
      {
        user: {
          ...thing("database user", "kairos"),
          roles: [{ roleName: "atlasAdmin", databaseName: "admin" }],
        },
        accessList: [{ cidr: "0.0.0.0/0", comment: "" }],
        cluster: { ...cluster, tier: "M0" },
      },
      { section: { accessList: [{ cidr: "<render-outbound-cidr>" }, { cidr: "192.0.2.0/24" }] } },
    );
    expect(differences.map(({ what, is }) => [what, is])).toEqual([
      ["user kairos: roles", "atlasAdmin@admin on every cluster"],
      ["Kairos: access list", "0.0.0.0/0 lets (nearly) everyone in"],
      ["kairos:mongodb.accessList", "192.0.2.0/24 is only in the stack file"],
    ]);
    expect(settings.accessList).toEqual([{ cidr: "0.0.0.0/0", comment: "", allowFromAnywhere: true }]);
  });

  it("never shows the password", () => {
    expect(JSON.stringify(described())).not.toContain(password);
    expect(`${described().settings.password}`).toBe("[secret]");
  });
});
