/** What somebody made at Render by hand, taken over by the real engine and the real provider as it is. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as render from "../../sandbox/clouds/render/index.ts";
import { engineOrReason } from "./harness.ts";
import { ProviderStack } from "./provider-stack.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: imports from Render (${found.reason})`);

const token = randomBytes(18).toString("hex");

/** The ids of what is imported, and the name of the database inside. */
interface Made {
  postgres: string;
  database: string;
  keyValue: string;
  web: string;
  worker: string;
  group: string;
}

const program = ({ postgres, database, keyValue, web, worker, group }: Made) => `
import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";

const envVars = { TOKEN: { value: pulumi.secret("${token}") }, LOG_LEVEL: { value: "info" } };
new render.Postgres(
  "postgres",
  {
    name: "by-hand",
    plan: "basic_1gb",
    region: "oregon",
    version: "18",
    databaseName: "${database}",
    databaseUser: "kairos",
    ipAllowLists: [{ cidrBlock: "203.0.113.0/24", description: "office" }],
  },
  { import: "${postgres}" },
);
new render.Keyvalue(
  "key-value",
  { name: "by-hand", plan: "starter", region: "oregon", maxMemoryPolicy: "noeviction", ipAllowLists: [] },
  { import: "${keyValue}" },
);
new render.WebService(
  "web",
  {
    name: "by-hand",
    plan: "starter",
    region: "oregon",
    healthCheckPath: "/health",
    runtimeSource: { image: { imageUrl: "registry.example/kairos/backend", tag: "1" } },
    envVars,
  },
  { import: "${web}" },
);
new render.BackgroundWorker(
  "worker",
  {
    name: "by-hand-worker",
    plan: "starter",
    region: "oregon",
    startCommand: "python worker.py",
    runtimeSource: {
      nativeRuntime: {
        runtime: "python",
        repoUrl: "https://git.example/kairos/backend",
        branch: "main",
        buildCommand: "true",
        autoDeployTrigger: "commit",
      },
    },
  },
  { import: "${worker}" },
);
new render.EnvGroup("group", { name: "by-hand", envVars }, { import: "${group}" });
`;

describe.skipIf("reason" in found)("Render's provider", () => {
  const cloud = new render.RenderCloud({ ownerId: "tea-test" });
  const key = randomBytes(18).toString("hex");
  let stack: ProviderStack;
  let made: Made;
  beforeAll(async () => {
    if ("reason" in found) return;
    stack = await ProviderStack.create(found.engine, render.renderApi(cloud, key), (url) => ({
      RENDER_HOST: `${url}/v1`,
      RENDER_API_KEY: key,
      RENDER_OWNER_ID: "tea-test",
      RENDER_SKIP_DEPLOY_AFTER_SERVICE_UPDATE: "true",
    }));
    made = byHand();
    await stack.program(program(made));
  });
  afterAll(() => stack?.remove("Imports from Render"));

  function byHand(): Made {
    const envVars = [
      { key: "TOKEN", value: token },
      { key: "LOG_LEVEL", value: "info" },
    ];
    const common = { plan: "starter", region: "oregon" };
    // An import has to say the name that Render made of the one that was asked for.
    const { id: postgres, databaseName: database } = render.createPostgres(cloud, {
      name: "by-hand",
      plan: "basic_1gb",
      region: "oregon",
      version: "18",
      databaseName: "kairos_db",
      databaseUser: "kairos",
      ipAllowList: [{ cidrBlock: "203.0.113.0/24", description: "office" }],
    });
    return {
      postgres,
      database,
      keyValue: render.createKeyValue(cloud, { name: "by-hand", ...common, maxmemoryPolicy: "noeviction" })
        .id,
      web: render.createService(cloud, {
        type: "web_service",
        name: "by-hand",
        image: { imagePath: "registry.example/kairos/backend:1" },
        envVars,
        serviceDetails: { ...common, runtime: "image", healthCheckPath: "/health" },
      }).service.id,
      worker: render.createService(cloud, {
        type: "background_worker",
        name: "by-hand-worker",
        repo: "https://git.example/kairos/backend",
        branch: "main",
        autoDeployTrigger: "commit",
        serviceDetails: {
          ...common,
          runtime: "python",
          envSpecificDetails: { buildCommand: "true", startCommand: "python worker.py" },
        },
      }).service.id,
      group: render.createEnvGroup(cloud, { name: "by-hand", envVars }).id,
    };
  }

  /** All that exists, without the times of changes: the provider may write what is there already. */
  const asItIs = () =>
    JSON.parse(JSON.stringify(cloud.state, (name, value) => (name === "updatedAt" ? undefined : value)));

  it("imports databases, services and env groups as they are, and deploys nothing", async () => {
    const before = asItIs();
    const { exitCode, all, calls } = await stack.up("import");
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
    expect(all).toContain("= 5 imported");
    expect(all).not.toContain(token);
    expect(calls.filter(({ method }) => method === "POST" || method === "DELETE")).toEqual([]);
    const { services, ...others } = asItIs();
    const { services: servicesBefore, ...othersBefore } = before;
    expect(others).toEqual(othersBefore);
    for (const [id, service] of Object.entries(servicesBefore))
      expect(services[id]).toMatchObject(service as object);
  });

  it("sees no change afterwards, by preview or refresh", async () => {
    for (const look of [() => stack.unchanged(), () => stack.refresh("--expect-no-changes")]) {
      const { exitCode, all } = await look();
      expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
    }
  });

  it("destroys what it took over", async () => {
    const { exitCode } = await stack.run("destroy", "destroy", "--yes", "--skip-preview");
    expect(exitCode).toBe(0);
    const { services, postgres, keyValues, envGroups } = cloud.state;
    expect([services, postgres, keyValues, envGroups]).toEqual([{}, {}, {}, {}]);
    expect(stack.refused).toEqual([]);
  });
});
