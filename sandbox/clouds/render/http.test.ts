import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Faults, faultsOf } from "../../../tests/helpers/faults.ts";
import { type Served, serve } from "../serve.ts";
import { createPostgres, createService, RenderCloud, renderApi, updatePostgres } from "./index.ts";

const apiKey = `rnd_${randomBytes(12).toString("hex")}`;
const ownerId = "tea-test";
const postgres = { ownerId, name: "kairos-postgres", plan: "basic_1gb", region: "oregon", version: "18" };
const service = {
  ownerId,
  type: "web_service" as const,
  name: "kairos-backend",
  repo: "https://git.example/kairos/backend",
  serviceDetails: { plan: "starter", region: "oregon", runtime: "python" },
};

let cloud: RenderCloud;
let served: Served;
let faults: Faults;
beforeEach(async () => {
  cloud = new RenderCloud({ ownerId });
  served = await serve(renderApi(cloud, apiKey));
  faults = faultsOf(served);
});
afterEach(() => served.close());

async function call(method: string, path: string, body?: unknown, key = apiKey) {
  const response = await fetch(`${served.url}/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as any) };
}

describe("authentication", () => {
  it.each([["wrong"], [""]])("refuses the key %j with a message", async (key) => {
    expect(await call("GET", "/services", undefined, key)).toMatchObject({
      status: 401,
      body: { message: "Unauthorized" },
    });
  });
});

describe("a refusal has Render's shape: a status, and a body with a message", () => {
  it.each([
    ["a service without name", "POST", "/services", { ...service, name: "" }, 400, "name is required"],
    [
      "an unknown region",
      "POST",
      "/services",
      { ...service, serviceDetails: { ...service.serviceDetails, region: "mars" } },
      400,
      "invalid region: mars",
    ],
    ["an unknown plan", "POST", "/postgres", { ...postgres, plan: "huge" }, 400, "invalid plan: huge"],
    [
      "a version that is not offered",
      "POST",
      "/postgres",
      { ...postgres, version: "9" },
      400,
      "invalid version: 9",
    ],
    [
      "an unknown policy",
      "POST",
      "/key-value",
      { ownerId, name: "kv", plan: "free", region: "oregon", maxmemoryPolicy: "x" },
      400,
      "invalid maxmemoryPolicy: x",
    ],
    [
      "a free worker",
      "POST",
      "/services",
      { ...service, type: "background_worker", serviceDetails: { ...service.serviceDetails, plan: "free" } },
      400,
      "plan free is not available for background_worker",
    ],
    [
      "a cron job without schedule",
      "POST",
      "/services",
      { ...service, type: "cron_job" },
      400,
      "schedule is required for cron jobs",
    ],
    ["a service that is not there", "GET", "/services/srv-0", undefined, 404, "not found: srv-0"],
    ["a database that is not there", "DELETE", "/postgres/dpg-0-a", undefined, 404, "not found: dpg-0-a"],
    ["a call that is not there", "GET", "/nothing", undefined, 404, "not found: GET /v1/nothing"],
  ])("%s", async (_, method, path, body, status, message) => {
    expect(await call(method, path, body)).toEqual({ status, body: { message } });
  });

  it("a name that is taken", async () => {
    await call("POST", "/services", service);
    expect(await call("POST", "/services", service)).toMatchObject({
      status: 409,
      body: { message: /kairos-backend already exists/ },
    });
    expect(Object.keys(cloud.state.services)).toHaveLength(1);
  });

  it("a disk that would shrink, and a paid database that would become free", () => {
    const { id } = createPostgres(cloud, { ...postgres, diskSizeGB: 20 });
    expect(() => updatePostgres(cloud, id, { diskSizeGB: 10 })).toThrow("cannot be decreased (is 20)");
    expect(() => updatePostgres(cloud, id, { plan: "free" })).toThrow(
      "cannot change a paid database to plan free",
    );
  });

  it("an image of another name, and a commit for a cron job", async () => {
    const { body } = await call("POST", "/services", {
      ...service,
      repo: undefined,
      image: { imagePath: "ghcr.io/a/b:1", ownerId: "" },
    });
    const deploys = `/services/${body.service.id}/deploys`;
    expect(await call("POST", deploys, { imageUrl: "ghcr.io/a/other:2" })).toMatchObject({ status: 400 });
    expect(await call("POST", deploys, { imageUrl: "ghcr.io/a/b:2" })).toMatchObject({
      status: 201,
      body: { image: { ref: "ghcr.io/a/b:2" } },
    });
  });
});

it("answers a deploy that waits for its turn without one, and lists it later", async () => {
  const { body } = await call("POST", "/services", { ...service, name: "queued" });
  const deploys = `/services/${body.service.id}/deploys`;
  cloud.behind.queue = 500;
  expect(await call("POST", deploys, {})).toEqual({ status: 202, body: undefined });
  expect((await call("GET", deploys)).body).toHaveLength(1);
  await vi.waitFor(async () => expect((await call("GET", deploys)).body).toHaveLength(2), 5000);
});

describe("variables", () => {
  it("come in pages that end", async () => {
    const envVars = Array.from({ length: 45 }, (_, index) => ({ key: `V${index}`, value: String(index) }));
    const { body } = await call("POST", "/services", { ...service, envVars });
    const keys: string[] = [];
    let cursor = "";
    for (;;) {
      const page = await call("GET", `/services/${body.service.id}/env-vars${cursor}`);
      if (page.body.length === 0) break;
      keys.push(...page.body.map((item: { envVar: { key: string } }) => item.envVar.key));
      cursor = `?cursor=${page.body.at(-1).cursor}`;
    }
    // The newest first.
    expect(keys).toEqual(envVars.map(({ key }) => key).reverse());
  });

  it("of an env group reach the next deploy, the service's own win, and a change deploys nothing", async () => {
    const { service: made } = createService(cloud, { ...service, envVars: [{ key: "A", value: "own" }] });
    const group = await call("POST", "/env-groups", {
      ownerId,
      name: "g",
      envVars: [
        { key: "A", value: "group" },
        { key: "B", value: "1" },
      ],
    });
    await call("POST", `/env-groups/${group.body.id}/services/${made.id}`);
    await call("PUT", `/env-groups/${group.body.id}/env-vars/B`, { value: "2" });
    expect(cloud.state.deploys).toHaveLength(1);
    await call("POST", `/services/${made.id}/deploys`, {});
    expect(cloud.state.deploys.at(-1)?.variables).toEqual({ A: "own", B: "2" });
    expect(JSON.stringify((await call("GET", `/services/${made.id}/deploys`)).body)).not.toContain("group");
  });

  it("that Render generates stay when they are sent again", async () => {
    const { body } = await call("POST", "/services", {
      ...service,
      envVars: [{ key: "GEN", generateValue: true }],
    });
    const path = `/services/${body.service.id}/env-vars`;
    const first = (await call("GET", path)).body[0].envVar.value;
    await call("PUT", path, [{ key: "GEN", generateValue: true }]);
    expect((await call("GET", path)).body[0].envVar.value).toBe(first);
  });
});

describe("state", () => {
  it("outlives a restart, without a readable password in any answer but the connection's", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-render-"));
    const file = path.join(folder, "render.json");
    const { id, password } = createPostgres(new RenderCloud({ ownerId, file }), postgres);
    const again = new RenderCloud({ ownerId, file });
    expect(again.state.postgres[id]?.password).toBe(password);
    cloud = again;
    await served.close();
    served = await serve(renderApi(cloud, apiKey));
    expect(JSON.stringify((await call("GET", `/postgres/${id}`)).body)).not.toContain(password);
    expect((await call("GET", `/postgres/${id}/connection-info`)).body.internalConnectionString).toBe(
      `postgresql://${again.state.postgres[id]?.databaseUser}:${password}@${id}/${again.state.postgres[id]?.databaseName}`,
    );
    await rm(folder, { recursive: true });
  });

  it.each([
    ["/postgres", postgres],
    ["/key-value", { ownerId, name: "kairos-redis", plan: "starter", region: "oregon" }],
  ])("of a database takes the time that was asked for: %s", async (path, request) => {
    cloud = new RenderCloud({ ownerId, provisioning: 1000 });
    await served.close();
    served = await serve(renderApi(cloud, apiKey));
    const { body } = await call("POST", path, request);
    expect((await call("GET", `${path}/${body.id}`)).body.status).toBe("creating");
    await new Promise((resolve) => setTimeout(resolve, 1050));
    expect((await call("GET", `${path}/${body.id}`)).body.status).toBe("available");
  });
});

describe("faults", () => {
  it.each([
    ["too many requests", 429, 0],
    ["server error", 500, 0],
  ] as const)("%s: the call has no effect", async (fault, status, created) => {
    faults.add({ fault, method: "POST" });
    const response = await fetch(`${served.url}/v1/postgres`, {
      method: "POST",
      headers: { Authorization: `Bearer ${apiKey}` },
    });
    expect(response.status).toBe(status);
    expect(Object.keys(cloud.state.postgres)).toHaveLength(created);
  });

  it.each([
    ["reset", 0],
    ["lost answer", 1],
  ] as const)("%s: the connection is cut", async (fault, created) => {
    faults.add({ fault, method: "POST", path: /postgres/, nth: 2 });
    await call("POST", "/postgres", postgres);
    await expect(call("POST", "/postgres", { ...postgres, name: "second" })).rejects.toThrow("fetch failed");
    expect(Object.keys(cloud.state.postgres)).toHaveLength(1 + created);
    expect(faults.struck).toHaveLength(1);
  });
});

it.each([
  ["/postgres", "postgres"],
  ["/key-value", "keyValue"],
])("lists %s by name", async (path, kind) => {
  const body = path === "/postgres" ? postgres : { ownerId, name: "db", plan: "starter", region: "oregon" };
  await call("POST", path, { ...body, name: "wanted" });
  await call("POST", path, { ...body, name: "another" });
  const list = async (query: string) => {
    const { body: items } = await call("GET", `${path}${query}`);
    return (items as Record<string, { name: string }>[]).map((item) => item[kind]?.name);
  };
  expect(await list("?name=wanted")).toEqual(["wanted"]);
  expect(await list("?name=none")).toEqual([]);
  expect(await list("")).toEqual(["wanted", "another"]);
});

it("logs calls by method, path, status and time, nothing else", async () => {
  await call("GET", "/services?name=secret");
  const [logged, ...others] = served.calls;
  expect(others).toEqual([]);
  expect(logged).toEqual({
    time: expect.any(String),
    method: "GET",
    path: "/v1/services",
    status: 200,
    ms: expect.any(Number),
  });
});
