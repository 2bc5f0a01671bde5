/** How the parts of a plan are called where people read them, on a terminal and in Markdown alike. */
import { contract } from "../../infra/environment.ts";
import { environmentName } from "../../infra/settings/environments.ts";
import type { Excused, Report, Verdict } from "../../infra/policies/evaluate.ts";
import { suspicion } from "../../infra/policies/plain-secret.ts";
import type { Action, Comparison, FieldChange, ResourceChange, VariableChange } from "./compare.ts";
import { isSecret, isUnknown, type Plan, type PlannedResource, type Value } from "./model.ts";

/** A value in one short text. A secret is never more than the word. */
export function shown(value: Value | undefined): string {
  if (value === undefined || value === null) return "not set";
  if (isSecret(value)) return "[secret]";
  if (isUnknown(value)) return "‹known after up›";
  if (Array.isArray(value) && value.length === 0) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `5 → 6`; of a secret only that it changed. */
export function transition({ before, after }: Pick<FieldChange, "before" | "after">): string {
  if (before === undefined) return `${shown(after)} (new)`;
  if (after === undefined) return `${shown(before)} (removed)`;
  if (isSecret(before) && isSecret(after)) return "[secret] (changed)";
  return `${shown(before)} → ${shown(after)}`;
}

/**
 * A variable's value. A plain one that looks like a secret (policy `plain-secret`) is not repeated here: what is shown
 * ends up in comments and logs.
 */
export function variableShown(name: string, value: Value | undefined): string {
  return hidden(name, value) ?? shown(value);
}

/** How a variable changes, with the same care. */
export function variableTransition({ name, before, after }: VariableChange): string {
  const [old, now] = [hidden(name, before), hidden(name, after)];
  const text = now ?? old;
  if (text === undefined) return transition({ before, after });
  return `${text} (${before === undefined ? "new" : after === undefined ? "removed" : "changed"})`;
}

function hidden(name: string, value: Value | undefined): string | undefined {
  const isPlain = typeof value === "string" && !Object.hasOwn(contract, name);
  const reason = isPlain ? suspicion(name, value) : undefined;
  return reason && `[hidden: ${reason}]`;
}

/** `AdvancedCluster (mongodbatlas)`. */
export function kindOf({ type }: PlannedResource): string {
  // The one use of a stash: what the service was last deployed with (infra/backend/redeploy.ts).
  if (type === "pulumi:index:Stash") return "deploys the service";
  const [provider = "", , name = type] = /^([^:]+):([^:]*):(.+)$/.exec(type)?.slice(1) ?? [];
  return `${name} (${provider})`;
}

const verbs: Record<Action, string> = {
  create: "create",
  update: "change",
  replace: "REPLACE",
  delete: "DELETE",
};
const signs: Record<Action, string> = { create: "+", update: "~", replace: "±", delete: "-" };
export const verb = (action: Action) => verbs[action];
export const sign = (action: Action) => signs[action];

/** `2 to create, 1 to change`; `no changes`. */
export function counts({ resources, variables }: Comparison): string {
  const number = (action: Action) => resources.filter((change) => change.action === action).length;
  const parts = (["replace", "delete", "create", "update"] as const)
    .filter((action) => number(action) > 0)
    .map((action) => `${number(action)} to ${verb(action)}`);
  if (variables.length > 0) parts.push(`${plural(variables.length, "variable")} that differ`);
  return parts.length === 0 ? "no changes" : parts.join(", ");
}

export const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** What becomes of the data, for a change that touches it. */
export function fate({ action, refused, resource }: ResourceChange): string {
  const loss = action === "delete" ? "its data is deleted" : "it is deleted with its data and created empty";
  if (!refused) return `${loss}; mayBeDestroyed allows it`;
  return action === "delete"
    ? `${loss}; refused while ${resource.name} is protected: name it in mayBeDestroyed and run pulumi up first`
    : `${loss}; refused until mayBeDestroyed names it (${resource.name} is protected)`;
}

/** One line that says what a plan is. */
export function headline({ project, stack, resources, services }: Plan): string {
  const real = resources.filter(({ component }) => !component).length;
  const variables = services.reduce((sum, service) => sum + service.variables.length, 0);
  return `${project}/${stack}: ${plural(real, "resource")}, ${plural(services.length, "service")}, ${plural(variables, "variable")}`;
}

/** Properties that the environment table shows better, by variable. */
export const inTable = (path: string) => path.startsWith("envVars.") || path.startsWith("input.deployedWith");

/** A path without the indices of lists that have one element: most of the vendors' nesting. */
export function shortPath(path: string): string {
  return path.replaceAll("[0]", "").replace(/^replicationSpecs\.regionConfigs\./, "");
}

/** One line on the policies: `13 checked for production: 1 violation, 1 excused, 1 not known before up`. */
export function policySummary({ environment, checked, violations, excused, unknown }: Report): string {
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  const parts = [
    [mandatory, plural(mandatory, "violation")],
    [violations.length - mandatory, `${violations.length - mandatory} advised against`],
    [excused.length, `${excused.length} excused`],
    [unknown.length, `${unknown.length} not known before up`],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([, text]) => text);
  const found = mandatory === 0 && said.length === 0 ? "nothing found" : said.join(", ");
  return `${checked} checked for ${environmentName[environment]}: ${found}`;
}

/** `access-list-open, mongodb-access-0.0.0.0/0: 0.0.0.0/0 lets the whole internet in`. */
export const verdictLine = ({ policy, resource, message }: Verdict) => `${policy}, ${resource}: ${message}`;

/** The same with the exception that covers it. */
export const excusedLine = (excused: Excused) =>
  `${verdictLine(excused)} (excused until ${excused.until}: ${excused.reason})`;
