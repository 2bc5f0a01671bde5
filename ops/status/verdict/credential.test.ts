import { describe, expect, it } from "vitest";
import type { CredentialAge } from "../../rotate/age.ts";
import { remarkAdvice } from "../advice/index.ts";
import type { CheckResult } from "../model.ts";
import { withCredential } from "./index.ts";

const now = new Date("2026-04-11T12:00:00Z");
const since = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
const result = (state: CheckResult<object>["state"]): CheckResult<object> => ({
  state,
  seconds: 1,
  facts: {},
  remarks: [],
});
const judged = (age: CredentialAge, state: CheckResult<object>["state"] = "well") =>
  withCredential("mongodb", result(state), { stack: "prod", ages: { mongodb: age }, warnAfter: 90 }, now);

describe("a credential", () => {
  it("warns from the day on that the setting names", () => {
    expect(judged({ number: 1, since: since(89.9) })).toMatchObject({
      state: "well",
      credential: { number: 1, days: 89 },
      remarks: [],
    });
    const old = judged({ number: 2, since: since(90) });
    expect(old).toMatchObject({ state: "warning", credential: { number: 2, days: 90 } });
    expect(old.remarks.map((remark) => remarkAdvice(remark, "en"))).toEqual([
      { says: "the credential is 90 days old", next: "npx kairos rotate mongodb --stack prod" },
    ]);
  });

  it("that was disclosed warns at once, whatever its age", () => {
    const { state, remarks, credential } = judged({ number: 1, disclosed: true });
    expect(state).toBe("warning");
    expect(credential).toEqual({ number: 1 });
    expect(remarks.map(({ kind }) => kind)).toEqual(["credential-disclosed"]);
    expect(remarkAdvice(remarks[0] as (typeof remarks)[0], "fr").next).toBe(
      "npx kairos rotate mongodb --stack prod --leaked",
    );
  });

  it("of unknown age is no alarm by itself", () => {
    expect(judged({ number: 1 })).toMatchObject({ state: "well", credential: { number: 1 }, remarks: [] });
  });

  it("warns also of a database that failed, which stays failed, and of none that is off", () => {
    expect(judged({ number: 1, since: since(400) }, "failed")).toMatchObject({
      state: "failed",
      remarks: [{ kind: "credential-old", number: 400 }],
    });
    expect(judged({ number: 1, since: since(400) }, "off")).toEqual(result("off"));
  });

  it("is not spoken of where no state was asked", () => {
    expect(withCredential("mongodb", result("well"), undefined)).toEqual(result("well"));
  });
});
