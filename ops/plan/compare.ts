/** What changes between two plans, as a reviewer asks: what is new, what changes, what goes, what loses data. */
import { kindOf } from "../../infra/resources.ts";
import { fieldAt } from "../../infra/settings/fields.ts";
import { isPlaceholder } from "../../infra/settings/kinds.ts";
import { judge, valueIn } from "../../infra/transitions.ts";
import type { Comparison, ResourceChange, VariableChange } from "./comparison.ts";
import { changedFields, type FieldChange, isIgnored, same } from "./fields.ts";
import { namesUser, placeOf, refusesAnotherUser, variablesThatStay } from "./logins.ts";
import type { Plan, PlannedResource, PlannedVariable } from "./model.ts";
import { paired } from "./pairs.ts";
import { comparedPolicies } from "./policies.ts";

/** Compares two plans of one stack. Data loss comes first, then what is refused, then in the order of the plan. */
export function compare(before: Plan, after: Plan): Comparison {
  const pairs = paired(before.resources, after.resources);
  const stays = variablesThatStay(before, after, pairs);
  const changes = [
    ...after.resources.map((resource) => {
      const previous = pairs.previous.get(resource.urn);
      return previous === undefined
        ? whole("create", resource)
        : changed(previous, resource, { after, stays });
    }),
    ...pairs.gone.map((resource) => whole("delete", resource)),
  ].filter((change) => change !== undefined);
  const rank = ({ losesData, refused }: ResourceChange) => (losesData ? 0 : refused ? 1 : 2);
  const policies = comparedPolicies(before, after, changes);
  return {
    resources: changes.sort((a, b) => rank(a) - rank(b)),
    variables: changedVariables(before, after, stays),
    ...(policies && { policies }),
    ...(before.cost && after.cost && { cost: { before: before.cost, after: after.cost } }),
  };
}

/** What comes or goes as a whole. */
function whole(action: "create" | "delete", resource: PlannedResource): ResourceChange | undefined {
  if (resource.component) return undefined;
  const losesData = action === "delete" && resource.holdsData;
  return { action, resource, fields: [], losesData, refused: losesData && resource.protect };
}

function changed(
  before: PlannedResource,
  after: PlannedResource,
  plan: { after: Plan; stays: ReadonlySet<string> },
): ResourceChange | undefined {
  const fields = changedFields(before, after)
    .filter(({ path }) => !isIgnored(after, path) || namesUser(after, path))
    .filter(({ path }) => !plan.stays.has(`${after.name} ${path}`));
  if (before.protect !== after.protect)
    fields.push({ path: "protect", before: before.protect, after: after.protect });
  if (fields.length === 0) return undefined;
  const identity = kindOf(after.type)?.replacedBy ?? [];
  const rules = [...rulesOn(before, after), ...untold(after, fields)];
  const isBroken = rules.some(({ outcome }) => outcome === "refused" || outcome === "two steps");
  const replaced =
    rules[0]?.outcome === "loses data" ||
    fields.some(
      ({ path, before: was }) =>
        // A placeholder stands for an id that the owner had all along: putting it in replaces nothing.
        identity.includes(path.replace(/[.[].*$/, "")) && !isIgnored(after, path) && !isPlaceholder(was),
    );
  const losesData = replaced && after.holdsData;
  const renamesUser = fields.some(({ path, before: was }) => namesUser(after, path) && !isPlaceholder(was));
  return {
    action: replaced ? "replace" : "update",
    resource: after,
    fields,
    losesData,
    // Protection that goes in the same change no longer refuses a replacement.
    refused: losesData
      ? before.protect && after.protect
      : isBroken || (renamesUser && refusesAnotherUser(after, plan.after)),
    ...(rules.length > 0 && { rules }),
  };
}

/** What the vendors say to the change of what the program does not leave alone. */
function rulesOn(before: PlannedResource, after: PlannedResource) {
  const kept = (key: string) => (isIgnored(after, key) ? before : after).inputs[key];
  const inputs = Object.fromEntries(Object.keys(after.inputs).map((key) => [key, kept(key)]));
  return judge(
    after.type,
    (row) => valueIn(before.inputs, row),
    (row) => valueIn(inputs, row),
  )
    .filter((judged) => !isPlaceholder(judged.before))
    .map(({ setting, outcome, rule, instead }) => ({
      setting,
      outcome,
      rule,
      ...(instead !== undefined && { instead }),
    }));
}

/** Fields of `with:` that change: what the vendor makes of it, only the provider's own preview and the vendor say. */
function untold({ type }: PlannedResource, fields: readonly FieldChange[]) {
  const given = fields.map(({ path }) => fieldAt(type, path)).filter((field) => field !== undefined);
  return [...new Set(given)].map((field) => ({
    setting: `with: ${field}`,
    outcome: "unknown" as const,
    rule: "not known to be safe: no setting has it, and no rule of the vendor is known here. What pulumi preview calls a replacement is refused while the resource is protected",
  }));
}

function changedVariables(before: Plan, after: Plan, stays: ReadonlySet<string>): VariableChange[] {
  const names = [...new Set([...after.services, ...before.services].map(({ name }) => name))];
  return names.flatMap((service) => {
    const [old, now] = [variablesOf(before, service), variablesOf(after, service)];
    const via = after.services.find(({ name }) => name === service)?.via ?? "";
    const variables = [...new Set([...now.keys(), ...old.keys()])];
    return variables
      .map((name) => ({ service, name, before: old.get(name)?.value, after: now.get(name)?.value }))
      .filter((change) => !same(change.before, change.after) && !stays.has(placeOf(via, change.name)));
  });
}

function variablesOf({ services }: Plan, service: string): Map<string, PlannedVariable> {
  const variables = services.find(({ name }) => name === service)?.variables ?? [];
  return new Map(variables.map((variable) => [variable.name, variable]));
}
