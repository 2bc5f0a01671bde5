/** A status in English. */
import type { Mistake, Remark } from "../model.ts";
import { causes } from "./causes-en.ts";
import type { Advice, Words } from "./model.ts";

const list = (names: readonly string[]) => names.join(", ");
const some = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const en: Words = {
  locale: "en",
  colon: ": ",
  title: (source) => `Status of Kaïros' databases: ${source}`,
  source: {
    stack: (name) => `stack ${name}`,
    file: (name) => `file ${name}`,
    process: "environment of this process",
  },
  states: {
    well: "well",
    warning: "warning",
    failed: "failed",
    off: "not configured",
    unchecked: "not checked",
  },
  databases: { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" },
  optional: "optional",
  took: (seconds) => `${seconds.toFixed(2)} s`,
  verdict: {
    ok: "Everything mandatory is well.",
    failed: "MongoDB, which is mandatory, is not usable.",
    strict: "Not everything is well (--strict).",
    allWell: "Everything is well.",
  },
  problems: {
    "missing-variables": "variables are missing",
    "invalid-variables": "a variable has a value that cannot be used",
    "host-not-found": "the host name was not found",
    "connection-refused": "the connection was refused",
    unreachable: "the network has no way there",
    "connection-closed": "the server closed the connection",
    timeout: "no answer in time",
    "login-refused": "user or password were refused",
    "not-allowed": "the user may not do what the backend does",
    "no-such-database": "there is no such database",
    "certificate-expired": "the certificate is not valid at this time",
    "certificate-untrusted": "the certificate is not trusted",
    "certificate-wrong-host": "the certificate is for another host name",
    "tls-failed": "TLS failed",
    "tls-mismatch": "only one side speaks TLS",
    "no-primary": "no server takes writes",
    "read-only": "the server takes no writes",
    "too-many-connections": "the server takes no more connections",
    starting: "the server is still starting",
    "out-of-memory": "the server's memory is full",
    "cannot-persist": "the server cannot write to its disk",
    "quota-used-up": "the plan's requests are used up",
    "no-such-service": "Render knows no such service",
    "not-supported": "the server does not understand the backend",
    interrupted: "interrupted",
    unexpected: "an error of unknown meaning",
  },
  causes,
  mistake,
  remark,
  labels: {
    problem: "problem",
    evidence: "seen",
    variables: "variables",
    cause: "likely causes",
    causes: "likely causes, in order",
    fact: "fact",
    value: "value",
    check: "check",
    state: "state",
  },
  facts: {
    version: "version",
    latency: "latency",
    latencyIs: ({ median, fastest, slowest, tries }) =>
      `${median} ms (median of ${tries}; ${fastest} to ${slowest})`,
    topology: "topology",
    topologyKinds: {
      "replica set": "replica set",
      sharded: "sharded cluster",
      "load balanced": "behind a load balancer",
      standalone: "standalone",
      unknown: "unknown",
    },
    members: (count) => some(count, "member", "members"),
    primary: "primary",
    database: "database",
    exists: (exists) =>
      exists === undefined ? "existence not known" : exists ? "exists" : "does not exist yet",
    collections: "collections",
    collectionsAre: (count, indexes) =>
      `${some(count, "collection", "collections")}, ${some(indexes, "index", "indexes")}`,
    rights: "rights",
    rightsAre: (user, writes, beyond) =>
      `${user} ${writes ? "can write" : "CANNOT write"}, ${beyond.length === 0 ? "nothing beyond its database" : `and more than its database: ${list(beyond)}`}`,
    pool: "pool",
    poolIs: (least, most) => `${least} to ${most} connections`,
    timeouts: "timeout",
    heartbeat: (ms) => `heartbeat every ${ms / 1000} s`,
    retry: "retry",
    retryIs: (writes, reads) => `writes ${writes ? "yes" : "no"}, reads ${reads ? "yes" : "no"}`,
    compression: "compression",
    compressionIs: (chosen, offered) => `${chosen} (offered: ${list(offered) || "none"})`,
    tls: "TLS",
    noTls: "none",
    certificate: (validTo, days) => `certificate until ${validTo} (${some(days, "day", "days")})`,
    untrusted: (code) => `not trusted${code === undefined ? "" : ` (${code})`}`,
    role: "role",
    superuser: (is) => (is ? "superuser" : "no superuser"),
    tables: "tables",
    tablesAre: (present, missing) =>
      [
        present.length > 0 ? `present: ${list(present)}` : "",
        missing.length > 0 ? `missing: ${list(missing)}` : "",
      ]
        .filter((part) => part !== "")
        .join("; "),
    connections: "connections",
    size: "size",
    commands: "commands",
    memory: "memory",
    noLimit: "no limit of its own",
    unknownPolicy: "policy unknown",
    uses: { cache: "cache", rateLimit: "rate limit", sessions: "sessions" },
    suitability: { suits: "suits", risk: "risk", "does not suit": "does not suit", unknown: "unknown" },
  },
  render: {
    title: "Services at Render",
    unchecked: {
      "no-key": "RENDER_API_KEY is not set: deploys and variables at Render were not looked at",
      "no-services": "nobody said which services get these variables: --service srv-…, or --stack",
    },
    lastDeploy: (status, at) => `last deploy: ${status}, ${at}`,
    liveDeploy: (at) => `what runs was deployed ${at}`,
    noDeploy: "no deploy",
    suspended: "suspended",
    current: {
      yes: "runs with the current variables",
      no: "does NOT run with the current variables",
      deploying: "a newer deploy is on its way",
      unknown: "Render does not tell whether a variable changed after its deploy",
    },
    equal: (count, all) => `variables equal to the contract's: ${count} of ${all}`,
    differ: (names) => `differ: ${list(names)}`,
    missing: (names) => `missing: ${list(names)}`,
    extra: (names) => `left over: ${list(names)}`,
    shadowed: (names) => `set by the service itself too, which wins: ${list(names)}`,
    redeploy: "pulumi up --refresh puts them right and deploys",
  },
  watching: (seconds) => `again every ${seconds} s; Ctrl-C ends it`,
};

function mistake({ variable, kind, beside = [] }: Mistake): string {
  const says: Record<Mistake["kind"], string> = {
    missing:
      beside.length === 0
        ? "is missing; the backend does not start without it"
        : `is missing, though ${list(beside)} ${beside.length === 1 ? "is" : "are"} set`,
    "not-a-number": "is not a whole number",
    "not-a-url": "is not a URL of its kind",
    "not-a-host": "is not the bare name or address of a host",
    "out-of-range": "is out of its range",
    "above-maximum": `is larger than ${list(beside)}`,
  };
  return `${variable} ${says[kind]}`;
}

function remark({ kind, number = 0, names = [], sql = [] }: Remark): Advice {
  const advice: Record<Remark["kind"], Advice> = {
    "certificate-expires": {
      says: `the certificate expires in ${some(number, "day", "days")}`,
      next: "vendors renew weeks before: ask their support",
    },
    "certificate-expired": {
      says: `the certificate expired ${some(number, "day", "days")} ago; the driver does not check it`,
      next: causes["certificate-not-renewed"].next,
    },
    "certificate-untrusted": {
      says: `the connection is encrypted, but nothing proves who answers${names.length > 0 ? ` (${list(names)})` : ""}`,
      next: "usual on Render's private network; elsewhere: --ca FILE if you know the authority",
    },
    "no-tls": {
      says: "the connection is not encrypted",
      next: "fine on a private network only; otherwise rediss://, or TLS at the vendor",
    },
    slow: {
      says: `it takes ${number} ms to answer`,
      next: "near the backend it would be a few: compare regions, look at the load",
    },
    "database-missing": {
      says: `the database ${list(names)} does not exist yet`,
      next: "the backend creates it at its first start; if it has run, the name is not right",
    },
    "database-near-miss": {
      says: `asked for ${names[0]}; there is also ${list(names.slice(1))}, which MongoDB takes for another database`,
      next: "see which of them holds the data, and correct kairos:mongodb.database",
    },
    "database-in-url-differs": {
      says: `the URL names the database ${names[0]}, MONGODB_DB_NAME ${names[1]}: the latter counts`,
    },
    "rights-beyond-database": {
      says: `the user can do more than its database: ${list(names)}`,
      next: "give it readWrite on its database only; pulumi up --refresh restores the stack's own roles",
    },
    "rights-unknown": { says: "the server does not tell what the user may do" },
    standalone: {
      says: "a server by itself: no failover, no transactions, no retried writes",
      next: "use a replica set, which every Atlas cluster is",
    },
    "no-compression": {
      says: "driver and server agreed on no compression",
      next: "leave compressors out of the URL, or name zlib there",
    },
    "no-retry": {
      says: "a failover shows as errors: retries are switched off",
      next: "kairos:mongodb.driver.retryWrites and retryReads: true",
    },
    superuser: {
      says: `${list(names)} is a superuser: no mistake of the backend is stopped`,
      next: "use the role that Render hands out",
    },
    "tables-missing": {
      says: `tables are missing: ${list(names)}`,
      next: sql[0] ?? "the backend creates them at its start: deploy it, and read its log",
    },
    "tables-elsewhere": {
      says: `there are such tables where the backend does not look: ${list(names)}`,
      next: "ALTER ROLE <user> SET search_path = <schema>, public;",
    },
    "type-conflict": {
      says: `${list(names)}: a type of this name is left behind, without its table; PostgreSQL refuses to create the table ("duplicate key value", "type already exists")`,
      next: sql.join(" "),
    },
    "connections-nearly-used": {
      says: `${number} % of the connections are used`,
      next: "a deploy needs twice what runs: lower the pool, or take a larger plan",
    },
    "policy-loses-sessions": {
      says: `${list(names)} keeps the cache going when memory is full, and may take sessions before their time`,
      next: "enough memory, or sessions in a Redis of their own with noeviction: https://redis.io/docs/latest/develop/reference/eviction/",
    },
    "policy-refuses-writes": {
      says: `${list(names)} loses nothing, and refuses every write once memory is full, of the cache too`,
      next: "watch the memory; a Redis that is only a cache does better with allkeys-lru: https://redis.io/docs/latest/develop/reference/eviction/",
    },
    "policy-unknown": { says: "the server does not tell what it does when its memory is full" },
    "memory-nearly-full": {
      says: `${number} % of the memory is used`,
      next: "take a larger plan, or shorter expiries",
    },
  };
  return advice[kind];
}
