/** Policies and cost as `plan` shows them: on production, on bad stacks, and on what a change adds. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { policyIds } from "../infra/policies/ids.ts";
import { planAgainst } from "../ops/plan/against.ts";
import { compare } from "../ops/plan/compare.ts";
import type { Plan } from "../ops/plan/model.ts";
import type { Program } from "../ops/plan/program.ts";
import { comparisonText } from "../ops/plan/text.ts";
import { Production } from "./production.ts";

let prod: Production;
beforeEach(async () => {
  prod = await Production.read();
});

const planned = async (run?: Program["run"]) => (await prod.plan(run)).plan;

/** What stands in each plan of production as it is: it has the region's outbound addresses. */
const shared = { policy: "shared-outbound", resource: "mongodb-cluster", level: "advisory" };
const violated = ({ policies }: Pick<Plan, "policies">) => [
  ...new Set(policies?.violations.map(({ policy }) => policy)),
];
/** The same day from the first test to the last. */
const now = Date.now();
const day = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
const anywhere = { cidr: "0.0.0.0/0", comment: "everybody", allowFromAnywhere: true };
const image = { source: { image: "ghcr.io/kairos/backend", tag: "2026.11" } };

describe("production", () => {
  it("violates nothing; only what its owner has to fill in is open", async () => {
    const { policies, cost } = await planned();
    expect(policies).toMatchObject({
      environment: "prod",
      checked: policyIds.length,
      violations: [shared],
      excused: [],
      unused: [],
    });
    expect(policies?.unknown.map(({ policy, resource }) => [policy, resource])).toEqual([
      ["access-list-open", "mongodb-access-<render-outbound-cidr>"],
    ]);
    expect(cost?.unknown).toEqual([]);
    expect(cost?.lines.map(({ resource }) => resource)).toEqual([
      "mongodb-cluster",
      "postgres-database",
      "redis-upstash",
    ]);
  });
});

describe("bad stacks", () => {
  it("are caught, by every policy", async () => {
    const secret = randomBytes(24).toString("base64url");
    prod.configure({
      mongodb: { tier: "M0", region: "EU_WEST_3", accessList: [anywhere] },
      postgres: { enabled: true, plan: "free", accessList: [anywhere], mayBeDestroyed: "kairos-postgres" },
      redis: { provider: "none", mayBeDestroyed: "kairos-redis" },
      backend: [
        { name: "web", type: "web", plan: "starter", ...image, variables: { MAIL_PASSWORD: secret } },
      ],
    });
    const first = await planned();
    expect(JSON.stringify(first.policies)).not.toContain(secret);
    const { text, markdown } = await prod.against();
    for (const shown of [text, markdown]) {
      expect(shown).toContain("[hidden: its name says secret] (new)");
      expect(shown).not.toContain(secret);
    }

    prod.restore();
    // What no settings make: the program that the engine's test runs too.
    prod.configure({ policies: { sessionsInRedis: true } });
    const second = await planned(async () => {
      await import("./engine/policies-program/index.ts");
      return {};
    });
    expect(second.policies?.unknown).toMatchObject([{ policy: "access-list-open", resource: "access" }]);

    prod.restore();
    prod.configure({ budget: 1, mongodb: { with: { retainBackupsEnabled: false } } });
    const third = await planned();

    const caught = new Set([first, second, third].flatMap(violated));
    expect(policyIds.filter((id) => !caught.has(id))).toEqual([]);
  });
});

describe("an exception in the stack file", () => {
  const opened = (exceptions: object[]) =>
    prod.configure({ mongodb: { accessList: [anywhere] }, policies: { exceptions } });
  const exception = {
    policy: "access-list-open",
    resource: "mongodb-access-0.0.0.0/0",
    reason: "load test from many places",
  };

  it("covers what it names, until its day", async () => {
    opened([{ ...exception, until: day(5) }]);
    expect(await planned()).toMatchObject({
      policies: { violations: [shared], excused: [{ until: day(5) }] },
    });
    prod.restore();
    opened([{ ...exception, until: day(-5) }]);
    expect(violated(await planned())).toEqual(["access-list-open", "shared-outbound"]);
  });

  it("is reported when it matches nothing", async () => {
    opened([{ ...exception, resource: "mongodb-access-0.0.0.0", until: day(5) }]);
    const { policies } = await planned();
    expect(policies?.unused).toEqual([expect.stringContaining("kairos:policies.exceptions[0]")]);
    expect(policies?.violations).toHaveLength(2);
  });

  it("for lost data is used where versions are compared, and only there", async () => {
    const loss = { policy: "data-loss", resource: "postgres-database", reason: "moved to another vendor" };
    prod.configure({ postgres: { enabled: false }, policies: { exceptions: [{ ...loss, until: day(5) }] } });
    expect(await prod.against()).toMatchObject({
      policies: { violations: [shared], unused: [], excused: [{ policy: "data-loss" }] },
    });
    expect(await planned()).toMatchObject({ policies: { unused: [] } });
  });
});

describe("what a change adds", () => {
  it("is marked as new, and what it puts right is said", async () => {
    prod.configure({ mongodb: { accessList: [anywhere] } });
    prod.commit();
    const { policies } = await prod.against();
    expect({ added: policies?.added, fixed: policies?.fixed, all: policies?.violations.length }).toEqual({
      added: [],
      fixed: [],
      all: 2,
    });
    prod.configure({
      mongodb: { accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }], tier: "FLEX" },
    });
    const change = await prod.against();
    expect(change.policies?.fixed.map(({ policy }) => policy)).toEqual(["access-list-open"]);
    expect(change.policies?.added.map(({ policy }) => policy)).toEqual(["data-backed-up", "plan-tier"]);
    const { text } = change;
    expect(text).toContain(
      "mandatory: new: plan-tier, mongodb-cluster: tier FLEX is not allowed in production",
    );
    expect(text).toContain("No longer violated\n  access-list-open, mongodb-access-0.0.0.0/0");
  });

  it("finds data that would be lost", async () => {
    prod.configure({ postgres: { enabled: false } });
    const { policies } = await prod.against();
    expect(policies?.added).toMatchObject([
      { policy: "data-loss", resource: "postgres-database", level: "mandatory" },
    ]);
  });

  it("says what it costs, as text, Markdown and JSON", async () => {
    prod.edit("plan: basic_1gb", "plan: basic_4gb");
    const { cost, text, markdown } = await prod.against();
    expect((cost?.after.from ?? 0) - (cost?.before.from ?? 0)).toBeCloseTo(56);
    expect(text).toMatch(/Cost per month: from \$\d+\.\d\d → from \$\d+\.\d\d \(\+\$56\.00\)/);
    expect(markdown).toMatch(/Cost per month .*\*\*\+\$56\.00\*\*: from .*/);
  });

  it("keeps a reason from becoming markup or a mention", async () => {
    const exception = { policy: "access-list-open", resource: "mongodb-access-0.0.0.0/0", until: day(5) };
    const reason = "asked by @kairos <img src=x> | `x` [y](https://z.invalid)";
    prod.configure({
      mongodb: { accessList: [anywhere] },
      policies: { exceptions: [{ ...exception, reason }] },
    });
    const { markdown } = await prod.against();
    expect(markdown).toContain("\\<img src=x\\>");
    expect(markdown).not.toMatch(/@kairos|[^\\]\[y|[^\\]<img/);
  });

  it("compares with a plan from before there were policies", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-old-plan-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = path.join(folder, "plan.json");
    const plan = await planned();
    const { policies: _, cost: __, ...old } = plan;
    await writeFile(file, JSON.stringify(old));
    const text = comparisonText(compare(await planAgainst(file, "prod"), plan), file);
    expect(text).toContain("no changes");
    expect(text).not.toContain("Policies");
  });
});
