/** An operation of the Pulumi CLI (`up`, `destroy`, `preview`, `refresh`), followed as it happens. */
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../errors.ts";
import { causeOf, complaintIn, lockedBy } from "./causes.ts";
import { type EngineEvent, isInternal, logicalName, oneLine, parsed } from "./events.ts";
import { type Holder, lockIn } from "./lock.ts";
import type { Stack } from "./stack.ts";
import type { Started } from "./workspace.ts";

/** What the engine does to one resource. */
export interface Step {
  name: string;
  type: string;
  op: string;
  state: "started" | "done" | "failed";
}

/** How an operation ended. */
export interface Outcome {
  ok: boolean;
  /** Resources by operation: `create`, `update`, `delete`, `same`, …; components and the stack left out. */
  changes: { [op: string]: number };
  seconds: number;
  /** What went wrong, as the engine says it, each in one line. */
  errors: string[];
}

export interface OperationOptions {
  /** For this operation only, beside the workspace's own. */
  variables?: NodeJS.ProcessEnv;
  /**
   * In a group of its own, so that a terminal's Ctrl-C does not reach the engine: {@link Operation.interrupt} does,
   * once. A second signal would make it end at once and leave what it was making unrecorded.
   */
  apart?: boolean;
  /** A running engine that holds the stack is waited for, not a reason to give up. */
  patient?: boolean;
  onStep?: (step: Step) => void;
  /** Each line that the engine tells, before anything is made of it. */
  onEvent?: (event: EngineEvent) => void;
}

/** One try: the operation's process from its start to its end. */
interface Attempt extends Outcome {
  lock: Holder | undefined;
  /** Everything that it complained of, as it was said. */
  said: string;
}

/** An operation that runs. */
export class Operation {
  /**
   * How it ended. A lock that a killed engine of this machine left is taken away, and it is begun again; of any other
   * lock nobody here can tell whether somebody still works.
   *
   * @throws UserError when somebody else works on the stack: nothing was done then
   */
  readonly outcome: Promise<Outcome>;
  private child: Started | undefined;
  private interrupted = false;
  private unlocked = false;
  private waited = false;

  constructor(
    private readonly stack: Pick<Stack, "workspace" | "name" | "cancel">,
    private readonly args: readonly string[],
    private readonly options: OperationOptions = {},
  ) {
    this.outcome = this.toTheEnd();
  }

  /** Asks the engine to stop in good order: what it began with a vendor is finished and recorded. */
  interrupt(): void {
    this.interrupted = true;
    this.child?.interrupt();
  }

  private async toTheEnd(): Promise<Outcome> {
    for (;;) {
      const { lock, said, ...outcome } = await this.attempt();
      if (outcome.ok || this.interrupted || !(await this.cleared(lock, said))) return outcome;
    }
  }

  /**
   * Clears what was in the way. Whether it is worth beginning again: not when it was asked to stop meanwhile.
   *
   * @throws UserError for a lock that somebody may hold
   */
  private async cleared(lock: Holder | undefined, said: string): Promise<boolean> {
    const { workspace, name } = this.stack;
    if (lock === undefined) return (await workspace.mended(said)) && !this.interrupted;
    if (lock.state === "gone" && !this.unlocked) {
      workspace.say(`${name}: the engine was killed; its lock is removed`);
      this.unlocked = true;
      await this.stack.cancel();
      return !this.interrupted;
    }
    if (lock.state !== "working" || this.options.patient !== true) throw new UserError(lockedBy(lock, name));
    if (!this.waited) workspace.say(`${name}: pulumi (process ${lock.pid}) works on it; waiting for it`);
    this.waited = true;
    await pause(500);
    return !this.interrupted;
  }

  private async attempt(): Promise<Attempt> {
    const started = Date.now();
    const { variables = {}, apart = false, onStep = () => {}, onEvent = () => {} } = this.options;
    const child = this.stack.workspace.start([...this.args, "--json"], variables, apart);
    this.child = child;
    const changes: Outcome["changes"] = {};
    const errors: string[] = [];
    for await (const line of child.lines) {
      const event = parsed<EngineEvent>(line);
      if (event === undefined) continue;
      onEvent(event);
      const { diagnosticEvent } = event;
      if (diagnosticEvent?.severity === "error" && diagnosticEvent.ephemeral !== true)
        errors.push(about(diagnosticEvent));
      for (const step of stepsOf(event)) {
        if (step.state === "done") changes[step.op] = (changes[step.op] ?? 0) + 1;
        if (step.op !== "same") onStep(step);
      }
    }
    const { ok, stderr } = await child.ended;
    const said = `${stderr}\n${errors.join("\n")}`;
    if (!ok && errors.length === 0)
      errors.push(
        causeOf(stderr, this.stack.name) ?? (complaintIn(stderr) || "it failed without an error message"),
      );
    return {
      ok,
      changes,
      seconds: (Date.now() - started) / 1000,
      errors: essential(errors),
      lock: ok ? undefined : lockIn(said),
      said,
    };
  }
}

/** The engine ends a list of errors by saying that there were some, and says some of them twice. */
function essential(errors: readonly string[]): string[] {
  const told = [...new Set(errors.map(inWords))];
  const summary = /(^|: )(update|destroy|preview|refresh) failed$/;
  return told.every((error) => summary.test(error)) ? told : told.filter((error) => !summary.test(error));
}

/** Without the engine's own: the name of a hook, and what Go calls an operation that was asked to end. */
const inWords = (error: string) =>
  error
    .replace(/(?:before|after) hook "[^"]*" failed: /, "")
    .replace(/\bcontext canceled\b/, "it was stopped");

function stepsOf({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): Step[] {
  const found = [
    [resourcePreEvent, "started"],
    [resOutputsEvent, "done"],
    [resOpFailedEvent, "failed"],
  ] as const;
  return found.flatMap(([event, state]) => {
    if (event === undefined || isInternal(event.metadata.type)) return [];
    const { urn, type, op } = event.metadata;
    return [{ name: logicalName(urn), type, op, state }];
  });
}

/** A message with the resource that it is about. */
function about({ message, urn }: { message: string; urn?: string }): string {
  const name = urn === undefined ? "" : logicalName(urn);
  return name === "" ? oneLine(message) : `${name}: ${oneLine(message)}`;
}
