/** What `pulumi up` would do, for whoever approves it. */
import { isInternal } from "../../engine/cli/events.ts";
import { holdsData } from "../../infra/resources.ts";
import type { Document } from "../plan/markdown.ts";
import { plural } from "../terminal/amounts.ts";
import { code, folded, prose, table } from "../terminal/markdown.ts";
import { type Preview, type PreviewStep, takesAway } from "./preview.ts";

export interface Approval extends Preview {
  stack: string;
  /** Undefined where nothing has been approved yet. */
  matches: boolean | undefined;
  /** Why the engine refuses it; nothing is approved then. */
  refused?: string | undefined;
}

/** Ends with a newline. Of a value it has what a setting in clear stands behind. */
export function approvalMarkdown(approval: Approval): string {
  const { digest, matches, refused } = approval;
  const state = { true: "as approved", false: "not the approved one", undefined: "to be approved" }[
    `${matches}`
  ];
  return [
    `### ${titleOf(approval)}`,
    ...notices(approval),
    ...listing(approval),
    refused === undefined ? `<sub>Plan ${code(digest)}, ${state}.</sub>` : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n\n");
}

/** The same beside the plan of a pull request: what stops it in the open, the resources folded. */
export function previewComment(approval: Approval): Document & { quiet: boolean } {
  const rows = listing(approval);
  const said = [`**By the engine, at the vendors**: ${titleOf(approval)}`, ...notices(approval)];
  return {
    lead: said.filter((part) => part !== "").join("\n\n"),
    details:
      rows.length === 0
        ? []
        : [folded(`${approval.stack}: the engine's preview, by resource`, rows.join("\n\n"))],
    quiet: approval.refused === undefined && rows.length + approval.verdicts.length === 0,
  };
}

/** What nobody may overlook. */
function notices({ steps, verdicts, refused }: Approval): string[] {
  const drifted = steps.filter((step) => isListed(step) && step.drifted);
  const findings = verdicts.map(
    ({ level, policy, resource, message }) =>
      `- ${level === "mandatory" ? "⛔" : "⚠️"} ${code(policy)}, ${code(resource)}: ${prose(message)}`,
  );
  return [
    refused !== undefined && forbidden(verdicts) === 0 ? prose(refused) : "",
    steps
      .filter((step) => isListed(step) && losesData(step))
      .map(loss)
      .join("\n"),
    findings.join("\n"),
    drifted.length === 0
      ? ""
      : `⚠️ Changed without Pulumi since the last ${code("up")}, and overwritten by this one: ${drifted.map(({ name }) => code(name)).join(", ")}.`,
  ];
}

const forbidden = (verdicts: Approval["verdicts"]) =>
  verdicts.filter(({ level }) => level === "mandatory").length;

/** Each resource that changes, deploys last. */
function listing({ steps }: Approval): string[] {
  const shown = steps.filter(isListed);
  const listed = [...shown.filter((step) => !isDeploy(step)), ...shown.filter(isDeploy)];
  const records = steps.length - listed.length;
  const rows = listed.map((step) => [
    takesAway(step) ? `**${verbOf(step)}**` : verbOf(step),
    code(isDeploy(step) ? step.name.replace(/-deployed$/, "") : step.name),
    isDeploy(step) ? "" : stepKind(step),
    whatOf(step),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table([["", "resource", "kind", "what changes"], ...rows])]),
    ...(records === 0 ? [] : [`And ${plural(records, "record")} in Pulumi's state, of nothing at a vendor.`]),
  ];
}

function titleOf({ stack: name, steps, matches, refused, verdicts }: Approval): string {
  const stack = prose(name);
  const mandatory = forbidden(verdicts);
  if (mandatory > 0) return `⛔ ${stack}: ${plural(mandatory, "policy violation")}; nothing is changed`;
  if (refused !== undefined) return `❌ ${stack}: there is no plan; nothing is changed`;
  if (matches === false) return `🛑 ${stack}: not what was approved; nothing is changed`;
  if (steps.length === 0) return `✅ ${stack}: nothing to do`;
  return `${steps.some(losesData) ? "🛑" : "🔷"} ${stack}: ${counted(steps)}`;
}

const losesData = (step: PreviewStep) => takesAway(step) && holdsData(step.type);

/** As in the summary of a pull request. */
const loss = (step: PreviewStep) =>
  `> [!CAUTION]\n> **${step.op === "delete" ? "DELETE" : "REPLACE"} ${prose(step.name)}**, ${stepKind(step)}: ${
    step.op === "delete" ? "its data is deleted" : "it is deleted with its data and created empty"
  }\n`;

/** `1 REPLACED, 2 created, 1 deployed`. */
function counted(steps: readonly PreviewStep[]): string {
  const counts = new Map<string, number>();
  for (const step of steps.filter(isListed)) {
    const verb = takesAway(step) ? verbOf(step).toUpperCase() : verbOf(step);
    const counted = isDeploy(step) && step.unsure ? `perhaps # ${verb}` : `# ${verb}`;
    counts.set(counted, (counts.get(counted) ?? 0) + 1);
  }
  if (counts.size === 0) return "records of Pulumi's own";
  const rank = (text: string) => (text.endsWith("deployed") ? 1 : 0);
  return [...counts]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([text, count]) => text.replace("#", `${count}`))
    .join(", ");
}

/** The record whose change deploys a service (infra/backend/redeploy.ts). */
const isDeploy = ({ type, name, op }: PreviewStep) =>
  type === "pulumi:index:Stash" && name.endsWith("-deployed") && op !== "delete";
const isListed = (step: PreviewStep) =>
  isDeploy(step) || (!isInternal(step.type) && step.type !== "pulumi:index:Stash");

const verbs: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  delete: "deleted",
  replace: "replaced",
  import: "imported",
};
const verbOf = (step: PreviewStep) => (isDeploy(step) ? "deployed" : (verbs[step.op] ?? step.op));

/** `Postgres (render)`. */
function stepKind({ type }: PreviewStep): string {
  const [provider = "", , name = type] = type.split(":");
  return `${prose(name)} (${prose(provider)})`;
}

function whatOf(step: PreviewStep): string {
  if (isDeploy(step)) return step.unsure ? "once, if its variables change" : "once, with its variables";
  return step.properties
    .map(({ name, value, secret }) =>
      [code(name), ...(value === undefined ? [] : [code(value)]), ...(secret ? ["(secret)"] : [])].join(" "),
    )
    .join(", ");
}
