/** The folded part of a plan's Markdown: every property, every variable with its value, what policies excuse, prices. */
import type { PolicyVerdict } from "../../infra/policies/evaluate.ts";
import { amount } from "../cost/words.ts";
import { plural } from "../terminal/amounts.ts";
import { code, folded, link, prose, table } from "../terminal/markdown.ts";
import type { ComparedReview } from "./comparison.ts";
import type { Plan, PlannedResource } from "./model.ts";
import {
  inTable,
  kindWord,
  manner,
  shortPath,
  transition,
  variableShown,
  variableTransition,
} from "./words.ts";

/** Of a whole plan: what there is. The most important first, as below. */
export function planDetails(plan: Plan): string[] {
  const resources = plan.resources
    .filter(({ component }) => !component)
    .map((resource) => [code(resource.name), kindWord(resource), protection(resource)]);
  return [
    ...tabled("Resources", ["resource", "kind", ""], resources),
    ...plan.services.flatMap(({ name, variables }) =>
      tabled(
        `Environment of ${name}`,
        ["variable", "value", "from"],
        variables.map((variable) => [
          code(variable.name),
          code(variableShown(variable.name, variable.value)),
          prose(variable.from.join(", ")),
        ]),
      ),
    ),
    ...remarks(plan, plan.policies),
  ];
}

const protection = ({ protect, holdsData }: PlannedResource) =>
  protect ? "protected" : holdsData ? "**not protected**" : "";

/** Of a comparison: what was, and what is. */
export function changeDetails({ stack, kind, comparison, plan }: ComparedReview): string[] {
  const { resources, variables, policies } = comparison;
  const properties = resources.flatMap(({ resource, fields }) =>
    fields
      .filter(({ path }) => !inTable(path))
      .map((field) => [code(resource.name), code(shortPath(field.path, resource)), code(transition(field))]),
  );
  const manners = resources.flatMap((change) =>
    manner(change).map((line) => `- ${code(change.resource.name)}: ${prose(line)}`),
  );
  const values = variables.map((change) => [
    code(change.service),
    code(change.name),
    code(variableTransition(change)),
  ]);
  const now = kind === "new" ? plan : { ...plan, needed: [] };
  return [
    ...tabled(
      `${stack}: ${plural(properties.length, "property", "properties")}, old and new`,
      ["resource", "property", "change"],
      properties,
    ),
    ...(manners.length === 0 ? [] : [folded(`${stack}: how the vendors change it`, manners.join("\n"))]),
    ...tabled(
      `${stack}: ${plural(values.length, "variable")}, old and new`,
      ["service", "variable", "change"],
      values,
    ),
    ...remarks(now, policies, policies?.fixed),
  ];
}

function remarks(
  { stack, cost, warnings, needed }: Plan,
  policies: Plan["policies"],
  fixed: readonly PolicyVerdict[] = [],
): string[] {
  const verdicts = [
    ...fixed.map((verdict) => `- no longer: ${verdictMarkdown(verdict)}`),
    ...(policies?.excused ?? []).map(
      (one) => `- excused until ${prose(one.until)} (${prose(one.reason)}): ${verdictMarkdown(one)}`,
    ),
    ...(policies?.unknown ?? []).map((verdict) => `- not known before up: ${verdictMarkdown(verdict)}`),
    ...(policies?.unused ?? []).map((text) => `- ${prose(text)}`),
  ];
  const prices = (cost?.lines ?? []).map((one) => [
    code(one.resource),
    prose(one.what),
    amount(one),
    [one.why && prose(one.why), one.page && `[${one.date}](${one.page})`].filter(Boolean).join("; "),
  ]);
  const all = [...warnings, ...(cost?.warnings ?? [])];
  return [
    ...list(`${stack}: ${plural(verdicts.length, "remark")} of the policies that stop nothing`, verdicts),
    ...tabled(
      `${stack}: cost by resource, and where the prices are from`,
      ["resource", "plan", "per month", "source"],
      prices,
    ),
    ...list(`${stack}: ${plural(all.length, "warning")}`, all.map(item)),
    ...list(`${stack}: needed before up`, needed.map(item)),
  ];
}

const item = (text: string) => `- ${prose(text)}`;
const tabled = (title: string, head: string[], rows: string[][]) =>
  rows.length === 0 ? [] : [folded(title, table([head, ...rows]))];
const list = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [folded(title, lines.join("\n"))];

/** A verdict, with a link to what its policy looks for and why. */
export const verdictMarkdown = ({ policy, resource, message }: PolicyVerdict) =>
  `${link(`${page()}#${policy}`, policy)}, ${code(resource)}: ${prose(message)}`;

/** In a comment at GitHub a link needs the repository's address; in a file of the repository its path does. */
function page(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  return `${server && repository ? `${server}/${repository}/blob/HEAD/` : ""}docs/reference/policies.md`;
}
