/** Runs the policies on a stack as a whole, for the embedded plan. */
import type { Stage } from "../settings/stages.ts";
import { type Exception, Exceptions } from "./exceptions.ts";
import type { PolicyId } from "./ids.ts";
import { policies } from "./list.ts";
import type { Context, Finding, Level, Policy, PolicyResource } from "./model.ts";

/** What a policy says of one resource. */
export interface PolicyVerdict {
  policy: PolicyId;
  /** Logical name; what an exception has to name. */
  resource: string;
  message: string;
  level: Exclude<Level, "off">;
}

/** A violation that an exception covers for now. */
export interface ExcusedVerdict extends PolicyVerdict {
  reason: string;
  until: string;
}

/** All that the policies say of a stack. */
export interface PolicyReport {
  environment: Stage;
  /** The day on which exceptions were looked at, `YYYY-MM-DD`, UTC. */
  date: string;
  /** Exceptions of the settings, used or not. */
  exceptions: readonly Exception[];
  /** Policies that were checked. */
  checked: number;
  /** Mandatory ones first. */
  violations: PolicyVerdict[];
  excused: ExcusedVerdict[];
  /** What cannot be told before `up`. */
  unknown: PolicyVerdict[];
  /** One line for each exception that excuses nothing. */
  unused: string[];
}

/** All that a policy finds, each with the name of its resource. */
export const findingsOf = (
  { resource: check, stack }: Policy,
  resources: readonly PolicyResource[],
  context: Context,
): (Finding & { resource: string })[] => [
  ...resources.flatMap((one) =>
    (check?.(one, context) ?? []).map((found) => ({ ...found, resource: one.name })),
  ),
  ...(stack?.(resources, context) ?? []),
];

/** What {@link evaluate} is given beside the resources. */
export interface EvaluateOptions extends Context {
  exceptions: readonly Exception[];
  now: Date;
  /** All by default. */
  which?: readonly Policy[];
}

/** The policies' report on a stack. Pure: the same stack on the same day gives the same report. */
export function evaluate(
  resources: readonly PolicyResource[],
  { exceptions: list, now, which = policies, ...context }: EvaluateOptions,
): PolicyReport {
  const exceptions = new Exceptions(list, now);
  const report: PolicyReport = {
    environment: context.stage,
    date: now.toISOString().slice(0, 10),
    exceptions: list,
    checked: 0,
    violations: [],
    excused: [],
    unknown: [],
    unused: [],
  };
  for (const policy of which) {
    const level = policy.level[context.stage];
    if (level === "off") continue;
    report.checked++;
    const { id } = policy;
    for (const { resource, unknown, message } of findingsOf(policy, resources, context)) {
      if (message === undefined) {
        report.unknown.push({ policy: id, resource, message: `${unknown} is not known before up`, level });
        continue;
      }
      const ruling = exceptions.rule(id, resource);
      if ("excused" in ruling) {
        const { reason, until } = ruling.excused;
        report.excused.push({ policy: id, resource, message, level, reason, until });
      } else report.violations.push({ policy: id, resource, message: `${message}${ruling.remark}`, level });
    }
  }
  report.violations.sort((a, b) => rank(a) - rank(b));
  // Only a comparison sees every loss of data: without one, its exceptions may still have their use.
  report.unused = exceptions.unused(
    (id) => which.some((policy) => policy.id === id) && (id !== "data-loss" || context.losses !== undefined),
  );
  return report;
}

const rank = ({ level }: PolicyVerdict) => (level === "mandatory" ? 0 : 1);
