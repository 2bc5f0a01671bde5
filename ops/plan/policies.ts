/** The policies of infra/policies on a plan, and on the change from one plan to another. */
import { dataLoss } from "../../infra/policies/data.ts";
import { evaluate, type PolicyReport, type PolicyVerdict } from "../../infra/policies/evaluate.ts";
import type { MonthlyCost, PolicyResource } from "../../infra/policies/model.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { stageOf } from "../../infra/settings/stages.ts";
import type { ComparedPolicies, ResourceChange } from "./comparison.ts";
import { isSecret, isUnknown, type Plan, type PlannedResource, type Value } from "./model.ts";

/** The policies' report on a plan's resources. */
export function policyReport(
  resources: readonly PlannedResource[],
  { stack, settings, now, cost }: { stack: string; settings: Settings; now: Date; cost: MonthlyCost },
): PolicyReport {
  return evaluate(resources.filter(({ component }) => !component).map(policyResource), {
    stage: stageOf(stack),
    settings,
    // The settings of a version from before there were policies have none.
    exceptions: (settings as Partial<Settings>).policies?.exceptions ?? [],
    now,
    cost: () => cost,
  });
}

/** The newer plan's report, with the data that the change would lose; undefined when a plan has none. */
export function comparedPolicies(
  before: Plan,
  after: Plan,
  changes: readonly ResourceChange[],
): ComparedPolicies | undefined {
  if (before.policies === undefined || after.policies === undefined) return undefined;
  const { environment, date, exceptions } = after.policies;
  const losses = changes
    .filter(({ losesData }) => losesData)
    .map(({ resource, action }) => ({
      resource: resource.name,
      action: action === "delete" ? ("delete" as const) : ("replace" as const),
    }));
  const now = new Date(date);
  const lost = evaluate([], {
    stage: environment,
    settings: undefined,
    losses,
    exceptions,
    now,
    which: [dataLoss],
  });
  const others = <V extends PolicyVerdict>(verdicts: readonly V[]) =>
    verdicts.filter(({ policy }) => policy !== dataLoss.id);
  const report = {
    ...after.policies,
    violations: [...lost.violations, ...others(after.policies.violations)],
    excused: [...lost.excused, ...others(after.policies.excused)],
    unused: [...after.policies.unused, ...lost.unused],
  };
  const missingIn = (list: readonly PolicyVerdict[]) => (one: PolicyVerdict) =>
    !list.some((other) => key(other) === key(one));
  return {
    ...report,
    added: report.violations.filter(missingIn(before.policies.violations)),
    fixed: before.policies.violations.filter(missingIn(report.violations)),
  };
}

const key = ({ policy, resource, message }: PolicyVerdict) => JSON.stringify([policy, resource, message]);

function policyResource({ urn, type, name, protect, inputs }: PlannedResource): PolicyResource {
  return { urn, type, name, protect, inputs: marked(inputs) as Record<string, unknown> };
}

/** What a vendor decides stands in plans as ‹words›, and what an owner fills in as a `<placeholder>`. */
const standIn = /‹[^›]+›|<[^<>]+>/;

/** The plan's values with everything that is not known marked as such. */
function marked(value: Value): unknown {
  if (typeof value === "string") return standIn.test(value) ? { $unknown: true } : value;
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null || isSecret(value) || isUnknown(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
}
