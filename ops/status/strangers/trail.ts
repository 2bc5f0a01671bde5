/** Who did something and when, as far as Atlas' activity feed tells. */
import type { Atlas, AtlasEvent } from "../../../vendors/atlas.ts";

/** When something was done (ISO 8601), and by whom: a person's address, or the public part of an API key. */
export interface Trace {
  since?: string | undefined;
  by?: { person: string } | { key: string };
}

/** What to look for in a project's feed. */
export interface Footprint {
  /** Atlas' word for it, such as `MONGODB_USER_ADDED`. */
  type: string;
  /** Atlas tells of which cluster an event is only by being asked for one. */
  cluster?: string;
  fits?: (event: AtlasEvent) => boolean;
}

/**
 * The newest event that fits: of those that were somebody's, rather than of the stack's own key.
 *
 * @param ownKey public part of the key that Pulumi works with
 */
export async function traceOf(
  atlas: Pick<Atlas, "events">,
  project: string,
  { type, cluster, fits = () => true }: Footprint,
  ownKey = "",
): Promise<Trace> {
  const events = (await atlas.events(project, type, cluster)).filter(fits);
  const newest = (some: readonly AtlasEvent[]) =>
    [...some].sort((a, b) => Date.parse(b.created) - Date.parse(a.created))[0];
  const found =
    newest(events.filter(({ publicKey }) => publicKey !== ownKey || ownKey === "")) ?? newest(events);
  if (found === undefined) return {};
  const { created, username, publicKey } = found;
  const by = username ? { person: username } : publicKey ? { key: publicKey } : undefined;
  return { since: created, ...(by && { by }) };
}

/** `192.0.2.1` and `192.0.2.1/32` are one entry of an access list. */
export const asEntry = (block: string) => block.replace(/(?<=\.\d+)\/32$|(?<=:.*)\/128$/, "");
