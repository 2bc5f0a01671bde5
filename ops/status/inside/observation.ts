/** What the program said of a database, as the observation that a look from here would have given. */
import { latencyFrom } from "../look/latency.ts";
import { failureFrom } from "../look/look.ts";
import { factsFrom as factsOfMongodb, lackPrimary, type MongodbAnswers } from "../look/mongodb/facts.ts";
import { tlsFacts } from "../look/network.ts";
import { factsFrom as factsOfPostgres, type Answers as PostgresAnswers } from "../look/postgres/ask.ts";
import { factsFrom as factsOfRedis, type RedisAnswers } from "../look/redis/index.ts";
import type { CommonFacts, FactsOf, Failure, Observation } from "../model.ts";
import type { DatabaseName, Vendor } from "../place.ts";
import type { Variables } from "../variables.ts";

type Answers = MongodbAnswers & PostgresAnswers & RedisAnswers & { times?: number[] };

/** One line of JSON by database; look.py says it. Codes and answers, no secret. */
export interface Said {
  stage: "connecting" | "asking";
  seconds: number;
  driver?: string;
  wantsTls?: boolean;
  accepted?: boolean;
  tls?: ({ on: boolean } & Parameters<typeof tlsFacts>[0]) | null;
  answers: Answers;
  /** Of what failed. */
  code?: string;
}

/** @param variables the contract's: names that the questions are about */
export function observationFrom<D extends DatabaseName>(
  database: D,
  said: Said,
  { vendor, service, variables }: { vendor: Vendor; service: string; variables: Variables },
): Observation<FactsOf<D>> {
  const { driver, seconds, stage, answers, tls } = said;
  const failure = failureIn(database, said);
  const common: CommonFacts = {
    connected: stage === "asking",
    ...(answers.times && { latency: latencyFrom(answers.times) }),
    ...(tls && { tls: tls.on ? tlsFacts(tls) : { on: false } }),
  };
  const own = {
    mongodb: () => factsOfMongodb(answers, variables.MONGODB_DB_NAME ?? ""),
    postgres: () => factsOfPostgres(answers),
    redis: () => factsOfRedis(answers),
  };
  return {
    vendor,
    from: { service, ...(driver && { driver }) },
    seconds,
    facts: { ...common, ...own[database]() } as FactsOf<D>,
    ...(failure && { failure }),
  };
}

function failureIn(
  database: DatabaseName,
  { code, stage, accepted, wantsTls: tls, answers }: Said,
): Failure | undefined {
  if (code === undefined) return undefined;
  const failure = failureFrom({ code, message: code }, { stage, accepted, tls });
  const hasNoPrimary = database === "mongodb" && lackPrimary(answers.topology?.servers ?? []);
  return failure.kind === "timeout" && hasNoPrimary ? { ...failure, kind: "no-primary" } : failure;
}
