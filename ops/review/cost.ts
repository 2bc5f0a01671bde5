/** What a change costs per month, and which resources it is due to. */
import type { Cost } from "../cost/model.ts";
import { amount, type Difference, difference, differingLines, total } from "../cost/words.ts";
import { code, prose } from "./markdown.ts";

/** The cost on both sides, by the same prices. */
export interface Costs {
  before: Cost;
  after: Cost;
}

/** The difference and the sum, and each resource that makes it. */
export function costRow({ before, after }: Costs): string[] {
  const [was, is] = [total(before), total(after)];
  const lines = differingLines(before, after).map(lineMarkdown);
  if (lines.length === 0) return [`${prose(is)}, unchanged`];
  const stale = after.warnings.length > 0 ? " (some prices are old)" : "";
  const sums = was === is ? `${is} as before` : `${was} → ${is}`;
  const change = difference(before, after);
  const bold = change === "" ? "" : `**${prose(change)}**: `;
  return [`${bold}${prose(sums)}${stale}`, ...lines];
}

function lineMarkdown({ resource, before, after }: Difference): string {
  if (before === undefined) return `${code(resource)} ${after ? amount(after) : "unknown"} (new)`;
  if (after === undefined) return `${code(resource)} ${amount(before)} (gone)`;
  return `${code(resource)} ${amount(before)} → ${amount(after)}`;
}
