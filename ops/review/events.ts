/** What the engine tells of a preview or a refresh while it runs, as far as reviews read it. */
import type { Metadata as Step, EngineEvent as Told } from "../../engine/cli/events.ts";

/**
 * One event. The stream is read, not the one document that `--json` prints by default: that has neither the verdicts of
 * policies, nor what a provider answered to a refresh (Pulumi 3.255). Secrets in it are `[secret]`.
 * Source: sdk/go/common/apitype/events.go of Pulumi.
 */
export interface EngineEvent {
  /** A step is about to be taken. */
  resourcePreEvent?: { metadata: Metadata };
  /** A step was taken, or in a preview would have been. */
  resOutputsEvent?: { metadata: Metadata };
  policyEvent?: PolicyEvent;
  diagnosticEvent?: Told["diagnosticEvent"];
}

/** A step. */
export interface Metadata extends Step {
  old?: ResourceState | null;
  new?: ResourceState | null;
  /** Properties that make it a replacement. */
  keys?: string[] | null;
  /** Properties that differ, as the provider says; also some that only it sets. */
  diffs?: string[] | null;
}

export interface ResourceState {
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  protect?: boolean;
}

interface PolicyEvent {
  policyName: string;
  /** `mandatory` stops the `up`. */
  enforcementLevel: string;
  /** The policy's description, then what was found. */
  message: string;
  resourceUrn?: string;
}

/** What a policy found. */
export interface PolicyFinding {
  level: "mandatory" | "advisory";
  policy: string;
  /** Logical name. */
  resource: string;
  message: string;
}

/** The verdicts, those that stop an `up` first. */
export function verdictsIn(events: readonly EngineEvent[]): PolicyFinding[] {
  const all = events.flatMap(({ policyEvent }): PolicyFinding[] => {
    if (policyEvent === undefined) return [];
    const { policyName: policy, enforcementLevel, message, resourceUrn = "" } = policyEvent;
    const level = enforcementLevel === "mandatory" ? "mandatory" : "advisory";
    const resource = nameIn(resourceUrn);
    return [{ level, policy, resource, message: finding(message, resource) }];
  });
  return [
    ...all.filter(({ level }) => level === "mandatory"),
    ...all.filter(({ level }) => level !== "mandatory"),
  ];
}

/** What was found, without what is said already: the policy's description, which the engine puts on the first line. */
function finding(message: string, resource: string): string {
  const [description = "", ...lines] = message.trim().split("\n");
  return (lines.join(" ") || description).replace(`${resource}: `, "").trim();
}

/**
 * The settings of a resource that hold a secret and differ, as its provider says. The engine shows both sides as
 * `[secret]`; providers also name some settings that stay as they are, always the same ones.
 */
export function secretsIn({ old, new: wanted, diffs }: Metadata): string[] {
  const [before, after] = [old?.inputs ?? {}, wanted?.inputs ?? {}];
  return [...new Set(diffs ?? [])]
    .filter((name) => canonical([before[name], after[name]]).includes('"[secret]"'))
    .sort();
}

/** The last part of a URN. */
export const nameIn = (urn: string) => urn.split("::").at(-1) ?? urn;

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}
