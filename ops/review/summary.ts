/**
 * What a pull request does to each stack, for a reviewer with ten seconds: what is lost first and in bold, then what
 * is created and changed, variables, policies, cost. Everything else is folded.
 */
import { differingLines } from "../cost/words.ts";
import {
  type Comparison,
  isOnlyRefused,
  type ResourceChange,
  type VariableChange,
} from "../plan/comparison.ts";
import {
  deploysService,
  fate,
  inTable,
  kindWord,
  policySummary,
  shortPath,
  transition,
} from "../plan/words.ts";
import { plural } from "../terminal/amounts.ts";
import { costRow } from "./cost.ts";
import { details } from "./details.ts";
import type { Document } from "./fit.ts";
import { capped, code, prose, table } from "./markdown.ts";
import type { ComparedReview, Review } from "./plans.ts";

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
    details: said.flatMap((review) => details(review)),
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
  const { resources } = comparison;
  const losses = resources.filter(({ losesData }) => losesData);
  const refused = resources.filter(isOnlyRefused);
  const broken = (comparison.policies?.violations ?? []).filter(({ level }) => level === "mandatory");
  const sign = losses.length > 0 ? "🛑" : refused.length + broken.length > 0 ? "⛔" : "🔷";
  return [
    `### ${sign} ${prose(stack)}${kind === "new" ? " (new stack)" : ""}: ${headline(comparison)}`,
    capped([...losses, ...refused].map(caution)).join("\n"),
    overview(review, base),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** `1 REPLACED, 2 created, 1 new variable, 1 service deployed`. */
function headline(comparison: Comparison): string {
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
  const why = own(change).map((field) => `${code(shortPath(field.path))} ${code(transition(field))}`);
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
  if (policies !== undefined) add("Policies", [policyVerdict(policies), ...findings(policies)]);
  if (cost !== undefined) add("Cost per month", costRow(cost));
  if (kind === "new" && plan.needed.length > 0)
    add("Before `up`", [
      plan.needed.length === 1
        ? "1 id or credential is to be filled in"
        : `${plan.needed.length} ids and credentials are to be filled in`,
    ]);
  return rows.length === 0 ? "" : table([["", `against ${code(base)}`], ...rows]);
}

function policyVerdict(policies: NonNullable<Comparison["policies"]>): string {
  const { violations, fixed } = policies;
  const sign = violations.length > 0 ? "" : "✅ ";
  // What is new is marked where it stands, below.
  const gone = fixed.length > 0 ? ` (${fixed.length} no longer)` : "";
  return `${sign}${prose(policySummary(policies))}${gone}`;
}

/** The violations that stand, new ones marked: a mandatory one stops the `up`. */
function findings(policies: NonNullable<Comparison["policies"]>): string[] {
  return policies.violations.map((verdict) => {
    const { level, policy, resource, message } = verdict;
    const sign = level === "mandatory" ? "⛔" : "⚠️";
    const news = policies.added.includes(verdict) ? " **new**" : "";
    return `${sign}${news} ${code(policy)}, ${code(resource)}: ${prose(message)}`;
  });
}

/** With its kind where the name alone does not tell. */
const nameOf = ({ resource }: ResourceChange) => `${code(resource.name)} ${kindWord(resource)}`;

/** Its first changes; the rest is in the details. */
function shortly(change: ResourceChange): string {
  const fields = own(change).map((field) => `${code(shortPath(field.path))} ${code(transition(field))}`);
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
