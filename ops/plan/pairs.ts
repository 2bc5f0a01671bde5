/** Which resource of an older plan is which of a newer one. */
import { changedFields } from "./fields.ts";
import type { PlannedResource } from "./model.ts";

/** The resources of two plans, put side by side. */
export interface Pairs {
  /** What a resource was, by its URN of today; one that has no entry is new. */
  previous: ReadonlyMap<string, PlannedResource>;
  /** What only the older plan has. */
  gone: readonly PlannedResource[];
}

/**
 * Pairs what has the same URN, then what says that it had another one, and only then takes what is left for
 * placeholders that were filled in: an entry that is added never takes the place of one that stays.
 */
export function paired(before: readonly PlannedResource[], after: readonly PlannedResource[]): Pairs {
  const left = new Map(before.map((resource) => [resource.urn, resource]));
  const previous = new Map<string, PlannedResource>();
  const pair = ({ urn }: PlannedResource, earlier: PlannedResource | undefined) => {
    if (earlier === undefined || previous.has(urn) || !left.delete(earlier.urn)) return;
    previous.set(urn, earlier);
  };
  for (const resource of after) pair(resource, left.get(resource.urn));
  for (const resource of after) for (const alias of resource.aliases) pair(resource, left.get(alias));

  const filled = after
    .filter(({ urn }) => !previous.has(urn))
    .flatMap((resource) =>
      [...left.values()]
        .filter(({ urn }) => isFilledIn(urn, resource.urn))
        .map((earlier) => ({ resource, earlier })),
    )
    .map((one) => ({ ...one, distance: changedFields(one.earlier, one.resource).length }));
  // Of several that the placeholder could have become, the one that is most like it.
  for (const { resource, earlier } of filled.sort((a, b) => a.distance - b.distance)) pair(resource, earlier);
  return { previous, gone: [...left.values()] };
}

/** Whether a URN is one that had a placeholder in it, until its owner put the real id in. */
function isFilledIn(before: string, after: string): boolean {
  const parts = before.split(/<[^<>]+>/);
  if (parts.length === 1) return false;
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+");
  return new RegExp(`^${pattern}$`).test(after);
}
