/** Costs in words, for a terminal and for Markdown alike. */
import { standing } from "../../infra/policies/budget.ts";
import type { Cost, CostLine } from "./model.ts";
import { cents } from "./prices.ts";

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

/** `$19.00`, `$8.00 to $30.00`, `from $56.94`, `up to $20.00`, `unknown`. */
export function amount({ from, to }: Pick<CostLine, "from" | "to">): string {
  if (from === undefined) return "unknown";
  if (to === undefined) return `from ${dollars(from)}`;
  if (from === to) return dollars(from);
  return from === 0 ? `up to ${dollars(to)}` : `${dollars(from)} to ${dollars(to)}`;
}

/**
 * What people are to be warned of: `kairos:budget: from $85.94 of $100.00 a month (86%)`, and what is not counted.
 * Undefined while nothing is near, nor unknown, and where there is no budget.
 */
export function budgetWarning({ budget, unknown, ...sum }: Cost): string | undefined {
  if (budget === undefined) return undefined;
  const uncounted =
    unknown.length === 0 ? "" : `; not counted, since no price is known: ${unknown.join(", ")}`;
  if (standing({ ...sum, unknown }, budget) === "within" && uncounted === "") return undefined;
  const share = Math.round(((sum.to ?? sum.from) / budget) * 100);
  return `kairos:budget: ${amount(sum)} of ${dollars(budget)} a month (${share}%)${uncounted}`;
}

/** The sum: `from $75.94 + unknown (redis-redis-cloud)`. */
export function total({ lines, unknown, ...sum }: Cost): string {
  if (unknown.length === 0) return amount(sum);
  const rest = `unknown (${unknown.join(", ")})`;
  return unknown.length === lines.length ? rest : `${amount(sum)} + ${rest}`;
}

/** One resource whose cost differs; a side is undefined where there is no such resource. */
export interface Difference {
  resource: string;
  before: CostLine | undefined;
  after: CostLine | undefined;
}

/**
 * By resource, not by the sum: of open bounds the sum can be equal although something was added that costs up to its
 * budget.
 */
export function differingLines(before: Cost, after: Cost): Difference[] {
  const find = ({ lines }: Cost, name: string) => lines.find(({ resource }) => resource === name);
  const names = new Set([...after.lines, ...before.lines].map(({ resource }) => resource));
  return [...names]
    .map((resource) => ({ resource, before: find(before, resource), after: find(after, resource) }))
    .filter((one) => JSON.stringify(essence(one.before)) !== JSON.stringify(essence(one.after)));
}

const essence = (line: CostLine | undefined) => line && [line.what, line.from, line.to];

/** How a cost changes, for people: `from $75.94 → from $131.94 (+$56.00)`. */
export function costTransition(before: Cost, after: Cost): string {
  const [was, is] = [total(before), total(after)];
  const change = difference(before, after);
  if (was !== is) return change === "" ? `${was} → ${is}` : `${was} → ${is} (${change})`;
  const lines = differingLines(before, after).map(lineTransition);
  return lines.length === 0 ? `${is}, unchanged` : `${is} as before, but ${lines.join(", ")}`;
}

function lineTransition({ resource, before, after }: Difference): string {
  if (before === undefined) return `${resource} is new (${amount(after ?? {})})`;
  if (after === undefined) return `${resource} is gone (${amount(before)})`;
  const [was, is] = [before, after].map((line) => `${line.what} ${amount(line)}`.trim());
  return `${resource}: ${was} → ${is}`;
}

/**
 * `+$36.00`; of two bounds both, where they differ; and what has no price and comes, goes or changes. Empty when no
 * resource's cost does.
 */
export function difference(before: Cost, after: Cost): string {
  const lines = differingLines(before, after);
  const known = lines.filter((one) => !isUnknown(one.before) && !isUnknown(one.after));
  const unknown = lines.filter((one) => !known.includes(one));
  return [knownDifference(known), ...unknown.map(unknownDifference)].filter((part) => part !== "").join(", ");
}

const isUnknown = (line: CostLine | undefined) => line !== undefined && line.from === undefined;

function knownDifference(lines: readonly Difference[]): string {
  const changes = lines.map(({ before, after }) => change(before, after));
  const [low, high] = (["low", "high"] as const).map((end) =>
    changes.reduce((sum, one) => sum + one[end], 0),
  ) as [number, number];
  if (high === Number.POSITIVE_INFINITY && changes.every((one) => one.high >= one.low))
    return `at least ${signed(low)}`;
  if (!Number.isFinite(high)) return `${signed(low)} at the lower end`;
  if (signed(low) === signed(high)) return cents(low) === 0 ? "" : signed(low);
  return cents(low) === 0 ? `up to ${signed(high)}` : `${signed(low)} to ${signed(high)}`;
}

const nothing = { from: 0, to: 0 };

/** The change of one resource's cost. What has an open end on both sides changes by its lower bound. */
function change(before: Partial<CostLine> = nothing, after: Partial<CostLine> = nothing) {
  const low = (after.from ?? 0) - (before.from ?? 0);
  if (before.to === undefined && after.to === undefined) return { low, high: low };
  return {
    low,
    high: (after.to ?? Number.POSITIVE_INFINITY) - (before.to ?? Number.POSITIVE_INFINITY),
  };
}

function unknownDifference({ resource, before, after }: Difference): string {
  if (before === undefined) return `plus the unknown cost of ${resource}`;
  if (after === undefined) return `less the unknown cost of ${resource}`;
  if (!isUnknown(before)) return `the cost of ${resource} is no longer known`;
  return isUnknown(after) ? `${resource} changes at an unknown cost` : `the cost of ${resource} is known now`;
}

function signed(change: number): string {
  const rounded = cents(change);
  return `${rounded < 0 ? "−" : "+"}${dollars(Math.abs(rounded))}`;
}
