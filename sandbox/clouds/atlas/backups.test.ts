/** Snapshots, restore jobs and the compliance policy, as a client sees them. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Call, client, cluster, flexCluster } from "../../../tests/helpers/atlas.ts";
import { type Served, serve } from "../serve.ts";
import { AtlasCloud, type AtlasOptions, atlasApi, generateCredentials } from "./index.ts";

const credentials = generateCredentials();
const served: Served[] = [];
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());
afterAll(() => Promise.all(served.map((one) => one.close())));
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

/** A project with an M10 `one` that is backed up, another M10 `two`, a Flex `flex` and an M0 `free`. */
async function ground(options: AtlasOptions = {}) {
  const cloud = new AtlasCloud(options);
  served.push(await serve(atlasApi(cloud, credentials)));
  const call = client(served.at(-1)?.url ?? "", credentials);
  const group = cloud.projects.create({ name: "demo", orgId: cloud.orgId }).id;
  const below: Call = (method, rest, ...more) => call(method, `/groups/${group}/${rest}`, ...more);
  const backedUp = { backupEnabled: true, pitEnabled: true };
  cloud.clusters.create(group, { ...cluster("one"), ...backedUp });
  cloud.clusters.create(group, cluster("two"));
  cloud.clusters.create(group, cluster("free", "M0"));
  // Its first snapshot is not taken at once.
  cloud.flexClusters.create(group, flexCluster("flex")).createDate = new Date(
    Date.now() - hour,
  ).toISOString();
  const code = async (method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await below(method, path, body);
    return `${status} ${answer.errorCode}`;
  };
  const snapshots = async (name = "one", api = "clusters") =>
    (await below("GET", `${api}/${name}/backup/snapshots`)).body.results;
  return { cloud, group, below, code, snapshots };
}

const automated = (group: string, snapshotId: string, targetClusterName = "two") => ({
  ...{ deliveryType: "automated", snapshotId, targetClusterName, targetGroupId: group },
});

describe("snapshots", () => {
  it("are taken when they are due, and go when they expire", async () => {
    const { snapshots } = await ground();
    // All that is due at once is one, of the kind that is kept longest.
    expect(await snapshots()).toMatchObject([{ snapshotType: "scheduled", frequencyType: "monthly" }]);
    later(5 * hour);
    expect(await snapshots()).toHaveLength(1);
    later(hour);
    const [newest, ...rest] = await snapshots();
    expect(newest).toMatchObject({ frequencyType: "hourly", status: "completed", type: "replicaSet" });
    expect(Date.parse(newest.expiresAt) - Date.parse(newest.createdAt)).toBe(7 * day);
    expect(rest).toHaveLength(1);
    later(8 * day);
    expect((await snapshots()).map((one: { id: string }) => one.id)).not.toContain(newest.id);
  });

  it("follow the cluster's own schedule, which ends when it is deleted", async () => {
    const { below, snapshots } = await ground();
    const item = { frequencyType: "daily", frequencyInterval: 1, retentionUnit: "days", retentionValue: 2 };
    const { body } = await below("PATCH", "clusters/one/backup/schedule", {
      policies: [{ policyItems: [item] }],
    });
    expect(body.policies[0].policyItems).toEqual([{ ...item, id: expect.stringMatching(/^[0-9a-f]{24}$/) }]);
    await snapshots();
    later(day);
    expect(await snapshots()).toMatchObject([{ frequencyType: "daily" }, { frequencyType: "daily" }]);
    const empty = (await below("DELETE", "clusters/one/backup/schedule")).body;
    expect(empty.policies).toEqual([{ id: body.policies[0].id, policyItems: [] }]);
    later(3 * day);
    expect(await snapshots()).toEqual([]);
  });

  it("take their time when they are asked for, one after the other", async () => {
    const { below, code } = await ground({ backups: minute });
    const all = "clusters/one/backup/snapshots";
    const { body } = await below("POST", all, { description: "before", retentionInDays: 3 });
    expect(body).toMatchObject({ snapshotType: "onDemand", status: "inProgress", description: "before" });
    expect(await code("POST", all, {})).toBe("400 UNFINISHED_ON_DEMAND_SNAPSHOT");
    expect(await code("DELETE", `${all}/${body.id}`)).toBe("400 CANNOT_DELETE_IN_PROGRESS_SNAPSHOT");
    later(minute);
    expect((await below("GET", `${all}/${body.id}`)).body.status).toBe("completed");
    expect((await below("DELETE", `${all}/${body.id}`)).status).toBe(204);
    expect(await code("GET", `${all}/${body.id}`)).toBe("404 SNAPSHOT_NOT_FOUND");
  });

  it("of Flex are one a day, for eight days; M0 has none, and a cluster without backups neither", async () => {
    const { snapshots, code } = await ground();
    for (let days = 0; days < 10; days += 1) {
      expect(await snapshots("flex", "flexClusters")).toHaveLength(Math.min(days + 1, 8));
      later(day);
    }
    expect(await code("GET", "clusters/free/backup/snapshots")).toBe("400 PROVIDER_BACKUP_NOT_SUPPORTED");
    expect(await code("GET", "clusters/free/backup/schedule")).toBe("400 PROVIDER_BACKUP_NOT_SUPPORTED");
    expect(await code("POST", "clusters/two/backup/snapshots", {})).toBe("404 BACKUP_CONFIG_NOT_FOUND");
    expect(await code("GET", "clusters/flex/backup/snapshots")).toBe(
      "400 CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
    );
    expect(await code("GET", "flexClusters/one/backup/snapshots")).toBe(
      "400 CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
    );
  });

  it.each([
    ["", 0],
    ["?retainBackups=true", 1],
  ])("of a cluster that was deleted with %j: %i stay", async (query, count) => {
    const { below, snapshots } = await ground();
    await snapshots();
    expect((await below("DELETE", `clusters/one${query}`)).status).toBe(202);
    expect((await below("GET", "clusters/one")).status).toBe(404);
    const { status, body } = await below("GET", "clusters/one/backup/snapshots");
    expect([status, body.results?.length ?? 0]).toEqual(count === 0 ? [404, 0] : [200, count]);
  });

  it("are refused a schedule that makes no sense", async () => {
    const { code } = await ground();
    const item = (frequencyType: string, retentionValue: number) => ({
      ...{ frequencyType, frequencyInterval: 1, retentionUnit: "days", retentionValue },
    });
    const set = (body: object) => code("PATCH", "clusters/one/backup/schedule", body);
    const policies = (...policyItems: object[]) => ({ policies: [{ policyItems }] });
    expect(await set(policies(item("hourly", 7), item("daily", 6)))).toBe(
      "400 BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID",
    );
    expect(await set(policies(item("daily", 0)))).toBe("400 ATTRIBUTE_NEGATIVE_OR_ZERO");
    expect(await set({ ...policies(item("hourly", 2)), restoreWindowDays: 3 })).toBe(
      "400 CANNOT_SET_POINT_IN_TIME_WINDOW",
    );
  });
});

describe("restore jobs", () => {
  it("bring a snapshot to another cluster, which is busy meanwhile", async () => {
    const { below, code, snapshots, group } = await ground({ backups: minute });
    const [{ id }] = await snapshots();
    const jobs = "clusters/one/backup/restoreJobs";
    expect(await code("POST", jobs, automated(group, id))).toBe("404 SNAPSHOT_NOT_FOUND");
    later(minute);
    const { status, body } = await below("POST", jobs, automated(group, id));
    expect([status, body.failed, body.finishedAt]).toEqual([200, false, undefined]);
    const busy = "400 CLUSTER_RESTORE_IN_PROGRESS_CANNOT_UPDATE";
    expect(await code("POST", jobs, automated(group, id))).toBe(busy);
    expect(await code("PATCH", "clusters/two", { tags: [] })).toBe(busy);
    expect(await code("DELETE", `${jobs}/${body.id}`)).toBe("400 CANNOT_CANCEL_AUTOMATED_RESTORE");
    later(minute);
    const done = (await below("GET", `${jobs}/${body.id}`)).body;
    expect(done).toMatchObject({ snapshotId: id, targetClusterName: "two", finishedAt: expect.any(String) });
    expect((await below("GET", jobs)).body.results).toHaveLength(1);
  });

  it("go back to a moment within the window of a cluster that has one", async () => {
    const { below, code, group, cloud } = await ground();
    const job = (seconds: number) => ({
      deliveryType: "pointInTime",
      ...{ pointInTimeUTCSeconds: Math.floor(seconds), targetClusterName: "two", targetGroupId: group },
    });
    const jobs = "clusters/one/backup/restoreJobs";
    later(10 * day);
    const now = Date.now() / 1000;
    const before = "404 UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME";
    expect(await code("POST", jobs, job(now - 7 * 86_400 - 60))).toBe(before);
    expect(await code("POST", jobs, job(now + 60))).toBe("400 INVALID_ATTRIBUTE");
    const { body } = await below("POST", jobs, job(now - 60));
    expect(body).toMatchObject({ deliveryType: "pointInTime", pointInTimeUTCSeconds: Math.floor(now - 60) });
    cloud.clusters.update(group, "one", { pitEnabled: false });
    expect(await code("POST", jobs, job(now - 60))).toBe("404 BACKUP_CONFIG_NOT_FOUND");
  });

  it("of Flex go to Flex or to a dedicated cluster", async () => {
    const { below, code, snapshots } = await ground();
    const [{ id: snapshotId }] = await snapshots("flex", "flexClusters");
    const jobs = "flexClusters/flex/backup/restoreJobs";
    for (const targetDeploymentItemName of ["flex", "two"]) {
      const { body } = await below("POST", jobs, { snapshotId, targetDeploymentItemName });
      expect(body).toMatchObject({ status: "COMPLETED", targetDeploymentItemName, instanceName: "flex" });
    }
    const toFree = { snapshotId, targetDeploymentItemName: "free" };
    expect(await code("POST", jobs, toFree)).toBe("400 INVALID_CLUSTER_CONFIGURATION");
  });

  it.each([
    ["a download", { deliveryType: "download" }, "400 UNSUPPORTED_DELIVERY_METHOD"],
    ["no target", { targetClusterName: undefined }, "400 MISSING_ATTRIBUTE"],
    ["another target", { targetClusterName: "nowhere" }, "404 CLUSTER_NOT_FOUND"],
    ["a target that is no dedicated one", { targetClusterName: "flex" }, "400 INVALID_CLUSTER_CONFIGURATION"],
    ["another snapshot", { snapshotId: "0".repeat(24) }, "404 SNAPSHOT_NOT_FOUND"],
  ])("are refused for %s", async (_, change, expected) => {
    const { code, snapshots, group } = await ground();
    const [{ id }] = await snapshots();
    const body = { ...automated(group, id), ...change };
    expect(await code("POST", "clusters/one/backup/restoreJobs", body)).toBe(expected);
  });
});

describe("a compliance policy", () => {
  const item = { frequencyType: "daily", frequencyInterval: 1, retentionUnit: "days", retentionValue: 7 };
  const policy = {
    ...{ authorizedEmail: "a@example.com", authorizedUserFirstName: "A", authorizedUserLastName: "B" },
    ...{ pitEnabled: true, restoreWindowDays: 7, scheduledPolicyItems: [item] },
  };

  it("is not there at first, and then cannot be switched off or weakened", async () => {
    const { below, code } = await ground();
    expect(await code("GET", "backupCompliancePolicy")).toBe("404 RESOURCE_NOT_FOUND");
    const { body } = await below("PUT", "backupCompliancePolicy", policy);
    expect(body).toMatchObject({ ...policy, state: "ACTIVE", deletable: false });
    const invalid = "400 BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID";
    expect(await code("DELETE", "backupCompliancePolicy")).toBe(invalid);
    for (const weaker of [
      { ...policy, pitEnabled: false },
      { ...policy, restoreWindowDays: 6 },
      { ...policy, scheduledPolicyItems: [{ ...item, retentionValue: 6 }] },
    ])
      expect(await code("PUT", "backupCompliancePolicy", weaker)).toBe(invalid);
    expect((await below("PUT", "backupCompliancePolicy", { ...policy, restoreWindowDays: 8 })).status).toBe(
      200,
    );
  });

  it("holds for every cluster of the project, those to come included", async () => {
    const { below, code, snapshots, cloud, group } = await ground();
    await below("PUT", "backupCompliancePolicy", policy);
    expect((await below("GET", "clusters/two")).body).toMatchObject({
      backupEnabled: true,
      pitEnabled: true,
    });
    expect(await code("POST", "clusters", cluster("three"))).toBe(
      "400 CANNOT_DISABLE_CLOUD_BACKUP_WITH_BACKUP_COMPLIANCE_POLICY",
    );
    expect(await code("PATCH", "clusters/one", { pitEnabled: false })).toBe(
      "400 CANNOT_DISABLE_PIT_WITH_BACKUUP_COMPLIANCE_POLICY",
    );
    const notMeeting = "400 BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS";
    expect(await code("DELETE", "clusters/one/backup/schedule")).toBe(notMeeting);
    const less = { policies: [{ policyItems: [{ ...item, retentionValue: 6 }] }] };
    expect(await code("PATCH", "clusters/one/backup/schedule", less)).toBe(notMeeting);
    const [{ id }] = await snapshots();
    expect(await code("DELETE", `clusters/one/backup/snapshots/${id}`)).toBe(
      "400 CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY",
    );
    cloud.clusters.delete(group, "one");
    expect((await snapshots()).length).toBeGreaterThan(0);
  });
});
