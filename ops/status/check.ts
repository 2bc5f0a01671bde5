/** What the checks of all databases have in common: time, failure, verdict. */
import { causesOf, type ProbeTarget } from "./causes.ts";
import { Deadline } from "./deadline.ts";
import { type Meaning, meaningOf } from "./errors.ts";
import type {
  CauseCode,
  CheckPhase,
  CheckResult,
  HealthState,
  Latency,
  Mistake,
  Problem,
  Remark,
} from "./model.ts";

/** What every check is told. */
export interface CheckOptions {
  /** Milliseconds that a database has to let the backend in, and again nothing takes longer. */
  timeout: number;
  /** Certificates of further authorities, PEM. */
  ca?: string;
  /** Aborted: the check ends, and cleans up. */
  signal?: AbortSignal;
}

/** Milliseconds that a check may take beyond the timeout: for questions after the connection, and for closing. */
export const grace = 500;

/** A failure that is known without a driver's error. */
export class Failure extends Error {
  readonly meaning: Meaning;
  /** Causes that are likelier than what the kind of the problem suggests. */
  readonly likely: readonly CauseCode[];
  constructor(meaning: Meaning, likely: readonly CauseCode[] = []) {
    super(meaning.kind);
    this.meaning = meaning;
    this.likely = likely;
  }
}

/** How far a check is, and where. It outlives the check itself, so that a failure can be told from it. */
export interface Progress<Facts> {
  stage: CheckPhase;
  place: ProbeTarget;
  facts: Facts;
  remarks: Remark[];
  deadline: Deadline;
}

/** Runs one check to its end, whatever happens in it. */
export async function runCheck<Facts>(
  place: ProbeTarget,
  facts: Facts,
  { timeout, signal }: CheckOptions,
  work: (progress: Progress<Facts>) => Promise<void>,
  variablesOf: (meaning: Meaning) => Problem["variables"],
): Promise<CheckResult<Facts>> {
  const since = performance.now();
  const deadline = new Deadline(timeout + grace, signal);
  const progress: Progress<Facts> = { stage: "connecting", place, facts, remarks: [], deadline };
  let problem: Problem | undefined;
  try {
    await work(progress);
  } catch (error) {
    const { meaning, likely } = error instanceof Failure ? error : new Failure(meaningOf(error));
    problem = {
      ...meaning,
      stage: progress.stage,
      causes: [...new Set([...likely, ...causesOf(meaning.kind, meaning.evidence, place)])],
      variables: variablesOf(meaning),
    };
  }
  return {
    state: problem === undefined ? stateOf(progress.remarks) : "failed",
    seconds: secondsSince(since),
    ...(problem && { problem }),
    remarks: progress.remarks,
    facts,
  };
}

/** A database whose variables are no good: nothing was asked. */
export function mistaken<Facts>(mistakes: Mistake[], facts: Facts): CheckResult<Facts> {
  const missing = mistakes.filter(({ kind }) => kind === "missing");
  const alone = missing.some(({ beside }) => beside !== undefined);
  return {
    state: "failed",
    seconds: 0,
    problem: {
      kind: missing.length > 0 ? "missing-variables" : "invalid-variables",
      stage: "variables",
      causes: missing.length > 0 ? [alone ? "variable-alone" : "variable-missing"] : ["variable-invalid"],
      evidence: mistakes.map(({ variable, kind }) => `${variable} ${kind}`).join(", "),
      variables: mistakes.map(({ variable }) => variable),
      mistakes,
    },
    remarks: [],
    facts,
  };
}

/** An optional database that is not configured. */
export const off = <Facts>(facts: Facts): CheckResult<Facts> => ({
  state: "off",
  seconds: 0,
  remarks: [],
  facts,
});

const stateOf = (remarks: readonly Remark[]): HealthState =>
  remarks.some(({ severity }) => severity === "warning") ? "warning" : "well";

export const secondsSince = (start: number) => Math.round(performance.now() - start) / 1000;

/** How often, where that does not take too long. */
const tries = 5;

/**
 * Asks the same small question several times, one after another.
 *
 * @param patience milliseconds after which it is not asked again: a slow database needs the time for other questions
 */
export async function latencyOf(ask: () => Promise<unknown>, patience: number): Promise<Latency> {
  const times: number[] = [];
  const start = performance.now();
  do {
    const since = performance.now();
    await ask();
    times.push(performance.now() - since);
  } while (times.length < tries && performance.now() - start < patience);
  times.sort((a, b) => a - b);
  const rounded = (ms = 0) => Math.round(ms * 100) / 100;
  return {
    tries: times.length,
    median: rounded(times[Math.floor(times.length / 2)]),
    fastest: rounded(times[0]),
    slowest: rounded(times.at(-1)),
  };
}

/** Milliseconds: a database beside the backend answers in a few; above this each page of the application suffers. */
const slow = 250;

/** The remark about a slow database, if it is one. */
export function slowness({ median }: Latency): Remark[] {
  return median < slow ? [] : [{ kind: "slow", severity: "warning", number: Math.round(median) }];
}
