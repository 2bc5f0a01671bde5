/** The short-lived stacks: how they are called, when each ends, and which there are. */
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { stageOf } from "../../infra/settings/stages.ts";
import { span } from "../terminal/amounts.ts";

/**
 * Atlas makes host names of a cluster's first 23 characters and tells clusters apart by them: `kairos-` takes seven.
 * Source: https://www.mongodb.com/docs/atlas/reference/atlas-limits/#label-limits
 */
const longest = 23 - "kairos-".length;

/** Whether a stack is one of this command's: all others, those on stand-ins among them, it neither makes nor takes down. */
export const isShortLived = (name: string) =>
  /^(pr-[1-9]\d*|dev-[a-z0-9]+(-[a-z0-9]+)*)$/.test(name) && name.length <= longest;

/** @throws UserError for a name that is not a short-lived stack's: this command takes things down */
export function checkName(name: string): string {
  if (isShortLived(name)) return name;
  throw new UserError(
    `env: got "${name}"; expected pr-<number> or dev-<name>, at most ${longest} lower-case letters, digits and inner hyphens${
      stageOf(name) === "short" ? "" : ": stacks that stay are not brought up or taken down by this command"
    }`,
  );
}

/** Tag of the stack, where every machine finds it without its stack file: a moment, ISO 8601, UTC. */
export const expiryTag = "kairos:expires";

/** How long a stack still lives. `unknown`: made by other means, or ended before it could say; never swept. */
export type Lifetime = { state: "alive" | "over"; expires: Date } | { state: "unknown" };

/** @param tag what the tag says; undefined when there is none */
export function lifeOf(tag: string | undefined, now: Date): Lifetime {
  const expires = new Date(tag ?? Number.NaN);
  if (Number.isNaN(expires.getTime())) return { state: "unknown" };
  return { state: expires <= now ? "over" : "alive", expires };
}

/** `in 2 d 3 h`, `5 min ago`, `never said`. */
export function when(life: Lifetime, now: Date): string {
  if (life.state === "unknown") return "nobody said";
  const distance = span(life.expires.getTime() - now.getTime());
  return life.state === "over" ? `${distance} ago` : `in ${distance}`;
}

/** A short-lived stack. */
export interface ShortLivedStack {
  name: string;
  life: Lifetime;
  /** Resources in its state, components included. */
  resources: number;
  /** ISO 8601. */
  lastUpdate?: string;
}

/** All short-lived stacks of the project, those that end first in front. Stacks that stay are not even looked at. */
export async function standings(workspace: Workspace, now: Date): Promise<ShortLivedStack[]> {
  const short = (await workspace.list()).filter(({ name }) => isShortLived(name));
  const all = await Promise.all(
    short.map(async ({ name, resourceCount = 0, lastUpdate }) => ({
      name,
      life: await lifeNow(workspace, name, now),
      resources: resourceCount,
      ...(lastUpdate !== undefined && { lastUpdate }),
    })),
  );
  const end = ({ life }: ShortLivedStack) =>
    life.state === "unknown" ? Number.POSITIVE_INFINITY : life.expires.getTime();
  return all.sort((a, b) => end(a) - end(b) || (a.name < b.name ? -1 : 1));
}

/** How long a stack still lives, as it is said at this moment: somebody may have renewed it since it was listed. */
export const lifeNow = async (workspace: Workspace, name: string, now: Date): Promise<Lifetime> =>
  lifeOf((await workspace.stack(name).tags())[expiryTag], now);
