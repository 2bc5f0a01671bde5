import { describe, expect, it } from "vitest";
import { essentialsPlan, types } from "./resources.ts";
import { judge, transitions, valueIn } from "./transitions.ts";

const cluster = (tier: string, more: object = {}, region = "US_WEST_2") => ({
  replicationSpecs: [
    {
      regionConfigs: [
        tier === "FLEX"
          ? { providerName: "FLEX", regionName: region }
          : { providerName: "AWS", regionName: region, electableSpecs: { instanceSize: tier, ...more } },
      ],
    },
  ],
});
const versioned = (mongoDbMajorVersion: string) => ({ ...cluster("M10"), mongoDbMajorVersion });
const planned = (name: string, region = "us-west-2") => ({ planId: essentialsPlan.text({ name, region }) });

const outcomes: [string, keyof typeof types, object, object, string[]][] = [
  ["M10 to FLEX", "cluster", cluster("M10"), cluster("FLEX"), ["refused"]],
  ["M30 to M0", "cluster", cluster("M30"), cluster("M0"), ["refused"]],
  ["FLEX to M0", "cluster", cluster("FLEX"), cluster("M0"), ["refused"]],
  ["M0 to FLEX", "cluster", cluster("M0"), cluster("FLEX"), ["allowed"]],
  ["M2 to FLEX", "cluster", cluster("M2"), cluster("FLEX"), ["allowed"]],
  ["M2 to M0", "cluster", cluster("M2"), cluster("M0"), ["refused"]],
  ["FLEX back to M2", "cluster", cluster("FLEX"), cluster("M2"), ["refused"]],
  ["M10 to M5", "cluster", cluster("M10"), cluster("M5"), ["refused"]],
  ["FLEX to M10", "cluster", cluster("FLEX"), cluster("M10"), ["allowed"]],
  ["M30 to M10", "cluster", cluster("M30"), cluster("M10"), ["allowed"]],
  ["FLEX elsewhere", "cluster", cluster("FLEX"), cluster("FLEX", {}, "US_EAST_1"), ["refused"]],
  ["M10 elsewhere", "cluster", cluster("M10"), cluster("M10", {}, "US_EAST_1"), ["allowed"]],
  ["M0 to M10 elsewhere", "cluster", cluster("M0"), cluster("M10", {}, "US_EAST_1"), ["allowed", "allowed"]],
  [
    "a smaller disk at Atlas",
    "cluster",
    cluster("M10", { diskSizeGb: 40 }),
    cluster("M10", { diskSizeGb: 20 }),
    ["allowed"],
  ],
  ["8.0 to 7.0", "cluster", versioned("8.0"), versioned("7.0"), ["refused"]],
  ["back while pinned", "cluster", { ...versioned("8.0"), pinnedFcv: {} }, versioned("7.0"), []],
  ["7.0 to 8.0", "cluster", versioned("7.0"), versioned("8.0"), ["allowed"]],
  ["7.0 to 9.0", "cluster", versioned("7.0"), versioned("9.0"), ["two steps"]],
  ["a paid Postgres to free", "postgres", { plan: "basic_1gb" }, { plan: "free" }, ["refused"]],
  ["a free Postgres to paid", "postgres", { plan: "free" }, { plan: "basic_1gb" }, ["allowed"]],
  ["back to a legacy plan", "postgres", { plan: "basic_1gb" }, { plan: "standard" }, ["refused"]],
  ["from a legacy plan", "postgres", { plan: "standard" }, { plan: "basic_1gb" }, ["allowed"]],
  ["a smaller disk at Render", "postgres", { diskSizeGb: 20 }, { diskSizeGb: 10 }, ["refused"]],
  ["a larger disk at Render", "postgres", { diskSizeGb: 5 }, { diskSizeGb: 10 }, ["allowed"]],
  ["another PostgreSQL", "postgres", { version: "17" }, { version: "18" }, ["loses data"]],
  ["a free Key Value to paid", "keyValue", { plan: "free" }, { plan: "starter" }, ["loses data"]],
  ["a smaller Key Value", "keyValue", { plan: "pro" }, { plan: "starter" }, ["refused"]],
  ["a paid Key Value to free", "keyValue", { plan: "pro" }, { plan: "free" }, ["refused"]],
  ["a larger Key Value", "keyValue", { plan: "starter" }, { plan: "pro" }, ["allowed"]],
  ["another Key Value region", "keyValue", { region: "oregon" }, { region: "ohio" }, ["loses data"]],
  [
    "another Upstash region",
    "upstash",
    { primaryRegion: "us-west-2" },
    { primaryRegion: "us-east-1" },
    ["loses data"],
  ],
  ["a larger Redis Cloud plan", "subscription", planned("30MB"), planned("Single-Zone_1GB"), ["allowed"]],
  ["a smaller Redis Cloud plan", "subscription", planned("Single-Zone_1GB"), planned("30MB"), ["allowed"]],
  ["several zones at Redis Cloud", "subscription", planned("30MB"), planned("Multi-Zone_5GB"), ["refused"]],
  ["one zone of several", "subscription", planned("Multi-Zone_5GB"), planned("Single-Zone_1GB"), ["refused"]],
  [
    "other sizes over zones",
    "subscription",
    planned("Multi-Zone_5GB"),
    planned("Multi-Zone_12GB"),
    ["allowed"],
  ],
  ["Essentials to Pro", "subscription", planned("Single-Zone_1GB"), planned("Pro"), ["refused"]],
  ["a plan elsewhere", "subscription", planned("30MB"), planned("30MB", "eu-central-1"), ["refused"]],
  ["a Redis Cloud region", "redisCloud", { region: "us-west-2" }, { region: "eu-central-1" }, ["refused"]],
  [
    "no persistence",
    "redisCloud",
    { dataPersistence: "aof-every-write" },
    { dataPersistence: "none" },
    ["allowed"],
  ],
  ["a copy at Redis Cloud", "redisCloud", { replication: false }, { replication: true }, ["allowed"]],
  ["another service plan", "web", { plan: "starter" }, { plan: "standard" }, ["allowed"]],
  ["what is not known", "postgres", { plan: { $unknown: true } }, { plan: "free" }, []],
  ["what is not said", "postgres", { diskSizeGb: 20 }, {}, []],
  ["nothing", "postgres", { plan: "free" }, { plan: "free" }, []],
  [
    "data first",
    "postgres",
    { plan: "pro_4gb", version: "17" },
    { plan: "free", version: "18" },
    ["loses data", "refused"],
  ],
];

describe("the vendors' rules on a change", () => {
  it.each(outcomes)("%s", (_, kind, before, after, expected) => {
    const judged = judge(
      types[kind],
      (row) => valueIn(before as Record<string, unknown>, row),
      (row) => valueIn(after as Record<string, unknown>, row),
    );
    expect(judged.map(({ outcome }) => outcome)).toEqual(expected);
  });

  it("have a page and a day each, and patterns that compile", () => {
    expect(transitions.length).toBeGreaterThan(20);
    for (const { source, day, rule, from = "", to = "", tier = "" } of transitions) {
      expect(source).toMatch(/^https:\/\//);
      expect(Date.parse(day)).toBeGreaterThan(0);
      expect(rule).not.toBe("");
      for (const pattern of [from, to, tier]) expect(() => new RegExp(pattern)).not.toThrow();
    }
  });
});
