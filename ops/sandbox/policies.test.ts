import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../../engine/cli/events.ts";
import type { PolicyReport } from "../../infra/policies/evaluate.ts";
import { passes, policyLines, verdictIn } from "./policies.ts";
import { verdictOf } from "./rehearsal/index.ts";

/** As the engine writes them, two resources long. */
const told = [
  { policyLoadEvent: {} },
  { policyAnalyzeSummaryEvent: { passed: ["health-check", "not-known-before-up", "plan-tier"] } },
  {
    policyEvent: {
      policyName: "access-list-open",
      enforcementLevel: "advisory",
      message:
        "Atlas access list open to the world. Passwords leak.\nmongodb-access: 0.0.0.0/0 lets everybody in. List ranges.\n",
    },
  },
  { policyAnalyzeSummaryEvent: { passed: ["health-check"], failed: ["access-list-open"] } },
  {
    policyEvent: {
      policyName: "plan-tier",
      enforcementLevel: "mandatory",
      message: "Plans that fit.\npostgres-database: pro_4gb is not allowed. Choose another.\n",
    },
  },
  { policyAnalyzeStackSummaryEvent: { passed: ["data-loss", "unused-exceptions"] } },
];

const gathered = (events: readonly object[]) => verdictIn(events as EngineEvent[]);

const access = {
  policy: "access-list-open",
  level: "advisory",
  message: "mongodb-access: 0.0.0.0/0 lets everybody in. List ranges.",
};
const tier = {
  policy: "plan-tier",
  level: "mandatory",
  message: "postgres-database: pro_4gb is not allowed. Choose another.",
};

describe("the policies in the engine's events", () => {
  it("are counted once each, and their violations told without the description, mandatory ones first", () => {
    expect(gathered(told)).toEqual({ checked: 4, violations: [tier, access] });
  });

  it("stop an up only where they are mandatory", () => {
    const verdict = gathered(told);
    expect(verdict && passes(verdict)).toBe(false);
    expect(verdict && passes({ ...verdict, violations: verdict.violations.slice(1) })).toBe(true);
  });

  it("are none where the engine asked none", () => {
    expect(gathered([{ policyLoadEvent: {} }, { diagnosticEvent: {} }])).toBeUndefined();
  });

  it("are a line each for people", () => {
    const [numbers, ...lines] = policyLines(gathered(told) ?? { checked: 0, violations: [] });
    expect(numbers).toBe("policies: 4 checked, 2 violations");
    expect(lines).toEqual([
      expect.stringContaining("plan-tier: postgres-database: pro_4gb"),
      expect.stringContaining("access-list-open (advice): mongodb-access: 0.0.0.0/0"),
    ]);
    expect(policyLines({ checked: 10, violations: [] })).toEqual(["policies: 10 checked, 0 violations"]);
  });
});

it("an evaluation in process says what the engine would: the fix behind the message, and idle exceptions", () => {
  const report: PolicyReport = {
    environment: "short",
    date: "2026-11-23",
    exceptions: [],
    checked: 10,
    violations: [{ policy: "tls-required", resource: "redis", message: "TLS is off", level: "mandatory" }],
    excused: [],
    unknown: [],
    unused: ["kairos:policies.exceptions[0]: got free-tier of redis"],
  };
  expect(verdictOf(report)).toEqual({
    checked: 10,
    violations: [
      {
        policy: "tls-required",
        level: "mandatory",
        message: expect.stringMatching(/^redis: TLS is off\. [A-Z].{10}/),
      },
      {
        policy: "unused-exceptions",
        level: "advisory",
        message: "kairos:policies.exceptions[0]: got free-tier of redis",
      },
    ],
  });
});
