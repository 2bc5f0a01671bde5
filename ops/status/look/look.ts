/** What the looks at all databases have in common: time, failure, and an end, whatever happens in them. */
import type { CommonFacts, Failure, Observation } from "../model.ts";
import { vendorOf } from "../place.ts";
import { Deadline } from "./deadline.ts";
import { type Meaning, meaningOf } from "./errors.ts";

/** What every look is told. */
export interface LookOptions {
  /** Milliseconds for the connection, and again for what is asked on it. */
  timeout: number;
  /** Certificates of further authorities, PEM. */
  ca?: string;
  /** Aborted: the look ends, and cleans up. */
  signal?: AbortSignal;
}

/** Milliseconds that a look may take beyond the timeout: for questions after the connection, and for closing. */
export const grace = 500;

/** A failure that is known without a driver's error. */
export class KnownFailure extends Error {
  readonly meaning: Meaning;
  constructor(meaning: Meaning) {
    super(meaning.kind);
    this.meaning = meaning;
  }
}

/** How far a look is. It outlives the look itself, so that a failure can be told from it. */
export interface Progress<Facts> extends Pick<Failure, "tls" | "accepted"> {
  stage: "connecting" | "asking";
  facts: Facts;
  deadline: Deadline;
}

/**
 * Looks, and comes to an end. Resolves also when nothing could be seen.
 *
 * @param host where; only whose it is becomes part of the observation
 * @param inspect connects, and fills in the facts
 */
export async function look<Facts extends CommonFacts>(
  host: string,
  { timeout, signal }: LookOptions,
  inspect: (progress: Progress<Facts>) => Promise<void>,
): Promise<Observation<Facts>> {
  const since = performance.now();
  const facts = { connected: false } as Facts;
  const deadline = new Deadline(timeout + grace, signal);
  const progress: Progress<Facts> = { stage: "connecting", facts, deadline };
  const failure = await inspect(progress).then(
    () => undefined,
    (error) => failureFrom(error, progress),
  );
  return { vendor: vendorOf(host), seconds: secondsSince(since), facts, ...(failure && { failure }) };
}

/** What an error says, and how far somebody had come. */
export function failureFrom(
  error: unknown,
  {
    stage,
    tls,
    accepted,
  }: { stage: Failure["stage"]; tls?: boolean | undefined; accepted?: boolean | undefined },
): Failure {
  const meaning = error instanceof KnownFailure ? error.meaning : meaningOf(error);
  return {
    ...meaning,
    stage,
    ...(tls !== undefined && { tls }),
    ...(accepted !== undefined && { accepted }),
  };
}

export const secondsSince = (start: number) => Math.round(performance.now() - start) / 1000;
