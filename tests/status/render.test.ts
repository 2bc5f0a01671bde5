import { randomBytes } from "node:crypto";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import type { RenderStatus } from "../../ops/status/model.ts";
import { checkRender } from "../../ops/status/render/index.ts";
import {
  createEnvGroup,
  createService,
  linkService,
  newId,
  renderApi,
  setGroupVariable,
  setVariables,
  startDeploy,
} from "../../sandbox/clouds/render/index.ts";
import { type Deploy, RenderCloud } from "../../sandbox/clouds/render/model.ts";
import { Render } from "../../vendors/render.ts";
import { canary, leaks } from "../canaries.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const key = `rnd_${randomBytes(16).toString("hex")}`;
const variables = () => ({ MONGODB_URL: canary(), MONGODB_DB_NAME: "kaïros", REDIS_URL: canary() });

/** The stand-in with one service, whose env group gives it the variables, deployed since. */
async function render(given: Record<string, string>) {
  const cloud = new RenderCloud({ ownerId: "tea-test" });
  const { service } = createService(cloud, {
    type: "web_service",
    name: "kairos-backend",
    ownerId: "tea-test",
    image: { imagePath: "kairos/backend:1" },
    serviceDetails: { runtime: "image", plan: "starter", region: "oregon" },
  } as never);
  const group = createEnvGroup(cloud, {
    name: "databases",
    envVars: Object.entries(given).map(([name, value]) => ({ key: name, value })),
  });
  linkService(cloud, group.id, service.id);
  await passed();
  startDeploy(cloud, service.id, {});
  await passed();
  const api = new Hono();
  const closed = { silent: false };
  api.use(async (_, next) => {
    if (closed.silent) await new Promise(() => {});
    await next();
  });
  api.route("/", renderApi(cloud, key));
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: api.fetch, hostname: "127.0.0.1", port: 0 }, (info) => resolve(info.port));
    closing.push(() => {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  });
  return { cloud, service, group, closed, host: `http://127.0.0.1:${port}/v1` };
}

/** Dates have milliseconds; what happens one after another gets different ones. */
const passed = () => new Promise((resolve) => setTimeout(resolve, 5));

const check = (
  { host, service }: { host: string; service: { id: string } },
  given: Record<string, string>,
  { apiKey = key, timeout = 10_000, deployed = true } = {},
) =>
  checkRender(
    Render.account(() => apiKey, { RENDER_HOST: host }),
    [{ name: "kairos-backend", id: service.id, ...(deployed && { deployed }) }],
    given,
    { timeout },
  );

const only = (status: RenderStatus) => {
  if (status.state === "unchecked") throw new Error("it was not checked");
  return status.services[0];
};

describe("a service at Render", () => {
  it("is well when the stack deployed it after it changed its variables, and these equal the contract's", async () => {
    const given = variables();
    const at = await render(given);
    const status = await check(at, given);
    expect(only(status)).toMatchObject({
      name: "kairos-backend",
      state: "well",
      suspended: false,
      lastDeploy: { status: "live" },
      liveWithCurrentVariables: "yes",
      variables: { equal: Object.keys(given), differ: [], missing: [], extra: [], shadowed: [] },
    });
    expect(
      leaks(JSON.stringify(status), [...Object.values(given).filter((one) => one !== "kaïros"), key]),
    ).toEqual([]);
  });

  it("names variables that differ, are missing, or were left over, and never their values", async () => {
    const given = variables();
    const at = await render({ ...given, POSTGRES_DB: "old" });
    const other = canary();
    setVariables(at.cloud, at.service.id, [{ key: "MONGODB_URL", value: other }]);
    const wanted = { ...given, POSTGRES_HOST: "host" };
    const status = await check(at, wanted);
    expect(only(status)).toMatchObject({
      state: "warning",
      variables: {
        equal: ["MONGODB_DB_NAME", "REDIS_URL"],
        differ: ["MONGODB_URL"],
        missing: ["POSTGRES_HOST"],
        extra: ["POSTGRES_DB"],
        shadowed: ["MONGODB_URL"],
      },
    });
    expect(leaks(JSON.stringify(status), [other, given.MONGODB_URL, given.REDIS_URL])).toEqual([]);
  });

  // Recorded: no date at Render moves with a variable.
  it("is not said to run with its variables when no stack says that it deployed them", async () => {
    const given = variables();
    const at = await render({ ...given, MONGODB_DB_NAME: "old" });
    setGroupVariable(at.cloud, at.group.id, "MONGODB_DB_NAME", "kaïros");
    const status = await check(at, given, { deployed: false });
    expect(only(status)).toMatchObject({ state: "well", liveWithCurrentVariables: "unknown" });
  });

  const deploy = (cloud: RenderCloud, serviceId: string, status: Deploy["status"]) =>
    cloud.state.deploys.push({
      id: newId("dep"),
      serviceId,
      status,
      createdAt: new Date().toISOString(),
      variables: {},
    });

  it("is on its way while a newer deploy runs, and keeps what was live when that fails", async () => {
    const given = variables();
    const at = await render(given);
    deploy(at.cloud, at.service.id, "build_in_progress");
    expect(only(await check(at, given))).toMatchObject({
      state: "warning",
      lastDeploy: { status: "build_in_progress" },
      liveDeploy: { status: "live" },
      liveWithCurrentVariables: "deploying",
    });
    const [last] = at.cloud.state.deploys.slice(-1);
    if (last) last.status = "update_failed";
    expect(only(await check(at, given))).toMatchObject({
      state: "warning",
      lastDeploy: { status: "update_failed" },
      liveWithCurrentVariables: "unknown",
    });
  });

  it("has failed when nothing of it runs", async () => {
    const given = variables();
    const at = await render(given);
    for (const one of at.cloud.state.deploys) one.status = "update_failed";
    expect(only(await check(at, given))).toMatchObject({ state: "failed", liveWithCurrentVariables: "no" });
  });
});

describe("Render itself", () => {
  it("refuses a wrong key, which shows nowhere", async () => {
    const given = variables();
    const apiKey = canary().replace("å", "a");
    const status = await check(await render(given), given, { apiKey });
    expect(status).toMatchObject({
      state: "failed",
      problem: { kind: "login-refused", evidence: "HTTP 401", causes: ["api-key"] },
      services: [],
    });
    expect(leaks(JSON.stringify(status), [apiKey])).toEqual([]);
  });

  it("does not know a service that is gone; the others are looked at", async () => {
    const given = variables();
    const at = await render(given);
    const services = [
      { name: "gone", id: "srv-gone" },
      { name: "kairos-backend", id: at.service.id },
    ];
    const status = await checkRender(
      Render.account(() => key, { RENDER_HOST: at.host }),
      services,
      given,
      { timeout: 10_000 },
    );
    expect(status).toMatchObject({
      state: "failed",
      services: [{ state: "failed", problem: { kind: "no-such-service" } }, { state: "well" }],
    });
  });

  it("may stay silent: nothing waits longer than the timeout and a second", async () => {
    const given = variables();
    const at = await render(given);
    at.closed.silent = true;
    const since = performance.now();
    const status = await check(at, given, { timeout: 300 });
    // And what a busy machine adds.
    expect(performance.now() - since).toBeLessThan(1300 + 1500);
    expect(status).toMatchObject({ state: "failed", problem: { kind: "timeout" } });
  });

  it("is not asked without a key, and says so", async () => {
    const services = [{ name: "kairos-backend", id: "srv-1" }];
    expect(await checkRender(undefined, services, {}, { timeout: 300 })).toEqual({
      state: "unchecked",
      reason: "no-key",
    });
  });
});
