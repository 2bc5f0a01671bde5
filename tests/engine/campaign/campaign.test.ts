import { describe, expect, it } from "vitest";
import type { Call } from "../../../sandbox/clouds/serve.ts";
import { report } from "./report.ts";
import { groupOf, ruleOf, sitesOf } from "./sites.ts";

const call = (method: string, path: string): Call => ({ time: "", method, path, status: 200, ms: 0 });
const group = "6b0355440009c9243331993a";

describe("the calls of an up", () => {
  it("are told from each other by method, path without ids, and number", () => {
    const calls = [
      call("POST", "/api/atlas/v2/groups"),
      call("POST", "/api/atlas/v2/groups"),
      call("GET", `/api/atlas/v2/groups/${group}/flexClusters/kairos-sandbox`),
    ];
    expect(sitesOf("atlas", calls)).toEqual([
      { vendor: "atlas", method: "POST", path: "/api/atlas/v2/groups", nth: 1 },
      { vendor: "atlas", method: "POST", path: "/api/atlas/v2/groups", nth: 2 },
      {
        vendor: "atlas",
        method: "GET",
        path: "/api/atlas/v2/groups/:id/flexClusters/kairos-sandbox",
        nth: 1,
      },
    ]);
  });

  it.each([
    ["/v1/services/srv-na3lpdlb2u6g7buv1blk/env-vars", "/v1/services/:id/env-vars"],
    ["/v1/postgres/dpg-aorvksgjvodvtios06q4-a", "/v1/postgres/:id"],
    ["/v2/redis/database/e99e0240-209b-438f-9827-d9009000a55d", "/v2/redis/database/:id"],
    ["/v1/fixed/subscriptions/123456/databases/123457", "/v1/fixed/subscriptions/:id/databases/:id"],
    ["/v1/tasks/e99e0240-209b-438f-9827-d9009000a55d", "/v1/tasks/:id"],
  ])("lose the ids that differ from run to run: %s", (path, expected) => {
    const [site] = sitesOf("render", [call("GET", path)]);
    expect(site?.path).toBe(expected);
    const { path: pattern } = ruleOf({ site: site as NonNullable<typeof site>, fault: "reset" });
    expect(pattern?.test(path)).toBe(true);
    expect(pattern?.test(`${path}/more`)).toBe(false);
  });

  it("belong to one thing each, of which some need others", () => {
    const groups = [
      ["render", "/v1/postgres/:id"],
      ["render", "/v1/key-value"],
      ["render", "/v1/logs/streams/resource/:id"],
      ["atlas", "/api/atlas/v2/groups/:id/settings"],
      ["atlas", "/api/atlas/v2/groups/:id/databaseUsers"],
      ["upstash", "/v2/redis/database"],
    ] as const;
    expect(groups.map(([vendor, path]) => groupOf({ vendor, method: "GET", path, nth: 1 }))).toEqual([
      { group: "Postgres", wave: 1 },
      { group: "Key Value", wave: 1 },
      { group: "service", wave: 3 },
      { group: "Atlas project", wave: 1 },
      { group: "Atlas databaseUsers", wave: 2 },
      { group: "upstash", wave: 1 },
    ]);
  });
});

describe("the report", () => {
  it("counts what was injected, struck, retried and converged, and names every exception", () => {
    const site = { vendor: "render", method: "POST", path: "/v1/postgres", nth: 1 } as const;
    const result = { struck: true, failed: true, converged: true, note: "" };
    const text = report(
      [site],
      [
        { ...result, injection: { site, fault: "reset" } },
        { ...result, injection: { site, fault: "reset" }, failed: false },
        {
          ...result,
          injection: { site, fault: "lost answer" },
          converged: false,
          note: "Postgres: 2 instead of 1",
        },
        { ...result, injection: { site, fault: "lost answer" }, struck: false, converged: false },
      ],
    );
    const rows = text
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) =>
        line
          .split("|")
          .map((cell) => cell.trim())
          .slice(1, -1),
      );
    expect(rows).toEqual([
      ["fault", "injected", "struck", "retried by the provider", "converged"],
      expect.any(Array),
      ["reset", "2", "2", "1", "2"],
      ["lost answer", "2", "1", "0", "0"],
      ["all", "4", "3", "1", "2"],
    ]);
    expect(text).toContain("- lost answer at render POST /v1/postgres #1: Postgres: 2 instead of 1");
    expect(text).toContain("- lost answer at render POST /v1/postgres #1: the call was not made");
  });
});
