/** A plan, and what changes, as Markdown for a pull request: what loses data first, details folded. */
import { markdownTable } from "markdown-table";
import type { Comparison, ResourceChange } from "./compare.ts";
import type { Plan } from "./model.ts";
import { counts, fate, headline, inTable, kindOf, shortPath, shown, transition, verb } from "./words.ts";

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
            code(shown(variable.value)),
            variable.from.join(", "),
          ]),
        ]),
      ),
    ),
    bullets("Warnings", plan.warnings),
    plan.needed.length > 0
      ? folded("Needed before `pulumi up`", plan.needed.map((line) => `- ${line}`).join("\n"))
      : "",
  ]);
}

/** The changes since another plan. Ends with a newline. */
export function comparisonMarkdown(comparison: Comparison, against: string, plan: Plan): string {
  const losses = comparison.resources.filter(({ losesData }) => losesData);
  const variables = comparison.variables.map((change) => [
    change.service,
    code(change.name),
    code(transition(change)),
  ]);
  return document([
    `### ${plan.project}/${plan.stack}: ${counts(comparison)}`,
    `Against ${code(against)}.`,
    ...losses.map(
      (change) => `> [!CAUTION]\n> **${verb(change.action)} ${change.resource.name}**: ${fate(change)}`,
    ),
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

const code = (text: string) => `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
const folded = (title: string, body: string) =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
const bullets = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `**${title}**\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
const document = (parts: string[]) => `${parts.filter((part) => part !== "").join("\n\n")}\n`;
