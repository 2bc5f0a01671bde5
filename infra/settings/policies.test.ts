import { describe, expect, it } from "vitest";
import { settingsOf } from "../../tests/helpers/program.ts";
import { schemaOf } from "./rules.ts";

const exception = {
  policy: "free-tier",
  resource: "mongodb-cluster",
  reason: "moved in December",
  until: "2026-12-31",
};

describe("kairos:policies", () => {
  it("is empty unless somebody sets it", () => {
    expect(settingsOf().policies).toEqual({ sessionsInRedis: false, exceptions: [] });
  });

  it("takes a day as people write it, and as Pulumi hands over one without quotes", () => {
    const days = ["2026-12-31", "2026-12-31 00:00:00 +0000 UTC"].map((until) => ({ ...exception, until }));
    const { exceptions } = settingsOf({ policies: { exceptions: days } }).policies;
    expect(exceptions).toEqual([exception, exception]);
  });

  it.each([
    ["policy", "free-tiers"],
    ["resource", ""],
    ["reason", "why not"],
    ["until", "2026-02-30"],
    ["until", "2026-12-31T12:00:00Z"],
    ["until", "soon"],
    ["until", undefined],
  ])("refuses %s: %s", (key, value) => {
    const { mongodb, backend } = settingsOf();
    const { mayBeDestroyed: _, ...database } = mongodb;
    const given = { mongodb: { ...database, driver: {} }, backend };
    const result = schemaOf().safeParse({
      ...given,
      policies: { exceptions: [{ ...exception, [key]: value }] },
    });
    expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual([`policies.exceptions.0.${key}`]);
  });
});
