/**
 * A plan, and what changes, as Markdown for a reviewer with ten seconds: what is lost first and in bold, then what is
 * created and changed, variables, policies, cost. Everything else is folded. `plan --markdown` and the comment of a pull
 * request are this.
 */
import type { PolicyReport, PolicyVerdict } from "../../infra/policies/evaluate.ts";
import { amount, budgetWarning, type Difference, difference, differingLines, total } from "../cost/words.ts";
import { plural } from "../terminal/amounts.ts";
import { capped, code, prose, table } from "../terminal/markdown.ts";
import {
  acceptedLosses,
  blockers,
  type ComparedReview,
  type Comparison,
  isOnlyRefused,
  type ResourceChange,
  type Review,
  type VariableChange,
} from "./comparison.ts";
import { changeDetails, planDetails, verdictMarkdown } from "./details.ts";
import type { Plan } from "./model.ts";
import {
  deploysService,
  fate,
  headline,
  inTable,
  kindWord,
  policySummary,
  shortPath,
  transition,
  withFixes,
} from "./words.ts";

/** A text in parts of falling importance. */
export interface Document {
  /** Stays as long as anything does. */
  lead: string;
  /** Folded details, the least important last; each is left out as a whole. */
  details: string[];
}

export const joined = (parts: readonly string[]) => `${parts.filter((part) => part !== "").join("\n\n")}\n`;

/** The whole plan of a stack that is compared with nothing. Ends with a newline. */
export function planMarkdown(plan: Plan): string {
  const rows = policyRows(plan.policies);
  if (plan.cost !== undefined) rows.push(["Cost per month", prose(total(plan.cost))]);
  rows.push(...needed(plan));
  return joined([`### ${prose(headline(plan))}`, overviewTable("", rows), ...planDetails(plan)]);
}

/** The changes of one stack since another version. Ends with a newline. */
export function comparisonMarkdown(comparison: Comparison, against: string, plan: Plan): string {
  const { lead, details } = summary([{ stack: plan.stack, kind: "compared", comparison, plan }], against);
  return joined([lead, ...details]);
}

/** Whether there is nothing to say of any stack. */
export const isQuiet = (reviews: readonly Review[]) => reviews.every(isUnchanged);

/** All stacks. @param base what they are compared with, for people */
export function summary(reviews: readonly Review[], base: string): Document {
  const said = reviews.filter((review) => !isUnchanged(review));
  const still = reviews.filter(isUnchanged).map(({ stack }) => code(stack));
  const unchanged = still.length === 0 ? "" : `No change: ${still.join(", ")}.`;
  const foot = `<sub>By the program alone, without any account: what was changed by hand at a vendor is not in it.</sub>`;
  if (said.length === 0)
    return { lead: `### ✅ Infrastructure: nothing changes\n\n${unchanged}\n\n${foot}`, details: [] };
  return {
    lead: [...said.map((review) => stackMarkdown(review, base)), unchanged, foot]
      .filter((part) => part !== "")
      .join("\n\n"),
    details: said.flatMap((review) => ("comparison" in review ? changeDetails(review) : [])),
  };
}

function isUnchanged(review: Review): boolean {
  if (review.kind !== "compared") return false;
  const { resources, variables, policies, cost } = review.comparison;
  const news = [...(policies?.added ?? []), ...(policies?.fixed ?? [])];
  const sameCost = cost === undefined || differingLines(cost.before, cost.after).length === 0;
  return resources.length + variables.length + news.length === 0 && sameCost;
}

function stackMarkdown(review: Review, base: string): string {
  switch (review.kind) {
    case "failed":
      return [
        `### ❌ ${prose(review.stack)}: cannot be planned`,
        capped(review.errors.map((line) => `- ${prose(line)}`)).join("\n"),
      ].join("\n\n");
    case "removed":
      return `### ⚠️ ${prose(review.stack)}: its stack file is removed\n\nNothing is destroyed by that; what the stack has made stays, and nobody looks after it any more. To take it down: ${code(`pulumi destroy --stack ${review.stack}`)} before the merge.`;
    default:
      return comparedMarkdown(review, base);
  }
}

function comparedMarkdown(review: ComparedReview, base: string): string {
  const { stack, kind, comparison } = review;
  const losses = comparison.resources.filter(({ losesData }) => losesData);
  const refused = comparison.resources.filter(isOnlyRefused);
  const stops = blockers(comparison);
  const sign = losses.length > 0 ? "🛑" : refused.length + stops.length > 0 ? "⛔" : "🔷";
  return [
    `### ${sign} ${prose(stack)}${kind === "new" ? " (new stack)" : ""}: ${counted(comparison)}`,
    capped([...losses, ...refused].map(caution)).join("\n"),
    stops.length === 0 ? "" : `**This check is red**: ${stops.map(prose).join("; ")}. ${consent}`,
    acceptedLosses(comparison)
      .map(
        ({ resource, reason, until }) =>
          `🔓 **Accepted until ${prose(until)}**: the data of ${code(resource)} may be lost (${prose(reason)})`,
      )
      .join("\n"),
    overview(review, base),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The one way to let it pass; it stands in the stack file, so that a review shows it, from forks too. */
const consent = `On purpose? An entry in ${code("kairos:policies.exceptions")} with ${["policy", "resource", "reason", "until"].map(code).join(", ")} says so.`;

/** `1 REPLACED, 2 created, 1 new variable, 1 service deployed`. */
function counted(comparison: Comparison): string {
  const { resources, variables, policies } = comparison;
  const of = (action: ResourceChange["action"]) =>
    resources.filter((change) => change.action === action && !isShownElsewhere(change)).length;
  const refused = resources.filter(isOnlyRefused).length;
  const said = (count: number, text: string) => (count === 0 ? [] : [text]);
  const [replaced, removed, created, updated] = [of("replace"), of("delete"), of("create"), of("update")];
  const [gone, fresh] = [variables.filter(isGone).length, variables.filter(isNew).length];
  const changed = variables.length - gone - fresh;
  const services = deployed(comparison).length;
  const broken = policies?.added.filter(({ level }) => level === "mandatory").length ?? 0;
  const parts = [
    ...said(replaced, `${replaced} REPLACED`),
    ...said(removed, `${removed} DELETED`),
    ...said(refused, `${refused} REFUSED`),
    ...said(broken, plural(broken, "policy violation")),
    ...said(created, `${created} created`),
    ...said(updated, `${updated} changed`),
    ...said(gone, `${plural(gone, "variable")} GONE`),
    ...said(fresh, plural(fresh, "new variable")),
    ...said(changed, plural(changed, "changed variable")),
    ...said(services, `${plural(services, "service")} deployed`),
  ];
  return parts.length === 0 ? "no resource changes" : parts.join(", ");
}

/** Data that is lost, or what the program refuses: before anything else. */
function caution(change: ResourceChange): string {
  const { action, resource } = change;
  const why = own(change).map(
    (field) => `${code(shortPath(field.path, change.resource))} ${code(transition(field))}`,
  );
  const because = why.length > 0 ? `, for ${capped(why, 3).join(", ")}` : "";
  const verb = isOnlyRefused(change) ? "REFUSED" : action === "delete" ? "DELETE" : "REPLACE";
  return `> [!CAUTION]\n> **${verb} ${prose(resource.name)}**, ${kindWord(resource)}${because}: ${prose(fate(change))}\n`;
}

function overview({ comparison, plan, kind }: ComparedReview, base: string): string {
  const rows: string[][] = [];
  const add = (title: string, items: readonly string[]) => {
    if (items.length > 0) rows.push([title, capped(items).join("<br>")]);
  };
  const of = (...actions: ResourceChange["action"][]) =>
    comparison.resources.filter((change) => actions.includes(change.action) && !isShownElsewhere(change));
  add(
    "**Replaced**",
    of("replace").map((change) => `**${nameOf(change)}**${change.losesData ? "" : shortly(change)}`),
  );
  add(
    "**Deleted**",
    of("delete").map((change) => `**${nameOf(change)}**`),
  );
  add("Created", of("create").map(nameOf));
  add(
    "Changed",
    of("update").map((change) => `${nameOf(change)}${shortly(change)}`),
  );
  for (const service of new Set(comparison.variables.map((change) => change.service)))
    add(`Variables of ${prose(service)}`, variables(comparison, service));
  add("Deployed", deployed(comparison));
  const { policies, cost } = comparison;
  rows.push(...policyRows(policies, policies));
  if (cost !== undefined) add("Cost per month", costRow(cost));
  if (kind === "new") rows.push(...needed(plan));
  return overviewTable(`against ${code(base)}`, rows);
}

const overviewTable = (title: string, rows: string[][]) =>
  rows.length === 0 ? "" : table([["", title], ...rows]);

function needed({ needed: all }: Plan): string[][] {
  if (all.length === 0) return [];
  const them = plural(all.length, "id or credential is", "ids and credentials are");
  return [["Before `up`", `${them} to be filled in`]];
}

/** The violations that stand, each new one marked, with what puts it right: a mandatory one stops the `up`. */
function policyRows(
  report: PolicyReport | undefined,
  news: { added?: readonly PolicyVerdict[]; fixed?: readonly PolicyVerdict[] } = {},
): string[][] {
  if (report === undefined) return [];
  const { added = [], fixed = [] } = news;
  const lines = withFixes(report.violations).map(({ verdict, fix }) => {
    const sign = verdict.level === "mandatory" ? "⛔" : "⚠️";
    const mark = added.includes(verdict) ? " **new**" : "";
    return `${sign}${mark} ${verdictMarkdown(verdict)}${fix === undefined ? "" : ` → _${prose(fix)}_`}`;
  });
  const sign = lines.length > 0 ? "" : "✅ ";
  // What is new is marked where it stands, below.
  const gone = fixed.length > 0 ? ` (${fixed.length} no longer)` : "";
  return [["Policies", capped([`${sign}${prose(policySummary(report))}${gone}`, ...lines]).join("<br>")]];
}

/** The difference and the sum, and each resource that makes it. */
function costRow({ before, after }: NonNullable<Comparison["cost"]>): string[] {
  const [was, is] = [total(before), total(after)];
  const lines = differingLines(before, after).map(costLine);
  const warning = budgetWarning(after);
  if (warning !== undefined) lines.push(`⚠️ ${prose(warning)}`);
  if (lines.length === 0) return [`${prose(is)}, unchanged`];
  const stale = after.warnings.length > 0 ? " (some prices are old)" : "";
  const sums = was === is ? `${is} as before` : `${was} → ${is}`;
  const change = difference(before, after);
  const bold = change === "" ? "" : `**${prose(change)}**: `;
  return [`${bold}${prose(sums)}${stale}`, ...lines];
}

function costLine({ resource, before, after }: Difference): string {
  if (before === undefined) return `${code(resource)} ${after ? amount(after) : "unknown"} (new)`;
  if (after === undefined) return `${code(resource)} ${amount(before)} (gone)`;
  return `${code(resource)} ${amount(before)} → ${amount(after)}`;
}

/** With its kind where the name alone does not tell. */
const nameOf = ({ resource }: ResourceChange) => `${code(resource.name)} ${kindWord(resource)}`;

/** Its first changes; the rest is in the details. */
function shortly(change: ResourceChange): string {
  const fields = own(change).map(
    (field) => `${code(shortPath(field.path, change.resource))} ${code(transition(field))}`,
  );
  return fields.length > 0 ? `: ${capped(fields, 2).join(", ")}` : "";
}

/** What each variable does: `+` appears, `~` changes, `−` goes. */
function variables({ variables: all }: Comparison, service: string): string[] {
  const mine = all.filter((change) => change.service === service);
  const named = (sign: string, wanted: (change: (typeof mine)[number]) => boolean, bold = false) => {
    const names = mine.filter(wanted).map(({ name }) => (bold ? `**${code(name)}**` : code(name)));
    return names.length === 0 ? [] : [`${sign} ${capped(names).join(", ")}`];
  };
  return [
    ...named("− gone:", isGone, true),
    ...named("+ new:", isNew),
    ...named("~ changed:", (change) => !isGone(change) && !isNew(change)),
  ];
}

/** Whether the caution above, or the rows of variables and deploys, tell all of it; the details list it. */
const isShownElsewhere = (change: ResourceChange) =>
  isOnlyRefused(change) || (change.action === "update" && (isDeploy(change) || own(change).length === 0));

const isDeploy = ({ resource, action }: ResourceChange) => action !== "delete" && deploysService(resource);

function deployed({ resources }: Comparison): string[] {
  return resources
    .filter(isDeploy)
    .map(({ resource }) => `${code(resource.parent?.split("::").at(-1) ?? resource.name)}, once`);
}

const isGone = ({ after }: VariableChange) => after === undefined;
const isNew = ({ before }: VariableChange) => before === undefined;

const own = ({ fields }: ResourceChange) => fields.filter(({ path }) => !inTable(path));
