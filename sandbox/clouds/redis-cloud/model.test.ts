import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { plans, RedisCloudAccount, RedisCloudError } from "./index.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "kairos-redis-cloud-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const planId = (price: "free" | "paid", region = "us-west-2") =>
  plans.find((plan) => plan.region === region && plan.price > 0 === (price === "paid"))?.id ?? 0;
const free = { name: "kairos-redis", planId: planId("free") };

/** What a task ended with. */
const result = (account: RedisCloudAccount, { taskId }: { taskId: string }) => {
  const { status, response } = account.task(taskId);
  return { status, id: response.resourceId ?? 0, error: response.error?.type };
};
const made = (account: RedisCloudAccount) => {
  const subscription = result(account, account.createSubscription(free)).id;
  const database = result(account, account.createDatabase(subscription, { name: "kairos-redis" })).id;
  return [subscription, database] as const;
};

describe("the plans", () => {
  it("has a free one and two paid ones in each region beside Render's, each with a number of its own", () => {
    const regions = ["us-west-2", "us-east-1", "us-east-2", "eu-central-1", "ap-southeast-1"];
    for (const region of regions) {
      const names = plans.filter((plan) => plan.region === region).map(({ name }) => name);
      expect(names).toEqual(["30MB", "Single-Zone_1GB", "Multi-Zone_5GB"]);
    }
    expect(new Set(plans.map(({ id }) => id)).size).toBe(15);
    expect(planId("free", "us-east-1")).toBe(34_858);
  });
});

describe("a Redis Cloud account", () => {
  it("keeps everything across a restart, tasks included", () => {
    const file = path.join(folder, "redis-cloud.json");
    const before = new RedisCloudAccount({ file });
    const [subscription, database] = made(before);
    before.setTags(subscription, database, [{ key: "stage", value: "test" }]);
    const change = before.updateDatabase(subscription, database, { dataEvictionPolicy: "noeviction" });
    const after = new RedisCloudAccount({ file });
    expect(after.subscriptions()).toEqual(before.subscriptions());
    expect(after.database(subscription, database)).toEqual(before.database(subscription, database));
    expect(after.tags(subscription, database)).toEqual([{ key: "stage", value: "test" }]);
    expect(result(after, change).status).toBe("processing-completed");
    after.deleteDatabase(subscription, database);
    const next = after.createDatabase(subscription, { name: "next" });
    expect(result(after, next).id).toBeGreaterThan(database);
  });

  it("makes up a password where none is given, and keeps the one that is", () => {
    const account = new RedisCloudAccount();
    const [subscription, database] = made(account);
    const { password } = account.database(subscription, database).security;
    expect(password.length).toBeGreaterThan(30);
    account.updateDatabase(subscription, database, { password: "generated-elsewhere" });
    expect(account.database(subscription, database).security.password).toBe("generated-elsewhere");
    account.updateDatabase(subscription, database, { replication: false });
    expect(account.database(subscription, database).security.password).toBe("generated-elsewhere");
  });

  it("has a new database without TLS, until a person turns it on", () => {
    const account = new RedisCloudAccount({ endpoint: () => ({ host: "127.0.0.1", port: 6400 }) });
    const [subscription, database] = made(account);
    expect(account.database(subscription, database).publicEndpoint).toBe("127.0.0.1:6400");
    expect(account.database(subscription, database).security.enableTls).toBe(false);
    account.setTls(subscription, database, true);
    expect(account.database(subscription, database).security.enableTls).toBe(true);
  });

  it("gives one free plan to an account", () => {
    const account = new RedisCloudAccount();
    const [subscription, database] = made(account);
    const second = () => account.createSubscription({ name: "second", planId: planId("free", "us-east-1") });
    expect(result(account, second())).toMatchObject({ status: "processing-error", error: "FREE_PLAN_LIMIT" });
    account.deleteDatabase(subscription, database);
    account.deleteSubscription(subscription);
    expect(result(account, second()).status).toBe("processing-completed");
  });

  it("moves a subscription to a paid plan of its region, with a card, and never to several zones", () => {
    const account = new RedisCloudAccount();
    const [subscription, database] = made(account);
    const [card] = account.paymentMethods;
    const move = (planId: number, paymentMethodId?: number) =>
      result(
        account,
        account.updateSubscription(subscription, { planId, ...(paymentMethodId && { paymentMethodId }) }),
      ).error;
    expect(move(planId("paid"))).toBe("PAYMENT_METHOD_NOT_FOUND");
    expect(move(planId("paid", "us-east-1"), card?.id)).toBe("FIXED_SUBSCRIPTION_PLAN");
    const overZones = plans.find(({ name, region }) => name === "Multi-Zone_5GB" && region === "us-west-2");
    expect(move(overZones?.id ?? 0, card?.id)).toBe("FIXED_SUBSCRIPTION_PLAN");
    expect(account.subscription(subscription).planId).toBe(planId("free"));
    expect(move(planId("paid"), card?.id)).toBeUndefined();
    expect(account.database(subscription, database)).toMatchObject({ planMemoryLimit: 1 });
    account.updateDatabase(subscription, database, { replication: true });
    expect(account.database(subscription, database).replication).toBe(true);
    expect(move(planId("free"))).toBe("REPLICATION_NOT_SUPPORTED");
  });

  it("fails the task of what cannot be, and changes nothing", () => {
    const account = new RedisCloudAccount();
    const [subscription, database] = made(account);
    const before = account.database(subscription, database);
    const change = (changes: object) =>
      result(account, account.updateDatabase(subscription, database, changes)).error;
    expect(change({ replication: true })).toBe("REPLICATION_NOT_SUPPORTED");
    expect(change({ dataPersistence: "aof-every-write" })).toBe("DATA_PERSISTENCE_NOT_SUPPORTED");
    expect(change({ sourceIps: ["nowhere"] })).toBe("INVALID_SOURCE_IP");
    expect(change({ sourceIps: ["10.0.0.0/8", "11.0.0.0/8"] })).toBe("CIDR_RULES_LIMIT");
    expect(change({ alerts: [{ name: "latency", value: 1 }] })).toBe("ALERT_NOT_SUPPORTED");
    expect(change({ name: "1st" })).toBe("INVALID_DATABASE_NAME");
    expect(change({ password: "" })).toBe("INVALID_PASSWORD");
    expect(change({ memoryLimitInGb: 1 })).toBe("PAYG_NOT_SUPPORTED");
    const upgrade = (version: string) =>
      result(account, account.upgradeDatabase(subscription, database, version)).error;
    expect(upgrade("3.2")).toBe("REDIS_VERSION_NOT_SUPPORTED");
    expect(upgrade("7.2")).toBe("REDIS_VERSION_DOWNGRADE");
    expect(result(account, account.createDatabase(subscription, { name: "second" })).error).toBe(
      "FIXED_DATABASES_LIMIT",
    );
    expect(result(account, account.deleteSubscription(subscription)).error).toBe("SUBSCRIPTION_NOT_EMPTY");
    expect(result(account, account.createSubscription({ name: "x", planId: 1 })).error).toBe(
      "FIXED_PLAN_NOT_FOUND",
    );
    expect(account.database(subscription, database)).toEqual(before);
    expect(upgrade("8.2")).toBeUndefined();
    expect(() => account.database(subscription, 1)).toThrow(RedisCloudError);
    expect(() => account.subscription(1)).toThrow(RedisCloudError);
  });
});

describe("an account that takes its time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is busy half the time with the task, and pending until the end", () => {
    const account = new RedisCloudAccount({ provisioning: 1000 });
    const creation = account.createSubscription(free);
    expect(result(account, creation)).toMatchObject({ status: "received", id: 0 });
    vi.advanceTimersByTime(400);
    expect(result(account, creation).status).toBe("processing-in-progress");
    vi.advanceTimersByTime(100);
    const { status, id } = result(account, creation);
    expect(status).toBe("processing-completed");
    expect(account.subscription(id).status).toBe("pending");
    const early = account.createDatabase(id, { name: "early" });
    vi.advanceTimersByTime(500);
    expect(result(account, early).error).toBe("SUBSCRIPTION_NOT_ACTIVE");
    expect(account.subscription(id).status).toBe("active");

    const birth = account.createDatabase(id, { name: "kairos-redis" });
    vi.advanceTimersByTime(500);
    const database = result(account, birth).id;
    expect(account.database(id, database).status).toBe("pending");
    vi.advanceTimersByTime(500);
    expect(account.database(id, database).status).toBe("active");
    account.updateDatabase(id, database, { dataEvictionPolicy: "noeviction" });
    expect(account.database(id, database).status).toBe("active-change-pending");
    vi.advanceTimersByTime(1000);

    const death = account.deleteDatabase(id, database);
    expect(account.database(id, database).status).toBe("delete-pending");
    vi.advanceTimersByTime(500);
    expect(result(account, death).status).toBe("processing-completed");
    expect(account.databases(id)).toEqual([]);
    account.deleteSubscription(id);
    expect(account.subscription(id).status).toBe("deleting");
    vi.advanceTimersByTime(1000);
    expect(() => account.subscription(id)).toThrow(RedisCloudError);
  });
});
