/** Which short-lived stacks there are, and which of them are to go. */
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import type { CommandContext } from "./around.ts";
import { type DownResult, takeDown } from "./down.ts";
import { expiryTag, type Lifetime, lifeOf, when } from "./expiry.ts";
import { isShortLived } from "./name.ts";

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
async function lifeNow(workspace: Workspace, name: string, now: Date): Promise<Lifetime> {
  return lifeOf((await workspace.stack(name).tags())[expiryTag], now);
}

/** What became of those that were over. */
export interface SweepResult {
  swept: (DownResult | { name: string; error: string })[];
  stayed: { name: string; why: string; isWell: boolean }[];
}

/** One after another, each looked at again before it goes: the first may have taken long. */
export async function sweepAll(
  workspace: Workspace,
  over: readonly ShortLivedStack[],
  from: string,
  around: CommandContext,
): Promise<SweepResult> {
  const swept: SweepResult["swept"] = [];
  const stayed: SweepResult["stayed"] = [];
  for (const { name } of over) {
    if (around.isStopped()) {
      stayed.push({ name, why: "over, and not begun: it was stopped", isWell: false });
      continue;
    }
    try {
      const still = await workspace.has(name);
      const now = new Date();
      const life = still ? await lifeNow(workspace, name, now) : undefined;
      if (life === undefined) stayed.push({ name, why: "is gone already", isWell: true });
      else if (life.state !== "over")
        stayed.push({ name, why: `stays, renewed meanwhile: ends ${when(life, now)}`, isWell: true });
      else swept.push(await takeDown(workspace, name, { ...around, from }));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      swept.push({ name, error: error.message });
    }
  }
  return { swept, stayed };
}
