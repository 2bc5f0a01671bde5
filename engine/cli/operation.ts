/** An operation of the Pulumi CLI (`up`, `destroy`, `preview`), followed as it happens. */
import { execa } from "execa";
import { type EngineEvent, isInternal, type Metadata, oneLine, parsed } from "./events.ts";
import { type Holder, lockIn } from "./lock.ts";

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
  /** Who holds the stack, when that is why nothing was done. */
  lock?: Holder;
}

export interface OperationOptions {
  /** Folder of the project. */
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** False: none of this process' own variables. */
  extendEnv?: boolean;
  /**
   * In a group of its own, so that a terminal's Ctrl-C does not reach the engine: {@link Operation.interrupt} does,
   * once. A second signal would make it end at once and leave what it was making unrecorded.
   */
  apart?: boolean;
  onStep?: (step: Step) => void;
  /** Each line that the engine tells, before anything is made of it. */
  onEvent?: (event: EngineEvent) => void;
}

/** An operation that runs. */
export interface Operation {
  outcome: Promise<Outcome>;
  /** Asks the engine to stop in good order: what it began with a vendor is finished and recorded. */
  interrupt(): void;
}

/** @param args of the CLI, the stack included */
export function operate(
  cli: string,
  args: readonly string[],
  { cwd, env = {}, extendEnv = true, apart = false, onStep = () => {}, onEvent = () => {} }: OperationOptions,
): Operation {
  const started = Date.now();
  const child = execa(cli, [...args, "--json", "--non-interactive"], {
    cwd,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true", ...env },
    extendEnv,
    detached: apart,
    stdin: "ignore",
    reject: false,
    lines: true,
  });
  const follow = async (): Promise<Outcome> => {
    const changes: Outcome["changes"] = {};
    const errors: string[] = [];
    for await (const line of child) {
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
    const { exitCode, stderr } = await child;
    const complaint = [stderr].flat().join("\n");
    const lock = exitCode === 0 ? undefined : lockIn(`${complaint}\n${errors.join("\n")}`);
    const last = oneLine(complaint.trim().split("\n").at(-1) ?? "");
    if (exitCode !== 0 && errors.length === 0 && last !== "") errors.push(last);
    return {
      ok: exitCode === 0,
      changes,
      seconds: (Date.now() - started) / 1000,
      errors: essential(errors),
      ...(lock && { lock }),
    };
  };
  return { outcome: follow(), interrupt: () => void child.kill("SIGINT") };
}

/** The engine ends a list of errors by saying that there were some, and says some of them twice. */
function essential(errors: readonly string[]): string[] {
  const told = [...new Set(errors)];
  const summary = /(^|: )(update|destroy|preview|refresh) failed$/;
  return told.every((error) => summary.test(error)) ? told : told.filter((error) => !summary.test(error));
}

function stepsOf({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): Step[] {
  const found = [
    [resourcePreEvent, "started"],
    [resOutputsEvent, "done"],
    [resOpFailedEvent, "failed"],
  ] as const;
  return found.flatMap(([event, state]) =>
    event === undefined || isInternal(event.metadata.type) ? [] : [step(event.metadata, state)],
  );
}

const step = ({ urn, type, op }: Metadata, state: Step["state"]): Step => ({
  name: nameIn(urn),
  type,
  op,
  state,
});

/** A message with the resource that it is about. */
function about({ message, urn }: { message: string; urn?: string }): string {
  const name = urn === undefined ? "" : nameIn(urn);
  return name === "" ? oneLine(message) : `${name}: ${oneLine(message)}`;
}

const nameIn = (urn: string) => urn.split("::").at(-1) ?? urn;
