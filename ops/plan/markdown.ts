/** A plan, and what changes, as Markdown for a pull request: what loses data first, details folded. */
import type { PolicyReport, PolicyVerdict } from "../../infra/policies/evaluate.ts";
import type { Cost } from "../cost/model.ts";
import { amount, costTransition, total } from "../cost/words.ts";
import { code, folded, prose, table } from "../terminal/markdown.ts";
import { type ComparedPolicies, type Comparison, isOnlyRefused, type ResourceChange } from "./comparison.ts";
import type { Plan, PlannedResource } from "./model.ts";
import {
  counts,
  fate,
  headline,
  inTable,
  kindWord,
  manner,
  policySummary,
  shortPath,
  transition,
  variableShown,
  variableTransition,
  verb,
  withFixes,
} from "./words.ts";

/** The whole plan. Ends with a newline. */
export function planMarkdown(plan: Plan): string {
  const resources = plan.resources
    .filter(({ component }) => !component)
    .map((resource) => [code(resource.name), kindWord(resource), protection(resource)]);
  return document([
    `### ${prose(headline(plan))}`,
    folded("Resources", table([["resource", "kind", ""], ...resources])),
    ...plan.services.map(({ name, variables }) =>
      folded(
        `Environment of ${name}`,
        table([
          ["variable", "value", "from"],
          ...variables.map((variable) => [
            code(variable.name),
            code(variableShown(variable.name, variable.value)),
            prose(variable.from.join(", ")),
          ]),
        ]),
      ),
    ),
    bullets("Warnings", plan.warnings),
    policiesMarkdown(plan.policies),
    costMarkdown(plan.cost, plan.cost && total(plan.cost)),
    plan.needed.length > 0 ? folded("Needed before pulumi up", items(plan.needed)) : "",
  ]);
}

const protection = ({ protect, holdsData }: PlannedResource) =>
  protect ? "protected" : holdsData ? "**not protected**" : "";

/** The changes since another plan. Ends with a newline. */
export function comparisonMarkdown(comparison: Comparison, against: string, plan: Plan): string {
  const { cost } = comparison;
  const losses = comparison.resources.filter((change) => fate(change) !== "");
  const variables = comparison.variables.map((change) => [
    prose(change.service),
    code(change.name),
    code(variableTransition(change)),
  ]);
  return document([
    `### ${prose(`${plan.project}/${plan.stack}`)}: ${counts(comparison)}`,
    `Against ${code(against)}.`,
    ...losses.map(
      (change) =>
        `> [!CAUTION]\n> **${wordOf(change)} ${prose(change.resource.name)}**: ${prose(fate(change))}`,
    ),
    policiesMarkdown(comparison.policies, comparison.policies),
    costMarkdown(cost?.after, cost && costTransition(cost.before, cost.after)),
    comparison.resources.length > 0
      ? table([["", "resource", "kind"], ...comparison.resources.map(row)])
      : "",
    ...comparison.resources.map(details),
    variables.length > 0
      ? `**Variables**\n\n${table([["service", "variable", "change"], ...variables])}`
      : "",
    bullets("Warnings", plan.warnings),
  ]);
}

function row(change: ResourceChange): string[] {
  const word = fate(change) === "" ? wordOf(change) : `**${wordOf(change)}**`;
  return [word, code(change.resource.name), kindWord(change.resource)];
}

const wordOf = (change: ResourceChange) => (isOnlyRefused(change) ? "REFUSED" : verb(change.action));

function details(change: ResourceChange): string {
  const { fields, resource } = change;
  const own = fields.filter(({ path }) => !inTable(path));
  if (own.length === 0) return "";
  const rows = own.map((field) => [code(shortPath(field.path)), code(transition(field))]);
  const changes = table([["property", "change"], ...rows]);
  return folded(`${resource.name}: what changes`, [changes, ...manner(change).map(prose)].join("\n\n"));
}

/** What stands, in the open; what an exception covers and what cannot be told yet, folded. */
function policiesMarkdown(
  report: PolicyReport | undefined,
  news: Pick<ComparedPolicies, "added" | "fixed"> = { added: [], fixed: [] },
): string {
  if (report === undefined) return "";
  const violations = withFixes(report.violations).flatMap(({ verdict, fix }) => {
    const isNew = news.added.includes(verdict) ? " (new)" : "";
    const line = `- **${verdict.level}**${isNew} ${verdictMarkdown(verdict)}`;
    return fix === undefined ? [line] : [line, `  ${prose(fix)}`];
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

const verdictMarkdown = ({ policy, resource, message }: PolicyVerdict) =>
  `${code(policy)}, ${code(resource)}: ${prose(message)}`;

function costMarkdown(cost: Cost | undefined, title = ""): string {
  if (cost === undefined) return "";
  const rows = cost.lines.map((line) => [
    code(line.resource),
    prose(line.what),
    amount(line),
    [line.why && prose(line.why), line.page && `[${line.date}](${line.page})`].filter(Boolean).join("; "),
  ]);
  return document([
    `**Cost per month**: ${prose(title)}`,
    items(cost.warnings),
    rows.length > 0
      ? folded("Cost by resource", table([["resource", "plan", "per month", "source"], ...rows]))
      : "",
  ]).trimEnd();
}

const items = (lines: readonly string[]) => lines.map((line) => `- ${prose(line)}`).join("\n");
const bullets = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `**${title}**\n\n${items(lines)}`;
const document = (parts: string[]) => `${parts.filter((part) => part !== "").join("\n\n")}\n`;
