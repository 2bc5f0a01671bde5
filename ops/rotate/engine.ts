/** What a rotation asks of the engine, on the stack that is rotated. */
import { existsSync } from "node:fs";
import path from "node:path";
import { logicalName } from "../../engine/cli/events.ts";
import type { OperationOptions, Outcome } from "../../engine/cli/operation.ts";
import type { OperationKind, Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { requestVariable } from "../../infra/rotation/request.ts";
import { projectRoot } from "../project.ts";
import { StackState } from "./state.ts";

/** What this command tells of waiting. */
type Narrator = (text: string) => void;

/** The stack of the project that KAIROS_PROJECT names, of the one in the folder that this runs in, or of this checkout. */
export async function stackNamed(name: string, say: Narrator): Promise<Stack> {
  const here = process.cwd();
  const isHere = !process.env.KAIROS_PROJECT && existsSync(path.join(here, "Pulumi.yaml"));
  return (await Workspace.open(isHere ? here : projectRoot, { say })).stack(name);
}

/**
 * The state, after what a killed engine had begun was looked up at the vendors: a user that is gone already cannot be
 * deleted a second time. Announced creations are found again by the program itself; see infra/recovery.
 */
export async function settledState(stack: Stack, say: Narrator): Promise<StackState> {
  const state = await StackState.of(stack);
  if (state.pending.length === 0) return state;
  const names = [...new Set(state.pending.map(({ resource }) => logicalName(resource.urn)))];
  say(`an engine was killed while it worked on ${names.join(", ")}: looking up what became of it`);
  const known = new Set(state.resources.map(({ urn }) => urn));
  const begun = state.pending.map(({ resource }) => resource.urn).filter((urn) => known.has(urn));
  // Without a target everything would be looked up, and other people's changes come along.
  const targets = begun.length > 0 ? begun : [...known].filter((urn) => logicalName(urn) === "creations");
  const flags = ["--clear-pending-creates", ...targets.flatMap((urn) => ["--target", urn])];
  const { ok, errors } = await operate(stack, "refresh", undefined, {}, flags);
  if (!ok) throw new UserError(`pulumi refresh failed: ${errors.join("; ")}`);
  return StackState.of(stack);
}

/**
 * An engine that still works on the stack, such as that of a rotation that was killed, is waited for.
 *
 * @param request such as `mongodb:switch`; undefined for a plain operation
 */
export const operate = (
  stack: Stack,
  kind: OperationKind,
  request: string | undefined,
  listeners: Pick<OperationOptions, "onStep" | "onEvent"> = {},
  flags: readonly string[] = [],
): Promise<Outcome> =>
  stack.operate(kind, flags, { ...listeners, variables: { [requestVariable]: request }, patient: true })
    .outcome;
