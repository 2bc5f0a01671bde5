/** What Atlas does by its description, its documentation and its provider's tests, each asked of the stand-in. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Call, client, cluster, flexCluster } from "../../../tests/helpers/atlas.ts";
import { type Served, serve } from "../serve.ts";
import { AtlasCloud, type AtlasOptions, atlasApi, generateCredentials } from "./index.ts";

const credentials = generateCredentials();
const minute = 60_000;
let served: Served;
let cloud: AtlasCloud;
let below: Call;
let call: Call;
async function start(options: AtlasOptions = {}) {
  await served?.close();
  cloud = new AtlasCloud(options);
  served = await serve(atlasApi(cloud, credentials));
  call = client(served.url, credentials);
  const { id } = cloud.projects.create({ name: "demo", orgId: cloud.orgId });
  below = (method, path, ...more) => call(method, `/groups/${id}/${path}`, ...more);
}
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await start();
});
afterEach(async () => {
  vi.useRealTimers();
  await served.close();
});
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);
const inRegion = (regionName: string) => ({ region: { regionName } });

describe("refuses", () => {
  const [spec] = cluster("one").replicationSpecs;
  const tag = (key: string, value: string) => ({ ...cluster("one"), tags: [{ key, value }] });
  it.each<[string, object, string]>([
    [
      "M0 where there are dedicated clusters only",
      cluster("one", "M0", inRegion("US_EAST_2")),
      "INVALID_REGION",
    ],
    ["a government's region", cluster("one", "M10", inRegion("US_GOV_EAST_1")), "INVALID_REGION"],
    ["a hyphen as 23rd character", cluster("performanceAdvisor-538-5619801"), "CLUSTER_NAME_PREFIX_INVALID"],
    ["129 GB on M10", cluster("one", "M10", { specs: { diskSizeGB: 129 } }), "CLUSTER_DISK_SIZE_INVALID"],
    ["513 GB on M30", cluster("one", "M30", { specs: { diskSizeGB: 513 } }), "CLUSTER_DISK_SIZE_INVALID"],
    [
      "another priority than 7 of the only region",
      cluster("one", "M10", { region: { priority: 6 } }),
      "CLUSTER_PRIORITY_INVALID",
    ],
    [
      "two replication specs",
      { ...cluster("one"), replicationSpecs: [spec, spec] },
      "MULTIPLE_REPLICATION_SPECS",
    ],
    ["a slash in a tag", tag("team", "a/b"), "TAG_INVALID"],
    ["a tag that is too long", tag("team", "a".repeat(256)), "TAG_INVALID"],
    ["an attribute that there is not", { ...cluster("one"), colour: "red" }, "INVALID_ATTRIBUTE"],
  ])("%s", async (_, body, code) => {
    const { status, body: answer } = await below("POST", "clusters", body);
    expect([status, answer.errorCode]).toEqual([400, code]);
  });

  it("Flex where there are dedicated clusters only", async () => {
    const body = { name: "f", providerSettings: { backingProviderName: "AWS", regionName: "EU_WEST_2" } };
    expect((await below("POST", "flexClusters", body)).body.errorCode).toBe("INVALID_REGION");
  });

  it("versions backwards and two at once, and a dedicated cluster as M0", async () => {
    await below("POST", "clusters", { ...cluster("one"), mongoDBMajorVersion: "7.0" });
    const changed = async (body: object) => (await below("PATCH", "clusters/one", body)).body.errorCode;
    const version = (mongoDBMajorVersion: string) => changed({ mongoDBMajorVersion });
    expect(await version("9.0")).toBe("INVALID_CLUSTER_CONFIGURATION");
    expect([await version("8.0"), await version("9.0")]).toEqual([undefined, undefined]);
    expect(await version("8.0")).toBe("CLUSTER_UPGRADE_INVALID");
    const { replicationSpecs } = cluster("one", "M0");
    expect(await changed({ replicationSpecs })).toBe("CLUSTER_CANNOT_CHANGE_PROVIDER_NAME");
  });

  it("a pause right after the last one", async () => {
    await below("POST", "clusters", cluster("one"));
    const paused = async (paused: boolean) =>
      (await below("PATCH", "clusters/one", { paused })).body.errorCode;
    expect([await paused(true), await paused(false)]).toEqual([undefined, undefined]);
    expect(await paused(true)).toBe("CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER");
    later(60 * minute);
    expect(await paused(true)).toBeUndefined();
  });
});

it("knows the regions of today", async () => {
  for (const [index, region] of ["MX_CENTRAL_1", "AP_EAST_2", "AP_SOUTHEAST_5", "AP_SOUTHEAST_7"].entries())
    expect((await below("POST", "clusters", cluster(`c${index}`, "M10", inRegion(region)))).status).toBe(201);
  const [{ instanceSizes }] = (await below("GET", "clusters/provider/regions?providers=AWS")).body.results;
  const [free] = instanceSizes;
  expect(free.name).toBe("M0");
  expect(free.availableRegions.map(({ name }: { name: string }) => name)).not.toContain("US_EAST_2");
});

it("says what runs in every answer, beside what was asked for", async () => {
  await below("POST", "clusters", cluster("one"));
  const [spec] = (await below("GET", "clusters/one")).body.replicationSpecs;
  expect(spec.regionConfigs[0]).toMatchObject({
    effectiveElectableSpecs: { instanceSize: "M10", nodeCount: 3 },
  });
});

it("has no connection strings while M0 becomes a dedicated cluster", async () => {
  await start({ provisioning: minute });
  await below("POST", "clusters", cluster("one", "M0"));
  later(minute);
  const providerSettings = { providerName: "AWS", instanceSizeName: "M10", regionName: "EU_CENTRAL_1" };
  await below("POST", "clusters/tenantUpgrade", { name: "one", providerSettings });
  expect((await below("GET", "clusters/one")).body.connectionStrings).toEqual({});
  later(minute);
  expect((await below("GET", "clusters/one")).body.connectionStrings).toHaveProperty("standardSrv");
});

it("says PENDING until a user is usable, and lets nobody in before", async () => {
  await start({ applying: 5_000 });
  const [group = ""] = cloud.projects.list().map(({ id }) => id);
  await below("POST", "clusters", cluster("one"));
  const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];
  await below("POST", "databaseUsers", { databaseName: "admin", username: "a", password: "12345678", roles });
  const status = async () => (await below("GET", "clusters/one/status")).body.changeStatus;
  expect([await status(), cloud.users.usable(group)]).toEqual(["PENDING", []]);
  later(5_000);
  expect([await status(), cloud.users.usable(group).length]).toEqual(["APPLIED", 1]);
});

it("has limits that somebody sets, by the names of the description", async () => {
  const limit = { name: "atlas.project.deployment.clusters", value: 26 };
  const shown = { ...limit, defaultLimit: 25, maximumLimit: 100 };
  expect((await below("PATCH", `limits/${limit.name}`, limit)).body).toEqual(shown);
  expect((await below("GET", "limits")).body).toEqual([shown]);
  const more = await below("PATCH", `limits/${limit.name}`, { ...limit, value: 101 });
  expect(more.body.errorCode).toBe("INVALID_ATTRIBUTE");
  expect((await below("PATCH", "limits/none", { name: "none", value: 1 })).status).toBe(404);
  expect((await below("DELETE", `limits/${limit.name}`)).status).toBe(204);
  expect((await below("GET", "limits")).body).toEqual([]);
});

it("has a project by its name, custom roles, a feed and a backup schedule", async () => {
  expect((await call("GET", "/groups/byName/demo")).body.name).toBe("demo");
  expect((await call("GET", "/groups/byName/other")).body.errorCode).toBe("GROUP_NAME_NOT_FOUND");
  await below("POST", "customDBRoles/roles", { roleName: "auditor" });
  expect((await below("GET", "customDBRoles/roles")).body).toEqual([{ roleName: "auditor" }]);
  const roles = [{ roleName: "auditor", databaseName: "admin" }];
  const user = { databaseName: "admin", username: "a", password: "12345678", roles };
  expect((await below("POST", "databaseUsers", user)).status).toBe(201);
  await below("POST", "clusters", { ...cluster("one"), backupEnabled: true });
  await below("POST", "flexClusters", flexCluster("two"));
  const kinds = (await below("GET", "events")).body.results.map(
    (event: { eventTypeName: string }) => event.eventTypeName,
  );
  expect(kinds).toContain("CLUSTER_CREATED");
  const [added] = (await below("GET", "events?eventType=MONGODB_USER_ADDED")).body.results;
  expect(added).toMatchObject({ dbUserUsername: "a", publicKey: expect.stringMatching(/^[a-z]{8}$/) });
  const of = async (query: string) =>
    (await below("GET", `events?${query}`)).body.results.map((event: object) => Object.keys(event).sort());
  // Which cluster it was Atlas does not say, only whether it was one that it was asked about.
  expect(await of("eventType=CLUSTER_CREATED&clusterNames=two")).toEqual([
    expect.not.arrayContaining(["clusterName"]),
  ]);
  expect(await of("eventType=CLUSTER_CREATED&eventType=MONGODB_USER_ADDED")).toHaveLength(3);
  expect(await of("minDate=2100-01-01T00:00:00Z")).toEqual([]);
  expect((await below("GET", "events?eventType=SOMETHING")).body.errorCode).toBe("INVALID_ENUM_VALUE");
  const { body } = await below("PATCH", "clusters/one/backup/schedule", {
    restoreWindowDays: 3,
    policies: [],
  });
  expect([
    body.restoreWindowDays,
    (await below("DELETE", "clusters/one/backup/schedule")).body.restoreWindowDays,
  ]).toEqual([3, 7]);
  await below("POST", "accessList", [{ ipAddress: "192.0.2.1" }]);
  expect((await below("GET", "accessList/192.0.2.1/status")).body).toEqual({ STATUS: "ACTIVE" });
});
