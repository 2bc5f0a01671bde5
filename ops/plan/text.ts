/** A plan, and what changes, for a terminal. */
import pc from "picocolors";
import { tableText } from "../table.ts";
import { type Action, type Comparison, flattened } from "./compare.ts";
import type { Plan, PlannedResource, PlannedService } from "./model.ts";
import {
  counts,
  fate,
  headline,
  inTable,
  kindOf,
  shortPath,
  shown,
  sign,
  transition,
  verb,
} from "./words.ts";

/** The whole plan. Ends with a newline. */
export function planText(plan: Plan): string {
  const sections = [
    pc.bold(headline(plan)),
    tree(plan),
    ...plan.services.map((service) => environment(service)),
    list("Warnings", plan.warnings, pc.yellow),
    list("Needed before pulumi up", plan.needed),
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
    lines.push("", colours[action](`${sign(action)} ${verb(action)} ${resource.name}  ${kindOf(resource)}`));
    if (change.losesData) lines.push(pc.bold(pc.red(`  ! ${fate(change)}`)));
    const own = fields.filter(({ path }) => !inTable(path));
    for (const field of own) lines.push(`    ${shortPath(field.path)}: ${transition(field)}`);
  }
  for (const service of new Set(comparison.variables.map((change) => change.service))) {
    lines.push("", `Variables of ${service}`);
    for (const change of comparison.variables.filter((other) => other.service === service)) {
      const action =
        change.before === undefined ? "create" : change.after === undefined ? "delete" : "update";
      lines.push(`  ${colours[action](`${sign(action)} ${change.name}`)}: ${transition(change)}`);
    }
  }
  return `${lines.join("\n")}\n`;
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
  const marks = resource.protect ? pc.green("  protected") : "";
  const inputs = [...flattened(resource.inputs)].filter(([path]) => !inTable(path));
  return [
    `  ${resource.name}  ${pc.dim(kindOf(resource))}${marks}`,
    ...inputs.map(([path, value]) => pc.dim(`      ${shortPath(path)}: `) + shown(value)),
  ];
}

function environment({ name, via, variables }: PlannedService): string {
  const rows = variables.map(({ name: variable, value, from }) => [variable, shown(value), from.join(", ")]);
  const title = via === name ? "" : `, through the env group ${via}`;
  return `${pc.bold(`Environment of ${name}`)}${title}\n${tableText(["variable", "value", "from"], rows)}`;
}

function list(title: string, lines: readonly string[], colour = (text: string) => text): string {
  return lines.length === 0 ? "" : [pc.bold(title), ...lines.map((line) => colour(`  ${line}`))].join("\n");
}
