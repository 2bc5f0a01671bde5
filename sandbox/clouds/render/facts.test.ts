/** What Render does by its description, its recorded answers and its documentation, each asked of the stand-in. */
import { beforeEach, describe, expect, it } from "vitest";
import { RenderCloud, renderApi } from "./index.ts";

const ownerId = "tea-test";
const hour = 3_600_000;
let cloud: RenderCloud;
let now: number;
beforeEach(() => {
  now = Date.now();
  cloud = new RenderCloud({ ownerId, clock: () => now });
});

async function call(method: string, path: string, body?: unknown) {
  const response = await renderApi(cloud, "key").request(`/v1${path}`, {
    method,
    headers: { Authorization: "Bearer key", "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as any) };
}
const postgres = (more: object = {}) => ({ ownerId, name: "pg", plan: "pro_4gb", version: "18", ...more });
const keyValue = (more: object = {}) => ({ ownerId, name: "kv", plan: "starter", ...more });
const service = (details: object = {}, more: object = {}) => ({
  ownerId,
  type: "web_service",
  name: "web",
  image: { imagePath: "nginx", ownerId: "" },
  serviceDetails: { runtime: "image", plan: "starter", ...details },
  ...more,
});
const made = async (path: string, body: object) => {
  const { body: answer } = await call("POST", path, body);
  return answer.service ?? answer;
};

const environments = [{ name: "prod" }];
const environment = async (name = "kairos") =>
  (await made("/projects", { ownerId, name, environments })).environmentIds[0] as string;

describe("refuses", () => {
  const workspace = { ownerId: "tea-other" };
  const port = (value: string) => ({ envVars: [{ key: "PORT", value }] });
  it.each<[string, string, object, string]>([
    ["a database for another workspace", "/postgres", postgres(workspace), "ownerId: tea-other"],
    ["a Key Value for another workspace", "/key-value", keyValue(workspace), "ownerId: tea-other"],
    ["a service for another workspace", "/services", service({}, workspace), "ownerId: tea-other"],
    ["PostgreSQL 11 where there is none", "/postgres", postgres({ version: "11" }), "invalid version: 11"],
    [
      "high availability before PostgreSQL 13",
      "/postgres",
      postgres({ version: "12", enableHighAvailability: true }),
      "high availability",
    ],
    [
      "high availability of basic_256mb",
      "/postgres",
      postgres({ plan: "basic_256mb", enableHighAvailability: true }),
      "high availability",
    ],
    [
      "replicas of basic_256mb",
      "/postgres",
      postgres({ plan: "basic_256mb", readReplicas: [{ name: "a" }] }),
      "read replicas",
    ],
    [
      "persistence of a free Key Value",
      "/key-value",
      keyValue({ plan: "free", persistenceMode: "snapshot" }),
      "persistence",
    ],
    [
      "two instances of a free service",
      "/services",
      service({ plan: "free", numInstances: 2 }),
      "one instance",
    ],
    ["a reserved port", "/services", service({}, port("18012")), "port 18012 is reserved"],
    [
      "the eighth day of the week",
      "/services",
      service({ schedule: "0 3 * * 8" }, { type: "cron_job" }),
      "invalid schedule: 0 3 * * 8",
    ],
  ])("%s", async (_, path, body, words) => {
    const { status, body: answer } = await call("POST", path, body);
    expect([status, answer.message]).toEqual([400, expect.stringContaining(words)]);
  });

  it.each<[string, (more?: object) => object, string]>([
    ["/postgres", postgres, "cannot have more than one active free tier database"],
    ["/key-value", keyValue, "cannot have more than one active free tier Key Value"],
  ])("a second free one of %s", async (path, body, words) => {
    expect((await call("POST", path, body({ plan: "free" }))).status).toBe(201);
    const { status, body: answer } = await call("POST", path, body({ plan: "free", name: "two" }));
    expect([status, answer.message]).toEqual([400, expect.stringContaining(words)]);
  });
});

describe("a Postgres", () => {
  it("gets a suffix to its database's name, also to one that was given, and none to its user's", async () => {
    const given = await made("/postgres", postgres({ databaseName: "kairos_db", databaseUser: "kairos" }));
    expect([given.databaseName, given.databaseUser]).toEqual([
      expect.stringMatching(/^kairos_db_[a-z0-9]{4}$/),
      "kairos",
    ]);
    expect((await made("/postgres", postgres({ databaseName: "" }))).databaseName).toMatch(
      /^pg_[a-z0-9]{4}$/,
    );
  });

  it("has 100 GB by default on pro_4gb; a disk only grows, once in twelve hours", async () => {
    const { id, diskSizeGB } = await made("/postgres", postgres());
    expect(diskSizeGB).toBe(100);
    const resized = async (size: number) =>
      (await call("PATCH", `/postgres/${id}`, { diskSizeGB: size })).status;
    expect([await resized(95), await resized(105), await resized(110)]).toEqual([400, 200, 400]);
    now += 12 * hour;
    expect(await resized(110)).toBe(200);
  });

  it("keeps what it is sent, and says its pool and its page", async () => {
    const kept = {
      environmentId: await environment(),
      parameterOverrides: { max_connections: "50" },
      readReplicas: [{ name: "a", parameterOverrides: { work_mem: "8MB" } }],
    };
    const answer = await made("/postgres", postgres({ ...kept, plan: "pro_8gb" }));
    expect(answer).toMatchObject(kept);
    expect(answer).toMatchObject({
      connectionPool: "none",
      dashboardUrl: expect.stringContaining(answer.id),
    });
  });
});

describe("a Key Value", () => {
  it("only grows; from free to paid it is made anew, and keeps what it stores from then on", async () => {
    const { id, options } = await made("/key-value", keyValue({ plan: "free" }));
    expect(options.persistenceMode).toBe("off");
    const changed = (plan: string) => call("PATCH", `/key-value/${id}`, { plan });
    expect((await changed("standard")).body.options.persistenceMode).toBe("journal_snapshot");
    expect((await changed("starter")).body.message).toBe("cannot change plan standard to plan starter");
    expect((await changed("free")).status).toBe(400);
  });

  it("is being created for a while; its list says its page", async () => {
    cloud = new RenderCloud({ ownerId, provisioning: 60_000 });
    const { id } = await made("/key-value", keyValue());
    expect((await call("GET", `/key-value/${id}`)).body.status).toBe("creating");
    expect((await call("GET", "/key-value")).body[0].keyValue.dashboardUrl).toContain("red-");
  });
});

describe("a service", () => {
  it.each([
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1", "docker.io/library/nginx:1"],
    ["kairos/backend", "docker.io/kairos/backend:latest"],
    ["ghcr.io/kairos/backend:1", "ghcr.io/kairos/backend:1"],
  ])("has its image %s in full, and deploys say what it led to", async (imagePath, ref) => {
    const { id, imagePath: answered } = await made(
      "/services",
      service({}, { image: { imagePath, ownerId: "" } }),
    );
    expect(answered).toBe(ref);
    const [{ deploy }] = (await call("GET", `/services/${id}/deploys`)).body;
    expect(deploy.image).toEqual({ ref, sha: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  });

  it("keeps slug and address when it is renamed", async () => {
    const { id, slug, serviceDetails } = await made("/services", service());
    const { body } = await call("PATCH", `/services/${id}`, { name: "renamed" });
    expect([body.name, body.slug, body.serviceDetails.url]).toEqual(["renamed", slug, serviceDetails.url]);
  });

  it("that is suspended is not deployed", async () => {
    const { id } = await made("/services", service());
    expect((await call("POST", `/services/${id}/suspend`)).status).toBe(202);
    expect((await call("GET", `/services/${id}`)).body.suspended).toBe("suspended");
    const refused = await call("POST", `/services/${id}/deploys`, {});
    expect([refused.status, refused.body.message]).toEqual([400, "cannot deploy suspended service"]);
    await call("POST", `/services/${id}/resume`);
    expect((await call("POST", `/services/${id}/deploys`, {})).status).toBe(201);
  });

  it("keeps files, filter, environment and notifications", async () => {
    const secretFiles = [{ name: "a.txt", content: "a" }];
    const filter = {
      environmentId: await environment(),
      buildFilter: { paths: ["src/**"], ignoredPaths: [] },
    };
    const source = { image: undefined, repo: "https://git.example/a", secretFiles, ...filter };
    const { id, ...answer } = await made("/services", service({ runtime: "python" }, source));
    expect(answer).toMatchObject(filter);
    expect((await call("GET", `/services/${id}/secret-files`)).body).toMatchObject([
      { secretFile: secretFiles[0] },
    ]);
    const owner = "/notification-settings/owners/tea-test";
    const before = (await call("GET", owner)).body;
    expect(before).toMatchObject({ emailEnabled: true, notificationsToSend: "failure" });
    await call("PATCH", owner, { notificationsToSend: "none" });
    expect((await call("GET", owner)).body).toEqual({ ...before, notificationsToSend: "none" });
    expect((await call("PATCH", "/notification-settings/owners/tea-other", {})).status).toBe(401);
    const overrides = `/notification-settings/overrides/services/${id}`;
    await call("PATCH", overrides, { notificationsToSend: "failure" });
    expect((await call("GET", overrides)).body.notificationsToSend).toBe("failure");
  });
});

describe("a free web service", () => {
  const said = "maintenance mode can only be configured for non-free tier services";
  const maintenanceMode = { enabled: false, uri: "" };

  it("has no maintenance mode, and takes none, also one that is off", async () => {
    const { id, serviceDetails } = await made("/services", service({ plan: "free" }));
    expect(serviceDetails).not.toHaveProperty("maintenanceMode");
    const change = { serviceDetails: { maintenanceMode } };
    const answers = [
      await call("PATCH", `/services/${id}`, change),
      await call("POST", "/services", service({ plan: "free", maintenanceMode }, { name: "two" })),
    ];
    for (const { status, body } of answers) expect([status, body.message]).toEqual([400, said]);
    expect((await call("PATCH", `/services/${id}`, { name: "other" })).status).toBe(200);
  });
});

describe("an environment", () => {
  it("and its project go only when they are empty", async () => {
    const id = await environment();
    const { projectId } = (await call("GET", `/environments/${id}`)).body;
    const database = await made("/postgres", postgres({ environmentId: id }));
    for (const path of [`/environments/${id}`, `/projects/${projectId}`]) {
      const { status, body } = await call("DELETE", path);
      expect([status, body.message]).toEqual([409, expect.stringContaining(database.id)]);
    }
    await call("DELETE", `/postgres/${database.id}`);
    expect((await call("DELETE", `/projects/${projectId}`)).status).toBe(204);
    expect((await call("GET", `/environments/${id}`)).status).toBe(404);
  });

  it("has env groups for its own services alone, which do not leave it while they are linked", async () => {
    const id = await environment();
    const group = await made("/env-groups", { ownerId, name: "g", envVars: [], environmentId: id });
    const outside = await made("/services", service());
    const link = () => call("POST", `/env-groups/${group.id}/services/${outside.id}`);
    expect((await link()).body.message).toContain("for services of its environment only");
    await call("POST", `/environments/${id}/resources`, { resourceIds: [outside.id] });
    expect((await link()).status).toBe(200);
    const other = await environment("other");
    const moved = await call("POST", `/environments/${other}/resources`, { resourceIds: [outside.id] });
    expect([moved.status, moved.body.message]).toEqual([
      400,
      "cannot move service out of environment with linked env groups",
    ]);
    expect((await call("GET", `/services/${outside.id}`)).body.environmentId).toBe(id);
  });

  it("that there is not takes nothing in", async () => {
    for (const [path, body] of [
      ["/postgres", postgres()],
      ["/key-value", keyValue()],
      ["/services", service()],
      ["/env-groups", { ownerId, name: "g", envVars: [] }],
    ] as const)
      expect((await call("POST", path, { ...body, environmentId: "evm-none" })).status).toBe(404);
  });
});

it("has one set of dedicated addresses for all of a region, and others for environments", async () => {
  const set = (more: object = {}) => ({ ownerId, name: "out", region: "oregon", ...more });
  const whole = await call("POST", "/dedicated-ips", set());
  expect(whole.status).toBe(201);
  expect((await call("POST", "/dedicated-ips", set())).status).toBe(409);
  expect((await call("POST", "/dedicated-ips", set({ region: "ohio" }))).status).toBe(201);
  const own = await call("POST", "/dedicated-ips", set({ environmentIds: [await environment()] }));
  expect(own.status).toBe(201);
  const all = `/dedicated-ips/${own.body.id}`;
  expect((await call("PATCH", all, { environmentIds: [] })).status).toBe(409);
  const ips = (await call("GET", `/dedicated-ips?ownerId=${ownerId}`)).body.flatMap(
    (one: { ips: string[] }) => one.ips,
  );
  expect(new Set(ips).size).toBe(9);
});

it("lists env groups bare, and gives each variable a value", async () => {
  const envVars = [{ key: "A", generateValue: true }];
  const { id } = await made("/env-groups", { ownerId, name: "g", envVars });
  expect((await call("GET", "/env-groups")).body).toMatchObject([{ id, name: "g", serviceLinks: [] }]);
  expect((await call("GET", `/env-groups/${id}`)).body.envVars).toEqual([
    { key: "A", value: expect.stringMatching(/.{40}/) },
  ]);
});
