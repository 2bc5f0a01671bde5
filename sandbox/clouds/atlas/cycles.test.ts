/** What exists over time: states, upgrades, restarts, lists. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Call, client, cluster, flexCluster } from "../../../tests/helpers/atlas.ts";
import { type Served, serve } from "../serve.ts";
import { AtlasCloud, type AtlasOptions, atlasApi, generateCredentials } from "./index.ts";

const credentials = generateCredentials();
const minute = 60_000;
let served: Served | undefined;
let folder: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-atlas-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await served?.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: AtlasOptions = {}): Promise<{ cloud: AtlasCloud; call: Call }> {
  const cloud = new AtlasCloud(options);
  await served?.close();
  served = await serve(atlasApi(cloud, credentials));
  return { cloud, call: client(served.url, credentials) };
}

async function withProject(options: AtlasOptions = {}) {
  const { cloud, call } = await start(options);
  const { body } = await call("POST", "/groups", { name: "demo", orgId: cloud.orgId });
  const below: Call = (method, rest, ...more) => call(method, `/groups/${body.id}/${rest}`, ...more);
  return { cloud, call, below, group: body.id as string };
}

const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

describe("an M10", () => {
  it("is created, changed and deleted, each in its time", async () => {
    const { below } = await withProject({ provisioning: minute });
    const state = async () => (await below("GET", "clusters/one")).body.stateName;
    const { status, body } = await below("POST", "clusters", cluster("one"));
    expect([status, body.stateName, body.connectionStrings]).toEqual([201, "CREATING", {}]);
    later(minute - 1);
    expect(await state()).toBe("CREATING");
    later(1);
    const idle = (await below("GET", "clusters/one")).body;
    expect(idle).toMatchObject({ id: body.id, createDate: body.createDate, stateName: "IDLE" });
    expect(idle.connectionStrings.standardSrv).toMatch(/^mongodb\+srv:\/\/one\.[0-9a-f]+\.example\.invalid$/);

    const { replicationSpecs } = cluster("one", "M20", { specs: { diskSizeGB: 30 } });
    expect((await below("PATCH", "clusters/one", { replicationSpecs })).body.stateName).toBe("UPDATING");
    later(minute);
    const [spec] = (await below("GET", "clusters/one")).body.replicationSpecs;
    expect(spec).toMatchObject({ id: idle.replicationSpecs[0].id, zoneId: idle.replicationSpecs[0].zoneId });
    expect(spec.regionConfigs[0].electableSpecs).toMatchObject({
      instanceSize: "M20",
      diskSizeGB: 30,
      nodeCount: 3,
    });

    expect((await below("DELETE", "clusters/one")).status).toBe(202);
    expect(await state()).toBe("DELETING");
    expect((await below("DELETE", "clusters/one")).body.errorCode).toBe("CLUSTER_ALREADY_REQUESTED_DELETION");
    later(minute);
    expect((await below("GET", "clusters/one")).status).toBe(404);
  });

  it("has a network in each of its regions, the same for every cluster there", async () => {
    const { below } = await withProject();
    await below("POST", "clusters", cluster("one"));
    await below("POST", "clusters", cluster("two"));
    const { results } = (await below("GET", "containers?providerName=AWS")).body;
    expect(results).toMatchObject([
      { regionName: "EU_CENTRAL_1", id: expect.stringMatching(/^[0-9a-f]{24}$/) },
    ]);
  });

  it("shows what was asked for apart from what Atlas scaled it to, to a client that wants that", async () => {
    const { cloud, below, group } = await withProject();
    const effective = { "use-effective-instance-fields": "true" };
    const body = cluster("one", "M10", { specs: { diskSizeGB: 10 } });
    const region = async (headers?: Record<string, string>) =>
      (await below("GET", "clusters/one", undefined, headers)).body.replicationSpecs[0].regionConfigs[0];
    await below("POST", "clusters", body, effective);
    cloud.clusters.autoscale(group, "one", { instanceSize: "M20", diskSizeGB: 20 });
    expect((await region(effective)).electableSpecs).toMatchObject({ instanceSize: "M10", diskSizeGB: 10 });
    expect((await region(effective)).effectiveElectableSpecs).toMatchObject({ instanceSize: "M20" });
    expect((await region()).electableSpecs).toMatchObject({ instanceSize: "M20", diskSizeGB: 20 });
    const { replicationSpecs } = body;
    await below("PATCH", "clusters/one", { replicationSpecs, tags: [{ key: "a", value: "b" }] }, effective);
    expect((await region()).electableSpecs).toMatchObject({ instanceSize: "M20", diskSizeGB: 20 });
  });

  it("goes on with what runs when its size changes while it grows by itself, for a client that wants that", async () => {
    const { below } = await withProject();
    const effective = { "use-effective-instance-fields": "true" };
    const scaled = (size: string, enabled: boolean) => {
      const autoScaling = { compute: { enabled: false, scaleDownEnabled: false }, diskGB: { enabled } };
      return cluster("one", size, { region: { autoScaling } });
    };
    const runs = async () =>
      (await below("GET", "clusters/one", undefined, effective)).body.replicationSpecs[0].regionConfigs[0];
    await below("POST", "clusters", scaled("M10", true), effective);
    await below(
      "PATCH",
      "clusters/one",
      { replicationSpecs: scaled("M20", true).replicationSpecs },
      effective,
    );
    expect((await runs()).electableSpecs).toMatchObject({ instanceSize: "M20" });
    expect((await runs()).effectiveElectableSpecs).toMatchObject({ instanceSize: "M10" });
    await below(
      "PATCH",
      "clusters/one",
      { replicationSpecs: scaled("M30", false).replicationSpecs },
      effective,
    );
    expect((await runs()).effectiveElectableSpecs).toMatchObject({ instanceSize: "M30" });
  });

  it("keeps its process arguments", async () => {
    const { below } = await withProject();
    await below("POST", "clusters", cluster("one"));
    expect((await below("GET", "clusters/one/processArgs")).body.javascriptEnabled).toBe(true);
    await below("PATCH", "clusters/one/processArgs", { javascriptEnabled: false });
    expect((await below("GET", "clusters/one/processArgs")).body.javascriptEnabled).toBe(false);
  });
});

describe("an upgrade", () => {
  it("goes from M0 to Flex and on to M10, under the same name and another id", async () => {
    const { below } = await withProject({ provisioning: minute });
    const free = (await below("POST", "clusters", cluster("one", "M0"))).body;
    later(minute);
    const providerSettings = { providerName: "FLEX", backingProviderName: "AWS", instanceSizeName: "FLEX" };
    const toFlex = { name: "one", providerSettings: { ...providerSettings, regionName: "EU_CENTRAL_1" } };
    expect((await below("POST", "clusters/tenantUpgrade", toFlex)).body.stateName).toBe("UPDATING");
    const early = (await below("GET", "flexClusters/one")).body;
    expect(early.errorCode).toBe("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API");
    later(minute);
    const flex = (await below("GET", "flexClusters/one")).body;
    expect(flex).toMatchObject({ stateName: "IDLE", providerSettings: { regionName: "EU_CENTRAL_1" } });
    expect(flex.id).not.toBe(free.id);

    const { replicationSpecs } = cluster("one");
    const { status } = await below("POST", "flexClusters:tenantUpgrade", { name: "one", replicationSpecs });
    expect(status).toBe(200);
    later(minute);
    const dedicated = (await below("GET", "clusters/one")).body;
    expect(dedicated.replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize).toBe("M10");
    expect((await below("GET", "containers")).body.totalCount).toBe(1);
  });

  it("goes from M0 straight to M10, without what the call cannot say", async () => {
    const { below } = await withProject();
    await below("POST", "clusters", cluster("one", "M0"));
    const providerSettings = { providerName: "AWS", instanceSizeName: "M10", regionName: "EU_CENTRAL_1" };
    await below("POST", "clusters/tenantUpgrade", {
      name: "one",
      providerSettings,
      providerBackupEnabled: true,
    });
    const { body } = await below("GET", "clusters/one");
    expect(body).toMatchObject({ backupEnabled: true, pitEnabled: false });
    expect(body.replicationSpecs[0].regionConfigs[0].providerName).toBe("AWS");
    expect((await below("POST", "clusters", cluster("two", "M0"))).status).toBe(201);
  });
});

describe("users and access list", () => {
  const path = "databaseUsers/admin/name%20with%2Fslash";
  const username = "name with/slash";
  const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];

  it("never answer a password, and keep it for the database behind", async () => {
    const seen: unknown[] = [];
    const changed = () => seen.push(undefined);
    const { cloud, below } = await withProject({ changed });
    const [groupId = ""] = cloud.projects.list().map(({ id }) => id);
    const kept = () =>
      cloud.users.list(groupId).map((user) => [user.username, user.password, user.roles.length]);
    const [password, newPassword] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
    const before = seen.length;
    const replies = [
      await below("POST", "databaseUsers", { databaseName: "admin", username, password, roles }),
    ];
    expect(kept()).toEqual([[username, password, 1]]);
    replies.push(
      await below("PATCH", path, { password: newPassword }),
      await below("GET", path),
      await below("GET", "databaseUsers"),
    );
    expect(kept()).toEqual([[username, newPassword, 1]]);
    expect(replies.map(({ status }) => status)).toEqual([201, 200, 200, 200]);
    expect(replies[2]?.body).toMatchObject({ username, roles, x509Type: "NONE", awsIAMType: "NONE" });
    for (const text of [JSON.stringify(replies), JSON.stringify(served?.calls)])
      for (const secret of [password, newPassword]) expect(text).not.toContain(secret);
    await below("DELETE", path);
    expect(kept()).toEqual([]);
    expect(seen.length - before).toBe(3);
  });

  it("know an address and its block as one entry, which is added as often as one likes", async () => {
    const { below } = await withProject();
    const { status, body } = await below("POST", "accessList", [{ ipAddress: "192.0.2.1", comment: "a" }]);
    expect([status, body.totalCount]).toEqual([200, 1]);
    const again = await below("POST", "accessList", [{ cidrBlock: "192.0.2.1/32", comment: "b" }]);
    expect(again.body.results).toMatchObject([
      { ipAddress: "192.0.2.1", cidrBlock: "192.0.2.1/32", comment: "b" },
    ]);
    for (const entry of ["192.0.2.1", "192.0.2.1%2F32"])
      expect((await below("GET", `accessList/${entry}`)).body.cidrBlock).toBe("192.0.2.1/32");
    expect((await below("DELETE", "accessList/192.0.2.1%2F32")).status).toBe(204);
    expect((await below("GET", "accessList/192.0.2.1")).status).toBe(404);
  });

  it("are listed page by page", async () => {
    const { below } = await withProject();
    await below(
      "POST",
      "accessList",
      ["1", "2", "3"].map((end) => ({ ipAddress: `192.0.2.${end}` })),
    );
    const { body } = await below("GET", "accessList?includeCount=true&itemsPerPage=2&pageNum=2");
    expect([body.results.length, body.totalCount]).toEqual([1, 3]);
    expect((await below("GET", "accessList?includeCount=false")).body).not.toHaveProperty("totalCount");
  });
});

describe("a project", () => {
  it("has its settings, and loses its users and access list with itself", async () => {
    const { cloud, call, below, group } = await withProject();
    const changed = await below("PATCH", "settings", { isDataExplorerEnabled: false });
    expect(changed.body).toMatchObject({ isDataExplorerEnabled: false, isSchemaAdvisorEnabled: true });
    for (const property of ["teams", "limits", "ipAddresses", "managedSlowMs"])
      expect((await below("GET", property)).status).toBe(200);
    await below("DELETE", "managedSlowMs/disable");
    expect((await below("GET", "managedSlowMs")).body).toBe(false);
    const renamed = await call("PATCH", `/groups/${group}`, {
      name: "other",
      tags: [{ key: "a", value: "b" }],
    });
    expect(renamed.body).toMatchObject({ id: group, name: "other", tags: [{ key: "a", value: "b" }] });
    await below("POST", "accessList", [{ ipAddress: "192.0.2.1" }]);
    expect((await call("DELETE", `/groups/${group}`)).status).toBe(204);
    expect(cloud.projects.list()).toEqual([]);
  });
});

describe("a restart", () => {
  it("forgets nothing, and what takes time goes on", async () => {
    const file = path.join(folder, "atlas.json");
    const before = await withProject({ file, provisioning: minute });
    const created = (await before.below("POST", "flexClusters", flexCluster("one"))).body;
    const password = randomBytes(12).toString("hex");
    const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];
    await before.below("POST", "databaseUsers", {
      databaseName: "admin",
      username: "backend",
      password,
      roles,
    });
    await before.below("POST", "accessList", [{ cidrBlock: "10.0.0.0/24", comment: "c" }]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const { cloud, call } = await start({ file, provisioning: minute });
    expect(cloud.orgId).toBe(before.cloud.orgId);
    const below: Call = (method, rest) => call(method, `/groups/${before.group}/${rest}`);
    expect((await below("GET", "flexClusters/one")).body).toEqual(created);
    later(minute);
    const { id, createDate } = created;
    expect((await below("GET", "flexClusters/one")).body).toMatchObject({
      id,
      createDate,
      stateName: "IDLE",
    });
    expect(cloud.users.get(before.group, "admin", "backend").password).toBe(password);
    expect((await below("GET", "accessList/10.0.0.0%2F24")).body.comment).toBe("c");
  });
});
