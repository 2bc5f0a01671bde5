/** Takes a short-lived stack away: its resources, its state, its stack file. */
import { UserError } from "../errors.ts";
import type { CommandContext } from "./around.ts";
import type { Stacks } from "./stacks.ts";
import { follow, prepared, shown } from "./up.ts";

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
  stacks: Stacks,
  name: string,
  { from, ...around }: DownOptions,
): Promise<DownResult> {
  const { interrupted } = await stacks.state(name);
  const { progress } = around;
  const options = { onStep: shown(progress) };
  const run = { stacks, name, ...around };
  if (interrupted.length > 0) {
    progress.say(
      `${name}: pulumi was stopped while it made ${interrupted.join(", ")}, or is still at it: finishing that first`,
    );
    const { credentials } = await prepared(stacks, { name, from }, true);
    for (const key of credentials) await stacks.copySetting(from, key, name);
    const up = await follow(() => stacks.up(name, false, options), run);
    if (!up.ok)
      throw new UserError(
        `env down: ${name} was interrupted while it made ${interrupted.join(", ")}, and finishing that failed: ${up.errors.join("; ")}. Nothing was deleted`,
      );
  }
  around.proceed();
  const { ok, errors, changes, seconds } = await follow(() => stacks.destroy(name, options), run);
  if (!ok)
    throw new UserError(
      `env down: ${name}: ${errors.join("; ")}. What is left is in its state: the same command goes on from here`,
    );
  await stacks.remove(name);
  return { name, deleted: changes.delete ?? 0, seconds };
}
