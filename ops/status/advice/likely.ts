/**
 * The likely causes of a failure by class, database and vendor, the likeliest first: what is known of the vendor goes
 * before what holds for the database, and that before what holds anywhere.
 */
import type { Failure } from "../model.ts";
import type { Place } from "../place.ts";
import type { CauseCode, FailureKind, Where } from "./texts.ts";

/** A class of failure, or what else is known of it. */
type Row =
  | FailureKind
  /** Somebody accepts connections, and then says nothing. */
  | "silence"
  /** Closed on a client that did not ask for TLS. */
  | "closed-without-tls"
  /** TLS was ended with the alert that Atlas has for an address that is not in its list. */
  | "tls-alert";

type Causes = readonly CauseCode[];
type Likely = Readonly<Partial<Record<Where, Causes>> & { anywhere: Causes }>;

/** Atlas drops packets of an address that is not in the list: https://www.mongodb.com/docs/atlas/troubleshoot-connection/ */
const noWay = {
  atlas: ["access-list", "paused-cluster"],
  render: ["render-access-control", "suspended-service"],
  "render-private": ["suspended-service"],
  "redis-cloud": ["vendor-access-list"],
  upstash: ["vendor-access-list"],
} as const satisfies Partial<Record<Where, Causes>>;

/** A password that is not encoded moves the host name: it comes before the database is said to be gone. */
const inUrl: Causes = ["wrong-host", "password-not-encoded", "database-deleted", "dns-blocked"];
const connections: Causes = ["other-clients", "pool-too-large"];
const closed: Causes = ["server-down", "intercepted"];

const likely: Readonly<Record<Row, Likely>> = {
  "missing-variables": { anywhere: ["variable-missing"] },
  "invalid-variables": {
    mongodb: ["password-not-encoded"],
    redis: ["password-not-encoded"],
    anywhere: ["variable-invalid"],
  },
  "host-not-found": {
    atlas: ["wrong-host", "paused-cluster", "database-deleted"],
    "render-private": ["private-network", "suspended-service"],
    upstash: ["database-archived", "wrong-host"],
    mongodb: inUrl,
    redis: inUrl,
    anywhere: ["wrong-host", "database-deleted", "dns-blocked"],
  },
  "connection-refused": {
    atlas: ["paused-cluster"],
    render: noWay.render,
    "render-private": noWay["render-private"],
    anywhere: ["server-down", "wrong-port"],
  },
  unreachable: { ...noWay, anywhere: ["firewall", "wrong-host"] },
  "connection-closed": {
    ...noWay,
    // At its limit MongoDB closes without a word, and so does what stands before it.
    mongodb: ["server-down", "pool-too-large"],
    anywhere: closed,
  },
  "closed-without-tls": { render: noWay.render, anywhere: ["tls-required", "server-down"] },
  "address-refused": {
    atlas: ["access-list"],
    render: ["render-access-control"],
    anywhere: ["vendor-access-list"],
  },
  timeout: { ...noWay, anywhere: ["firewall", "wrong-host", "server-slow", "timeout-short"] },
  silence: {
    ...noWay,
    atlas: ["access-list"],
    anywhere: ["server-hangs", "server-slow", "timeout-short"],
  },
  "login-refused": {
    atlas: ["wrong-password", "user-too-new"],
    mongodb: ["wrong-password", "user-missing", "password-not-encoded", "wrong-auth-source"],
    redis: ["wrong-password", "user-missing", "password-not-encoded"],
    // The only login at Render's API is the key.
    services: ["api-key"],
    postgres: ["wrong-password", "user-missing"],
    anywhere: [],
  },
  "not-allowed": {
    mongodb: ["read-only-user", "role-of-other-database", "database-name"],
    postgres: ["read-only-user", "tables-of-other-owner"],
    services: ["api-key"],
    redis: ["read-only-user"],
    anywhere: [],
  },
  "no-such-database": { anywhere: ["database-name", "database-deleted"] },
  "certificate-expired": { anywhere: ["certificate-not-renewed", "clock-wrong", "intercepted"] },
  "certificate-untrusted": { anywhere: ["private-authority", "intercepted", "wrong-host"] },
  "certificate-wrong-host": { anywhere: ["wrong-host", "intercepted"] },
  "tls-failed": { anywhere: ["intercepted", "driver-or-server-version"] },
  "tls-alert": { atlas: ["access-list"], anywhere: ["intercepted", "driver-or-server-version"] },
  "tls-mismatch": { anywhere: ["tls-not-offered", "wrong-port"] },
  "no-primary": { anywhere: ["election", "server-down"] },
  "read-only": { anywhere: ["replica-address", "disk-full"] },
  "too-many-connections": { mongodb: ["pool-too-large", "other-clients"], anywhere: connections },
  starting: { anywhere: ["just-started"] },
  "out-of-memory": { anywhere: ["memory-full"] },
  "storage-full": { redis: ["memory-full"], anywhere: ["disk-full"] },
  "cannot-persist": { anywhere: ["disk-full"] },
  "quota-used-up": { services: ["rate-limit"], anywhere: ["plan-limit"] },
  "no-such-service": { anywhere: ["service-deleted", "api-key"] },
  "not-supported": { anywhere: ["driver-or-server-version", "not-a-database"] },
  "driver-missing": { anywhere: ["driver-not-installed"] },
  interrupted: { anywhere: ["interrupted"] },
  unexpected: { anywhere: ["unknown"] },
};

function rowOf({ kind, evidence, accepted, tls }: Failure): Row {
  if (kind === "timeout" && accepted === true) return "silence";
  if (kind === "connection-closed" && tls === false) return "closed-without-tls";
  return /ALERT_INTERNAL_ERROR/.test(evidence) ? "tls-alert" : kind;
}

/** At least one cause; each has its next step in the table of causes. */
export function causesOf(failure: Failure, place: Place): CauseCode[] {
  const row = likely[rowOf(failure)];
  return [...new Set([...wheresOf(place).flatMap((where) => row[where] ?? []), ...row.anywhere])];
}

/** Where somebody is, the most particular first. */
export const wheresOf = ({ database, vendor }: Place): Where[] =>
  database === "redis" && vendor.startsWith("render") ? ["key-value", vendor, database] : [vendor, database];
