/** A status in English. */
import { list, plural } from "../../terminal/amounts.ts";
import type { Latency } from "../model.ts";
import * as trouble from "./trouble-en.ts";

export const en = {
  locale: "en",
  colon: ": ",
  title: (source: string) => `Status of Kaïros' databases: ${source}`,
  source: {
    stack: (name: string) => `stack ${name}`,
    file: (name: string) => `file ${name}`,
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
  took: (seconds: number) => `${seconds.toFixed(2)} s`,
  verdict: {
    ok: "Everything mandatory is well.",
    failed: "MongoDB, which is mandatory, is not usable.",
    strict: "Not everything is well (--strict).",
    allWell: "Everything is well.",
  },
  ...trouble,
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
    latencyIs: ({ median, fastest, slowest, tries }: Latency) =>
      `${median} ms (median of ${tries}; ${fastest} to ${slowest})`,
    topology: "topology",
    topologyKinds: {
      "replica set": "replica set",
      sharded: "sharded cluster",
      "load balanced": "behind a load balancer",
      standalone: "standalone",
      unknown: "unknown",
    },
    members: (count: number) => plural(count, "member"),
    primary: "primary",
    database: "database",
    exists: (exists: boolean | undefined): string =>
      exists === undefined ? "existence not known" : exists ? "exists" : "does not exist yet",
    collections: "collections",
    collectionsAre: (count: number, indexes: number) =>
      `${plural(count, "collection")}, ${plural(indexes, "index", "indexes")}`,
    rights: "rights",
    rightsAre: (user: string, writes: boolean, beyond: readonly string[]) =>
      `${user} ${writes ? "can write" : "CANNOT write"}, ${beyond.length === 0 ? "nothing beyond its database" : `and more than its database: ${list(beyond)}`}`,
    pool: "pool",
    poolIs: (least: number, most: number) => `${least} to ${most} connections`,
    timeouts: "timeout",
    heartbeat: (ms: number) => `heartbeat every ${ms / 1000} s`,
    retry: "retry",
    retryIs: (writes: boolean, reads: boolean) =>
      `writes ${writes ? "yes" : "no"}, reads ${reads ? "yes" : "no"}`,
    compression: "compression",
    compressionIs: (chosen: string, offered: readonly string[]) =>
      `${chosen} (offered: ${list(offered) || "none"})`,
    tls: "TLS",
    noTls: "none",
    certificate: (validTo: string, days: number) => `certificate until ${validTo} (${plural(days, "day")})`,
    untrusted: (code: string | undefined) => `not trusted${code === undefined ? "" : ` (${code})`}`,
    role: "role",
    superuser: (is: boolean): string => (is ? "superuser" : "no superuser"),
    tables: "tables",
    tablesAre: (present: readonly string[], missing: readonly string[]) =>
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
    lastDeploy: (status: string, at: string) => `last deploy: ${status}, ${at}`,
    liveDeploy: (at: string) => `what runs was deployed ${at}`,
    noDeploy: "no deploy",
    suspended: "suspended",
    current: {
      yes: "runs with the current variables",
      no: "does NOT run with the current variables",
      deploying: "a newer deploy is on its way",
      unknown: "Render does not tell whether a variable changed after its deploy",
    },
    equal: (count: number, all: number) => `variables equal to the contract's: ${count} of ${all}`,
    differ: (names: readonly string[]) => `differ: ${list(names)}`,
    missing: (names: readonly string[]) => `missing: ${list(names)}`,
    extra: (names: readonly string[]) => `left over: ${list(names)}`,
    shadowed: (names: readonly string[]) => `set by the service itself too, which wins: ${list(names)}`,
    redeploy: "pulumi up --refresh puts them right and deploys",
  },
  watching: (seconds: number) => `again every ${seconds} s; Ctrl-C ends it`,
};
