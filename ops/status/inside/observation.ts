/** What the program said of a database, as the observation that a look from here would have given. */
import { z } from "zod";
import { latencyFrom } from "../look/latency.ts";
import { failureFrom } from "../look/look.ts";
import { connectionStatus, factsFrom as factsOfMongodb, lackPrimary } from "../look/mongodb/facts.ts";
import { tlsFacts } from "../look/network.ts";
import { factsFrom as factsOfPostgres, rows } from "../look/postgres/ask.ts";
import { factsFrom as factsOfRedis } from "../look/redis/index.ts";
import type { CommonFacts, FactsOf, Failure, Observation } from "../model.ts";
import type { DatabaseName, Vendor } from "../place.ts";
import type { Variables } from "../variables.ts";

/** Of another form, or refused: then nothing is known of it, and that is no failure. */
const perhaps = <T extends z.ZodType>(form: T) => form.optional().catch(undefined);
const text = z.string();
const texts = z.array(text);

/** One line of JSON by database; look.py says it. Codes and answers, no secret. */
const saidForm = z.object({
  stage: z.enum(["connecting", "asking"]).catch("connecting"),
  seconds: z.number().catch(0),
  driver: perhaps(text),
  wantsTls: perhaps(z.boolean()),
  accepted: perhaps(z.boolean()),
  tls: perhaps(
    z.object({
      on: z.boolean(),
      version: perhaps(text),
      trusted: perhaps(z.boolean()),
      untrustedBecause: perhaps(text),
      validTo: perhaps(text),
    }),
  ),
  /** Of what failed. */
  code: perhaps(text),
  answers: z
    .object({
      times: perhaps(z.array(z.number())),
      topology: perhaps(
        z.object({
          type: text,
          set: text.nullable(),
          servers: z.array(z.object({ type: text, address: text })),
        }),
      ),
      settings: perhaps(
        z.object({
          serverSelectionTimeout: z.number(),
          maxPoolSize: z.number(),
          minPoolSize: z.number(),
          heartbeat: z.number(),
          retryWrites: z.boolean(),
          retryReads: z.boolean(),
          compressors: texts,
        }),
      ),
      version: perhaps(text),
      connectionStatus: perhaps(connectionStatus),
      databases: perhaps(texts),
      collections: perhaps(z.array(z.object({ name: text, indexes: texts.exactOptional() }))),
      hello: perhaps(z.record(text, z.unknown())),
      server: perhaps(rows.server),
      relations: perhaps(rows.relations),
      conflicts: perhaps(rows.conflicts),
      size: perhaps(rows.size),
      commands: perhaps(
        z.object({ set: z.boolean(), get: z.boolean(), expire: z.boolean(), del: z.boolean() }),
      ),
      information: perhaps(text),
    })
    .catch({}),
});
type Said = z.infer<typeof saidForm>;

/** The whole answer. */
export const answerForm = z.object({ databases: z.record(text, saidForm) });

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
