/** The folded part of a review: every property, every variable with its value, what policies excuse, prices. */
import { amount } from "../cost/words.ts";
import { inTable, shortPath, transition, variableTransition } from "../plan/words.ts";
import { plural } from "../terminal/amounts.ts";
import { code, folded, prose, table } from "./markdown.ts";
import type { Review } from "./plans.ts";

/** One folded part each, the most important first. */
export function details(review: Review): string[] {
  if (review.kind === "failed" || review.kind === "removed") return [];
  const { stack, comparison, plan } = review;
  const { resources, variables, policies, cost } = comparison;
  const properties = resources.flatMap(({ resource, fields }) =>
    fields
      .filter(({ path }) => !inTable(path))
      .map((field) => [code(resource.name), code(shortPath(field.path)), code(transition(field))]),
  );
  const values = variables.map((change) => [
    code(change.service),
    code(change.name),
    code(variableTransition(change)),
  ]);
  const verdicts = [
    ...(policies?.fixed ?? []).map((verdict) => `- no longer: ${line(verdict)}`),
    ...(policies?.excused ?? []).map(
      (excused) => `- excused until ${prose(excused.until)} (${prose(excused.reason)}): ${line(excused)}`,
    ),
    ...(policies?.unknown ?? []).map((verdict) => `- not known before up: ${line(verdict)}`),
    ...(policies?.unused ?? []).map((text) => `- ${prose(text)}`),
  ];
  const prices = (cost?.after.lines ?? []).map((one) => [
    code(one.resource),
    prose(one.what),
    amount(one),
    [one.why && prose(one.why), one.page && `[${one.date}](${one.page})`].filter(Boolean).join("; "),
  ]);
  const warnings = [...plan.warnings, ...(cost?.after.warnings ?? [])];
  const tabled = (title: string, head: string[], rows: string[][]) =>
    rows.length === 0 ? [] : [folded(`${stack}: ${title}`, table([head, ...rows]))];
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [folded(`${stack}: ${title}`, lines.join("\n"))];
  return [
    ...tabled(
      `${plural(properties.length, "property", "properties")}, old and new`,
      ["resource", "property", "change"],
      properties,
    ),
    ...tabled(`${plural(values.length, "variable")}, old and new`, ["service", "variable", "change"], values),
    ...list(`${plural(verdicts.length, "remark")} of the policies that stop nothing`, verdicts),
    ...tabled(
      "cost by resource, and where the prices are from",
      ["resource", "plan", "per month", "source"],
      prices,
    ),
    ...list(
      plural(warnings.length, "warning"),
      warnings.map((text) => `- ${prose(text)}`),
    ),
  ];
}

const line = ({ policy, resource, message }: { policy: string; resource: string; message: string }) =>
  `${code(policy)}, ${code(resource)}: ${prose(message)}`;
