/** What the policies of infra/policies say of a stack in the sandbox, told by the engine or evaluated in process. */
import pc from "picocolors";
import { oneLine } from "../../engine/cli/events.ts";
import type { PolicyReport } from "../../infra/policies/evaluate.ts";
import { type PolicyId, policyIds } from "../../infra/policies/ids.ts";
import { policies } from "../../infra/policies/list.ts";
import { plural } from "../terminal/amounts.ts";

/** The pack, as the engine finds it from a project's folder. */
export const policyPack = "infra/policies";

/** One thing that a policy found. */
export interface Violation {
  policy: string;
  /** `mandatory` stops an `up`. */
  level: "mandatory" | "advisory";
  /** With the resource that it is about. */
  message: string;
}

/** What all of them say. */
export interface PolicyVerdict {
  /** How many policies were checked: those that are on for such a stack. */
  checked: number;
  /** Mandatory ones first. */
  violations: Violation[];
}

/** What the engine tells of policies, line by line. Source: sdk/go/common/apitype/events.go of Pulumi. */
export interface PolicyEvent {
  policyEvent?: { policyName: string; enforcementLevel: string; message: string };
  /** One for each resource. */
  policyAnalyzeSummaryEvent?: Summary;
  /** Once, at the end. */
  policyAnalyzeStackSummaryEvent?: Summary;
}

/** Names of policies. */
interface Summary {
  passed?: string[];
  failed?: string[];
}

/** Gathers the verdict from what the engine tells while it runs with the pack. */
export class PolicyEvents {
  private readonly checked = new Set<string>();
  private readonly violations: Violation[] = [];

  see({ policyEvent, policyAnalyzeSummaryEvent, policyAnalyzeStackSummaryEvent }: PolicyEvent): void {
    for (const summary of [policyAnalyzeSummaryEvent, policyAnalyzeStackSummaryEvent])
      for (const policy of [...(summary?.passed ?? []), ...(summary?.failed ?? [])]) this.checked.add(policy);
    if (policyEvent === undefined) return;
    const { policyName: policy, enforcementLevel, message } = policyEvent;
    const level = enforcementLevel === "mandatory" ? "mandatory" : "advisory";
    // The engine puts the policy's description above.
    this.violations.push({ policy, level, message: oneLine(message.slice(message.indexOf("\n") + 1)) });
  }

  /** Undefined when the engine ended before it had asked a policy anything. */
  verdict(): PolicyVerdict | undefined {
    if (this.checked.size === 0 && this.violations.length === 0) return undefined;
    // What the pack says about itself is a policy to the engine, and none to people.
    const checked = policyIds.filter((id) => this.checked.has(id)).length;
    return { checked, violations: inOrder(this.violations) };
  }
}

/** The verdict of an evaluation in process. */
export function verdictOf({ checked, violations, unused }: PolicyReport): PolicyVerdict {
  return {
    checked,
    violations: inOrder([
      ...violations.map(({ policy, level, resource, message }) => ({
        policy,
        level,
        message: `${resource}: ${message}. ${fixOf(policy)}`,
      })),
      ...unused.map((message) => ({ policy: "unused-exceptions", level: "advisory" as const, message })),
    ]),
  };
}

/** Whether an `up` may pass. */
export const passes = ({ violations }: PolicyVerdict) =>
  violations.every(({ level }) => level === "advisory");

/** For people: a line with the numbers, and one for each violation. */
export function policyLines({ checked, violations }: PolicyVerdict): string[] {
  return [
    `policies: ${checked} checked, ${plural(violations.length, "violation")}`,
    ...violations.map(({ policy, level, message }) =>
      level === "mandatory" ? pc.red(`${policy}: ${message}`) : pc.yellow(`${policy} (advice): ${message}`),
    ),
  ];
}

/** As the pack puts it behind each message. */
const fixOf = (id: PolicyId) => policies.find((policy) => policy.id === id)?.fix ?? "";

const inOrder = (violations: readonly Violation[]) =>
  [...violations].sort((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
