/** The properties of a resource, one by one, and how two of them differ. */
import { isSecret, isUnknown, type PlannedResource, type Value } from "./model.ts";

/** One property before and after; a side is undefined where it is not set. */
export interface FieldChange {
  /** For example `replicationSpecs[0].regionConfigs[0].regionName`. */
  path: string;
  before: Value | undefined;
  after: Value | undefined;
}

/** The properties that differ, those that the program leaves alone among them. */
export function changedFields(before: PlannedResource, after: PlannedResource): FieldChange[] {
  const [old, now] = [flattened(before.inputs), flattened(after.inputs)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((change) => !same(change.before, change.after));
}

/** Whether the program leaves a change of this property alone. */
export const isIgnored = ({ ignoreChanges }: PlannedResource, path: string) =>
  ignoreChanges.some((property) => path === property || path.startsWith(`${property}[`));

/** Leaves of nested inputs by their paths. An empty list is a leaf too: it often says "nobody". */
export function flattened(value: Value, path = "", leaves = new Map<string, Value>()): Map<string, Value> {
  const isGroup = typeof value === "object" && value !== null && !isSecret(value) && !isUnknown(value);
  if (!isGroup || Object.keys(value).length === 0) {
    if (path !== "" && value !== null) leaves.set(path, value);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) flattened(item, `${path}[${index}]`, leaves);
  } else {
    for (const [key, inner] of Object.entries(value))
      flattened(inner, path === "" ? key : `${path}.${key}`, leaves);
  }
  return leaves;
}

/** Whether two values of plans are the same; secrets are when they are made of the same parts. */
export const same = (a: Value | undefined, b: Value | undefined) => JSON.stringify(a) === JSON.stringify(b);
