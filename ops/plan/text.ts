/** A plan, and what changes, for a terminal. */
import pc from "picocolors";
import type { PolicyReport, PolicyVerdict } from "../../infra/policies/evaluate.ts";
import type { Cost } from "../cost/model.ts";
import { amount, budgetWarning, costTransition, total } from "../cost/words.ts";
import { tableText } from "../terminal/table.ts";
import { type Action, type Comparison, isOnlyRefused } from "./comparison.ts";
import { flattened } from "./fields.ts";
import type { Plan, PlannedResource, PlannedService } from "./model.ts";
import {
  counts,
  deploysService,
  excusedLine,
  fate,
  headline,
  inTable,
  kindWord,
  manner,
  policySummary,
  shortPath,
  shown,
  sign,
  transition,
  variableShown,
  variableTransition,
  verb,
  verdictLine,
  withFixes,
} from "./words.ts";

/** The whole plan. Ends with a newline. */
export function planText(plan: Plan): string {
  const sections = [
    pc.bold(headline(plan)),
    tree(plan),
    ...environments(plan.services),
    list("Warnings", plan.warnings, pc.yellow),
    policiesText(plan.policies),
    costText(plan.cost),
    // Where to find it stands on a line of its own: the list is read item by item.
    list(
      "Needed before pulumi up",
      plan.needed.map((line) => line.replace(/\. (Where: )/, "\n    $1")),
    ),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/** The changes since another plan. Ends with a newline. */
export function comparisonText(comparison: Comparison, against: string): string {
  const colours: Record<Action, (text: string) => string> = {
    create: pc.green,
    update: pc.yellow,
    replace: (text) => pc.bold(pc.red(text)),
    delete: (text) => pc.bold(pc.red(text)),
  };
  const lines = [pc.bold(`Against ${against}: ${counts(comparison)}`)];
  for (const change of comparison.resources) {
    const { action, resource, fields } = change;
    const [colour, mark] = isOnlyRefused(change)
      ? [pc.red, "! REFUSED"]
      : [colours[action], `${sign(action)} ${verb(action)}`];
    lines.push("", colour(`${mark} ${resource.name}  ${kindWord(resource)}`));
    if (fate(change) !== "") lines.push(pc.bold(pc.red(`  ! ${fate(change)}`)));
    lines.push(...manner(change).map((line) => pc.dim(`    ${line}`)));
    const own = fields.filter(({ path }) => !inTable(path));
    for (const field of own) lines.push(`    ${shortPath(field.path, resource)}: ${transition(field)}`);
    if (own.length === 0 && fields.length > 0 && !deploysService(resource))
      lines.push(pc.dim("    its variables, below"));
  }
  for (const service of new Set(comparison.variables.map((change) => change.service))) {
    lines.push("", `Variables of ${service}`);
    for (const change of comparison.variables.filter((other) => other.service === service)) {
      const action =
        change.before === undefined ? "create" : change.after === undefined ? "delete" : "update";
      lines.push(`  ${colours[action](`${sign(action)} ${change.name}`)}: ${variableTransition(change)}`);
    }
  }
  const { policies, cost } = comparison;
  const news = new Set(policies?.added);
  lines.push(
    ...[
      policiesText(policies, (verdict) => (news.has(verdict) ? "new: " : "")),
      list("No longer violated", policies?.fixed.map(verdictLine) ?? [], pc.green),
      cost === undefined ? "" : `${pc.bold("Cost per month")}: ${costTransition(cost.before, cost.after)}`,
      list("Warnings", cost === undefined ? [] : [budgetWarning(cost.after) ?? []].flat(), pc.yellow),
      list("Old prices", cost?.after.warnings ?? [], pc.yellow),
    ].flatMap((section) => (section === "" ? [] : ["", section])),
  );
  return `${lines.join("\n")}\n`;
}

/** The policies' findings, a line each. */
function policiesText(
  report: PolicyReport | undefined,
  mark: (verdict: PolicyVerdict) => string = () => "",
): string {
  if (report === undefined) return "";
  const violations = withFixes(report.violations).flatMap(({ verdict, fix }) => {
    const colour = verdict.level === "mandatory" ? pc.red : pc.yellow;
    const line = colour(`  ${verdict.level}: ${mark(verdict)}${verdictLine(verdict)}`);
    return fix === undefined ? [line] : [line, pc.dim(`    ${fix}`)];
  });
  return [
    `${pc.bold("Policies")}: ${policySummary(report)}`,
    ...violations,
    ...report.excused.map((excused) => `  ${excusedLine(excused)}`),
    ...report.unknown.map((verdict) => pc.dim(`  ${verdictLine(verdict)}`)),
    ...report.unused.map((line) => pc.yellow(`  ${line}`)),
  ].join("\n");
}

function costText(cost: Cost | undefined): string {
  if (cost === undefined) return "";
  const rows = cost.lines.map((line) => [line.resource, line.what, amount(line), line.why ?? ""]);
  return [
    `${pc.bold("Cost per month")}: ${total(cost)}`,
    ...(rows.length > 0 ? [tableText(["resource", "plan", "per month", ""], rows)] : []),
    ...cost.warnings.map((line) => pc.yellow(`  ${line}`)),
  ].join("\n");
}

function tree({ resources }: Plan): string {
  const childrenOf = (parent: string | undefined) =>
    resources.filter((resource) => resource.parent === parent);
  const lines = childrenOf(undefined).flatMap((component) => [
    pc.bold(component.name),
    ...childrenOf(component.urn).flatMap(leaf),
  ]);
  return lines.join("\n");
}

function leaf(resource: PlannedResource): string[] {
  const { protect, holdsData } = resource;
  const marks = protect ? pc.green("  protected") : holdsData ? pc.yellow("  not protected") : "";
  const inputs = [...flattened(resource.inputs)].filter(([path]) => !inTable(path));
  return [
    `  ${resource.name}  ${pc.dim(kindWord(resource))}${marks}`,
    ...inputs.map(([path, value]) => pc.dim(`      ${shortPath(path, resource)}: `) + shown(value)),
  ];
}

/** Most services have the same variables: their table is laid out once. */
function environments(services: readonly PlannedService[]): string[] {
  const tables = new Map<string, string>();
  return services.map(({ name, via, variables }) => {
    const rows = variables.map(({ name: variable, value, from }) => [
      variable,
      variableShown(variable, value),
      from.join(", "),
    ]);
    const key = JSON.stringify(rows);
    const table = tables.get(key) ?? tableText(["variable", "value", "from"], rows);
    tables.set(key, table);
    const title = via === name ? "" : `, through the env group ${via}`;
    return `${pc.bold(`Environment of ${name}`)}${title}\n${table}`;
  });
}

function list(title: string, lines: readonly string[], colour = (text: string) => text): string {
  return lines.length === 0 ? "" : [pc.bold(title), ...lines.map((line) => colour(`  ${line}`))].join("\n");
}
