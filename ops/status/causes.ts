/** The likely causes of a problem, in order. What is known of the vendor and of how far it came decides. */
import type { CauseCode, DatabaseName, ProblemKind } from "./model.ts";

/** What is known of the place that was asked. */
export interface ProbeTarget {
  database: DatabaseName | "render";
  /** Host name; never shown by these functions. */
  host: string;
  /** Whether the client wanted TLS. */
  tls: boolean;
  /** Whether a connection came about before it failed; undefined: not known. */
  accepted?: boolean | undefined;
}

/** Whose database a host name leads to. */
export type DatabaseHost = "atlas" | "render" | "render-private" | "upstash" | "redis-cloud" | "other";

export function vendorOf(host: string): DatabaseHost {
  if (/\.mongodb(-\w+)?\.net$/.test(host)) return "atlas";
  // Inside its private network Render's databases have names without a dot:
  // https://render.com/docs/postgresql-creating-connecting#internal-connections
  if (/^(dpg|red)-[a-z0-9-]+$/.test(host)) return "render-private";
  if (/\.render\.com$/.test(host)) return "render";
  if (/\.upstash\.io$/.test(host)) return "upstash";
  return /\.(redis-cloud|redislabs|rlrcp)\.com$/.test(host) ? "redis-cloud" : "other";
}

/** Whether nobody else can listen on the way: Render's private network, or this machine. */
export const isPrivate = (host: string) =>
  vendorOf(host) === "render-private" || /^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(host);

/** @param evidence as {@link meaningOf} gave it: it tells kinds of one problem apart */
export function causesOf(kind: ProblemKind, evidence: string, place: ProbeTarget): CauseCode[] {
  return [...new Set([...ofVendor(kind, evidence, place), ...general(kind, place)])];
}

/** What a vendor is known for. */
function ofVendor(kind: ProblemKind, evidence: string, { host, accepted }: ProbeTarget): CauseCode[] {
  const noWay = kind === "timeout" || kind === "connection-closed" || kind === "unreachable";
  switch (vendorOf(host)) {
    case "atlas":
      // Atlas ends the handshake of an address that is not in the list with this alert, or drops its packets:
      // https://www.mongodb.com/docs/atlas/troubleshoot-connection/
      if (/ALERT_INTERNAL_ERROR/.test(evidence)) return ["access-list"];
      if (noWay) return accepted === true ? ["access-list"] : ["access-list", "paused-cluster"];
      if (kind === "host-not-found") return ["wrong-host", "paused-cluster"];
      return kind === "connection-refused" ? ["paused-cluster"] : [];
    case "render-private":
      if (kind === "host-not-found") return ["private-network", "suspended-service"];
      return noWay || kind === "connection-refused" ? ["suspended-service"] : [];
    case "render":
      if (noWay || kind === "connection-refused") return ["render-access-control", "suspended-service"];
      return kind === "host-not-found" ? ["wrong-host", "database-deleted"] : [];
    case "upstash":
    case "redis-cloud":
      // Both take databases away that nobody used for weeks on their free plans.
      return kind === "host-not-found" ? ["database-deleted"] : [];
    default:
      return [];
  }
}

/** What the problem itself suggests. */
function general(kind: ProblemKind, { database, tls, accepted }: ProbeTarget): CauseCode[] {
  const inUrl = database === "mongodb" || database === "redis";
  const byKind: Record<ProblemKind, CauseCode[]> = {
    "missing-variables": ["variable-missing"],
    "invalid-variables": inUrl ? ["password-not-encoded", "variable-invalid"] : ["variable-invalid"],
    "host-not-found": ["wrong-host", "database-deleted", "dns-blocked"],
    "connection-refused": ["server-down", "wrong-port"],
    unreachable: ["firewall", "wrong-host"],
    "connection-closed": tls ? ["server-down", "intercepted"] : ["tls-required", "server-down"],
    timeout:
      accepted === true
        ? ["server-hangs", "server-slow", "timeout-short"]
        : ["firewall", "wrong-host", "server-slow", "timeout-short"],
    // The only login at Render's API is the key.
    "login-refused":
      database === "render"
        ? ["api-key"]
        : [
            "wrong-password",
            "user-missing",
            ...(inUrl ? (["password-not-encoded"] as const) : []),
            ...(database === "mongodb" ? (["wrong-auth-source"] as const) : []),
          ],
    "not-allowed":
      database === "mongodb"
        ? ["read-only-user", "role-of-other-database", "database-name"]
        : database === "postgres"
          ? ["read-only-user", "tables-of-other-owner"]
          : ["read-only-user"],
    "no-such-database": ["database-name", "database-deleted"],
    "certificate-expired": ["certificate-not-renewed", "clock-wrong", "intercepted"],
    "certificate-untrusted": ["private-authority", "intercepted", "wrong-host"],
    "certificate-wrong-host": ["wrong-host", "intercepted"],
    "tls-failed": ["intercepted", "driver-or-server-version"],
    "tls-mismatch": ["tls-not-offered", "wrong-port"],
    "no-primary": ["election", "server-down"],
    "read-only": ["replica-address", "disk-full"],
    "too-many-connections":
      database === "mongodb" ? ["pool-too-large", "other-clients"] : ["other-clients", "pool-too-large"],
    starting: ["just-started"],
    "out-of-memory": ["memory-full"],
    "cannot-persist": ["disk-full"],
    "quota-used-up": ["plan-limit"],
    "no-such-service": ["service-deleted", "api-key"],
    "not-supported": ["driver-or-server-version", "not-a-database"],
    interrupted: ["interrupted"],
    unexpected: ["unknown"],
  };
  return byKind[kind];
}
