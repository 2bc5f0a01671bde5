/** Takes a short-lived stack away: its resources, its state, its stack file. */
import { logicalName } from "../../engine/cli/events.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import type { CommandContext } from "./around.ts";
import { follow, prepared } from "./up.ts";

/** What went. */
export interface DownResult {
  name: string;
  /** Resources that were deleted. */
  deleted: number;
  seconds: number;
}

interface DownOptions extends CommandContext {
  /** The stack that short-lived ones are made from, should the stack's own file be somewhere else. */
  from: string;
}

/**
 * What a killed `up` had begun with a vendor may exist without being in the state: nothing would ever delete it. So
 * that `up` is finished first, which finds and takes over what is there (infra/recovery), and then all of it goes.
 *
 * @throws UserError when something is left; the stack stays then, and the next call goes on
 */
export async function takeDown(
  workspace: Workspace,
  name: string,
  { from, ...around }: DownOptions,
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
