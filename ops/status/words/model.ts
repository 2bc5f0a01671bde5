/** How a status is said. Everything that people read of it comes from here. */
import type {
  CauseCode,
  DatabaseName,
  HealthState,
  Latency,
  Mistake,
  ProblemKind,
  Remark,
  RenderServiceStatus,
  Suitability,
} from "../model.ts";

/** A likely cause, and what to do if that is it: a link, a command or a setting. */
export interface Cause {
  because: string;
  next: string;
}

/** What a remark says, and what to do about it. */
export interface Advice {
  says: string;
  next?: string;
}

export interface Words {
  locale: string;
  /** Between a name and what is said of it. */
  colon: string;
  title: (source: string) => string;
  source: { stack: (name: string) => string; file: (name: string) => string; process: string };
  states: Record<HealthState | "unchecked", string>;
  databases: Record<DatabaseName, string>;
  optional: string;
  took: (seconds: number) => string;
  verdict: { ok: string; failed: string; strict: string; allWell: string };
  problems: Record<ProblemKind, string>;
  causes: Record<CauseCode, Cause>;
  mistake: (mistake: Mistake) => string;
  remark: (remark: Remark) => Advice;
  labels: {
    problem: string;
    evidence: string;
    variables: string;
    /** Before a numbered list, in a narrow column and in a sentence. */
    cause: string;
    causes: string;
    fact: string;
    value: string;
    check: string;
    state: string;
  };
  facts: {
    version: string;
    latency: string;
    latencyIs: (latency: Latency) => string;
    topology: string;
    topologyKinds: Record<"replica set" | "sharded" | "load balanced" | "standalone" | "unknown", string>;
    members: (count: number) => string;
    primary: string;
    database: string;
    exists: (exists: boolean | undefined) => string;
    collections: string;
    collectionsAre: (collections: number, indexes: number) => string;
    rights: string;
    rightsAre: (user: string, writes: boolean, beyond: readonly string[]) => string;
    pool: string;
    poolIs: (least: number, most: number) => string;
    timeouts: string;
    heartbeat: (ms: number) => string;
    retry: string;
    retryIs: (writes: boolean, reads: boolean) => string;
    compression: string;
    compressionIs: (chosen: string, offered: readonly string[]) => string;
    tls: string;
    noTls: string;
    certificate: (validTo: string, days: number) => string;
    untrusted: (code: string | undefined) => string;
    role: string;
    superuser: (is: boolean) => string;
    tables: string;
    tablesAre: (present: readonly string[], missing: readonly string[]) => string;
    connections: string;
    size: string;
    commands: string;
    memory: string;
    noLimit: string;
    unknownPolicy: string;
    uses: Record<"cache" | "rateLimit" | "sessions", string>;
    suitability: Record<Suitability, string>;
  };
  render: {
    title: string;
    unchecked: Record<"no-key" | "no-services", string>;
    lastDeploy: (status: string, at: string) => string;
    liveDeploy: (at: string) => string;
    noDeploy: string;
    suspended: string;
    current: Record<NonNullable<RenderServiceStatus["liveWithCurrentVariables"]>, string>;
    equal: (count: number, all: number) => string;
    differ: (names: readonly string[]) => string;
    missing: (names: readonly string[]) => string;
    extra: (names: readonly string[]) => string;
    shadowed: (names: readonly string[]) => string;
    redeploy: string;
  };
  watching: (seconds: number) => string;
}
