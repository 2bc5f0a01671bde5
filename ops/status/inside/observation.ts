/** What the program said of a database, as the observation that a look from here would have given. */

import { meaningOf } from "../look/errors.ts";
import { latencyFrom } from "../look/latency.ts";
import { writable } from "../look/mongodb/index.ts";
import { nearMissesOf } from "../look/mongodb/names.ts";
import { type ConnectionStatus, rightsFrom } from "../look/mongodb/rights.ts";
import { compressionOf, topologyFacts } from "../look/mongodb/topology.ts";
import { type Answers, factsFrom } from "../look/postgres/ask.ts";
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

/** One line of JSON by database; look.py says it. Codes and answers, no secret. */
export interface Said {
  stage: "connecting" | "asking";
  seconds: number;
  driver?: string;
  wantsTls?: boolean;
  accepted?: boolean;
  tls?: {
    on: boolean;
    version?: string;
    trusted?: boolean;
    untrustedBecause?: string;
    validTo?: string;
  } | null;
  answers: { times?: number[] } & Record<string, unknown>;
  /** Of what failed. */
  code?: string;
}

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
  const { servers = [] } = (answers.topology ?? {}) as { servers?: { type: string }[] };
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
    const { topology, settings, version, connectionStatus, databases, collections, hello } = answers as {
      topology?: { type: string; set: string | null; servers: { type: string; address: string }[] };
      settings?: NonNullable<MongodbFacts["settings"]>;
      version?: string;
      connectionStatus?: ConnectionStatus;
      databases?: string[];
      collections?: NonNullable<MongodbFacts["collections"]>;
      hello?: Record<string, unknown>;
    };
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
  postgres: (answers) => factsFrom(answers as Answers),
  redis: ({ commands, information }) =>
    ({
      ...(commands !== undefined && { commands: commands as NonNullable<RedisFacts["commands"]> }),
      ...(typeof information === "string" && {
        ...softwareFrom(information),
        memory: memoryFrom(information),
      }),
    }) satisfies Partial<RedisFacts>,
};
