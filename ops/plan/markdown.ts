/** A plan, and what changes, as Markdown for a pull request: what loses data first, details folded. */
import { markdownTable } from "markdown-table";
import type { Report, Verdict } from "../../infra/policies/evaluate.ts";
import type { Cost } from "../cost/estimate.ts";
import { amount, costTransition, total } from "../cost/words.ts";
import type { Comparison, ResourceChange } from "./compare.ts";
import type { Plan } from "./model.ts";
import type { ComparedPolicies } from "./policies.ts";
import {
  counts,
  fate,
  headline,
  inTable,
  kindOf,
  policySummary,
  shortPath,
  transition,
  variableShown,
  variableTransition,
  verb,
} from "./words.ts";

/** The whole plan. Ends with a newline. */
export function planMarkdown(plan: Plan): string {
  const resources = plan.resources
    .filter(({ component }) => !component)
    .map((resource) => [code(resource.name), kindOf(resource), resource.protect ? "protected" : ""]);
  return document([
    `### ${headline(plan)}`,
    folded("Resources", markdownTable([["resource", "kind", ""], ...resources])),
    ...plan.services.map(({ name, variables }) =>
      folded(
        `Environment of ${name}`,
        markdownTable([
          ["variable", "value", "from"],
          ...variables.map((variable) => [
            code(variable.name),
            code(variableShown(variable.name, variable.value)),
            variable.from.join(", "),
          ]),
        ]),
      ),
    ),
    bullets("Warnings", plan.warnings),
    policiesMarkdown(plan.policies),
    costMarkdown(plan.cost, plan.cost && total(plan.cost)),
    plan.needed.length > 0
      ? folded("Needed before `pulumi up`", plan.needed.map((line) => `- ${line}`).join("\n"))
      : "",
  ]);
}

/** The changes since another plan. Ends with a newline. */
export function comparisonMarkdown(comparison: Comparison, against: string, plan: Plan): string {
  const { cost } = comparison;
  const losses = comparison.resources.filter(({ losesData }) => losesData);
  const variables = comparison.variables.map((change) => [
    change.service,
    code(change.name),
    code(variableTransition(change)),
  ]);
  return document([
    `### ${plan.project}/${plan.stack}: ${counts(comparison)}`,
    `Against ${code(against)}.`,
    ...losses.map(
      (change) => `> [!CAUTION]\n> **${verb(change.action)} ${change.resource.name}**: ${fate(change)}`,
    ),
    policiesMarkdown(comparison.policies, comparison.policies),
    costMarkdown(cost?.after, cost && costTransition(cost.before, cost.after)),
    comparison.resources.length > 0
      ? markdownTable([["", "resource", "kind"], ...comparison.resources.map(row)])
      : "",
    ...comparison.resources.map(details),
    variables.length > 0
      ? `**Variables**\n\n${markdownTable([["service", "variable", "change"], ...variables])}`
      : "",
    bullets("Warnings", plan.warnings),
  ]);
}

function row({ action, resource, losesData }: ResourceChange): string[] {
  const word = losesData ? `**${verb(action)}**` : verb(action);
  return [word, code(resource.name), kindOf(resource)];
}

function details({ fields, resource }: ResourceChange): string {
  const own = fields.filter(({ path }) => !inTable(path));
  if (own.length === 0) return "";
  const rows = own.map((field) => [code(shortPath(field.path)), code(transition(field))]);
  return folded(`${resource.name}: what changes`, markdownTable([["property", "change"], ...rows]));
}

/** What stands, in the open; what an exception covers and what cannot be told yet, folded. */
function policiesMarkdown(
  report: Report | undefined,
  news: Pick<ComparedPolicies, "added" | "fixed"> = { added: [], fixed: [] },
): string {
  if (report === undefined) return "";
  const violations = report.violations.map((verdict) => {
    const isNew = news.added.includes(verdict) ? " (new)" : "";
    return `- **${verdict.level}**${isNew} ${verdictMarkdown(verdict)}`;
  });
  const fixed = news.fixed.map((verdict) => `- no longer: ${verdictMarkdown(verdict)}`);
  const rest = [
    ...report.excused.map(
      (excused) => `- excused until ${excused.until} (${prose(excused.reason)}): ${verdictMarkdown(excused)}`,
    ),
    ...report.unknown.map((verdict) => `- ${verdictMarkdown(verdict)}`),
    ...report.unused.map((line) => `- ${prose(line)}`),
  ];
  return document([
    `**Policies**: ${policySummary(report)}`,
    [...violations, ...fixed].join("\n"),
    rest.length > 0 ? folded("Exceptions, and what is not known before up", rest.join("\n")) : "",
  ]).trimEnd();
}

const verdictMarkdown = ({ policy, resource, message }: Verdict) =>
  `${code(policy)}, ${code(resource)}: ${prose(message)}`;

function costMarkdown(cost: Cost | undefined, title = ""): string {
  if (cost === undefined) return "";
  const rows = cost.lines.map((line) => [
    code(line.resource),
    line.what,
    amount(line),
    [line.why, line.page && `[${line.date}](${line.page})`].filter(Boolean).join("; "),
  ]);
  const warnings = cost.warnings.map((line) => `- ${line}`).join("\n");
  return document([
    `**Cost per month**: ${title}`,
    warnings,
    rows.length > 0
      ? folded("Cost by resource", markdownTable([["resource", "plan", "per month", "source"], ...rows]))
      : "",
  ]).trimEnd();
}

/** Text of a stack file, which must not become markup or a mention in a comment. */
const prose = (text: string) => text.replaceAll(/[\\`*_[\]<>|#]/g, "\\$&").replaceAll("@", "@\u200b");
const code = (text: string) => `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
const folded = (title: string, body: string) =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
const bullets = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `**${title}**\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
const document = (parts: string[]) => `${parts.filter((part) => part !== "").join("\n\n")}\n`;
