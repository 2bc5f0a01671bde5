/** What the program said of a database, as the observation that a look from here would have given. */

import { z } from "zod";
import { meaningOf } from "../look/errors.ts";
import { latencyFrom } from "../look/latency.ts";
import { writable } from "../look/mongodb/index.ts";
import { nearMissesOf } from "../look/mongodb/names.ts";
import { connectionStatus, rightsFrom } from "../look/mongodb/rights.ts";
import { compressionOf, topologyFacts } from "../look/mongodb/topology.ts";
import { factsFrom, rows } from "../look/postgres/ask.ts";
import { memoryFrom, softwareFrom } from "../look/redis/information.ts";
import type {
  CommonFacts,
  FactsOf,
  Failure,
  MongodbFacts,
  Observation,
  RedisFacts,
  TlsFacts,
} from "../model.ts";
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
  const { driver, seconds, stage, answers } = said;
  const failure = failureFrom(database, said);
  const common: CommonFacts = {
    connected: stage === "asking",
    ...(answers.times && { latency: latencyFrom(answers.times) }),
    ...tlsFrom(said.tls),
  };
  return {
    vendor,
    from: { service, ...(driver && { driver }) },
    seconds,
    facts: { ...common, ...factsOf[database](answers, variables) } as FactsOf<D>,
    ...(failure && { failure }),
  };
}

function failureFrom(
  database: DatabaseName,
  { code, stage, accepted, wantsTls, answers }: Said,
): Failure | undefined {
  if (code === undefined) return undefined;
  const meaning =
    code === "driver-missing"
      ? { kind: "driver-missing" as const, evidence: code }
      : meaningOf({ code, message: code });
  // As a look from here has it: somebody answers, and nobody takes writes.
  const { servers = [] } = answers.topology ?? {};
  const lacksPrimary =
    servers.some(({ type }) => type !== "Unknown") && !servers.some(({ type }) => writable.has(type));
  const kind =
    database === "mongodb" && meaning.kind === "timeout" && lacksPrimary ? "no-primary" : meaning.kind;
  return {
    ...meaning,
    kind,
    stage,
    ...(wantsTls !== undefined && { tls: wantsTls }),
    ...(accepted !== undefined && { accepted }),
  };
}

const day = 24 * 60 * 60 * 1000;

function tlsFrom(tls: Said["tls"]): { tls?: TlsFacts } {
  if (tls === undefined || tls === null) return {};
  if (!tls.on) return { tls: { on: false } };
  const { version, trusted = false, untrustedBecause, validTo } = tls;
  const until = validTo === undefined ? Number.NaN : Date.parse(validTo);
  return {
    tls: {
      on: true,
      trusted,
      ...(version !== undefined && { version }),
      ...(untrustedBecause !== undefined && { untrustedBecause }),
      ...(!Number.isNaN(until) && {
        validTo: new Date(until).toISOString(),
        daysLeft: Math.floor((until - Date.now()) / day),
      }),
    },
  };
}

type ToFacts = (answers: Said["answers"], variables: Variables) => object;

const factsOf: Readonly<Record<DatabaseName, ToFacts>> = {
  mongodb: (answers, { MONGODB_DB_NAME: asked = "" }) => {
    const { topology, settings, version, connectionStatus, databases, collections, hello } = answers;
    const rights = connectionStatus && rightsFrom(connectionStatus, asked);
    const seen = topology && topologyFacts({ ...topology, setName: topology.set });
    return {
      ...(seen && { topology: seen }),
      ...(version !== undefined && { version }),
      database: {
        asked,
        nearMisses: nearMissesOf(asked, databases ?? []),
        ...(databases && { exists: databases.includes(asked) }),
      },
      ...(collections && { collections: collections.sort((a, b) => a.name.localeCompare(b.name, "en")) }),
      ...(rights && { rights }),
      ...(settings && { settings }),
      ...(settings && hello && { compression: compressionOf(settings.compressors, hello) }),
    } satisfies Partial<MongodbFacts>;
  },
  postgres: (answers) => factsFrom(answers),
  redis: ({ commands, information }) =>
    ({
      ...(commands !== undefined && { commands }),
      ...(information !== undefined && {
        ...softwareFrom(information),
        memory: memoryFrom(information),
      }),
    }) satisfies Partial<RedisFacts>,
};
