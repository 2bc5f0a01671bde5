/** What somebody changed without Pulumi, read off the events of `pulumi refresh --preview-only` or of `preview --refresh`. */
import { type EngineEvent, logicalName, type Metadata } from "../../engine/cli/events.ts";
import { kindNamed } from "../../infra/resources.ts";
import { canonical, changedNames, secretsIn } from "./differences.ts";
import { isShown } from "./settings-behind.ts";

/** One property that is not as Pulumi left it. */
export interface PropertyDrift {
  /** Top-level. */
  name: string;
  /** It holds a secret, as the provider says: the engine shows none of the values. */
  secret?: true;
  /**
   * What differs, by its place in the property; empty: the whole. Only of properties that a setting in clear stands
   * behind: somebody may have put a secret into any other.
   */
  values?: { at: string; stack: string; vendor: string }[];
}

/** One resource that is not as Pulumi left it. */
export interface Drift {
  urn: string;
  /** Logical name. */
  resource: string;
  type: string;
  /** `gone`: the vendor no longer has it. */
  what: "changed" | "gone";
  properties: PropertyDrift[];
  /** Names at the vendor, to ask it about. */
  id?: string;
  project?: string;
  name?: string;
}

/** Drift by the names of resources; what is gone comes first. */
export function driftIn(events: readonly EngineEvent[]): Drift[] {
  const found = events.flatMap(({ resOutputsEvent }): Drift[] => {
    if (resOutputsEvent === undefined) return [];
    const { metadata } = resOutputsEvent;
    const { op, old, new: now } = metadata;
    // A preview that refreshes first says of each resource only that it was refreshed.
    const isGone = op === "delete" || (op === "refresh" && old && !now);
    if (isGone) return [{ ...identified(metadata), what: "gone", properties: [] }];
    if (op !== "update" && op !== "refresh") return [];
    const properties = propertiesOf(metadata);
    if (op === "refresh" && properties.length === 0) return [];
    return [{ ...identified(metadata), what: "changed", properties }];
  });
  const rank = ({ what, resource }: Drift) => `${what === "gone" ? 0 : 1} ${resource}`;
  return found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function identified({ urn, type, old }: Metadata) {
  const { outputs = {}, id } = old ?? {};
  const text = (...keys: string[]) =>
    keys.map((key) => outputs[key]).find((one) => typeof one === "string" && one);
  const project = text("projectId");
  const name = text("name", "databaseName", "username", "cidrBlock", "ipAddress");
  return {
    ...{ urn, type, resource: logicalName(urn) },
    ...(id && { id }),
    ...(project && { project: String(project) }),
    ...(name && { name: String(name) }),
  };
}

function propertiesOf(metadata: Metadata): PropertyDrift[] {
  const { type, old, new: now } = metadata;
  const [was, is] = [old?.outputs ?? {}, now?.outputs ?? {}];
  const names = changedNames(was, is, normal).sort();
  const kind = kindNamed(type);
  return [
    ...names.map((name): PropertyDrift => {
      if (kind === undefined || !isShown(kind, name)) return { name };
      const values = differences(was[name], is[name]);
      // What the engine hides is one whatever the table says.
      return values.some(({ stack, vendor }) => [stack, vendor].some((text) => text.includes("[secret]")))
        ? { name, secret: true }
        : { name, values };
    }),
    ...secretsIn(metadata)
      .filter((name) => !names.includes(name))
      .map((name): PropertyDrift => ({ name, secret: true })),
  ];
}

/** A vendor that answers with an empty list where nothing was set has changed nothing. */
const normal = (value: unknown) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
    ? ""
    : canonical(value);

/** The places in a value that differ, each with what it was and is. */
function differences(was: unknown, is: unknown): NonNullable<PropertyDrift["values"]> {
  const [before, after] = [leaves(was), leaves(is)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((at) => before.get(at) !== after.get(at))
    .map((at) => ({ at, stack: before.get(at) ?? nothing, vendor: after.get(at) ?? nothing }));
}

const nothing = "nothing";

function leaves(value: unknown, at = ""): Map<string, string> {
  if (normal(value) === "") return new Map();
  if (typeof value !== "object" || value === null) return new Map([[at, String(value)]]);
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return new Map(
    entries.flatMap(([key, inner]) => {
      const step = Array.isArray(value) ? `[${key}]` : `${at === "" ? "" : "."}${key}`;
      return [...leaves(inner, at + step)];
    }),
  );
}
