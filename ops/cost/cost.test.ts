import { describe, expect, it } from "vitest";
import { atlasTiers, facts, wordsOf } from "../../infra/settings/vendors.ts";
import { resource as planned } from "../../tests/helpers/plan.ts";
import type { PlannedResource, Value } from "../plan/model.ts";
import { estimate } from "./estimate.ts";
import { families, oldest, outdated, priceOf, sourceOf } from "./prices.ts";
import { amount, costTransition, difference, total } from "./words.ts";

const now = new Date("2026-10-01");

const resource = (type: string, inputs: Record<string, Value>, name = "one") =>
  planned(type, name, { inputs });
const postgres = (inputs: Record<string, Value>) =>
  resource("render:index/postgres:Postgres", inputs, "postgres");
const web = (inputs: Record<string, Value>) => resource("render:index/webService:WebService", inputs, "web");
const redis = (inputs: Record<string, Value>) =>
  resource("upstash:index/redisDatabase:RedisDatabase", inputs, "redis");
const cluster = (region: Record<string, Value>, more: Record<string, Value> = {}) =>
  resource(
    "mongodbatlas:index/advancedCluster:AdvancedCluster",
    { replicationSpecs: [{ regionConfigs: [region] }], ...more },
    "cluster",
  );
const lineOf = (one: PlannedResource, redisCloudPlan?: string) =>
  estimate([one], { now, redisCloudPlan }).lines[0];

const { postgresPlans, keyValuePlans, servicePlans } = facts.render.tables;

describe("the price table", () => {
  const plans: [keyof typeof families, readonly string[]][] = [
    ["atlas", atlasTiers],
    ["render-postgres", wordsOf(postgresPlans)],
    ["render-key-value", wordsOf(keyValuePlans)],
    ["render-service", wordsOf(servicePlans)],
    ["render-cron", wordsOf(servicePlans)],
  ];
  it.each(plans)(
    "%s: every plan has a price or says that it has none, and nothing else is in it",
    (family, known) => {
      expect(Object.keys(families[family].prices).sort()).toEqual([...known].sort());
    },
  );

  it("has a page and a day for each price", () => {
    for (const family of Object.keys(families) as (keyof typeof families)[])
      for (const plan of Object.keys(families[family].prices)) {
        const { page, date } = sourceOf(family, plan);
        expect(page).toMatch(/^https:\/\/(render\.com|www\.mongodb\.com|upstash\.com|redis\.io)\//);
        expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
      }
  });

  it("knows no price of what it does not list, whatever the name", () => {
    expect(priceOf("render-service", "huge")).toBeUndefined();
    expect(priceOf("render-service", "constructor")).toBeUndefined();
    expect(priceOf("atlas", "M200")).toBeUndefined();
  });
});

describe("a resource", () => {
  it.each([
    ["a service", web({ plan: "starter" }), "starter", "$7.00"],
    ["several instances", web({ plan: "standard", numInstances: 3 }), "3 × standard", "$75.00"],
    ["a database with its disk", postgres({ plan: "basic_1gb", diskSizeGb: 15 }), "basic_1gb", "$23.50"],
    [
      "a database whose disk is the vendor's default",
      postgres({ plan: "basic_1gb" }),
      "basic_1gb",
      "from $19.00",
    ],
    ["a free database", postgres({ plan: "free" }), "free", "$0.00"],
    [
      "a database with a standby and replicas",
      postgres({
        plan: "pro_4gb",
        diskSizeGb: 10,
        highAvailabilityEnabled: true,
        readReplicas: [{ name: "r" }],
      }),
      "pro_4gb",
      "from $58.00",
    ],
    ["a flex cluster", cluster({ providerName: "FLEX" }), "FLEX", "$8.00 to $30.00"],
    [
      // As the engine shows it to policies.
      "a flex cluster whose other settings its provider decides",
      cluster({ providerName: "FLEX", electableSpecs: { $unknown: true }, autoScaling: { $unknown: true } }),
      "FLEX",
      "$8.00 to $30.00",
    ],
    ["a free cluster", cluster({ electableSpecs: { instanceSize: "M0" } }), "M0", "$0.00"],
    ["a dedicated cluster", cluster({ electableSpecs: { instanceSize: "M30" } }), "M30", "from $394.20"],
    [
      "a cluster that scales, from its smallest tier",
      cluster({
        electableSpecs: { instanceSize: "M20" },
        autoScaling: { computeMinInstanceSize: "M10", computeMaxInstanceSize: "M30" },
      }),
      "M10",
      "from $56.94",
    ],
    ["Upstash, up to its budget", redis({ budget: 20 }), "pay-as-you-go", "up to $20.00"],
    ["a cron job", resource("render:index/cronJob:CronJob", { plan: "starter" }), "starter", "from $1.00"],
  ])("%s costs what its plan costs", (_, one, what, cost) => {
    const line = lineOf(one);
    expect(line?.what).toBe(what);
    expect(amount(line ?? {})).toBe(cost);
    expect(line?.page).toMatch(/^https:/);
  });

  it.each([
    ["a plan without a price", cluster({ electableSpecs: { instanceSize: "M50" } }), "no price for M50"],
    ["a plan that nobody knows", web({ plan: "huge" }), "no price for huge"],
    ["a plan that a vendor decides", web({ plan: { $unknown: true } }), "not known before up"],
    ["a number that a vendor decides", web({ plan: "pro", numInstances: { $unknown: true } }), "how many"],
    ["a kind without a price", resource("aws:s3/bucket:Bucket", {}), "aws:s3/bucket:Bucket"],
  ])("%s is unknown, and not counted", (_, one, why) => {
    const { lines, unknown, from } = estimate([one], { now });
    expect(lines).toMatchObject([{ why: expect.stringContaining(why) }]);
    expect(lines[0]?.from).toBeUndefined();
    expect({ unknown, from }).toEqual({ unknown: [one.name], from: 0 });
  });

  it("of Redis Cloud has the price of the plan that the settings name", () => {
    const one = resource("rediscloud:index/essentialsSubscription:EssentialsSubscription", {
      planId: { $unknown: true },
    });
    expect(amount(lineOf(one, "30MB") ?? {})).toBe("$0.00");
    expect(amount(lineOf(one, "Single-Zone_1GB") ?? {})).toBe("unknown");
    expect(amount(lineOf(one) ?? {})).toBe("unknown");
  });
});

describe("a stack", () => {
  it("costs the sum, to the cent, plus what is not known", () => {
    const cost = estimate(
      [
        web({ plan: "starter" }),
        postgres({ plan: "basic_256mb", diskSizeGb: 1 }),
        cluster({ providerName: "FLEX" }),
        resource("render:index/webService:WebService", { plan: "huge" }, "other"),
        resource("random:index/randomPassword:RandomPassword", {}, "password"),
        { ...resource("kairos:infra:Postgres", {}, "component"), component: true },
      ],
      { now },
    );
    expect(cost).toMatchObject({ from: 21.3, to: 43.3, unknown: ["other"] });
    expect(cost.lines.map(({ resource: name }) => name)).toEqual(["web", "postgres", "cluster", "other"]);
    expect(total(cost)).toBe("$21.30 to $43.30 + unknown (other)");
  });

  it("has no upper bound as soon as one part has none", () => {
    const cost = estimate([web({ plan: "starter" }), postgres({ plan: "basic_1gb" })], { now });
    expect(cost.to).toBeUndefined();
    expect(total(cost)).toBe("from $26.00");
  });
});

describe("a change", () => {
  const cost = (...resources: PlannedResource[]) => estimate(resources, { now });
  it.each([
    ["up", [web({ plan: "starter" })], [web({ plan: "standard" })], "$7.00 → $25.00 (+$18.00)"],
    ["down", [web({ plan: "standard" })], [web({ plan: "starter" })], "$25.00 → $7.00 (−$18.00)"],
    ["nothing", [web({ plan: "pro" })], [web({ plan: "pro" })], "$85.00, unchanged"],
    [
      "lower bounds",
      [postgres({ plan: "basic_1gb" })],
      [postgres({ plan: "basic_4gb" })],
      "from $19.00 → from $75.00 (+$56.00)",
    ],
    [
      "a range",
      [web({ plan: "starter" })],
      [web({ plan: "starter" }), cluster({ providerName: "FLEX" })],
      "$7.00 → $15.00 to $37.00 (+$8.00 to +$30.00)",
    ],
    [
      "an open end",
      [postgres({ plan: "basic_1gb" })],
      [postgres({ plan: "basic_1gb", diskSizeGb: 5 })],
      "from $19.00 → $20.50 (+$1.50 at the lower end)",
    ],
    [
      "to the unknown",
      [web({ plan: "pro" })],
      [web({ plan: "huge" })],
      "$85.00 → unknown (web) (the cost of web is no longer known)",
    ],
    [
      "what has no bound of its own, where the sum has none already",
      [postgres({ plan: "basic_1gb" })],
      [postgres({ plan: "basic_1gb" }), redis({})],
      "from $19.00 as before, but redis is new (from $0.00)",
    ],
    [
      "what costs up to its budget, where the sum has no bound",
      [postgres({ plan: "basic_1gb" })],
      [postgres({ plan: "basic_1gb" }), redis({ budget: 20 })],
      "from $19.00 as before, but redis is new (up to $20.00)",
    ],
    [
      "the same going",
      [postgres({ plan: "basic_1gb" }), redis({ budget: 20 })],
      [postgres({ plan: "basic_1gb" })],
      "from $19.00 as before, but redis is gone (up to $20.00)",
    ],
    [
      "another budget",
      [postgres({ plan: "basic_1gb" }), redis({ budget: 20 })],
      [postgres({ plan: "basic_1gb" }), redis({ budget: 50 })],
      "from $19.00 as before, but redis: pay-as-you-go up to $20.00 → pay-as-you-go up to $50.00",
    ],
    [
      "an open end, where there is one already",
      [postgres({ plan: "basic_1gb" })],
      [postgres({ plan: "basic_1gb" }), cluster({ electableSpecs: { instanceSize: "M30" } })],
      "from $19.00 → from $413.20 (at least +$394.20)",
    ],
    [
      "the unknown, added",
      [web({ plan: "pro" })],
      [web({ plan: "pro" }), resource("aws:s3/bucket:Bucket", {}, "bucket")],
      "$85.00 → $85.00 + unknown (bucket) (plus the unknown cost of bucket)",
    ],
    [
      "nothing, beside what stays unknown",
      [web({ plan: "pro" }), resource("aws:s3/bucket:Bucket", {}, "bucket")],
      [web({ plan: "pro" }), resource("aws:s3/bucket:Bucket", {}, "bucket")],
      "$85.00 + unknown (bucket), unchanged",
    ],
    [
      "what is known, beside what stays unknown",
      [web({ plan: "pro" }), resource("aws:s3/bucket:Bucket", {}, "bucket")],
      [web({ plan: "starter" }), resource("aws:s3/bucket:Bucket", {}, "bucket")],
      "$85.00 + unknown (bucket) → $7.00 + unknown (bucket) (−$78.00)",
    ],
  ])("%s", (_, before, after, expected) => {
    expect(costTransition(cost(...before), cost(...after))).toBe(expected);
  });

  it("is no difference when nothing changes", () => {
    expect(difference(cost(web({ plan: "pro" })), cost(web({ plan: "pro" })))).toBe("");
  });
});

describe("an old price", () => {
  const { page, date } = sourceOf("render-service", "starter");
  const after = (days: number) => new Date(Date.parse(date) + days * 86_400_000);

  it("is warned of when it is older than 90 days, and only where it was used", () => {
    const warnings = (days: number, one: PlannedResource) => estimate([one], { now: after(days) }).warnings;
    expect(warnings(oldest, web({ plan: "starter" }))).toEqual([]);
    expect(warnings(oldest + 1, web({ plan: "starter" }))).toEqual([
      `prices of ${page} are of ${date}, ${oldest + 1} days old: look again and correct ops/cost/prices.json`,
    ]);
    expect(warnings(oldest + 1, web({ plan: "huge" }))).toEqual([]);
  });

  it("is said once for each page, by its oldest price", () => {
    const sources = ["2026-01-02", "2026-01-01"].map((one) => ({ page: "https://a.example", date: one }));
    expect(outdated(sources, now)).toEqual([expect.stringContaining("are of 2026-01-01")]);
  });
});
