/** What a look at a database means: how it is, why it cannot be used, what is worth knowing. From facts alone. */

import { causesOf } from "../advice/likely.ts";
import type { CauseCode } from "../advice/texts.ts";
import type { CheckResult, CommonFacts, FactsOf, Failure, Observation, Problem, Remark } from "../model.ts";
import type { DatabaseName, Place } from "../place.ts";
import type { Judge } from "./judge.ts";
import { mongodbJudge } from "./mongodb.ts";
import { postgresJudge } from "./postgres.ts";
import { redisJudge } from "./redis.ts";
import { tlsRemarks } from "./tls.ts";

const judges: { [D in DatabaseName]: Judge<FactsOf<D>> } = {
  mongodb: mongodbJudge,
  postgres: postgresJudge,
  redis: redisJudge,
};

/** @param observation undefined: the database is not configured */
export function verdictOn<D extends DatabaseName>(
  database: D,
  observation: Observation<FactsOf<D>> | undefined,
): CheckResult<FactsOf<D>> {
  if (observation === undefined)
    return { state: "off", seconds: 0, remarks: [], facts: { connected: false } as FactsOf<D> };
  const { vendor, from, seconds, facts, failure } = observation;
  const judge: Judge<FactsOf<D>> = judges[database];
  const place: Place = { database, vendor };
  const remarks =
    failure === undefined
      ? [...tlsRemarks(facts.tls, place), ...slowness(facts), ...judge.remarks(facts)]
      : [];
  const trouble = failure === undefined ? judge.unusable?.(facts) : { failure };
  const warns = remarks.some(({ severity }) => severity === "warning");
  return {
    state: trouble ? "failed" : warns ? "warning" : "well",
    ...(from && { from }),
    seconds,
    ...(trouble && { problem: problemFrom(trouble.failure, place, judge.variables, trouble.likely) }),
    remarks,
    facts,
  };
}

/** @param likely causes that are likelier than what the class of the failure suggests */
export function problemFrom(
  failure: Failure,
  place: Place,
  variables: Judge<never>["variables"] = () => [],
  likely: readonly CauseCode[] = [],
): Problem {
  const { kind, stage, evidence, mistakes } = failure;
  const wrong = mistakes?.map(({ variable }) => variable);
  return {
    kind,
    stage,
    evidence,
    ...(mistakes && { mistakes }),
    place,
    causes: [...new Set([...likely, ...(mistakes ? causesOfMistakes(mistakes) : causesOf(failure, place))])],
    variables: wrong ?? variables(kind),
  };
}

function causesOfMistakes(mistakes: NonNullable<Failure["mistakes"]>): CauseCode[] {
  const missing = mistakes.filter(({ kind }) => kind === "missing");
  if (missing.some(({ beside }) => beside !== undefined)) return ["variable-alone"];
  if (missing.length > 0) return ["variable-missing"];
  return mistakes.some(({ kind }) => kind === "not-encoded")
    ? ["password-not-encoded"]
    : ["variable-invalid"];
}

/** Milliseconds: a database beside the backend answers in a few; above this each page of the application suffers. */
const slow = 250;

function slowness({ latency }: CommonFacts): Remark[] {
  if (latency === undefined || latency.median < slow) return [];
  return [{ kind: "slow", severity: "warning", number: Math.round(latency.median) }];
}
