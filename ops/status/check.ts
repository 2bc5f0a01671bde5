/** What the checks of all databases have in common: time, failure, verdict. */
import { causesOf, type ProbeTarget } from "./causes.ts";
import { Deadline } from "./deadline.ts";
import { type Meaning, meaningOf } from "./errors.ts";
import { slowness } from "./latency.ts";
import type {
  CauseCode,
  CheckPhase,
  CheckResult,
  CommonFacts,
  HealthState,
  Mistake,
  Problem,
  Remark,
} from "./model.ts";
import { tlsRemarks } from "./tls.ts";
import type { ConfigurationResult } from "./variables.ts";

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
  deadline: Deadline;
}

/** What is of its own in the check of a kind of database. */
interface DatabaseCheck<Settings, Facts> {
  /** Where the settings lead. */
  place(settings: Settings): ProbeTarget;
  /**
   * Connects and fills in the facts.
   *
   * @returns what there is to say about them
   * @throws Failure, or what the driver fails with
   */
  inspect(settings: Settings, options: CheckOptions, progress: Progress<Facts>): Promise<Remark[]>;
  /** Whether the driver asks for a certificate that proves who answers. */
  insistsOnTls: boolean;
  /** Whether others can listen on the way to a host. */
  isPrivate(host: string): boolean;
  /** Why the backend cannot work with a database that answers. */
  unusable(facts: Facts): Failure | undefined;
  /** Which variables a problem has to do with. */
  variablesOf(kind: Meaning["kind"]): Problem["variables"];
}

/** The check of one kind of database: it comes to an end, whatever happens in it. */
export const databaseCheck =
  <Settings, Facts extends CommonFacts>(check: DatabaseCheck<Settings, Facts>) =>
  async (configured: ConfigurationResult<Settings>, options: CheckOptions): Promise<CheckResult<Facts>> => {
    const since = performance.now();
    const facts = { connected: false } as Facts;
    if (configured === undefined) return { state: "off", seconds: 0, remarks: [], facts };
    if ("mistakes" in configured)
      return { state: "failed", seconds: 0, problem: mistaken(configured.mistakes), remarks: [], facts };
    const place = check.place(configured.settings);
    const deadline = new Deadline(options.timeout + grace, options.signal);
    const progress: Progress<Facts> = { stage: "connecting", place, facts, deadline };
    const remarks: Remark[] = [];
    let problem: Problem | undefined;
    try {
      const own = await check.inspect(configured.settings, options, progress);
      const onTls = tlsRemarks(facts.tls, check.insistsOnTls, check.isPrivate(place.host));
      remarks.push(...onTls, ...slowness(facts.latency), ...own);
      const failure = check.unusable(facts);
      if (failure !== undefined) throw failure;
    } catch (error) {
      problem = problemOf(error, progress, check.variablesOf);
    }
    return {
      state: problem === undefined ? stateOf(remarks) : "failed",
      seconds: secondsSince(since),
      ...(problem && { problem }),
      remarks,
      facts,
    };
  };

/** What an error says of a place. */
export function problemOf(
  error: unknown,
  { stage, place }: Pick<Progress<unknown>, "stage" | "place">,
  variablesOf: DatabaseCheck<unknown, unknown>["variablesOf"],
): Problem {
  const { meaning, likely } = error instanceof Failure ? error : new Failure(meaningOf(error));
  return {
    ...meaning,
    stage,
    causes: [...new Set([...likely, ...causesOf(meaning.kind, meaning.evidence, place)])],
    variables: variablesOf(meaning.kind),
  };
}

/** A database whose variables are no good: nothing was asked. */
function mistaken(mistakes: Mistake[]): Problem {
  const missing = mistakes.filter(({ kind }) => kind === "missing");
  const alone = missing.some(({ beside }) => beside !== undefined);
  return {
    kind: missing.length > 0 ? "missing-variables" : "invalid-variables",
    stage: "variables",
    causes: missing.length > 0 ? [alone ? "variable-alone" : "variable-missing"] : ["variable-invalid"],
    evidence: mistakes.map(({ variable, kind }) => `${variable} ${kind}`).join(", "),
    variables: mistakes.map(({ variable }) => variable),
    mistakes,
  };
}

const stateOf = (remarks: readonly Remark[]): HealthState =>
  remarks.some(({ severity }) => severity === "warning") ? "warning" : "well";

export const secondsSince = (start: number) => Math.round(performance.now() - start) / 1000;
