import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createPostgres, type PostgresRequest, RenderCloud, type RenderOptions, renderApi } from "./index.ts";

const apiKey = `rnd_${randomBytes(12).toString("hex")}`;
const minute = 60_000;
const day = 24 * 60 * minute;

/** A Postgres that was made now, and the days that have gone since. */
function ground(
  { days, ...options }: { days: number } & Partial<RenderOptions>,
  more: Partial<PostgresRequest> = {},
) {
  const clock = () => Date.now() + days * day;
  const cloud = new RenderCloud({ ownerId: "tea-test", clock, ...options });
  const request = { name: "one", plan: "basic_1gb", version: "18", databaseUser: "kairos", ...more };
  const { id } = createPostgres(cloud, request);
  const api = renderApi(cloud, apiKey);
  const call = async (method: string, path: string, body?: object, of = id) => {
    const response = await api.request(`/v1/postgres/${of}${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), text };
  };
  const ago = (milliseconds: number) => new Date(clock() - milliseconds).toISOString();
  return { cloud, id, call, ago };
}

describe("recovery of a Postgres", () => {
  it.each([
    ["Professional", {}, 7],
    ["Hobby", { recoveryWindow: 3 * day }, 3],
  ])("reaches back as far as a %s workspace has it", async (_, options, days) => {
    const { call, ago } = ground({ days: 20, ...options });
    const { body } = await call("GET", "/recovery");
    expect(body.recoveryStatus).toBe("AVAILABLE");
    expect(Math.abs(Date.parse(body.startsAt) - Date.parse(ago(days * day)))).toBeLessThan(minute);
    expect((await call("POST", "/recovery", { restoreTime: ago(days * day + minute) })).status).toBe(400);
    expect((await call("POST", "/recovery", { restoreTime: ago(days * day - minute) })).status).toBe(200);
  });

  it("begins with the database itself, and is not ready before the ten minutes that Render needs", async () => {
    const { call, ago, cloud } = ground({ days: 0 });
    expect((await call("GET", "/recovery")).body).toEqual({ recoveryStatus: "BACKUP_NOT_READY" });
    expect((await call("POST", "/recovery", { restoreTime: ago(0) })).status).toBe(400);
    cloud.behind.recoverableSince = () => Date.now() - 30 * minute;
    expect((await call("GET", "/recovery")).body.recoveryStatus).toBe("AVAILABLE");
    expect((await call("POST", "/recovery", { restoreTime: ago(9 * minute) })).status).toBe(400);
    expect((await call("POST", "/recovery", { restoreTime: ago(11 * minute) })).status).toBe(200);
  });

  it("has the users of then: not one that was made since, and one that was deleted since", async () => {
    const { call, cloud } = ground({ days: 1, recoveryLag: 0 });
    const sleep = () => new Promise((resolve) => setTimeout(resolve, 20));
    const shown = async (restoreTime: string) => {
      const { body } = await call("POST", "/recovery", { restoreTime });
      const users = await call("GET", "/credentials", undefined, body.id);
      return [body.databaseUser, users.body.map(({ username }: { username: string }) => username)];
    };
    cloud.behind.clock = Date.now;
    cloud.behind.recoverableSince = () => Date.now() - day;
    const moment = async () => {
      await sleep();
      const now = new Date().toISOString();
      await sleep();
      return now;
    };
    const first = await moment();
    await call("POST", "/credentials", { username: "kairos_2" });
    const second = await moment();
    expect((await call("DELETE", "/credentials/kairos")).status).toBeLessThan(300);
    const third = await moment();
    expect(await shown(first)).toEqual(["kairos", ["kairos"]]);
    expect(await shown(second)).toEqual(["kairos_2", ["kairos", "kairos_2"]]);
    expect(await shown(third)).toEqual(["kairos_2", ["kairos_2"]]);
  });

  it("makes another database beside it: the same names inside, another id and password", async () => {
    const replicas = { enableHighAvailability: true, plan: "pro_4gb", readReplicas: [{ name: "r" }] };
    const { call, ago, id } = ground({ days: 1, provisioning: minute }, replicas);
    const before = await call("GET", "");
    const { body } = await call("POST", "/recovery", { restoreTime: ago(day / 2), restoreName: "two" });
    expect(body).toMatchObject({ name: "two", plan: "pro_4gb", status: "recovery_in_progress" });
    const { databaseName, databaseUser, region } = before.body;
    expect(body).toMatchObject({ databaseName, databaseUser, region, highAvailabilityEnabled: false });
    expect(body.id).not.toBe(id);
    expect(body.readReplicas).toEqual([]);
    const [old, fresh] = [
      await call("GET", "/connection-info"),
      await call("GET", "/connection-info", undefined, body.id),
    ];
    expect(fresh.body.internalConnectionString).toContain(`@${body.id}/${databaseName}`);
    expect(fresh.body.password).not.toBe(old.body.password);
    // The one that it came from is as it was.
    expect((await call("GET", "")).body).toEqual(before.body);
  });

  it.each([
    ["a free one", { plan: "free" }, {}],
    ["a lower plan", {}, { plan: "basic_256mb" }],
    ["a plan that there is not", {}, { plan: "huge" }],
    ["a time that is none", {}, { restoreTime: "yesterday" }],
    ["a time to come", {}, { restoreTime: new Date(Date.now() + 30 * day).toISOString() }],
  ])("is refused for %s", async (_, database, request) => {
    const { call, ago, cloud } = ground({ days: 1 }, database);
    const answer = await call("POST", "/recovery", { restoreTime: ago(day / 2), ...request });
    expect([answer.status, answer.body.message]).toEqual([400, expect.any(String)]);
    expect(Object.keys(cloud.state.postgres)).toHaveLength(1);
  });

  it("is not there for a free one, and says so", async () => {
    expect((await ground({ days: 1 }, { plan: "free" }).call("GET", "/recovery")).body).toEqual({
      recoveryStatus: "NOT_AVAILABLE",
    });
  });
});

describe("exports of a Postgres", () => {
  it("are listed from the newest on, with an address once they are there, for seven days", async () => {
    let now = Date.now();
    const { call } = ground({ days: 0, clock: () => now, provisioning: minute });
    expect((await call("POST", "/export")).status).toBe(202);
    const [first] = (await call("GET", "/export")).body;
    expect(first).toEqual({ id: expect.stringMatching(/^exp-/), createdAt: expect.any(String) });
    now += 8 * day;
    expect((await call("GET", "/export")).body).toEqual([]);
  });

  it("have an address once they are there, and are refused for a free one", async () => {
    const { call } = ground({ days: 0 });
    await call("POST", "/export");
    expect((await call("GET", "/export")).body).toMatchObject([{ url: expect.stringMatching(/^https:/) }]);
    expect((await ground({ days: 0 }, { plan: "free" }).call("POST", "/export")).status).toBe(400);
  });
});
