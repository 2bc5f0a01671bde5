import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../bundle.mjs";
import { compare } from "../plan/compare.ts";
import { comparisonMarkdown, planMarkdown } from "../plan/markdown.ts";
import type { Plan } from "../plan/model.ts";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { stackFileOf } from "../plan/stack-file.ts";
import { comparisonText, planText } from "../plan/text.ts";
import type { Cost } from "./model.ts";
import { budgetWarning } from "./words.ts";

const cost = (from: number, to?: number, unknown: string[] = []): Cost => ({
  currency: "USD",
  lines: [],
  from,
  ...(to !== undefined && { to }),
  budget: 100,
  unknown,
  warnings: [],
});

describe("a warning", () => {
  it.each([
    ["nothing, below four fifths", cost(79.99), undefined],
    ["an open end", cost(85.94), "kairos:budget: from $85.94 of $100.00 a month (86%)"],
    ["what may come to it", cost(20, 90), "kairos:budget: $20.00 to $90.00 of $100.00 a month (90%)"],
    ["what is above", cost(132, 132), "kairos:budget: $132.00 of $100.00 a month (132%)"],
    [
      "what has no price, at any sum",
      cost(7, 7, ["redis", "web"]),
      "kairos:budget: $7.00 of $100.00 a month (7%); not counted, since no price is known: redis, web",
    ],
  ])("says %s", (_, one, expected) => {
    expect(budgetWarning(one)).toBe(expected);
  });

  it("needs a budget", () => {
    const { budget: _, ...rest } = cost(1000, undefined, ["redis"]);
    expect(budgetWarning(rest)).toBeUndefined();
  });
});

describe("a plan with a budget", async () => {
  const { config } = parse(await readFile(path.join(root, "Pulumi.prod.yaml"), "utf8"));
  const planned = async (budget?: number, more: object = {}) => {
    const value = {
      config: { ...config, ...more, ...(budget !== undefined && { "kairos:budget": budget }) },
    };
    return planOf(await program(), stackFileOf("kairos-infrastructure", "prod", { value }));
  };
  // The least that production costs, by the price table.
  const least = (await planned()).cost?.from ?? 0;
  const near = Math.floor(least / 0.9);
  const budgetsOf = ({ policies }: Plan) => policies?.violations.filter(({ policy }) => policy === "budget");
  const warning = expect.stringMatching(/^kairos:budget: from \$[\d.]+ of \$[\d.]+ a month \(\d+%\)$/);

  it("that is far says nothing of it, and keeps it in its data", async () => {
    const plan = await planned(1000);
    expect(plan.cost?.budget).toBe(1000);
    expect(plan.warnings.filter((line) => line.startsWith("kairos:budget"))).toEqual([]);
    expect(budgetsOf(plan)).toEqual([]);
  });

  it("that is near warns, in text, in Markdown and in a pull request's comment", async () => {
    const plan = await planned(near);
    expect(plan.warnings).toContainEqual(warning);
    expect(budgetsOf(plan)).toEqual([]);
    for (const text of [planText(plan), planMarkdown(plan)]) expect(text).toMatch(/kairos:budget: from/);
    const services = await planned(near, { "kairos:postgres": { enabled: false } });
    const comparison = compare(services, plan);
    expect(comparisonMarkdown(comparison, "main", plan)).toMatch(/⚠️ kairos:budget: from \$/);
    expect(comparisonText(comparison, "main")).toMatch(/Warnings\n +kairos:budget: from \$/);
  });

  it("that is passed is forbidden", async () => {
    const plan = await planned(Math.floor(least) - 1);
    expect(budgetsOf(plan)).toMatchObject([
      {
        policy: "budget",
        resource: "stack",
        level: "mandatory",
        message: expect.stringContaining("at least $"),
      },
    ]);
  });

  it("counts what has no known price as unknown", async () => {
    const redis = { provider: "redis-cloud", plan: "Single-Zone_99TB" };
    const plan = await planned(1000, { "kairos:redis": redis });
    expect(plan.warnings).toContainEqual(
      expect.stringMatching(/^kairos:budget: .*; not counted, since no price is known: redis-/),
    );
  });
});
