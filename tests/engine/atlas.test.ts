/**
 * The unmodified provider, run by the real engine, against the stand-in: what it creates stays as it was created, what
 * is changed by hand is found, and nothing is left.
 *
 * Most of the time are the provider's own pauses: 10 s before an access-list entry, 30 s after a cluster's deletion.
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AtlasCloud, atlasApi, generateCredentials } from "../../sandbox/atlas/index.ts";
import { type Served, serve } from "../../sandbox/serve.ts";
import { engineWith } from "./harness.ts";
import { TestStack } from "./program-stack.ts";

const found = await engineWith(["mongodbatlas@4.14.0"]);
if ("reason" in found) console.log(`skipped: the Atlas provider with the real engine (${found.reason})`);

const program = `
import { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster.js";
import { DatabaseUser } from "@pulumi/mongodbatlas/databaseUser.js";
import { Project } from "@pulumi/mongodbatlas/project.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import { Config } from "@pulumi/pulumi";

const config = new Config("test");
const { id: projectId } = new Project("project", { name: "demo", orgId: config.require("org") });
const region = { providerName: "FLEX", backingProviderName: "AWS", regionName: "EU_CENTRAL_1", priority: 7 };
const cluster = new AdvancedCluster("cluster", {
  projectId,
  name: "demo",
  clusterType: "REPLICASET",
  replicationSpecs: [{ regionConfigs: [region] }],
  tags: { owner: "test" },
});
new DatabaseUser("user", {
  projectId,
  username: "backend",
  authDatabaseName: "admin",
  password: config.requireSecret("password"),
  roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
  scopes: [{ name: "demo", type: "CLUSTER" }],
});
new ProjectIpAccessList("block", { projectId, cidrBlock: "10.0.0.0/24", comment: "a block" });
new ProjectIpAccessList("block of one", { projectId, cidrBlock: "192.0.2.2/32" });
new ProjectIpAccessList("address", { projectId, ipAddress: "192.0.2.1" });
export const group = projectId;
export const url = cluster.connectionStrings.standardSrv;
`;

describe.skipIf("reason" in found)("the Atlas provider", () => {
  const cloud = new AtlasCloud({ provisioning: 100 });
  const { publicKey, privateKey } = generateCredentials();
  const password = randomBytes(18).toString("base64url");
  let served: Served;
  let stack: TestStack;
  const pulumi = async (...args: string[]) => {
    const { all, stdout, exitCode } = await stack.pulumi(...args);
    return { all, stdout, ok: exitCode === 0 };
  };

  beforeAll(async () => {
    if ("reason" in found) return;
    served = await serve(atlasApi(cloud, { ...generateCredentials(), publicKey, privateKey }));
    stack = await TestStack.create(found.engine, {
      // Together, from one place: an address without keys beside it would be ignored for the public cloud's.
      MONGODB_ATLAS_BASE_URL: served.url,
      MONGODB_ATLAS_PUBLIC_API_KEY: publicKey,
      MONGODB_ATLAS_PRIVATE_API_KEY: privateKey,
    });
    await stack.program(program);
  });
  afterAll(async () => {
    await served?.close();
    await stack?.remove();
  });

  it("creates, keeps, finds a change by hand, and destroys", { timeout: 180_000 }, async () => {
    await pulumi("config", "set", "test:org", cloud.orgId);
    await pulumi("config", "set", "--secret", "test:password", password);

    const up = await pulumi("up", "--yes", "--skip-preview");
    expect(up.ok, up.all).toBe(true);
    const { group, url } = JSON.parse((await pulumi("stack", "output", "--json")).stdout);
    const [cluster] = cloud.flexClusters.list(group);
    expect(url).toBe(cluster && cloud.connection(cluster).standardSrv);
    expect(cloud.users.get(group, "admin", "backend").password).toBe(password);
    expect(cloud.accessList.list(group)).toHaveLength(3);

    const preview = await pulumi("preview", "--expect-no-changes");
    expect(preview.ok, preview.all).toBe(true);
    const refresh = await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(refresh.ok, refresh.all).toBe(true);

    cloud.users.update(group, "admin", "backend", {
      roles: [{ roleName: "read", databaseName: "kaïros" }],
    });
    const drift = await pulumi("refresh", "--yes", "--skip-preview", "--diff");
    expect(drift.ok, drift.all).toBe(true);
    expect(drift.all).toContain("~ 1 updated");
    expect(drift.all).toContain("readWrite");

    const destroy = await pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.ok, destroy.all).toBe(true);
    expect(cloud.projects.list()).toEqual([]);
    const { calls } = served;
    console.log(
      `${calls.length} calls, ${calls.filter(({ status }) => status === 401).length} of them challenged`,
    );
    expect(calls.filter(({ status }) => status >= 500)).toEqual([]);
    for (const { all } of [up, preview, refresh, drift, destroy]) expect(all).not.toContain(password);
  });
});
