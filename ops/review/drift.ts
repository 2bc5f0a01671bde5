/** What somebody changed without Pulumi, read off the events of `pulumi refresh --preview-only`. */
import { canonical, nameIn } from "./preview.ts";

/**
 * One event of the engine, of those that are read here. The events are read, not the document that `--json` prints:
 * that has each resource as it was before the provider answered, and some drift is not in it (Pulumi 3.255).
 * Source: sdk/go/common/apitype/events.go of Pulumi.
 */
export interface EngineEvent {
  resOutputsEvent?: { metadata: Metadata };
  diagnosticEvent?: { severity: string; message: string; urn?: string };
}
interface Metadata {
  op: string;
  urn: string;
  type: string;
  old?: { outputs?: Record<string, unknown> } | null;
  new?: { outputs?: Record<string, unknown> } | null;
}

/** One resource that is not as Pulumi left it. */
export interface Drift {
  /** Logical name. */
  resource: string;
  type: string;
  /** `gone`: the vendor no longer has it. */
  what: "changed" | "gone";
  /** Top-level properties; never values, since somebody may have put a secret into one that is none. */
  properties: string[];
}

/** Drift by the names of resources; what is gone comes first. */
export function driftIn(events: readonly EngineEvent[]): Drift[] {
  const found = events.flatMap(({ resOutputsEvent }): Drift[] => {
    if (resOutputsEvent === undefined) return [];
    const { op, urn, type, old, new: now } = resOutputsEvent.metadata;
    const base = { resource: nameIn(urn), type };
    if (op === "delete") return [{ ...base, what: "gone", properties: [] }];
    if (op !== "update") return [];
    const properties = differing(old?.outputs ?? {}, now?.outputs ?? {});
    return [{ ...base, what: "changed", properties }];
  });
  const rank = ({ what, resource }: Drift) => `${what === "gone" ? 0 : 1} ${resource}`;
  return found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function differing(old: Record<string, unknown>, now: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => !name.startsWith("__") && normal(old[name]) !== normal(now[name]))
    .sort();
}

/** A vendor that answers with an empty list where nothing was set has changed nothing. */
const normal = (value: unknown) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
    ? ""
    : canonical(value);
