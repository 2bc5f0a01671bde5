/** Policies and cost as `plan` shows them: on production, on bad stacks, and on what a change adds. */
import { randomBytes } from "node:crypto";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { policyIds } from "../infra/policies/ids.ts";
import type { Comparison } from "../ops/plan/comparison.ts";
import type { Plan } from "../ops/plan/model.ts";
import { Checkout } from "./checkout.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = await Checkout.create();
});
afterEach(async () => {
  await checkout.restore();
  await rm(path.join(checkout.folder, "infra", "handmade.ts"), { force: true });
});
afterAll(() => checkout.remove());

const planJson = async () => JSON.parse((await checkout.kairos(["plan", "--json"])).stdout) as Plan;
const against = async (...args: string[]) =>
  (await checkout.kairos(["plan", "--against", "HEAD", ...args])).stdout;
const compared = async () => JSON.parse(await against("--json")) as Comparison;

/** Puts settings over those of production. */
async function configure(changes: Record<string, unknown>): Promise<void> {
  const file = path.join(checkout.folder, "Pulumi.prod.yaml");
  const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, object> };
  const named = Object.entries(changes).map(([section, value]) => {
    const key = `kairos:${section}`;
    return [key, section === "mongodb" ? { ...config[key], ...(value as object) } : value];
  });
  await writeFile(file, stringify({ config: { ...config, ...Object.fromEntries(named) } }));
}

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
    const { policies, cost } = await planJson();
    expect(policies).toMatchObject({
      environment: "prod",
      checked: policyIds.length,
      violations: [],
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
    await configure({
      mongodb: { tier: "M0", region: "EU_WEST_3", accessList: [anywhere] },
      postgres: { enabled: true, plan: "free", accessList: [anywhere], mayBeDestroyed: "kairos-postgres" },
      redis: { provider: "none", mayBeDestroyed: "kairos-redis" },
      backend: [{ name: "web", type: "web", plan: "free", ...image, variables: { MAIL_PASSWORD: secret } }],
    });
    const first = await planJson();
    expect(JSON.stringify(first.policies)).not.toContain(secret);
    for (const shown of [await against(), await against("--markdown")]) {
      expect(shown).toContain("[hidden: its name says secret] (new)");
      expect(shown).not.toContain(secret);
    }

    await checkout.restore();
    // What no settings make: the program that the engine's test runs too.
    await configure({ policies: { sessionsInRedis: true } });
    const handmade = path.join(import.meta.dirname, "engine", "policies-program", "index.ts");
    await copyFile(handmade, path.join(checkout.folder, "infra", "handmade.ts"));
    await writeFile(
      path.join(checkout.folder, "infra", "index.ts"),
      'export default async function kairos() {\n  await import("./handmade.ts");\n}\n',
    );
    const second = await planJson();
    expect(second.policies?.unknown).toMatchObject([{ policy: "access-list-open", resource: "access" }]);

    const caught = new Set([...violated(first), ...violated(second)]);
    expect(policyIds.filter((id) => !caught.has(id))).toEqual([]);
  });
});

describe("an exception in the stack file", () => {
  const opened = (exceptions: object[]) =>
    configure({ mongodb: { accessList: [anywhere] }, policies: { exceptions } });
  const exception = {
    policy: "access-list-open",
    resource: "mongodb-access-0.0.0.0/0",
    reason: "load test from many places",
  };

  it("covers what it names, until its day", async () => {
    await opened([{ ...exception, until: day(5) }]);
    expect(await planJson()).toMatchObject({ policies: { violations: [], excused: [{ until: day(5) }] } });
    await checkout.restore();
    await opened([{ ...exception, until: day(-5) }]);
    expect(violated(await planJson())).toEqual(["access-list-open"]);
  });

  it("is reported when it matches nothing", async () => {
    await opened([{ ...exception, resource: "mongodb-access-0.0.0.0", until: day(5) }]);
    const { policies } = await planJson();
    expect(policies?.unused).toEqual([expect.stringContaining("kairos:policies.exceptions[0]")]);
    expect(policies?.violations).toHaveLength(1);
  });

  it("for lost data is used where versions are compared, and only there", async () => {
    const loss = { policy: "data-loss", resource: "postgres-database", reason: "moved to another vendor" };
    await configure({ postgres: { enabled: false }, policies: { exceptions: [{ ...loss, until: day(5) }] } });
    expect(await compared()).toMatchObject({
      policies: { violations: [], unused: [], excused: [{ policy: "data-loss" }] },
    });
    expect(await planJson()).toMatchObject({ policies: { unused: [] } });
  });
});

describe("what a change adds", () => {
  it("is marked as new, and what it puts right is said", async () => {
    await configure({ mongodb: { accessList: [anywhere] } });
    await checkout.commit("Open");
    const { policies } = await compared();
    expect({ added: policies?.added, fixed: policies?.fixed, all: policies?.violations.length }).toEqual({
      added: [],
      fixed: [],
      all: 1,
    });
    await configure({
      mongodb: { accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }], tier: "FLEX" },
    });
    const change = await compared();
    expect(change.policies?.fixed.map(({ policy }) => policy)).toEqual(["access-list-open"]);
    expect(change.policies?.added.map(({ policy }) => policy)).toEqual(["data-backed-up", "plan-tier"]);
    const text = await against();
    expect(text).toContain(
      "mandatory: new: plan-tier, mongodb-cluster: tier FLEX is not allowed in production",
    );
    expect(text).toContain("No longer violated\n  access-list-open, mongodb-access-0.0.0.0/0");
    await checkout.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("finds data that would be lost", async () => {
    await configure({ postgres: { enabled: false } });
    const { policies } = await compared();
    expect(policies?.added).toMatchObject([
      { policy: "data-loss", resource: "postgres-database", level: "mandatory" },
    ]);
  });

  it("says what it costs, as text, Markdown and JSON", async () => {
    await checkout.edit("Pulumi.prod.yaml", "plan: basic_1gb", "plan: basic_4gb");
    const { cost } = await compared();
    expect((cost?.after.from ?? 0) - (cost?.before.from ?? 0)).toBeCloseTo(56);
    expect(await against()).toMatch(/Cost per month: from \$\d+\.\d\d → from \$\d+\.\d\d \(\+\$56\.00\)/);
    expect(await against("--markdown")).toMatch(/\*\*Cost per month\*\*: from .* \(\+\$56\.00\)/);
  });

  it("keeps a reason from becoming markup or a mention", async () => {
    const exception = { policy: "access-list-open", resource: "mongodb-access-0.0.0.0/0", until: day(5) };
    const reason = "asked by @kairos <img src=x> | `x` [y](https://z.invalid)";
    await configure({
      mongodb: { accessList: [anywhere] },
      policies: { exceptions: [{ ...exception, reason }] },
    });
    const markdown = await against("--markdown");
    expect(markdown).toContain("\\<img src=x\\>");
    expect(markdown).not.toMatch(/@kairos|[^\\]\[y|[^\\]<img/);
  });

  it("compares with a plan from before there were policies", async () => {
    const file = path.join(checkout.folder, "node_modules", ".cache", `old-plan-${process.pid}.json`);
    const { policies: _, cost: __, ...old } = await planJson();
    await writeFile(file, JSON.stringify(old));
    const { stdout, stderr } = await checkout.kairos(["plan", "--against", file]);
    expect(stderr).toBe("");
    expect(stdout).toContain("no changes");
    expect(stdout).not.toContain("Policies");
  });
});
