/** How the parts of a plan are called where people read them, on a terminal and in Markdown alike. */

import { contract } from "../../infra/contract.ts";
import type { ExcusedVerdict, PolicyReport, PolicyVerdict } from "../../infra/policies/evaluate.ts";
import { policies } from "../../infra/policies/list.ts";
import { types } from "../../infra/resources.ts";
import { fieldAt } from "../../infra/settings/fields.ts";
import { stageName } from "../../infra/settings/stages.ts";
import { suspicion } from "../../infra/suspicion.ts";
import { plural } from "../terminal/amounts.ts";
import {
  type Action,
  type Comparison,
  isOnlyRefused,
  type ResourceChange,
  type VariableChange,
} from "./comparison.ts";
import type { FieldChange } from "./fields.ts";
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

/** `AdvancedCluster (mongodbatlas)`; of what is kept in the state only, what it is kept for. */
export function kindWord({ type, inputs }: Pick<PlannedResource, "type" | "inputs">): string {
  const kept = type === stash ? records.find(({ key }) => keysOf(inputs.input).includes(key)) : undefined;
  if (kept !== undefined) return kept.words;
  const [provider = "", , name = type] = /^([^:]+):([^:]*):(.+)$/.exec(type)?.slice(1) ?? [];
  return `${name} (${provider})`;
}

const stash = "pulumi:index:Stash";
const deployRecord = "deployedWith";

/** What infra/ keeps in stashes, by a key of their input that no other one has. */
const records = [
  // infra/backend/redeploy.ts
  { key: deployRecord, words: "deploys the service" },
  // infra/rotation/record.ts
  { key: "credential", words: "record: which credential is in use" },
  // infra/rotation/login.ts
  { key: "login", words: "login that the vendor issued" },
  // infra/recovery/record.ts
  { key: "creations", words: "record: what is being created" },
] as const;

/** Whether creating or changing this resource deploys a service. */
export const deploysService = ({ type, inputs }: PlannedResource) =>
  type === stash && keysOf(inputs.input).includes(deployRecord);

const keysOf = (value: Value | undefined) =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

const verbs: Record<Action, string> = {
  create: "create",
  update: "change",
  replace: "REPLACE",
  delete: "DELETE",
};
const signs: Record<Action, string> = { create: "+", update: "~", replace: "±", delete: "-" };
export const verb = (action: Action) => verbs[action];
export const sign = (action: Action) => signs[action];

/** `1 refused, 2 to create, 1 variable that differs`; `no changes`. */
export function counts({ resources, variables }: Comparison): string {
  const refused = resources.filter(isOnlyRefused).length;
  const number = (action: Action) =>
    resources.filter((change) => change.action === action && !isOnlyRefused(change)).length;
  const parts = (["replace", "delete", "create", "update"] as const)
    .filter((action) => number(action) > 0)
    .map((action) => `${number(action)} to ${verb(action)}`);
  if (refused > 0) parts.unshift(`${refused} refused`);
  if (variables.length > 0)
    parts.push(plural(variables.length, "variable that differs", "variables that differ"));
  return parts.length === 0 ? "no changes" : parts.join(", ");
}

/** What becomes of the data, for a change that loses some, or why a change is refused; empty for all others. */
export function fate(change: ResourceChange): string {
  const { action, refused, losesData, rules = [] } = change;
  const broken = rules.filter(({ outcome }) => outcome === "refused" || outcome === "two steps");
  if (!losesData && broken.length > 0)
    return broken
      .map(
        ({ setting, rule, instead }) =>
          `${setting}: ${rule}. Set it back${instead === undefined ? "" : `, or ${instead}`}`,
      )
      .join("; ");
  if (!losesData) return isOnlyRefused(change) ? refusal(change) : "";
  const loss = action === "delete" ? "its data is deleted" : "it is deleted with its data and created empty";
  const consent = `mayBeDestroyed: ${nameAtVendor(change)}`;
  if (!refused) return `${loss}; mayBeDestroyed allows it`;
  return action === "delete"
    ? `${loss}; refused while it is protected: set ${consent} and run pulumi up first`
    : `${loss}; refused until its section says ${consent}`;
}

/** What the vendor does about a change that it allows: `mongodb.tier: in place, one node after the other`. */
export const manner = ({ rules = [] }: ResourceChange): string[] =>
  rules
    .filter(({ outcome }) => outcome === "allowed" || outcome === "unknown")
    .map(({ setting, rule }) => `${setting}: ${rule}`);

/** What a database is called where it exists already: the word that `mayBeDestroyed` takes (infra/protection/index.ts). */
function nameAtVendor({ resource: { inputs }, fields }: ResourceChange): string {
  const property = inputs.name === undefined ? "databaseName" : "name";
  return shown(fields.find(({ path }) => path === property)?.before ?? inputs[property]);
}

/** Another name for a user with which the backend logs in: what the program says to it (infra/rotation). */
function refusal({ resource, fields }: ResourceChange): string {
  if (resource.type === types.user)
    return "another name deletes the user with which the running backend logs in. Set it back; npx kairos rotate mongodb changes the credential";
  const name = fields.find(({ path }) => path === "databaseUser")?.after;
  return `no user can be renamed, and nothing is replaced or changed for it. Set it back, unless ${shown(name)} is the user that Render already has; npx kairos rotate postgres changes the credential`;
}

/** One line that says what a plan is. */
export function headline({ project, stack, resources, services }: Plan): string {
  const real = resources.filter(({ component }) => !component).length;
  const variables = services.reduce((sum, service) => sum + service.variables.length, 0);
  return `${project}/${stack}: ${plural(real, "resource")}, ${plural(services.length, "service")}, ${plural(variables, "variable")}`;
}

/** Properties that the environment table shows better, by variable. */
export const inTable = (path: string) => path.startsWith("envVars.") || path.startsWith("input.deployedWith");

/**
 * A path without the indices of lists that have one element: most of the vendors' nesting. What comes through the door
 * that is for fields without a setting is shown as such: `with: tags.owner`.
 */
export function shortPath(path: string, { type }: Pick<PlannedResource, "type">): string {
  const short = path.replaceAll("[0]", "").replace(/^replicationSpecs\.regionConfigs\./, "");
  return fieldAt(type, path) === undefined ? short : `with: ${short}`;
}

/** One line on the policies: `13 checked for production, 1 violation, 1 excused, 1 not known before up`. */
export function policySummary({ environment, checked, violations, excused, unknown }: PolicyReport): string {
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  const parts = [
    [mandatory, plural(mandatory, "violation")],
    [violations.length - mandatory, `${violations.length - mandatory} advised against`],
    [excused.length, `${excused.length} excused`],
    [unknown.length, `${unknown.length} not known before up`],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([, text]) => text);
  const found = mandatory === 0 && said.length === 0 ? "nothing found" : said.join(", ");
  return `${checked} checked for ${stageName[environment]}, ${found}`;
}

/** `access-list-open, mongodb-access-0.0.0.0/0: 0.0.0.0/0 lets the whole internet in`. */
export const verdictLine = ({ policy, resource, message }: PolicyVerdict) =>
  `${policy}, ${resource}: ${message}`;

/** The same with the exception that covers it. */
export const excusedLine = (excused: ExcusedVerdict) =>
  `${verdictLine(excused)} (excused until ${excused.until}: ${excused.reason})`;

/** Each violation with how to put it right: said once, after the last one of a policy. */
export function withFixes(violations: readonly PolicyVerdict[]): { verdict: PolicyVerdict; fix?: string }[] {
  return violations.map((verdict, index) => {
    const fix = policies.find(({ id }) => id === verdict.policy)?.fix;
    const isLast = violations[index + 1]?.policy !== verdict.policy;
    return { verdict, ...(isLast && fix !== undefined && { fix }) };
  });
}
