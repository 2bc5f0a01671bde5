import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Faults, faultsOf } from "../../../tests/helpers/faults.ts";
import { type Served, serve } from "../serve.ts";
import { RedisCloudAccount, redisCloudApi } from "./index.ts";
import type { Plan } from "./records.ts";

const credentials = { apiKey: "account-key", secretKey: "user-key" };
const keys = { "x-api-key": credentials.apiKey, "x-api-secret-key": credentials.secretKey };

// As the provider sends it.
const wanted = {
  name: "kairos-redis",
  dataPersistence: "none",
  dataEvictionPolicy: "volatile-lru",
  replication: false,
  periodicBackupPath: "",
  sourceIps: ["0.0.0.0/0"],
  password: "generated-elsewhere",
  alerts: [],
  modules: [],
};

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as its client would, field by field
type Answer = { status: number; body: any };

describe("Redis Cloud's API", () => {
  let account: RedisCloudAccount;
  let faults: Faults;
  let served: Served;
  beforeEach(async () => {
    account = new RedisCloudAccount();
    served = await serve(redisCloudApi(account, credentials));
    faults = faultsOf(served);
  });
  afterEach(() => served.close());

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: object = keys,
  ): Promise<Answer> => {
    const response = await fetch(`${served.url}/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    // Every answer has a JSON body: the client decodes even those that it does not read.
    return { status: response.status, body: await response.json() };
  };
  /** The id of what a call made, through its task. */
  const made = async (path: string, body: unknown) => {
    const { status, body: task } = await call("POST", path, body);
    expect([200, 202]).toContain(status);
    expect((await call("GET", `/tasks/${task.taskId}`)).body.status).toBe("processing-completed");
    return (await call("GET", `/tasks/${task.taskId}`)).body.response.resourceId as number;
  };
  const everything = async () => {
    const { body } = await call("GET", "/fixed/plans?provider=AWS");
    const plan = body.plans.find(
      (plan: { name: string; region: string }) => plan.name === "30MB" && plan.region === "us-west-2",
    );
    const subscription = await made("/fixed/subscriptions", { name: "kairos-redis", planId: plan.id });
    const database = await made(`/fixed/subscriptions/${subscription}/databases`, wanted);
    const subscriptionPath = `/fixed/subscriptions/${subscription}`;
    return {
      subscriptionPath,
      path: `${subscriptionPath}/databases/${database}`,
      subscription,
      database,
      plan,
    };
  };

  it("lets nobody in without both keys", async () => {
    const wrong = [
      {},
      { "x-api-key": credentials.apiKey },
      { "x-api-secret-key": credentials.secretKey },
      { ...keys, "x-api-key": "wrong" },
      { ...keys, "x-api-secret-key": "wrong" },
      { "x-api-key": credentials.secretKey, "x-api-secret-key": credentials.apiKey },
    ];
    for (const headers of wrong)
      expect(await call("GET", "/fixed/plans", undefined, headers)).toMatchObject({
        status: 401,
        body: { status: 401, message: "Unauthorized" },
      });
    expect((await call("GET", "/fixed/plans")).status).toBe(200);
  });

  it("lists plans by cloud, and those that a subscription can move to", async () => {
    const { subscription } = await everything();
    expect((await call("GET", "/fixed/plans")).body.plans).toHaveLength(15);
    expect((await call("GET", "/fixed/plans?provider=GCP")).body.plans).toEqual([]);
    const { body } = await call("GET", `/fixed/plans/subscriptions/${subscription}`);
    expect(body.plans.map(({ name, region }: Plan) => `${name} in ${region}`)).toEqual([
      "30MB in us-west-2",
      "Single-Zone_1GB in us-west-2",
    ]);
    expect((await call("GET", "/payment-methods")).body.paymentMethods).toHaveLength(1);
  });

  it("makes a subscription and a database, with every field that its provider needs, and lists no password", async () => {
    const { subscriptionPath, path, subscription, database, plan } = await everything();
    expect((await call("GET", subscriptionPath)).body).toEqual({
      id: subscription,
      name: "kairos-redis",
      status: "active",
      planId: plan.id,
      paymentMethodType: "credit-card",
      paymentMethodId: 0,
      creationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      planName: "30MB",
      size: 30,
      sizeMeasurementUnit: "MB",
      provider: "AWS",
      region: "us-west-2",
      price: 0,
      priceCurrency: "USD",
      pricePeriod: "Month",
      availability: "No replication",
      connections: "30",
      cidrAllowRules: 1,
      maximumDatabases: 1,
      supportClustering: false,
      supportDataPersistence: false,
      supportInstantAndDailyBackups: false,
      supportReplication: false,
      customerSupport: "Basic",
    });
    const { body } = await call("GET", path);
    expect(body).toMatchObject({
      databaseId: database,
      status: "active",
      region: "us-west-2",
      activatedOn: expect.stringMatching(/Z$/),
      security: { defaultUserEnabled: true, password: "generated-elsewhere", sourceIps: ["0.0.0.0/0"] },
      alerts: [],
      modules: [],
      publicEndpoint: expect.stringMatching(/^[a-z0-9.-]+:\d+$/),
    });
    expect((await call("GET", path)).body).toEqual(body);
    expect((await call("GET", "/fixed/subscriptions")).body.subscriptions).toHaveLength(1);
    const { body: list } = await call("GET", `${subscriptionPath}/databases?limit=100&offset=0`);
    const { password: _, ...security } = body.security;
    expect(list.subscription.databases).toEqual([{ ...body, security }]);
  });

  it("changes a database, its tags and its version", async () => {
    const { path, subscriptionPath } = await everything();
    const changes = { ...wanted, dataEvictionPolicy: "allkeys-lru", enableDefaultUser: false, alerts: null };
    expect((await call("PUT", path, changes)).status).toBe(200);
    const { body } = await call("GET", path);
    expect(body).toMatchObject({
      dataEvictionPolicy: "allkeys-lru",
      security: { defaultUserEnabled: false },
    });
    const tags = { tags: [{ key: "stage", value: "test" }] };
    expect(await call("PUT", `${path}/tags`, tags)).toEqual({ status: 200, body: tags });
    expect(await call("GET", `${path}/tags`)).toEqual({ status: 200, body: tags });
    expect((await call("PUT", `${path}/tags`, { tags: null })).body).toEqual({ tags: [] });
    expect((await call("POST", `${path}/upgrade`, { targetRedisVersion: "8.2" })).status).toBe(200);
    expect((await call("GET", path)).body.redisVersion).toBe("8.2");
    expect((await call("PUT", subscriptionPath, { name: "renamed" })).status).toBe(202);
    expect((await call("GET", subscriptionPath)).body.name).toBe("renamed");
  });

  it("says in the task why it failed", async () => {
    const { body } = await call("POST", "/fixed/subscriptions", { name: "x", planId: 1 });
    expect(body).toMatchObject({ status: "received", commandType: "fixedSubscriptionCreateRequest" });
    expect(await call("GET", `/tasks/${body.taskId}`)).toMatchObject({
      status: 200,
      body: {
        status: "processing-error",
        response: { error: { type: "FIXED_PLAN_NOT_FOUND", status: "404 NOT_FOUND" } },
      },
    });
    expect(account.subscriptions()).toEqual([]);
  });

  it("refuses at once what is malformed or missing, and repeats no value", async () => {
    const { subscriptionPath, path } = await everything();
    const refusals: [string, string, unknown, number, string][] = [
      ["POST", "/fixed/subscriptions", { name: "x" }, 400, "invalid planId"],
      ["POST", "/fixed/subscriptions", "{", 400, "invalid JSON"],
      ["PUT", path, { ...wanted, dataPersistence: "secret-value" }, 400, "invalid dataPersistence"],
      ["PUT", path, { ...wanted, password: ["secret-value"] }, 400, "invalid password"],
      ["GET", "/fixed/subscriptions/1", undefined, 404, "subscription not found"],
      ["GET", "/fixed/subscriptions/x", undefined, 404, "no such subscription"],
      ["GET", `${subscriptionPath}/databases/1`, undefined, 404, "database not found"],
      ["GET", `${subscriptionPath}/databases/1/tags`, undefined, 404, "database not found"],
      ["DELETE", `${subscriptionPath}/databases/1`, undefined, 404, "database not found"],
      ["GET", "/tasks/unknown", undefined, 404, "task not found"],
      ["GET", "/subscriptions", undefined, 404, "no such resource"],
    ];
    for (const [method, called, body, status, message] of refusals) {
      const answer = await call(method, called, body);
      expect(answer, called).toMatchObject({ status, body: { status, message } });
      expect(JSON.stringify(answer)).not.toContain("secret-value");
    }
  });

  it("deletes the database, then the subscription", async () => {
    const { subscriptionPath, path } = await everything();
    expect((await call("DELETE", path)).status).toBe(200);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", subscriptionPath)).status).toBe(200);
    expect((await call("GET", subscriptionPath)).status).toBe(404);
  });

  it("takes effect although its answer is lost, and logs no secret", async () => {
    faults.add({ fault: "lost answer", method: "POST", nth: 2 });
    await expect(everything()).rejects.toThrow();
    const [subscription] = account.subscriptions();
    expect(account.databases(subscription?.id ?? 0)).toHaveLength(1);
    for (const secret of [credentials.apiKey, credentials.secretKey, wanted.password])
      expect(JSON.stringify(served.calls)).not.toContain(secret);
  });
});
