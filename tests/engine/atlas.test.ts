/**
 * The unmodified provider, run by the real engine, against the stand-in: what it creates stays as it was created, what
 * exists is imported, what is changed is changed in place, what is changed by hand is found, and nothing is left.
 *
 * Most of the time are the provider's own pauses: 10 s before an access-list entry, 30 s after a cluster's deletion.
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AtlasCloud, atlasApi, generateCredentials } from "../../sandbox/clouds/atlas/index.ts";
import { engineWith } from "./harness.ts";
import { ProviderStack } from "./provider-stack.ts";

const found = await engineWith(["@pulumi/mongodbatlas"]);
if ("reason" in found) console.log(`skipped: the Atlas provider with the real engine (${found.reason})`);

const password = randomBytes(18).toString("hex");
const rotated = randomBytes(18).toString("hex");

const head = `
import { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster.js";
import { AlertConfiguration } from "@pulumi/mongodbatlas/alertConfiguration.js";
import { DatabaseUser } from "@pulumi/mongodbatlas/databaseUser.js";
import { Project } from "@pulumi/mongodbatlas/project.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import * as pulumi from "@pulumi/pulumi";

const region = { providerName: "FLEX", backingProviderName: "AWS", regionName: "EU_CENTRAL_1", priority: 7 };
const flex = { clusterType: "REPLICASET", replicationSpecs: [{ regionConfigs: [region] }] };
`;

/** What can change in place, and the comments of access-list entries, which cannot. */
interface Changing {
  project: string;
  tags: Record<string, string>;
  terminationProtectionEnabled: boolean;
  password: string;
  role: string;
  comment: string;
  emails: string[];
}
const first: Changing = {
  project: "demo",
  tags: { owner: "test" },
  terminationProtectionEnabled: false,
  password,
  role: "readWrite",
  comment: "a block",
  emails: ["ops@example.com"],
};

const ours = (orgId: string, now: Changing) => `
const { id: projectId } = new Project("project", { name: "${now.project}", orgId: "${orgId}" });
const cluster = new AdvancedCluster("cluster", {
  projectId,
  name: "demo",
  ...flex,
  tags: ${JSON.stringify(now.tags)},
  terminationProtectionEnabled: ${now.terminationProtectionEnabled},
});
new DatabaseUser("user", {
  projectId,
  username: "backend",
  authDatabaseName: "admin",
  password: pulumi.secret("${now.password}"),
  roles: [{ roleName: "${now.role}", databaseName: "kaïros" }],
  scopes: [{ name: "demo", type: "CLUSTER" }],
});
const emails = ${JSON.stringify(now.emails)};
const notifications = emails.map((emailAddress) => ({ typeName: "EMAIL", emailAddress, delayMin: 5, intervalMin: 60 }));
new AlertConfiguration("no-primary", { projectId, enabled: true, eventType: "NO_PRIMARY", notifications });
new AlertConfiguration("connections", {
  projectId,
  enabled: true,
  eventType: "OUTSIDE_METRIC_THRESHOLD",
  metricThresholdConfig: {
    metricName: "CONNECTIONS_PERCENT",
    operator: "GREATER_THAN",
    threshold: 80,
    units: "RAW",
    mode: "AVERAGE",
  },
  notifications,
});
// As the stack does it, and as it must not be done.
new ProjectIpAccessList(
  "block",
  { projectId, cidrBlock: "10.0.0.0/24", comment: "${now.comment}" },
  { ignoreChanges: ["comment"] },
);
new ProjectIpAccessList("block of one", { projectId, cidrBlock: "192.0.2.2/32", comment: "${now.comment}" });
new ProjectIpAccessList("address", { projectId, ipAddress: "192.0.2.1" });
export const group = projectId;
export const url = cluster.connectionStrings.standardSrv;
`;

/** What somebody made by hand, taken over. */
const imported = (orgId: string, id: string) => `
const older = new Project("older", { name: "older", orgId: "${orgId}" }, { import: "${id}" });
new AdvancedCluster("older", { projectId: older.id, name: "older", ...flex }, { import: "${id}-older" });
new DatabaseUser(
  "older",
  {
    projectId: older.id,
    username: "older",
    authDatabaseName: "admin",
    roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
  },
  { import: "${id}/older/admin", ignoreChanges: ["password"] },
);
new ProjectIpAccessList(
  "older",
  { projectId: older.id, cidrBlock: "203.0.113.0/24", comment: "office" },
  { import: "${id}-203.0.113.0/24" },
);
`;

describe.skipIf("reason" in found)("the Atlas provider", () => {
  const cloud = new AtlasCloud({ provisioning: 100 });
  const { publicKey, privateKey } = generateCredentials();
  let stack: ProviderStack;
  let older: string;
  let group: string;
  const printed: string[] = [];

  beforeAll(async () => {
    if ("reason" in found) return;
    const app = atlasApi(cloud, { ...generateCredentials(), publicKey, privateKey });
    stack = await ProviderStack.create(found.engine, app, (url) => ({
      // Together, from one place: an address without keys beside it would be ignored for the public cloud's.
      MONGODB_ATLAS_BASE_URL: url,
      MONGODB_ATLAS_PUBLIC_API_KEY: publicKey,
      MONGODB_ATLAS_PRIVATE_API_KEY: privateKey,
    }));
    older = byHand();
    await settled();
  });
  afterAll(() => stack?.remove("Atlas"));

  /** A project, a cluster, a user and an access-list entry that no stack made. */
  function byHand(): string {
    const { id } = cloud.projects.create({ name: "older", orgId: cloud.orgId });
    cloud.flexClusters.create(id, {
      name: "older",
      providerSettings: { backingProviderName: "AWS", regionName: "EU_CENTRAL_1" },
    });
    const user = {
      databaseName: "admin",
      username: "older",
      password: randomBytes(18).toString("hex"),
      roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
    };
    cloud.users.create(id, user);
    cloud.accessList.add(id, [{ cidrBlock: "203.0.113.0/24", comment: "office" }]);
    return id;
  }
  /** Clusters take their time. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
  const succeeds = async (run: Promise<{ all: string; exitCode: number }>) => {
    const { all, exitCode } = await run;
    printed.push(all);
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
    return all;
  };
  const asItIs = (id: string) =>
    structuredClone([
      cloud.projects.get(id),
      cloud.flexClusters.list(id),
      cloud.users.list(id),
      cloud.accessList.list(id),
    ]);

  const alerts = () =>
    cloud.alerts
      .list(group)
      .map(({ eventTypeName, metricThreshold, enabled, notifications }) => [
        (metricThreshold as { metricName: string } | undefined)?.metricName ?? eventTypeName,
        enabled,
        notifications.map(({ emailAddress }) => emailAddress),
      ])
      .sort();

  it("creates what is declared, and imports what exists", { timeout: 180_000 }, async () => {
    const before = asItIs(older);
    await stack.program(head + ours(cloud.orgId, first) + imported(cloud.orgId, older));
    const all = await succeeds(stack.up("create and import"));
    expect(all).toContain("= 4 imported");
    const output = await stack.run("output", "stack", "output", "--json");
    const { group: created, url } = JSON.parse(output.stdout);
    group = created;
    const [cluster] = cloud.flexClusters.list(group);
    expect(url).toBe(cluster && cloud.behind.connectionString(cluster).standardSrv);
    expect(cloud.users.get(group, "admin", "backend").password).toBe(password);
    expect(cloud.accessList.list(group)).toHaveLength(3);
    expect(alerts()).toEqual([
      ["CONNECTIONS_PERCENT", true, ["ops@example.com"]],
      ["NO_PRIMARY", true, ["ops@example.com"]],
    ]);
    expect(asItIs(older)).toEqual(before);
  });

  it("sees no change, by preview or refresh", async () => {
    await succeeds(stack.unchanged());
    await succeeds(stack.refresh("--expect-no-changes"));
  });

  it("finds in a refresh what was changed outside", async () => {
    cloud.users.update(group, "admin", "backend", {
      roles: [{ roleName: "read", databaseName: "kaïros" }],
    });
    const drift = await succeeds(stack.refresh("--diff"));
    expect(drift).toContain("~ 1 updated");
    expect(drift).toContain("readWrite");
    const [alert] = cloud.alerts.list(group);
    if (alert === undefined) throw new Error("there is no alert");
    cloud.alerts.replace(group, alert.id, { ...alert, enabled: false });
    expect(await succeeds(stack.refresh("--diff"))).toMatch(/~ 1 updated/);
  });

  it("changes project, cluster and user in place", { timeout: 180_000 }, async () => {
    const ids = [cloud.projects.get(group).id, cloud.flexClusters.list(group)[0]?.id];
    const changed = {
      project: "renamed",
      tags: { owner: "test", cost: "none" },
      terminationProtectionEnabled: true,
      password: rotated,
      role: "dbAdmin",
      comment: "a new comment",
      emails: ["ops@example.com", "night@example.com"],
    };
    await stack.program(head + ours(cloud.orgId, changed) + imported(cloud.orgId, older));
    await succeeds(stack.up("change"));
    const [cluster] = cloud.flexClusters.list(group);
    expect([cloud.projects.get(group).id, cluster?.id]).toEqual(ids);
    expect(cloud.projects.get(group).name).toBe("renamed");
    expect(alerts().map(([, , emails]) => emails)).toEqual([changed.emails, changed.emails]);
    expect(cluster).toMatchObject({
      terminationProtectionEnabled: true,
      tags: expect.arrayContaining([
        { key: "owner", value: "test" },
        { key: "cost", value: "none" },
      ]),
    });
    expect(cloud.users.get(group, "admin", "backend")).toMatchObject({
      password: rotated,
      roles: [{ roleName: "dbAdmin", databaseName: "kaïros" }],
    });
  });

  it("loses an access-list entry whose comment changes, unless the change is ignored", () => {
    // The provider replaces it: the new entry is the old one by the same address, and the old one is deleted last.
    const blocks = cloud.accessList.list(group).map(({ cidrBlock, comment }) => [cidrBlock, comment]);
    expect(blocks).toContainEqual(["10.0.0.0/24", "a block"]);
    expect(blocks.map(([block]) => block)).not.toContain("192.0.2.2/32");
  });

  it("cannot destroy a cluster with termination protection, and can without", {
    timeout: 180_000,
  }, async () => {
    const refused = await stack.run("refusal", "destroy", "--yes", "--skip-preview", "--target", "**cluster");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toContain("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED");
    cloud.flexClusters.update(group, "demo", { terminationProtectionEnabled: false });
    await settled();
    await succeeds(stack.run("destroy", "destroy", "--yes", "--skip-preview", "--refresh"));
    expect(cloud.projects.list()).toEqual([]);
  });

  it("was challenged at each call, broke nothing, asked for no other host and showed no password", () => {
    const { calls } = stack.served;
    expect(calls.filter(({ status }) => status === 401)).toHaveLength(calls.length / 2);
    expect(calls.filter(({ status }) => status >= 500)).toEqual([]);
    expect(stack.refused).toEqual([]);
    for (const secret of [password, rotated]) expect(printed.join("\n")).not.toContain(secret);
  });
});
