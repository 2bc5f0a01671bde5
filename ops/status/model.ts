/**
 * A status, from facts to verdict, as data without a language. It is made in three steps that know only the one before:
 *
 * 1. a look gives an {@link Observation}: facts, and the class of what failed. `look/` looks from here; an observation
 *    may as well come from elsewhere, as one line of JSON;
 * 2. `verdict/` says what that means: a state, a problem, remarks;
 * 3. `advice/` says why, and what to do about it, by database and vendor, in two languages.
 *
 * It holds no secret: of an error only codes of a known list, of a secret variable only whether it is set. Host names
 * are in it (`contract`, `topology`); whoever publishes it leaves them out. A fact that nobody saw is absent, never
 * guessed.
 */
import type { VariableName } from "../../infra/contract.ts";
import type { RenderDeploy } from "../../vendors/render.ts";
import type { DatabaseBackups } from "../backups/model.ts";
import type { Cost } from "../cost/model.ts";
import type { CauseCode, FailureKind, MistakeKind, RemarkKind } from "./advice/texts.ts";
import type { DatabaseName, Place, Vendor } from "./place.ts";
import type { StrangersStatus } from "./strangers/model.ts";

/**
 * `well`; `warning`: it works, something about it should be changed; `failed`: the backend cannot use it; `off`: not
 * configured, which for an optional database is no mistake.
 */
export type HealthState = "well" | "warning" | "failed" | "off";

/** Everything, at one moment. `JSON.stringify` of it is what `--json` prints. */
export interface Status {
  schema: 2;
  /** When it began, ISO 8601 in UTC. */
  at: string;
  source: Source;
  /** Every variable of the contract, in the contract's order. */
  contract: VariableStatus[];
  databases: { [D in DatabaseName]: CheckResult<FactsOf<D>> };
  render: RenderStatus;
  /** Why no service of the backend could be asked about what cannot be reached from here: a line for each. */
  notInside?: string[];
  /** What somebody added beside the stack; absent where nobody looked. */
  strangers?: StrangersStatus;
  /** What the vendors have of the stack's databases; absent where no stack tells of them. */
  backups?: DatabaseBackups[];
  /** What the stack costs a month by its settings, where those have a budget. */
  cost?: Cost;
  /** How long all checks took together, which run side by side. */
  seconds: number;
  /** Everything mandatory works: MongoDB is `well` or `warning`, and no optional check decides. */
  ok: boolean;
  /** What `--strict` asks for: nothing failed and nothing warns; what is `off` or unchecked does not count. */
  allWell: boolean;
}

/** Where the environment came from. */
export type Source =
  | { kind: "stack"; stack: string }
  /** The path as it was given. */
  | { kind: "file"; file: string }
  | { kind: "process" };

/** One variable of the contract. */
export interface VariableStatus {
  name: VariableName;
  /** `unset` is right for a database that is off; `missing`: something else of its database is set. */
  state: "set" | "unset" | "missing" | "invalid";
  secret: boolean;
  /** Only of variables that the contract does not call secret. */
  value?: string;
}

/**
 * What a look at one database gave: JSON, so that it fits on one line from wherever somebody looked. For example
 *
 *     {"vendor":"atlas","seconds":0.2,"facts":{"connected":true,"version":"8.0.4"}}
 *     {"vendor":"render-private","seconds":5,"facts":{"connected":false},
 *      "failure":{"kind":"timeout","stage":"connecting","evidence":"ETIMEDOUT","accepted":false}}
 */
export interface Observation<Facts> {
  vendor: Vendor;
  /** Who looked, when it was not this process: a service of the backend, with a driver of its own. */
  from?: Inside;
  /** How long the look took. */
  seconds: number;
  /** What was seen, also before a failure. */
  facts: Facts;
  /** Why it ended early. */
  failure?: Failure;
}

/** A look from inside: by which service, and which of its drivers, such as `psycopg 3.3.9`. */
export interface Inside {
  service: string;
  driver?: string;
}

/** What failed, and how far it had come. */
export interface Failure {
  kind: FailureKind;
  stage: "variables" | "connecting" | "asking";
  /** Codes only, such as `8000 (MongoServerError)` or `ENOTFOUND`: never a driver's message, which may quote a URL. */
  evidence: string;
  /** Whether the client wanted TLS. */
  tls?: boolean;
  /** Whether a connection came about before it failed; absent: not known. */
  accepted?: boolean;
  /** What is wrong with the variables, for `missing-variables` and `invalid-variables`: one for each. */
  mistakes?: Mistake[];
}

/** A mistake in one variable; its value is not part of it. */
export interface Mistake {
  variable: VariableName;
  kind: MistakeKind;
  /** `missing`: variables of the same database that are set. `above-maximum`: the other one. */
  beside?: VariableName[];
}

/** What a look at one database means. */
export interface CheckResult<Facts> extends Omit<Observation<Facts>, "failure" | "vendor"> {
  state: HealthState;
  /** Why it `failed`; absent otherwise. */
  problem?: Problem;
  /** What is worth knowing of one that answers, and of its credential; a `warning` among them makes the state. */
  remarks: Remark[];
  /** The oldest that it lets in with, by the stack's state; absent where nobody asked the state. */
  credential?: {
    /** 1 is the one that the database came with. */
    number: number;
    /** ISO 8601; absent where nobody knows. */
    since?: string;
    /** Whole days since then. */
    days?: number;
  };
}

/** Why a check failed. */
export interface Problem extends Pick<Failure, "kind" | "stage" | "evidence" | "mistakes"> {
  /** Where: the same cause has another way out at another vendor. */
  place: Place;
  /** At least one, the likeliest first. */
  causes: CauseCode[];
  /** The variables that it has to do with. */
  variables: VariableName[];
}

/** Something about a database that answers. */
export interface Remark {
  kind: RemarkKind;
  /** A `note` leaves the database `well`. */
  severity: "warning" | "note";
  /** Days, milliseconds or percent, as the kind has it. */
  number?: number;
  /** Names: of tables, roles, databases, a policy, a code. */
  names?: string[];
  /** The statements that solve it. */
  sql?: string[];
}

export type FactsOf<D extends DatabaseName> = {
  mongodb: MongodbFacts;
  postgres: PostgresFacts;
  redis: RedisFacts;
}[D];

/** Times of several tries of the same small question on one open connection, in milliseconds. */
export interface Latency {
  tries: number;
  median: number;
  fastest: number;
  slowest: number;
}

/** How the connection is encrypted. */
export type TlsFacts =
  | { on: false }
  | {
      on: true;
      /** For example `TLSv1.3`. */
      version?: string;
      /** Whether the certificate proves who answers; drivers of MongoDB and Redis insist on it. */
      trusted: boolean;
      /** Why it does not: one of OpenSSL's codes, such as `DEPTH_ZERO_SELF_SIGNED_CERT`. */
      untrustedBecause?: string;
      /** End of the certificate's validity, ISO 8601. */
      validTo?: string;
      /** Whole days until then; negative when it is over. */
      daysLeft?: number;
    };

/** Facts about any database. */
export interface CommonFacts {
  /** It let the user in and answered. */
  connected: boolean;
  latency?: Latency;
  /** For example `8.0.4`. */
  version?: string;
  tls?: TlsFacts;
}

/** Facts about MongoDB. Sizes in connections, times in milliseconds. */
export interface MongodbFacts extends CommonFacts {
  topology?: {
    kind: "replica set" | "sharded" | "load balanced" | "standalone";
    /** Name of the replica set. */
    set?: string;
    /** `host:port` of the primary. */
    primary?: string;
    /** Members that the driver knows. */
    members: number;
  };
  database?: {
    /** As MONGODB_DB_NAME says, character by character. */
    asked: string;
    /** Absent when the user may not list databases. */
    exists?: boolean;
    /** Databases that the user may see and whose names people take for this one, see `nearMissesOf`. */
    nearMisses: string[];
    /** The database in the URL, when it is another one. */
    inUrl?: string;
  };
  /** By name, with the names of their indexes; `indexes` is absent where they may not be listed. */
  collections?: { name: string; indexes?: string[] }[];
  rights?: {
    user: string;
    /** Insert, update and remove documents, and create indexes, in its database; by its privileges, never by trying. */
    canWrite: boolean;
    canRead: boolean;
    /** Roles or privileges that reach further than the database, such as `atlasAdmin@admin`. */
    beyond: string[];
  };
  /** What the driver works with: variables, then what the URL says itself. */
  settings?: {
    serverSelectionTimeout: number;
    maxPoolSize: number;
    minPoolSize: number;
    heartbeat: number;
    retryWrites: boolean;
    retryReads: boolean;
    /** Offered by this driver, in order of preference. */
    compressors: string[];
  };
  /** What driver and server agreed on. */
  compression?: "snappy" | "zlib" | "zstd" | "none";
}

/** The tables that the backend creates. */
export const tables = ["users", "courses", "modules", "enrollments", "user_progress"] as const;
export type TableName = (typeof tables)[number];

/** Facts about PostgreSQL. */
export interface PostgresFacts extends CommonFacts {
  database?: string;
  role?: { name: string; superuser: boolean };
  /** In the schemas of the search path. */
  tables?: Record<TableName, "present" | "missing">;
  /** Tables of these names in schemas where the backend does not look, as `schema.table`. */
  elsewhere?: string[];
  /** What keeps a missing table from being created: the seed's conflict. */
  conflicts?: {
    name: TableName;
    schema: string;
    what: "type" | "domain" | "relation";
  }[];
  /** Whether the role may write to every table that is there, and create those that are missing. */
  rights?: { canWrite: boolean; refused: string[] };
  connections?: {
    used: number;
    /** What this role may use: `max_connections` without those reserved for others, or its own limit. */
    maximum: number;
  };
  /** Size of the database in bytes. */
  size?: number;
}

/** Facts about Redis. */
export interface RedisFacts extends CommonFacts {
  /** `valkey` where the server says so. */
  software?: "redis" | "valkey";
  /** What a throw-away key went through. */
  commands?: Record<"set" | "get" | "expire" | "del", boolean>;
  memory?: {
    /** As Redis spells it, such as `allkeys-lru`; absent when the server does not tell. */
    policy?: string;
    /** Bytes; 0: no limit of Redis' own. */
    maximum?: number;
    /** Bytes. */
    used?: number;
  };
}

/** What Render says of the backend's services. */
export type RenderStatus =
  /** `no-key`: RENDER_API_KEY is not set. `no-services`: nobody said which services get these variables. */
  | { state: "unchecked"; reason: "no-key" | "no-services" }
  | {
      state: "well" | "warning" | "failed";
      seconds: number;
      /** Why Render did not answer; `services` is then empty. */
      problem?: Problem;
      services: RenderServiceStatus[];
    };

/** One service. */
export interface RenderServiceStatus {
  /** As the stack calls it; the id where only that is known. */
  name: string;
  id: string;
  state: "well" | "warning" | "failed";
  /** Why nothing is known of this service. */
  problem?: Problem;
  suspended?: boolean;
  /** The newest one. */
  lastDeploy?: Deploy;
  /** The one that runs, if it is another. */
  liveDeploy?: Deploy;
  /**
   * Whether what runs was deployed after the variables last changed: `yes` by the stack's state, `no` where nothing runs.
   * `deploying`: a newer deploy is on its way. `unknown`: Render does not say when a variable changed.
   */
  liveWithCurrentVariables?: "yes" | "no" | "deploying" | "unknown";
  /** Variables of the contract at this service, its own and those of its env groups, against the contract's values. */
  variables?: {
    equal: string[];
    differ: string[];
    missing: string[];
    /** Variables of the contract that the service still has and the contract no longer gives. */
    extra: string[];
    /** Set by the service itself and by an env group: the service's own value wins. */
    shadowed: string[];
  };
}

/** When it began, ISO 8601, and how it stands. */
export type Deploy = Pick<RenderDeploy, "status" | "createdAt">;
