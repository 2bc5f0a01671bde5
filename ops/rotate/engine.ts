/** What a rotation asks of the engine, on the stack that is rotated. */
import { existsSync } from "node:fs";
import path from "node:path";
import { logicalName } from "../../engine/cli/events.ts";
import type { OperationOptions, Outcome, Step } from "../../engine/cli/operation.ts";
import type { OperationKind, Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { requestVariable } from "../../infra/rotation/record.ts";
import { projectRoot } from "../project.ts";
import { plannedStep } from "./differences.ts";
import type { PlannedStep } from "./judge.ts";
import { StackState } from "./state.ts";

/** What this command tells of waiting. */
export type Narrator = (text: string) => void;

export class StackEngine {
  private constructor(
    private readonly stack: Stack,
    private readonly say: Narrator,
  ) {}

  /** The stack of the project that KAIROS_PROJECT names, of the one in the folder that this runs in, or of this checkout. */
  static async open(stack: string, say: Narrator): Promise<StackEngine> {
    const here = process.cwd();
    const isHere = !process.env.KAIROS_PROJECT && existsSync(path.join(here, "Pulumi.yaml"));
    const workspace = await Workspace.open(isHere ? here : projectRoot, { say });
    return new StackEngine(workspace.stack(stack), say);
  }

  async state(): Promise<StackState> {
    const { resources, pending } = await this.stack.state();
    return new StackState(resources, pending);
  }

  /**
   * The state, after what a killed engine had begun was looked up at the vendors: a user that is gone already cannot be
   * deleted a second time. Announced creations are found again by the program itself; see infra/recovery.
   */
  async settledState(): Promise<StackState> {
    const state = await this.state();
    if (state.pending.length === 0) return state;
    const names = [...new Set(state.pending.map(({ resource }) => logicalName(resource.urn)))];
    this.say(`an engine was killed while it worked on ${names.join(", ")}: looking up what became of it`);
    const known = new Set(state.resources.map(({ urn }) => urn));
    const begun = state.pending.map(({ resource }) => resource.urn).filter((urn) => known.has(urn));
    // Without a target everything would be looked up, and other people's changes come along.
    const targets = begun.length > 0 ? begun : [...known].filter((urn) => logicalName(urn) === "creations");
    const flags = ["--clear-pending-creates", ...targets.flatMap((urn) => ["--target", urn])];
    const { ok, errors } = await this.operate("refresh", flags, undefined);
    if (!ok) throw new UserError(`pulumi refresh failed: ${errors.join("; ")}`);
    return this.state();
  }

  /** A setting of the stack file, decrypted; undefined when it is not there. */
  setting(key: string): Promise<string | undefined> {
    return this.stack.setting(key);
  }

  /**
   * What an `up` would do.
   *
   * @param request such as `mongodb:switch`; undefined for a plain one
   */
  async preview(request: string | undefined): Promise<PlannedStep[]> {
    const steps: PlannedStep[] = [];
    const { ok, errors } = await this.operate("preview", [], request, {
      onEvent: ({ resourcePreEvent }) => {
        if (resourcePreEvent !== undefined) steps.push(plannedStep(resourcePreEvent.metadata));
      },
    });
    if (!ok || errors.length > 0)
      throw new UserError(`pulumi preview failed: ${errors.join("; ")}. Nothing was changed`);
    return steps;
  }

  /** @throws UserError with the engine's own words when it failed */
  async up(request: string | undefined, onStep: (step: Step) => void): Promise<void> {
    const { ok, errors } = await this.operate("up", [], request, { onStep });
    if (!ok)
      throw new UserError(
        `pulumi up failed: ${errors[0]}. Once that is put right, run npx kairos rotate again: it goes on from here`,
      );
  }

  /** An engine that still works on the stack, such as that of a rotation that was killed, is waited for. */
  private operate(
    kind: OperationKind,
    flags: readonly string[],
    request: string | undefined,
    listeners: Pick<OperationOptions, "onStep" | "onEvent"> = {},
  ): Promise<Outcome> {
    const variables = { [requestVariable]: request };
    return this.stack.operate(kind, flags, { ...listeners, variables, patient: true }).outcome;
  }
}
