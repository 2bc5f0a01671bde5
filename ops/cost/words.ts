/** Costs in words, for a terminal and for Markdown alike. */
import type { Cost, CostLine } from "./estimate.ts";

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

/** `$19.00`, `$8.00 to $30.00`, `from $56.94`, `up to $20.00`, `unknown`. */
export function amount({ from, to }: Pick<CostLine, "from" | "to">): string {
  if (from === undefined) return "unknown";
  if (to === undefined) return `from ${dollars(from)}`;
  if (from === to) return dollars(from);
  return from === 0 ? `up to ${dollars(to)}` : `${dollars(from)} to ${dollars(to)}`;
}

/** The sum: `from $75.94 + unknown (redis-redis-cloud)`. */
export function total({ lines, unknown, ...sum }: Cost): string {
  if (unknown.length === 0) return amount(sum);
  const rest = `unknown (${unknown.join(", ")})`;
  return unknown.length === lines.length ? rest : `${amount(sum)} + ${rest}`;
}

/** How a cost changes, for people: `from $75.94 → from $131.94 (+$56.00)`. */
export function costTransition(before: Cost, after: Cost): string {
  const change = difference(before, after);
  return change === "" ? `${total(after)}, unchanged` : `${total(before)} → ${total(after)} (${change})`;
}

/** `+$36.00`; of two bounds both, where they differ; and what could not be counted. Empty when nothing changes. */
export function difference(before: Cost, after: Cost): string {
  if (total(before) === total(after)) return "";
  const unknown = [...new Set([...before.unknown, ...after.unknown])];
  const known = knownDifference(before, after);
  return unknown.length === 0 ? known : `${known}, not counting ${unknown.join(", ")}`;
}

function knownDifference(before: Cost, after: Cost): string {
  const low = signed(after.from - before.from);
  if (before.to === undefined && after.to === undefined) return low;
  if (before.to === undefined || after.to === undefined) return `${low} at the lower end`;
  const high = signed(after.to - before.to);
  return low === high ? low : `${low} to ${high}`;
}

function signed(change: number): string {
  const rounded = Math.round(change * 100) / 100;
  return `${rounded < 0 ? "−" : "+"}${dollars(Math.abs(rounded))}`;
}
