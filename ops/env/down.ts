/** Takes a short-lived stack away: its resources, its state, its stack file. Or all of those whose time is over. */
import { logicalName } from "../../engine/cli/events.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { type CommandContext, follow } from "./around.ts";
import { prepared } from "./file.ts";
import { lifeNow, type ShortLivedStack, when } from "./stacks.ts";

/** What went. */
export interface DownResult {
  name: string;
  /** Resources that were deleted. */
  deleted: number;
  seconds: number;
}

/**
 * What a killed `up` had begun with a vendor may exist without being in the state: nothing would ever delete it. So
 * that `up` is finished first, which finds and takes over what is there (infra/recovery), and then all of it goes.
 *
 * @param from the stack that short-lived ones are made from, should the stack's own file be somewhere else
 * @throws UserError when something is left; the stack stays then, and the next call goes on
 */
export async function takeDown(
  workspace: Workspace,
  name: string,
  from: string,
  around: CommandContext,
): Promise<DownResult> {
  const stack = workspace.stack(name);
  const interrupted = (await stack.state()).pending
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => logicalName(resource.urn));
  if (interrupted.length > 0) {
    around.progress.say(
      `${name}: pulumi was stopped while it made ${interrupted.join(", ")}, or is still at it: finishing that first`,
    );
    const { credentials } = await prepared(workspace.folder, { name, from }, true);
    for (const key of credentials) await workspace.stack(from).copySetting(key, stack);
    const up = await follow(stack, "up", [], around);
    if (!up.ok)
      throw new UserError(
        `env down: ${name} was interrupted while it made ${interrupted.join(", ")}, and finishing that failed: ${up.errors.join("; ")}. Nothing was deleted`,
      );
  }
  around.proceed();
  // Looks first what is still there: what somebody else has deleted, or a killed run, cannot be deleted again.
  const { ok, errors, changes, seconds } = await follow(stack, "destroy", ["--refresh"], around);
  if (!ok)
    throw new UserError(
      `env down: ${name}: ${errors.join("; ")}. What is left is in its state: the same command goes on from here`,
    );
  await stack.remove();
  return { name, deleted: changes.delete ?? 0, seconds };
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
      const now = new Date();
      const life = (await workspace.has(name)) ? await lifeNow(workspace, name, now) : undefined;
      if (life === undefined) stayed.push({ name, why: "is gone already", isWell: true });
      else if (life.state !== "over")
        stayed.push({ name, why: `stays, renewed meanwhile: ends ${when(life, now)}`, isWell: true });
      else swept.push(await takeDown(workspace, name, from, around));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      swept.push({ name, error: error.message });
    }
  }
  return { swept, stayed };
}
