/** What can be wrong with a database, and what there is to say about one that answers. Codes only; words.ts has the words. */
import type { VariableName } from "../../infra/contract.ts";

/** Why a check failed, in one word. */
export type ProblemKind =
  /** Variables of the contract are missing, or contradict each other. */
  | "missing-variables"
  /** A variable's value is not of its kind. */
  | "invalid-variables"
  | "host-not-found"
  | "connection-refused"
  | "unreachable"
  | "connection-closed"
  /** Nothing came in time: no connection, or no answer of a server that accepted one. */
  | "timeout"
  | "login-refused"
  | "not-allowed"
  | "no-such-database"
  | "certificate-expired"
  | "certificate-untrusted"
  | "certificate-wrong-host"
  /** TLS failed otherwise: no certificate was the reason. */
  | "tls-failed"
  /** TLS is wanted by one side only. */
  | "tls-mismatch"
  /** Servers answer, but none takes writes. */
  | "no-primary"
  | "read-only"
  | "too-many-connections"
  | "starting"
  | "out-of-memory"
  | "cannot-persist"
  /** The plan's requests of the day or the month. */
  | "quota-used-up"
  /** Render knows no service of this id. */
  | "no-such-service"
  /** The server does not know what was asked. */
  | "not-supported"
  | "interrupted"
  | "unexpected";

/** A likely cause. Each has words and a next step in words.ts. */
export type CauseCode =
  | "variable-missing"
  | "variable-invalid"
  | "variable-alone"
  /** The address is not in Atlas' access list. */
  | "access-list"
  /** The address is not in Render's access control. */
  | "render-access-control"
  /** A host name of Render's private network, asked from outside. */
  | "private-network"
  | "wrong-host"
  | "wrong-port"
  | "dns-blocked"
  | "wrong-password"
  | "user-missing"
  | "password-not-encoded"
  | "wrong-auth-source"
  | "paused-cluster"
  | "suspended-service"
  | "database-deleted"
  | "server-down"
  | "firewall"
  /** It accepts and never answers. */
  | "server-hangs"
  | "server-slow"
  | "timeout-short"
  | "read-only-user"
  | "role-of-other-database"
  | "replica-address"
  | "tables-of-other-owner"
  | "database-name"
  | "certificate-not-renewed"
  | "clock-wrong"
  | "private-authority"
  | "intercepted"
  | "tls-not-offered"
  | "tls-required"
  | "election"
  | "pool-too-large"
  | "other-clients"
  | "just-started"
  | "memory-full"
  | "disk-full"
  | "plan-limit"
  | "not-a-database"
  | "driver-or-server-version"
  | "api-key"
  | "service-deleted"
  | "interrupted"
  | "unknown";

/** How far a check came before it failed. */
export type CheckPhase = "variables" | "connecting" | "asking";

/** Why a check failed. */
export interface Problem {
  kind: ProblemKind;
  stage: CheckPhase;
  /** At least one, the likeliest first. */
  causes: CauseCode[];
  /** Codes only, such as `MongoServerError 8000` or `ENOTFOUND`: never a driver's message, which may quote a URL. */
  evidence: string;
  /** The variables that it has to do with. */
  variables: VariableName[];
  /** What the variables' mistake is, for `missing-variables` and `invalid-variables`: one for each. */
  mistakes?: Mistake[];
}

/** A mistake in one variable; its value is not part of it. */
export interface Mistake {
  variable: VariableName;
  kind: "missing" | "not-a-number" | "not-a-url" | "not-a-host" | "out-of-range" | "above-maximum";
  /** `missing`: variables of the same database that are set. `above-maximum`: the other one. */
  beside?: VariableName[];
}

export type RemarkKind =
  | "certificate-expires"
  | "certificate-expired"
  | "certificate-untrusted"
  | "no-tls"
  | "slow"
  | "database-missing"
  | "database-near-miss"
  | "database-in-url-differs"
  | "rights-beyond-database"
  | "rights-unknown"
  | "standalone"
  | "no-compression"
  | "no-retry"
  | "superuser"
  | "tables-missing"
  | "tables-elsewhere"
  | "type-conflict"
  | "connections-nearly-used"
  | "policy-loses-sessions"
  | "policy-refuses-writes"
  | "policy-unknown"
  | "memory-nearly-full";

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
