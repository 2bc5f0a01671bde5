/** Which short-lived stacks there are, and which of them are to go. */
import { expiryTag, type Life, lifeOf } from "./expiry.ts";
import { isShortLived } from "./name.ts";
import type { Stacks } from "./stacks.ts";

/** A short-lived stack. */
export interface Standing {
  name: string;
  life: Life;
  /** Resources in its state, components included. */
  resources: number;
  /** ISO 8601. */
  lastUpdate?: string;
}

/** All short-lived stacks of the project, those that end first in front. Stacks that stay are not even looked at. */
export async function standings(stacks: Stacks, now: Date): Promise<Standing[]> {
  const short = (await stacks.list()).filter(({ name }) => isShortLived(name.split("/").at(-1) ?? name));
  const all = await Promise.all(
    short.map(async ({ name, resourceCount = 0, lastUpdate }) => ({
      name,
      life: lifeOf((await stacks.tags(name))[expiryTag], now),
      resources: resourceCount,
      ...(lastUpdate !== undefined && { lastUpdate }),
    })),
  );
  const end = ({ life }: Standing) =>
    life.state === "unknown" ? Number.POSITIVE_INFINITY : life.expires.getTime();
  return all.sort((a, b) => end(a) - end(b) || (a.name < b.name ? -1 : 1));
}
