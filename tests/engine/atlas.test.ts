/**
 * The unmodified provider, run by the real engine, against the stand-in: what it creates stays as it was created, what
 * is changed by hand is found, and nothing is left.
 *
 * Most of the time are the provider's own pauses: 10 s before an access-list entry, 30 s after a cluster's deletion.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { findEngine, installedPlugins } from "../../ops/engine/find.ts";
import { AtlasCloud, atlasApi, generateCredentials } from "../../sandbox/atlas/index.ts";
import { type Served, serve } from "../../sandbox/serve.ts";

const engine = await findEngine();
const plugin = "mongodbatlas@4.14.0";
const reason =
  engine === undefined
    ? "no pulumi on the PATH or in ~/.pulumi/bin"
    : !(await installedPlugins()).includes(plugin) && `pulumi lacks the plugin ${plugin}`;
if (reason) console.log(`skipped: the Atlas provider with the real engine (${reason})`);

const project = `name: atlas
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import=tsx
`;
const program = `
import { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster.js";
import { DatabaseUser } from "@pulumi/mongodbatlas/databaseUser.js";
import { Project } from "@pulumi/mongodbatlas/project.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import { Config } from "@pulumi/pulumi";

const config = new Config("atlas");
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

describe.skipIf(reason)("the Atlas provider", () => {
  const cloud = new AtlasCloud({ provisioning: 100 });
  const { publicKey, privateKey } = generateCredentials();
  const password = randomBytes(18).toString("base64url");
  const passphrase = randomBytes(18).toString("base64url");
  let served: Served;
  let folder: string;
  const pulumi = async (...args: string[]) => {
    const { all, stdout, exitCode } = await execa(engine?.path ?? "", [...args, "--non-interactive"], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: os.homedir(),
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // Nobody listens there: whatever does not go to loopback fails at once.
        HTTPS_PROXY: "http://127.0.0.1:1",
        HTTP_PROXY: "http://127.0.0.1:1",
        NO_PROXY: "127.0.0.1,localhost",
        // Together, from one place: an address without keys beside it would be ignored for the public cloud's.
        MONGODB_ATLAS_BASE_URL: served.url,
        MONGODB_ATLAS_PUBLIC_API_KEY: publicKey,
        MONGODB_ATLAS_PRIVATE_API_KEY: privateKey,
      },
      extendEnv: false,
      all: true,
      reject: false,
      timeout: 150_000,
    });
    return { all, stdout, ok: exitCode === 0 };
  };

  beforeAll(async () => {
    served = await serve(atlasApi(cloud, { ...generateCredentials(), publicKey, privateKey }));
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-atlas-"));
    await writeFile(path.join(folder, "Pulumi.yaml"), project);
    await writeFile(path.join(folder, "index.ts"), program);
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
    await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  });
  afterAll(async () => {
    await served?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it("creates, keeps, finds a change by hand, and destroys", { timeout: 180_000 }, async () => {
    await pulumi("stack", "init", "test");
    await pulumi("config", "set", "org", cloud.orgId);
    await pulumi("config", "set", "--secret", "password", password);

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
