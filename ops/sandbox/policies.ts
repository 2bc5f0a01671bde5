/** What the policies of infra/policies say of a stack in the sandbox, told by the engine or evaluated in process. */
import pc from "picocolors";
import { type EngineEvent, policyFindings } from "../../engine/cli/events.ts";
import { policyIds } from "../../infra/policies/ids.ts";
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

/**
 * The verdict in what the engine told while it ran with the pack; undefined when it ended before it had asked a policy
 * anything.
 */
export function verdictIn(events: readonly EngineEvent[]): PolicyVerdict | undefined {
  const asked = new Set<string>();
  for (const { policyAnalyzeSummaryEvent, policyAnalyzeStackSummaryEvent } of events)
    for (const summary of [policyAnalyzeSummaryEvent, policyAnalyzeStackSummaryEvent])
      for (const policy of [...(summary?.passed ?? []), ...(summary?.failed ?? [])]) asked.add(policy);
  const violations = policyFindings(events).map(({ policy, level, message }) => ({ policy, level, message }));
  if (asked.size === 0 && violations.length === 0) return undefined;
  // What the pack says about itself is a policy to the engine, and none to people.
  return { checked: policyIds.filter((id) => asked.has(id)).length, violations };
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
