/** What the Pulumi CLI tells with `--json`, line by line. Secrets in it are `[secret]`. */
import type * as automation from "@pulumi/pulumi/automation/events.js";

/**
 * One event. The stream is read, not the one document that `preview --json` prints by default: that has neither the
 * verdicts of policies, nor what a provider answered to a refresh (Pulumi 3.255).
 */
export interface EngineEvent extends Omit<automation.EngineEvent, "sequence" | "timestamp"> {
  /** Which policies were asked, once for each resource; the SDK declares neither of the two. */
  policyAnalyzeSummaryEvent?: PolicySummary;
  /** The same of the whole stack, once, at the end. */
  policyAnalyzeStackSummaryEvent?: PolicySummary;
}

/** Names of policies. Source: sdk/go/common/apitype/events.go of Pulumi. */
interface PolicySummary {
  passed?: string[];
  failed?: string[];
}

/** The resource that an event is about. */
export type Metadata = automation.StepEventMetadata;

/** Properties that a step would change, as far as the engine says. */
export const changedProperties = ({ diffs, detailedDiff }: Metadata): string[] => [
  ...new Set([...(diffs ?? []), ...Object.keys(detailedDiff ?? {})]),
];

/** JSON that the CLI printed; undefined for what is none. */
export function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** Components and providers are nothing at a vendor. */
export const isInternal = (type: string) => /^(pulumi:pulumi:|pulumi:providers:|kairos:)/.test(type);

/** The last part of a URN: the name that the program gives a resource. */
export const logicalName = (urn: string) => urn.split("::").at(-1) ?? urn;

/** A message of the engine without a terminal's colours and line ends. */
export const oneLine = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
    .replace(/\u001b\[[0-9;]*m|<\{%[^%]*%\}>/g, "")
    .trim()
    .replace(/\s*\n\s*/g, " ");

/** What a policy found. */
export interface PolicyFinding {
  /** `mandatory` stops an `up`. */
  level: "mandatory" | "advisory";
  policy: string;
  /** Logical name of the resource that it is about; empty for the stack. */
  resource: string;
  /** Without the policy's description, which the engine puts on the first line. */
  message: string;
}

/** What policies found, what stops an `up` first. */
export function policyFindings(events: readonly EngineEvent[]): PolicyFinding[] {
  const all = events.flatMap(({ policyEvent }): PolicyFinding[] => {
    if (policyEvent === undefined) return [];
    const { policyName: policy, enforcementLevel, message, resourceUrn = "" } = policyEvent;
    const [description = "", ...lines] = message.trim().split("\n");
    const level = enforcementLevel === "mandatory" ? "mandatory" : "advisory";
    return [
      {
        level,
        policy,
        resource: logicalName(resourceUrn),
        message: oneLine(lines.join("\n") || description),
      },
    ];
  });
  const stops = ({ level }: PolicyFinding) => level === "mandatory";
  return [...all.filter(stops), ...all.filter((one) => !stops(one))];
}
