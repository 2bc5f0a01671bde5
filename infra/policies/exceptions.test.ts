import { describe, expect, it } from "vitest";
import { settingsOf } from "../../tests/helpers/program.ts";
import { evaluate } from "./evaluate.ts";
import type { Exception } from "./exceptions.ts";

const entry = {
  urn: "u",
  type: "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList",
  name: "mongodb-access-0.0.0.0/0",
  protect: false,
  inputs: { cidrBlock: "0.0.0.0/0" },
};
const exception: Exception = {
  policy: "access-list-open",
  resource: entry.name,
  reason: "load test of November",
  until: "2026-11-30",
};
const on = (now: string, ...exceptions: Exception[]) =>
  evaluate([entry], { stage: "prod", settings: settingsOf(), exceptions, now: new Date(now) });

describe("an exception", () => {
  it.each(["2026-11-22T00:00:00Z", "2026-11-30T23:59:59Z"])("holds on %s", (now) => {
    expect(on(now, exception)).toMatchObject({
      violations: [],
      excused: [{ policy: "access-list-open", reason: exception.reason, until: exception.until }],
      unused: [],
    });
  });

  it("fails after its last day, and says whose it was", () => {
    const { violations, excused, unused } = on("2026-12-01T00:00:00Z", exception);
    expect(violations).toMatchObject([
      {
        level: "mandatory",
        message: expect.stringContaining("; its exception ended on 2026-11-30 (load test"),
      },
    ]);
    expect({ excused, unused }).toEqual({ excused: [], unused: [] });
  });

  it("does not count when it lasts longer than a year", () => {
    const { violations } = on("2026-11-22T00:00:00Z", { ...exception, until: "2028-01-01" });
    expect(violations).toMatchObject([{ message: expect.stringContaining("at most a year ahead") }]);
  });

  it.each([
    ["another policy", { policy: "tls-required" as const }],
    ["another resource", { resource: "mongodb-access-0.0.0.0" }],
  ])("for %s excuses nothing, and is reported", (_, change) => {
    const { violations, unused } = on("2026-11-22T00:00:00Z", { ...exception, ...change });
    expect(violations).toHaveLength(1);
    expect(unused).toEqual([expect.stringMatching(/^kairos:policies\.exceptions\[0\]: got .* remove it/)]);
  });

  it("for lost data is not called unused where nothing is compared", () => {
    const loss: Exception = { ...exception, policy: "data-loss", resource: "postgres-database" };
    expect(on("2026-11-22T00:00:00Z", exception, loss).unused).toEqual([]);
  });
});
