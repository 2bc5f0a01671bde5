/**
 * What Render's API answered when the tests of its provider were recorded, each asked of the stand-in. Facts only; where
 * each was seen stands beside it, as the recording's name in `testdata` of
 * https://github.com/render-oss/terraform-provider-render/tree/v1.9.1/internal/provider
 */
import { beforeEach, describe, expect, it } from "vitest";
import { RenderCloud, renderApi } from "./index.ts";

const ownerId = "tea-test";
const provisioning = 60_000;
let cloud: RenderCloud;
beforeEach(() => {
  cloud = new RenderCloud({ ownerId, provisioning });
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
const answered = async (method: string, path: string, body?: unknown) =>
  (await call(method, path, body)).body;

const repo = { repo: "https://git.example/a", branch: "main" };
const image = { image: { imagePath: "nginx", ownerId: "" } };
const schedule = "0 0 * * *";
const aService = (type: string, runtime: string, details: object = {}, more: object = {}) => ({
  ...{ ownerId, type, name: "some-name" },
  ...(runtime === "image" ? image : repo),
  serviceDetails: { runtime, plan: "starter", region: "oregon", ...details },
  ...more,
});
const made = async (...service: Parameters<typeof aService>) =>
  (await answered("POST", "/services", aService(...service))).service;

describe("a service", () => {
  // background_worker, private_service, cron_job, web_service
  it.each([
    ["web_service", "web", /^some-name$/],
    ["private_service", "pserv", /^some-name$/],
    ["background_worker", "worker", /^some-name-[a-z0-9]{4}$/],
    ["cron_job", "cron", /^some-name-[a-z0-9]{4}$/],
  ])("of type %s has its page under /%s/, and a slug like %s", async (type, page, slug) => {
    const { id, ...service } = await made(type, "image", { schedule });
    expect(service.dashboardUrl).toBe(`https://dashboard.render.com/${page}/${id}`);
    expect(service.slug).toMatch(slug);
  });

  // private_service; web_service; background_worker and cron_job have neither
  it("says its port, where it is reached, and how by SSH", async () => {
    const openPorts = [{ port: 10000, protocol: "TCP" }];
    const { serviceDetails: itself } = await made("private_service", "image");
    expect(itself).toMatchObject({ openPorts, url: "some-name:10000", sshAddress: expect.any(String) });
    const worker = (await made("background_worker", "image", {}, { name: "b" })).serviceDetails;
    expect([worker.openPorts, worker.url]).toEqual([undefined, undefined]);
    const cron = (await made("cron_job", "image", { schedule }, { name: "c" })).serviceDetails;
    expect([cron.sshAddress, cron.numInstances, cron.previews]).toEqual([undefined, undefined, undefined]);
  });

  // background_worker/docker, cronjob/docker, webservice/runtime_update
  it.each([
    ["docker", { dockerContext: ".", dockerfilePath: "./Dockerfile" }],
    ["image", {}],
  ])("of runtime %s has a Dockerfile's fields, and no registry", async (runtime, given) => {
    const registryCredential = {
      id: "",
      name: "",
      registry: "",
      updatedAt: "0001-01-01T00:00:00Z",
      username: "",
    };
    const envSpecificDetails = { dockerCommand: "", dockerContext: "", dockerfilePath: "", ...given };
    const { serviceDetails } = await made("cron_job", runtime, {
      schedule,
      envSpecificDetails: { ...envSpecificDetails, registryCredential },
    });
    expect(serviceDetails).toMatchObject({ env: runtime, runtime });
    expect(serviceDetails.envSpecificDetails).toEqual(envSpecificDetails);
  });

  // webservice/runtime_update
  it("that changes its runtime has the new one's fields, and one source", async () => {
    const native = { buildCommand: "npm install", startCommand: "npm start" };
    const { id } = await made("web_service", "node", { envSpecificDetails: native });
    const docker = { dockerCommand: "", dockerContext: ".", dockerfilePath: "./Dockerfile" };
    const ofRepo = await answered("PATCH", `/services/${id}`, {
      ...repo,
      serviceDetails: { runtime: "docker", envSpecificDetails: docker },
    });
    expect(ofRepo.serviceDetails.envSpecificDetails).toEqual(docker);
    const ofImage = await answered("PATCH", `/services/${id}`, {
      ...image,
      serviceDetails: { runtime: "image", envSpecificDetails: { dockerCommand: "" } },
    });
    expect(ofImage.serviceDetails.envSpecificDetails).toEqual({
      ...docker,
      dockerContext: "",
      dockerfilePath: "",
    });
    expect([ofImage.repo, ofImage.branch, ofImage.imagePath]).toEqual([
      undefined,
      undefined,
      "docker.io/library/nginx:latest",
    ]);
    const { imagePath, repo: again } = await answered("PATCH", `/services/${id}`, {
      ...repo,
      serviceDetails: { runtime: "node", envSpecificDetails: native },
    });
    expect([imagePath, again]).toEqual([undefined, repo.repo]);
  });

  // backgroundworker/disks
  it("with a disk says the disk's id", async () => {
    const disk = { name: "some-disk", mountPath: "/data", sizeGB: 1 };
    const { serviceDetails } = await made("background_worker", "image", { disk });
    expect(serviceDetails.disk).toEqual({ ...disk, id: expect.stringMatching(/^dsk-/) });
  });

  // backgroundworker/disks: changed, deleted, another one
  it("gets its disk by calls of its own", async () => {
    const { id, serviceDetails } = await made("background_worker", "image", {
      disk: { name: "one", mountPath: "/data", sizeGB: 1 },
    });
    const { id: disk } = serviceDetails.disk;
    const inService = async () => (await answered("GET", `/services/${id}`)).serviceDetails.disk;
    const changed = { name: "one", mountPath: "/data", sizeGB: 2 };
    expect(await answered("PATCH", `/disks/${disk}`, changed)).toMatchObject({
      ...{ id: disk, serviceId: id, createdAt: expect.any(String), updatedAt: expect.any(String) },
      ...changed,
    });
    expect(await inService()).toEqual({ id: disk, ...changed });
    expect((await call("DELETE", `/disks/${disk}`)).status).toBe(204);
    expect(await inService()).toBeUndefined();
    const { status, body } = await call("POST", "/disks", { ...changed, serviceId: id });
    expect([status, body.id === disk]).toEqual([201, false]);
    expect(await inService()).toEqual({ id: body.id, ...changed });
  });

  // backgroundworker/scaling, webservice/web_service_autoscaling
  it("gets and loses its scaling by calls of their own", async () => {
    const { id } = await made("web_service", "image");
    const criteria = { cpu: { enabled: true, percentage: 60 }, memory: { enabled: false, percentage: 70 } };
    const asked = { enabled: true, min: 2, max: 3, criteria };
    expect(await call("PUT", `/services/${id}/autoscaling`, asked)).toEqual({ status: 200, body: asked });
    expect((await answered("GET", `/services/${id}`)).serviceDetails.autoscaling).toEqual(asked);
    expect((await call("DELETE", `/services/${id}/autoscaling`)).status).toBe(204);
    expect((await answered("GET", `/services/${id}`)).serviceDetails.autoscaling).toBeUndefined();
  });

  // background_worker, keyvalue
  it("drops its log where it is told to, without an address", async () => {
    const { id } = await made("web_service", "image");
    const stream = { resourceId: id, setting: "drop", endpoint: "" };
    expect(await answered("PUT", `/logs/streams/resource/${id}`, { setting: "drop" })).toEqual(stream);
    expect(await answered("GET", `/logs/streams/resource/${id}`)).toEqual(stream);
    expect((await call("DELETE", `/logs/streams/resource/${id}`)).status).toBe(204);
    expect((await call("GET", `/logs/streams/resource/${id}`)).status).toBe(404);
  });

  // webservice/web_service: set, then emptied; backgroundworker/disks: never set, then emptied
  it("has a command before its deploys only once it was given one", async () => {
    const { id, serviceDetails } = await made("web_service", "image");
    expect(serviceDetails.envSpecificDetails).not.toHaveProperty("preDeployCommand");
    const commandAfter = async (preDeployCommand: string) =>
      (await answered("PATCH", `/services/${id}`, { serviceDetails: { preDeployCommand } })).serviceDetails
        .envSpecificDetails.preDeployCommand;
    expect(await commandAfter("")).toBe(undefined);
    expect([await commandAfter("echo"), await commandAfter("")]).toEqual(["echo", ""]);
  });

  // background_worker: automatic, manual; others: {}
  it.each([
    [{ generation: "automatic" }, "automatic", "yes"],
    [{ generation: "manual" }, "manual", "no"],
    [{}, "off", "no"],
  ])("with previews %j generates them %s, in the older word %s", async (previews, generation, older) => {
    const details = { previews, pullRequestPreviewsEnabled: "no" };
    const { serviceDetails } = await made("web_service", "image", details);
    expect(serviceDetails.previews).toEqual({ generation });
    expect(serviceDetails.pullRequestPreviewsEnabled).toBe(older);
  });

  // cron_job, staticsite/static_site: the older word alone, the newer word alone
  it.each([
    [{}, "yes", "commit"],
    [{ autoDeploy: "no" }, "no", "off"],
    [{ autoDeploy: "yes" }, "yes", "commit"],
    [{ autoDeployTrigger: "off" }, "no", "off"],
    [{ autoDeployTrigger: "commit" }, "yes", "commit"],
  ])(
    "asked for %j deploys by itself: %s, %s, also an image",
    async (asked, autoDeploy, autoDeployTrigger) => {
      for (const runtime of ["node", "image"])
        expect(await made("web_service", runtime, {}, { ...asked, name: runtime })).toMatchObject({
          autoDeploy,
          autoDeployTrigger,
        });
    },
  );

  // staticsite/static_site, the last update
  it("forgets a filter that two nulls take the place of", async () => {
    const buildFilter = { paths: ["src/**"], ignoredPaths: ["tests/**"] };
    const { id, buildFilter: given } = await made("web_service", "node", {}, { buildFilter });
    expect(given).toEqual(buildFilter);
    const none = { paths: null, ignoredPaths: null };
    expect(await answered("PATCH", `/services/${id}`, { ...repo, buildFilter: none })).not.toHaveProperty(
      "buildFilter",
    );
  });

  // notifications of each type: all, failure, nothing
  it.each([
    [{ notificationsToSend: "all" }, "notify"],
    [{ notificationsToSend: "failure" }, "notify"],
    [{}, "default"],
  ])("with notifications %j says %s when a deploy fails", async (asked, notifyOnFail) => {
    const { id } = await made("web_service", "image");
    await call("PATCH", `/notification-settings/overrides/services/${id}`, asked);
    expect((await answered("GET", `/services/${id}`)).notifyOnFail).toBe(notifyOnFail);
  });

  // env_var of each type: PUT a, b answers a, b; the next GET b, a
  it.each([
    [
      "env-vars",
      "envVar",
      [
        { key: "a", value: "1" },
        { key: "b", value: "2" },
      ],
    ],
    [
      "secret-files",
      "secretFile",
      [
        { name: "a", content: "1" },
        { name: "b", content: "2" },
      ],
    ],
  ])("answers %s as they were sent, and lists the newest first", async (path, kind, sent) => {
    const { id } = await made("web_service", "image");
    const inside = (items: Record<string, unknown>[]) => items.map((item) => item[kind]);
    expect(inside(await answered("PUT", `/services/${id}/${path}`, sent))).toEqual(sent);
    expect(inside(await answered("GET", `/services/${id}/${path}`))).toEqual([...sent].reverse());
  });

  // privateservice/env_var: the date stays until a deploy begins
  it("does not change its date with its variables, but with a deploy", async () => {
    const { id } = await made("web_service", "image");
    const date = async () => (await answered("GET", `/services/${id}`)).updatedAt;
    const before = await date();
    await passed();
    await call("PUT", `/services/${id}/env-vars`, [{ key: "A", value: "1" }]);
    await call("PUT", `/services/${id}/secret-files`, [{ name: "a", content: "1" }]);
    expect(await date()).toBe(before);
    await call("POST", `/services/${id}/deploys`, {});
    expect(await date()).not.toBe(before);
  });
});

/** Dates have milliseconds. */
const passed = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a deploy", () => {
  // background_worker (a command before it), disks, docker, cron_job
  it.each([
    ["web_service", "node", {}, "build_in_progress"],
    ["web_service", "image", {}, "update_in_progress"],
    ["background_worker", "image", { preDeployCommand: "echo" }, "pre_deploy_in_progress"],
    ["cron_job", "image", { schedule }, "live"],
  ])("of a %s from %s with %j is first %s", async (type, runtime, details, status) => {
    const { id } = await made(type, runtime, details);
    const { body: deploy } = await call("POST", `/services/${id}/deploys`, {});
    expect(deploy).toMatchObject({ status, trigger: "api", updatedAt: expect.any(String) });
    expect(deploy.finishedAt).toEqual(status === "live" ? expect.any(String) : null);
    // A commit or an image; an image has a null for the commit.
    if (runtime === "image")
      expect(deploy).toMatchObject({ commit: null, image: { sha: expect.any(String) } });
    else expect(deploy).toMatchObject({ commit: { message: expect.stringMatching(/./) } });
    expect("image" in deploy).toBe(runtime === "image");
  });
});

describe("a database", () => {
  const postgres = { ownerId, name: "some-name", plan: "pro_4gb", version: "16" };
  const keyValue = { ownerId, name: "some-name", plan: "starter" };

  // postgres, keyvalue: the answer to a creation, and to the GET after it
  it.each([
    ["/postgres", postgres],
    ["/key-value", keyValue],
  ])("of %s is unknown, then being created; and an access list of nobody is null", async (path, body) => {
    const { id, ...first } = await answered("POST", path, { ...body, ipAllowList: [] });
    expect([first.status, first.ipAllowList]).toEqual(["unknown", null]);
    expect(await answered("GET", `${path}/${id}`)).toMatchObject({ status: "creating", ipAllowList: null });
    const ipAllowList = [{ cidrBlock: "192.0.2.1/32", description: "office" }];
    expect((await answered("PATCH", `${path}/${id}`, { ipAllowList })).ipAllowList).toEqual(ipAllowList);
    expect((await answered("PATCH", `${path}/${id}`, { ipAllowList: [] })).ipAllowList).toBe(null);
  });

  // postgres_parameter_overrides: no names were asked for
  it("has a user who is called after it, suffix and all", async () => {
    const { databaseName, databaseUser } = await answered("POST", "/postgres", postgres);
    expect(databaseName).toMatch(/^some_name_[a-z0-9]{4}$/);
    expect(databaseUser).toBe(`${databaseName}_user`);
  });

  // postgres, postgres_datasource, postgres_parameter_overrides
  it("has replicas with its own id and another letter, which keep it and change their parameters", async () => {
    const { id } = await answered("POST", "/postgres", postgres);
    const replicas = async (...readReplicas: object[]) =>
      (await answered("PATCH", `/postgres/${id}`, { readReplicas })).readReplicas;
    const replica = id.replace(/-a$/, "-b");
    const parameterOverrides = { statement_timeout: "30000" };
    expect(await replicas({ name: "one" })).toEqual([{ id: replica, name: "one" }]);
    expect(await replicas({ name: "one", parameterOverrides }, { name: "two" })).toEqual([
      { id: replica, name: "one", parameterOverrides },
      { id: id.replace(/-a$/, "-c"), name: "two" },
    ]);
  });

  // postgres, keyvalue: connection-info
  it("is reached inside without a port where that is PostgreSQL's, and outside with one", async () => {
    const { id, databaseName, databaseUser } = await answered("POST", "/postgres", postgres);
    const outside = `${id}.oregon-postgres.render.com`;
    const { password, ...info } = await answered("GET", `/postgres/${id}/connection-info`);
    const login = `postgresql://${databaseUser}:${password}`;
    expect(info).toEqual({
      internalConnectionString: `${login}@${id}/${databaseName}`,
      externalConnectionString: `${login}@${outside}:5432/${databaseName}`,
      psqlCommand: `PGPASSWORD=${password} psql -h ${outside} -p 5432 -U ${databaseUser} ${databaseName}`,
    });
    const redis = (await answered("POST", "/key-value", keyValue)).id;
    const { internalConnectionString, cliCommand } = await answered(
      "GET",
      `/key-value/${redis}/connection-info`,
    );
    expect(internalConnectionString).toBe(`redis://${redis}:6379`);
    expect(cliCommand).toMatch(/^ REDISCLI_AUTH=\w{32} valkey-cli --user .* -p 6379 --tls$/);
  });

  // postgres_parameter_overrides: set, then {}
  it("has no parameters when they are taken away", async () => {
    const parameterOverrides = { max_connections: "100" };
    const { id, ...given } = await answered("POST", "/postgres", { ...postgres, parameterOverrides });
    expect(given.parameterOverrides).toEqual(parameterOverrides);
    expect(await answered("PATCH", `/postgres/${id}`, { parameterOverrides: {} })).not.toHaveProperty(
      "parameterOverrides",
    );
  });

  // postgres (plan, high availability); postgres_allowlist and postgres_parameter_overrides (available all along)
  it.each([
    [{ plan: "pro_8gb" }, "creating"],
    [{ enableHighAvailability: true }, "creating"],
    [{ ipAllowList: [] }, "available"],
    [{ parameterOverrides: { work_mem: "4MB" } }, "available"],
    [{ readReplicas: [{ name: "one" }] }, "available"],
  ])("that changes %j is %s", async (change, status) => {
    const { id } = await answered("POST", "/postgres", postgres);
    for (const one of Object.values(cloud.state.postgres)) delete one.readyAt;
    expect((await answered("PATCH", `/postgres/${id}`, change)).status).toBe(status);
  });
});

describe("an env group", () => {
  const keys = (group: { envVars: { key: string }[] }) => group.envVars.map(({ key }) => key);
  const names = (group: { secretFiles: { name: string }[] }) => group.secretFiles.map(({ name }) => name);

  // env_group, env_group_import
  it("has the newest first, and changes its date with its name alone", async () => {
    const envVars = ["A", "B"].map((key) => ({ key, value: "1" }));
    const secretFiles = ["a", "b"].map((name) => ({ name, content: "1" }));
    const { id, ...group } = await answered("POST", "/env-groups", {
      ownerId,
      name: "g",
      envVars,
      secretFiles,
    });
    expect([keys(group), names(group)]).toEqual([
      ["B", "A"],
      ["b", "a"],
    ]);
    await passed();
    const set = await answered("PUT", `/env-groups/${id}/env-vars/C`, { value: "1" });
    expect([keys(set), set.updatedAt]).toEqual([["C", "B", "A"], group.updatedAt]);
    const put = await answered("PUT", `/env-groups/${id}/secret-files/c`, { content: "1" });
    expect([names(put), put.updatedAt]).toEqual([["c", "b", "a"], group.updatedAt]);
    expect((await answered("PATCH", `/env-groups/${id}`, { name: "h" })).updatedAt).not.toBe(group.updatedAt);
  });

  // env_group
  it("gets 32 bytes in base64 for a value that is made up", async () => {
    const envVars = [{ key: "A", generateValue: true }];
    const { envVars: given } = await answered("POST", "/env-groups", { ownerId, name: "g", envVars });
    expect(given[0].value).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });
});

// every recording of a service without a log stream: 416 answers
it("refuses with a message alone, which names the id", async () => {
  const { id } = await made("web_service", "image");
  expect(await call("GET", `/logs/streams/resource/${id}`)).toEqual({
    status: 404,
    body: { message: `not found: ${id}` },
  });
});

describe("a project", () => {
  const environments = [{ name: "prod", networkIsolationEnabled: false, protectedStatus: "protected" }];
  const wanted = { ownerId, name: "foo", environments };

  // project
  it("names its environments, which are empty, each kind a null, and have no dates", async () => {
    const { status, body } = await call("POST", "/projects", wanted);
    expect([status, body]).toMatchObject([201, { name: "foo", owner: { id: ownerId } }]);
    const [id] = body.environmentIds;
    expect(await answered("GET", `/environments/${id}`)).toEqual({
      id,
      projectId: body.id,
      name: "prod",
      networkIsolationEnabled: false,
      protectedStatus: "protected",
      databasesIds: null,
      envGroupIds: null,
      redisIds: null,
      serviceIds: null,
      ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }],
    });
    const more = { name: "staging", networkIsolationEnabled: true, projectId: body.id };
    expect((await call("POST", "/environments", more)).status).toBe(201);
    expect((await answered("PATCH", `/projects/${body.id}`, { name: "bar" })).environmentIds).toHaveLength(2);
  });

  // postgres, keyvalue, background_worker, cron_job: what is moved leaves an environment that has the thing's own name
  it("takes what comes from another one, which the path of its leaving need not name", async () => {
    const [from, to] = await Promise.all(
      ["foo", "bar"].map(
        async (name) => (await answered("POST", "/projects", { ...wanted, name })).environmentIds[0],
      ),
    );
    const database = { ownerId, name: "some-name", plan: "pro_4gb", version: "16", environmentId: from };
    const { id } = await answered("POST", "/postgres", database);
    const left = await call("DELETE", `/environments/${id}/resources?resourceIds=${id}`);
    expect(left.status).toBe(204);
    expect((await answered("GET", `/environments/${from}`)).databasesIds).toBeNull();
    const come = await call("POST", `/environments/${to}/resources`, { resourceIds: [id] });
    expect([come.status, come.body.databasesIds]).toEqual([201, [id]]);
    expect((await answered("GET", `/postgres/${id}`)).environmentId).toBe(to);
  });
});

// dedicated_ip
it("makes a set of dedicated addresses for a while, and then there are three", async () => {
  const { id, ...first } = await answered("POST", "/dedicated-ips", {
    ...{ description: "initial", environmentIds: [], name: "some-name", ownerId, region: "oregon" },
  });
  expect(first).toMatchObject({ ownerId, status: "CREATING", ips: [], environmentIds: [] });
  expect(await answered("GET", `/dedicated-ips/${id}`)).toMatchObject({ status: "CREATING", ips: [] });
  const there = cloud.state.dedicatedIps?.[id];
  if (there !== undefined) there.readyAt = 0;
  expect(await answered("GET", `/dedicated-ips/${id}`)).toMatchObject({
    status: "RUNNING",
    ips: [expect.any(String), expect.any(String), expect.any(String)],
  });
});
