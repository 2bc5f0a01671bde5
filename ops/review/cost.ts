/** What a change costs per month, and which resources it is due to. */
import type { Cost, CostLine } from "../cost/estimate.ts";
import { amount, difference, total } from "../cost/words.ts";
import { code, prose } from "./markdown.ts";

/** The cost on both sides, by the same prices. */
export interface Costs {
  before: Cost;
  after: Cost;
}

/** One resource whose cost differs; a side is undefined where there is no such resource. */
interface Difference {
  resource: string;
  before: CostLine | undefined;
  after: CostLine | undefined;
}

/**
 * By resource, not by the sum: of two open bounds the sum can be equal although something was added that costs up to
 * its budget.
 */
export function differingLines({ before, after }: Costs): Difference[] {
  const find = ({ lines }: Cost, name: string) => lines.find(({ resource }) => resource === name);
  const names = new Set([...after.lines, ...before.lines].map(({ resource }) => resource));
  return [...names]
    .map((resource) => ({ resource, before: find(before, resource), after: find(after, resource) }))
    .filter((one) => JSON.stringify(essence(one.before)) !== JSON.stringify(essence(one.after)));
}

const essence = (line: CostLine | undefined) => line && [line.what, line.from, line.to];

/** The difference and the sum, and each resource that makes it. */
export function costRow(costs: Costs): string[] {
  const { before, after } = costs;
  const lines = differingLines(costs).map(lineMarkdown);
  if (lines.length === 0) return [`${prose(total(after))}, unchanged`];
  const stale = after.warnings.length > 0 ? " (some prices are old)" : "";
  const change = difference(before, after);
  if (change === "") return [...lines, `in all still ${prose(total(after))}${stale}`];
  return [`**${prose(change)}**: ${prose(total(before))} → ${prose(total(after))}${stale}`, ...lines];
}

function lineMarkdown({ resource, before, after }: Difference): string {
  if (before === undefined) return `${code(resource)} ${after ? amount(after) : "unknown"} (new)`;
  if (after === undefined) return `${code(resource)} ${amount(before)} (gone)`;
  return `${code(resource)} ${amount(before)} → ${amount(after)}`;
}
