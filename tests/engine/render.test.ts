/** The stack's resources at Render, on the real engine and its real provider, against the stand-in of Render's API. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as render from "../../sandbox/clouds/render/index.ts";
import { type Served, serve } from "../../sandbox/clouds/serve.ts";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: Render on the real engine (${found.reason})`);

const project = path.join(path.dirname(fileURLToPath(import.meta.url)), "render-program");

describe.skipIf("reason" in found)("Render", () => {
  let stack: EngineStack;
  let served: Served;
  let cloud: render.RenderCloud;
  let linked: string;
  const settings = (): Record<string, unknown> => ({
    "test:plan": "basic_1gb",
    "test:policy": "allkeys_lru",
    "test:variable": "first",
    "test:linked": linked,
  });
  let current: Record<string, unknown>;

  beforeAll(async () => {
    if (!("engine" in found)) return;
    cloud = new render.RenderCloud({ ownerId: "tea-test" });
    // A service that somebody made by hand, with a variable of its own.
    linked = render.createService(cloud, {
      type: "web_service",
      name: "by-hand",
      repo: "https://git.example/kairos/by-hand",
      envVars: [{ key: "OWN", value: "kept" }],
      serviceDetails: { plan: "starter", region: "oregon", runtime: "python" },
    }).service.id;
    await settled();
    stack = await EngineStack.create(found.engine, project);
    served = await serve(render.renderApi(cloud, stack.environment.RENDER_API_KEY ?? ""));
    stack.environment.RENDER_HOST = `${served.url}/v1`;
    current = settings();
    await stack.configure(current);
  });
  afterAll(async () => {
    await stack?.remove();
    await served?.close();
  });

  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  const up = (...args: string[]) => stack.pulumi("up", "--yes", "--skip-preview", "--stack", "test", ...args);
  const change = async (changes: Record<string, unknown>) => {
    current = { ...current, ...changes };
    await stack.configure(current);
  };
  const named = (name: string) => {
    const service = Object.values(cloud.state.services).find((one) => one.name === name);
    if (service === undefined) throw new Error(`no service ${name}`);
    return service;
  };
  const deploys = (name: string) => render.deploysOf(cloud, named(name).id);
  const unchanged = async () => {
    const { all, exitCode } = await stack.pulumi(
      "preview",
      "--diff",
      "--expect-no-changes",
      "--stack",
      "test",
    );
    expect({ all: exitCode === 0 ? "" : all, exitCode }).toEqual({ all: "", exitCode: 0 });
  };

  it("creates everything; each first deploy has all variables", async () => {
    const { all, exitCode } = await up();
    expect(all).not.toMatch(/warning:|error:/);
    expect(exitCode).toBe(0);
    const [postgres] = Object.values(cloud.state.postgres);
    expect(postgres).toMatchObject({ version: "18", plan: "basic_1gb", region: "oregon", ipAllowList: [] });
    expect(cloud.state.notifications).toEqual({
      emailEnabled: true,
      notificationsToSend: "failure",
      previewNotificationsEnabled: false,
    });
    const [first] = deploys("kairos-web");
    expect(deploys("kairos-web")).toHaveLength(1);
    expect(first?.variables).toEqual({
      POSTGRES_URL: `postgresql://kairos:${postgres?.password}@${postgres?.id}:5432/${postgres?.databaseName}`,
      REDIS_URL: expect.stringMatching(/^redis:\/\/red-[0-9a-v]{20}:6379$/),
      VARIABLE: "first",
    });
    expect(deploys("kairos-cron")).toHaveLength(1);
  });

  it("links the service made by hand, leaves its own variable, and deploys what is live there, once", () => {
    const [last, before] = deploys("by-hand");
    expect(deploys("by-hand")).toHaveLength(2);
    expect(last?.variables).toMatchObject({ OWN: "kept", VARIABLE: "first" });
    expect(last?.commit?.id).toBe(before?.commit?.id);
  });

  it("has nothing to change afterwards, with and without a refresh", async () => {
    await unchanged();
    const refreshed = await stack.pulumi(
      "refresh",
      "--yes",
      "--skip-preview",
      "--expect-no-changes",
      "--stack",
      "test",
    );
    expect(refreshed.exitCode).toBe(0);
    await unchanged();
  });

  it("finds the workspace's notifications switched off by hand, and switches them on again", async () => {
    render.setOwnerNotifications(cloud, "tea-test", { notificationsToSend: "none" });
    expect((await up("--refresh")).exitCode).toBe(0);
    expect(cloud.state.notifications?.notificationsToSend).toBe("failure");
    await unchanged();
  });

  it("changes plan and policy in place", async () => {
    const ids = Object.keys(cloud.state.postgres);
    await change({ "test:plan": "basic_4gb", "test:policy": "noeviction" });
    expect((await up()).exitCode).toBe(0);
    expect(Object.keys(cloud.state.postgres)).toEqual(ids);
    expect(Object.values(cloud.state.postgres)[0]?.plan).toBe("basic_4gb");
    expect(Object.values(cloud.state.keyValues)[0]?.maxmemoryPolicy).toBe("noeviction");
    expect(deploys("kairos-web")).toHaveLength(1);
    await unchanged();
  });

  it("deploys each service once when a variable changes, with what a pipeline has deployed", async () => {
    render.startDeploy(cloud, named("kairos-web").id, { imageUrl: "registry.example/kairos/backend:2" });
    render.startDeploy(cloud, named("by-hand").id, { commitId: "c0ffee" });
    await settled();
    const before = ["kairos-web", "kairos-cron", "by-hand"].map((name) => deploys(name).length);
    await change({ "test:variable": "second" });
    expect((await up()).exitCode).toBe(0);
    const after = ["kairos-web", "kairos-cron", "by-hand"].map((name) => deploys(name).length);
    expect(after).toEqual(before.map((count) => count + 1));
    expect(deploys("kairos-web")[0]).toMatchObject({
      image: { ref: "registry.example/kairos/backend:2" },
      variables: { VARIABLE: "second" },
    });
    expect(deploys("by-hand")[0]).toMatchObject({
      commit: { id: "c0ffee" },
      variables: { VARIABLE: "second", OWN: "kept" },
    });
    await unchanged();
  });

  it("leaves a service alone that somebody links to the group by hand, also after a refresh", async () => {
    const other = render.createService(cloud, {
      type: "background_worker",
      name: "not-ours",
      repo: "https://git.example/x/y",
      serviceDetails: { plan: "starter", region: "oregon", runtime: "python" },
    }).service;
    const [group] = Object.values(cloud.state.envGroups);
    render.linkService(cloud, group?.id ?? "", other.id);
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--stack", "test");
    await change({ "test:variable": "third" });
    expect((await up()).exitCode).toBe(0);
    expect(Object.values(cloud.state.envGroups)[0]?.serviceIds).toEqual([linked, other.id]);
    render.unlinkService(cloud, group?.id ?? "", other.id);
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--stack", "test");
  });

  it("finds by refresh what was changed out of band, and puts it right", async () => {
    render.updatePostgres(cloud, Object.keys(cloud.state.postgres)[0] ?? "", {
      ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "opened by hand" }],
    });
    const { all } = await stack.pulumi("preview", "--refresh", "--diff", "--stack", "test");
    expect(all).toContain("opened by hand");
    expect((await up("--refresh")).exitCode).toBe(0);
    expect(Object.values(cloud.state.postgres)[0]?.ipAllowList).toEqual([]);
  });

  it("previews a move to another region although its own service has the name", async () => {
    await change({ "test:region": "ohio" });
    const { all, exitCode } = await stack.pulumi("preview", "--diff", "--stack", "test");
    expect(all).toContain("+-render:index/webService:WebService: (replace)");
    expect(all).not.toContain("exists already");
    expect(exitCode).toBe(0);
    await change({ "test:region": "oregon" });
  });

  it("destroys what it made, and nothing else", async () => {
    const { all, exitCode } = await stack.pulumi("destroy", "--yes", "--skip-preview", "--stack", "test");
    expect({ all: exitCode === 0 ? "" : all, exitCode }).toEqual({ all: "", exitCode: 0 });
    const { services, postgres, keyValues, envGroups } = cloud.state;
    expect(Object.values(services).map(({ name }) => name)).toEqual(["by-hand", "not-ours"]);
    expect([postgres, keyValues, envGroups]).toEqual([{}, {}, {}]);
  });

  it("refuses, in the preview, to create a service whose name is taken", async () => {
    const { service } = render.createService(cloud, {
      type: "web_service",
      name: "kairos-web",
      repo: "https://git.example/x/y",
      serviceDetails: { plan: "starter", region: "oregon", runtime: "python" },
    });
    const { all, exitCode } = await stack.pulumi("preview", "--stack", "test");
    expect(all).toContain(
      `a Render service named kairos-web exists already (${service.id}). Link it in kairos:backend`,
    );
    expect(exitCode).not.toBe(0);
  });

  it("showed no secret in any of it", async () => {
    expect(served.calls.length).toBeGreaterThan(100);
    expect(served.calls.filter(({ status }) => status >= 500)).toEqual([]);
  });
});
