/**
 * On the real engine, with the vendors' stand-ins: what somebody adds beside a stack, by the vendors' own APIs, is named,
 * and nothing else is; it is silent once it is removed, adopted or known. Skipped where there is no engine.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { Workspace } from "../../engine/cli/workspace.ts";
import { OpenStack } from "../../ops/accounts.ts";
import { strangersBeside } from "../../ops/status/strangers/index.ts";
import type { StrangersStatus } from "../../ops/status/strangers/model.ts";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { leaks } from "../canaries.ts";
import { type Call, client } from "../helpers/atlas.ts";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: strangers beside a stack on the real engine (${found.reason})`);

const organization = "5a4d000000000000000000aa";
const day = "2026-11-26";
const reason = "somebody needs it";

describe.skipIf("reason" in found)("strangers beside a stack that is up", { timeout: 600_000 }, () => {
  let folder: string;
  let clouds: Clouds;
  let stack: EngineStack;
  let workspace: Workspace;
  let atlas: Call;
  let group: string;
  let backend: string;
  let second: string;

  const render = async <T>(method: string, route: string, body?: unknown): Promise<T> => {
    const { RENDER_HOST, RENDER_API_KEY } = clouds.environment;
    const response = await fetch(`${RENDER_HOST}${route}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${RENDER_API_KEY}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  const atAtlas = async (method: string, route: string, body?: unknown) => {
    const { status, body: answer } = await atlas(method, `/groups/${group}${route}`, body);
    if (status > 299) throw new Error(`${method} ${route}: ${status} ${JSON.stringify(answer)}`);
  };
  const serviceOf = (name: string) => {
    const { ownerId } = clouds.render;
    const image = { ownerId, imagePath: "registry.example/kairos/backend:7" };
    const serviceDetails = {
      plan: "starter",
      region: "oregon",
      runtime: "image",
      healthCheckPath: "/health",
    };
    return { ownerId, type: "web_service", name, image, serviceDetails };
  };
  const postgresOf = (name: string) => ({
    ...{ ownerId: clouds.render.ownerId, name, plan: "basic_1gb", region: "oregon", version: "18" },
    ipAllowList: [],
  });
  const settings = (accessList: string[], known: object[] = []) => ({
    mongodb: {
      project: { id: group },
      name: "kairos-test",
      tier: "FLEX",
      accessList: accessList.map((cidr) => ({ cidr, comment: "" })),
      mayBeDestroyed: "kairos-test",
      driver: { maxPoolSize: 20, minPoolSize: 0 },
    },
    postgres: { enabled: true, plan: "basic_1gb", mayBeDestroyed: "kairos-postgres" },
    redis: { provider: "upstash", mayBeDestroyed: "kairos-redis" },
    backend: [{ name: "kairos-backend", link: backend }],
    known,
  });
  const succeeds = async (...args: string[]) => {
    const { all, exitCode } = await stack.pulumi(...args);
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
  };
  const look = () => strangersBeside(new OpenStack(workspace, "test"), { environment: stack.environment });
  const named = (status: StrangersStatus) => status.found.map(({ kind, name }) => `${kind} ${name}`).sort();
  const served = () => Object.values(clouds.served).map(({ calls }) => calls);

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-clouds-"));
    clouds = await startClouds({ folder, organization });
    const { environment } = clouds;
    atlas = client(environment.MONGODB_ATLAS_BASE_URL ?? "", {
      publicKey: environment.MONGODB_ATLAS_PUBLIC_API_KEY ?? "",
      privateKey: environment.MONGODB_ATLAS_PRIVATE_API_KEY ?? "",
    });
    group = (await atlas("POST", "/groups", { name: "Kairos", orgId: organization })).body.id;
    backend = (await render<{ service: { id: string } }>("POST", "/services", serviceOf("kairos-backend")))
      .service.id;
    stack = await EngineStack.create(found.engine);
    Object.assign(stack.environment, environment);
    const project = path.dirname(stack.stateFolder);
    const PATH = `${path.dirname(found.engine.path)}${path.delimiter}${stack.environment.PATH}`;
    workspace = new Workspace(found.engine, project, { environment: { ...stack.environment, PATH } });
    await stack.configure(settings(["203.0.113.0/24"]));
    await succeeds("up", "--yes", "--skip-preview", "--stack", "test");
    // A second stack in the same Atlas project: what is its own is nobody's to name.
    const shared = {
      "kairos:mongodb": {
        ...{ project: { id: group }, name: "kairos-staging", tier: "FLEX", user: "kairos-staging" },
        accessList: [{ cidr: "203.0.114.0/24", comment: "" }],
        mayBeDestroyed: "kairos-staging",
      },
      "kairos:backend": [{ name: "kairos-backend-staging", link: backend, untouched: true }],
      "kairos:shares": ["mongodb.project", "backend.link"],
      "render:skipDeployAfterServiceUpdate": "true",
    };
    await writeFile(path.join(project, "Pulumi.staging.yaml"), stringify({ config: shared }));
    await succeeds("stack", "init", "staging", "--no-select");
    await succeeds("up", "--yes", "--skip-preview", "--stack", "staging");
  });
  afterAll(async () => {
    await stack?.remove();
    await clouds?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("there are none, also not what the other stack has in the same project; a look is this many calls", async () => {
    const before = served().map((calls) => calls.length);
    expect(await look()).toEqual({ state: "well", found: [], unseen: [], gone: [] });
    const asked = served().flatMap((calls, vendor) => calls.slice(before[vendor]));
    expect(asked.every(({ method }) => method === "GET")).toBe(true);
    // Four of Atlas, each of them challenged first, six of Render, one of Upstash; and what is new of the other
    // stack's user needs no more than its state.
    expect(asked.filter(({ status }) => status === 200)).toHaveLength(11);
    expect(asked).toHaveLength(15);
  });

  it("six of them, made by hand, are each named, and nothing else", async () => {
    await atAtlas("POST", "/accessList", [{ cidrBlock: "0.0.0.0/0", comment: "for a moment" }]);
    await atAtlas("POST", "/accessList", [{ ipAddress: "198.51.100.7" }]);
    const roles = [{ roleName: "read", databaseName: "kaïros" }];
    const password = `${stack.secrets[0]}x`;
    await atAtlas("POST", "/databaseUsers", { databaseName: "admin", username: "analyst", password, roles });
    const [postgres] = await render<{ postgres: { id: string } }[]>("GET", "/postgres?name=kairos-postgres");
    await render("POST", `/postgres/${postgres?.postgres.id}/credentials`, { username: "reporting" });
    second = (await render<{ id: string }>("POST", "/postgres", postgresOf("kairos-postgres-2"))).id;
    const envVars = [{ key: "LOG_LEVEL", value: "debug" }];
    const extra = { ownerId: clouds.render.ownerId, name: "extra", envVars, serviceIds: [backend] };
    await render("POST", "/env-groups", extra);
    await render("PUT", `/services/${backend}/env-vars`, [{ key: "REDIS_URL", value: password }]);
    await render("POST", "/services", serviceOf("kairos-backend-copy"));

    const status = await look();
    expect(named(status)).toEqual([
      "access-list 0.0.0.0/0",
      "access-list 198.51.100.7",
      "database-user analyst",
      "env-group extra",
      "postgres kairos-postgres-2",
      "postgres-user reporting",
      "service kairos-backend-copy",
      "variable kairos-backend.REDIS_URL",
    ]);
    expect(status.found[0]).toMatchObject({
      ...{ name: "0.0.0.0/0", everybody: true, since: expect.stringMatching(/^20/) },
      by: { key: clouds.environment.MONGODB_ATLAS_PUBLIC_API_KEY },
    });
    expect(status.unseen).toEqual([]);
    expect(leaks(JSON.stringify(status), [...stack.secrets, password])).toEqual([]);
  });

  it("they are silent once they are removed", async () => {
    await atAtlas("DELETE", "/accessList/0.0.0.0%2F0");
    await render("PUT", `/services/${backend}/env-vars`, []);
    const groups = await render<{ id: string; name: string }[]>("GET", "/env-groups?name=extra");
    const extra = groups.find(({ name }) => name === "extra")?.id;
    await render("DELETE", `/env-groups/${extra}/services/${backend}`);
    expect(named(await look())).toEqual([
      "access-list 198.51.100.7",
      "database-user analyst",
      "postgres kairos-postgres-2",
      "postgres-user reporting",
      "service kairos-backend-copy",
    ]);
  });

  it("or adopted, or known", async () => {
    const known = [
      { kind: "database-user", name: "analyst", reason, day },
      { kind: "postgres", name: second, reason, day },
      { kind: "postgres-user", name: "reporting", reason, day },
      { kind: "service", name: "kairos-backend-copy", reason, day },
      { kind: "env-group", name: "extra", reason, day },
    ];
    await stack.configure(settings(["203.0.113.0/24", "198.51.100.7/32"], known));
    await succeeds("up", "--yes", "--skip-preview", "--stack", "test");
    const { gone, ...status } = await look();
    expect(status).toEqual({ state: "well", found: [], unseen: [] });
    expect(gone).toEqual([{ index: 4, kind: "env-group", name: "extra" }]);
  });
});
