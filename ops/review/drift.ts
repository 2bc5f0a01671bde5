/** What somebody changed without Pulumi, read off the events of `pulumi refresh --preview-only` or of `preview --refresh`. */
import { type EngineEvent, logicalName } from "../../engine/cli/events.ts";
import { canonical, secretsIn } from "./differences.ts";

/** One resource that is not as Pulumi left it. */
export interface Drift {
  /** Logical name. */
  resource: string;
  type: string;
  /** `gone`: the vendor no longer has it. */
  what: "changed" | "gone";
  /** Top-level properties; never values, since somebody may have put a secret into one that is none. */
  properties: string[];
  /** Settings that hold a secret and differ, as the provider says: the engine shows none of the values. */
  secrets: string[];
}

/** Drift by the names of resources; what is gone comes first. */
export function driftIn(events: readonly EngineEvent[]): Drift[] {
  const found = events.flatMap(({ resOutputsEvent }): Drift[] => {
    if (resOutputsEvent === undefined) return [];
    const { metadata } = resOutputsEvent;
    const { op, urn, type, old, new: now } = metadata;
    const base = { resource: logicalName(urn), type };
    // A preview that refreshes first says of each resource only that it was refreshed.
    const isGone = op === "delete" || (op === "refresh" && old && !now);
    if (isGone) return [{ ...base, what: "gone", properties: [], secrets: [] }];
    if (op !== "update" && op !== "refresh") return [];
    const properties = differing(old?.outputs ?? {}, now?.outputs ?? {});
    const secrets = secretsIn(metadata).filter((name) => !properties.includes(name));
    if (op === "refresh" && properties.length + secrets.length === 0) return [];
    return [{ ...base, what: "changed", properties, secrets }];
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
