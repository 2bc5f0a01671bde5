/** The Pulumi CLI on the stack that is rotated. */
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { type EngineEvent, isInternal, oneLine, parsed } from "../../engine/cli/events.ts";
import { neededEngine } from "../../engine/cli/find.ts";
import { lockIn } from "../../engine/cli/lock.ts";
import { requestVariable } from "../../infra/rotation/request.ts";
import { UserError } from "../errors.ts";
import { projectRoot } from "../project.ts";
import type { PlannedStep } from "./judge.ts";
import { type Preview, plannedStep } from "./preview.ts";
import { removeEmptySidecars } from "./sidecar.ts";
import { logicalName, type PendingOperation, StackState, type StateResource } from "./state.ts";

/** What the engine does to one resource, as it happens. */
export interface Step extends Pick<PlannedStep, "name" | "type" | "op"> {
  state: "started" | "done" | "failed";
}

/** What this command tells of waiting. */
export type Narrator = (text: string) => void;

export class StackEngine {
  private readonly pulumi: string;
  private readonly folder: string;
  private readonly stack: string;
  private readonly say: Narrator;

  private constructor(pulumi: string, folder: string, stack: string, say: Narrator) {
    this.pulumi = pulumi;
    this.folder = folder;
    this.stack = stack;
    this.say = say;
  }

  /** The stack of the project that KAIROS_PROJECT names, of the one in the folder that this runs in, or of this checkout. */
  static async open(stack: string, say: Narrator): Promise<StackEngine> {
    const engine = await neededEngine();
    const here = process.cwd();
    const isHere = !process.env.KAIROS_PROJECT && existsSync(path.join(here, "Pulumi.yaml"));
    const folder = isHere ? here : projectRoot;
    return new StackEngine(engine.path, folder, stack, say);
  }

  async state(): Promise<StackState> {
    const { stdout, stderr, exitCode } = await this.run(["stack", "export"]);
    if (exitCode !== 0) throw new UserError(`--stack: ${oneLine(stderr)}`);
    const { deployment } = JSON.parse(stdout) as ExportedState;
    return new StackState(deployment?.resources ?? [], deployment?.pending_operations ?? []);
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
    const refresh = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"];
    const done = await this.unlocked([...refresh, ...targets.flatMap((urn) => ["--target", urn])], undefined);
    if (done.exitCode !== 0) throw new UserError(`pulumi refresh failed: ${oneLine(done.stderr)}`);
    return this.state();
  }

  /** A setting of the stack file, decrypted; undefined when it is not there. */
  async setting(key: string): Promise<string | undefined> {
    const { stdout, exitCode } = await this.run(["config", "get", key]);
    return exitCode === 0 ? stdout.trim() : undefined;
  }

  /**
   * What an `up` would do.
   *
   * @param request such as `mongodb:switch`; undefined for a plain one
   */
  async preview(request: string | undefined): Promise<PlannedStep[]> {
    const { stdout, stderr, exitCode } = await this.unlocked(["preview", "--json"], request);
    const plan = parsed<Preview>(stdout);
    const errors = (plan?.diagnostics ?? []).filter(({ severity }) => severity === "error");
    if (exitCode !== 0 || plan === undefined || errors.length > 0)
      throw new UserError(
        `pulumi preview failed: ${oneLine(errors.map(({ message }) => message).join("; ") || stderr)}. Nothing was changed`,
      );
    return (plan.steps ?? []).map(plannedStep);
  }

  /** @throws UserError with the engine's own words when it failed */
  async up(request: string | undefined, onStep: (step: Step) => void): Promise<void> {
    const errors: string[] = [];
    const args = ["up", "--yes", "--skip-preview", "--json"];
    const { stderr, exitCode } = await this.unlocked(args, request, (line) => {
      const event = parsed<EngineEvent>(line);
      const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event ?? {};
      if (diagnosticEvent?.severity === "error" && diagnosticEvent.ephemeral !== true)
        errors.push(oneLine(diagnosticEvent.message));
      for (const [found, state] of [
        [resourcePreEvent, "started"],
        [resOutputsEvent, "done"],
        [resOpFailedEvent, "failed"],
      ] as const)
        if (found !== undefined && found.metadata.op !== "same" && !isInternal(found.metadata.type))
          onStep({ ...found.metadata, name: logicalName(found.metadata.urn), state });
    });
    if (exitCode !== 0)
      throw new UserError(
        `pulumi up failed: ${errors[0] ?? oneLine(stderr)}. Once that is put right, run npm run rotate again: it goes on from here`,
      );
  }

  /** Runs it; a lock that a killed engine left is removed, and that of a running one waited for. */
  private async unlocked(args: string[], request: string | undefined, onLine?: (line: string) => void) {
    for (let waited = false; ; ) {
      const done = await this.run(args, request, onLine);
      const lock = lockIn(done.stderr + done.stdout);
      if (lock === undefined) return done;
      if (lock.state === "elsewhere")
        throw new UserError(
          "another pulumi works on this stack, or was killed on another machine: wait for it, or run pulumi cancel; then run npm run rotate again",
        );
      if (lock.state === "working") {
        if (!waited) this.say(`pulumi (process ${lock.pid}) works on this stack: waiting for it`);
        waited = true;
        await sleep(500);
        continue;
      }
      this.say("the engine was killed: its lock is removed");
      await this.run(["cancel", "--yes"]);
    }
  }

  private async run(args: string[], request?: string, onLine?: (line: string) => void): Promise<Done> {
    const command = [...args, "--stack", this.stack];
    const done = await this.execute(command, request, onLine);
    if (done.exitCode === 0 || !/\bEOF\b/.test(done.stderr + done.stdout)) return done;
    const { stdout } = await this.execute(["whoami", "--verbose", "--json"]);
    const url = parsed<{ url?: string }>(stdout)?.url ?? process.env.PULUMI_BACKEND_URL ?? "";
    const removed = await removeEmptySidecars(url, this.folder);
    if (removed.length === 0) return done;
    this.say(
      `the engine was killed while it wrote beside the state, which is whole: ${removed.join(", ")} removed`,
    );
    return this.execute(command, request, onLine);
  }

  private async execute(args: string[], request?: string, onLine?: (line: string) => void): Promise<Done> {
    const child = execa(this.pulumi, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true", [requestVariable]: request },
      reject: false,
      stdin: "ignore",
    });
    if (onLine !== undefined) for await (const line of child.iterable({ from: "stdout" })) onLine(line);
    const { stdout, stderr, exitCode = 1 } = await child;
    return { stdout, stderr, exitCode };
  }
}

interface Done {
  stdout: string;
  stderr: string;
  exitCode: number;
}

interface ExportedState {
  deployment: { resources?: StateResource[]; pending_operations?: PendingOperation[] } | null;
}
