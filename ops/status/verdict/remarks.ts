/** What is worth knowing of a database that answers, from facts alone: a rule each. */
import type { RemarkKind } from "../advice/texts.ts";
import {
  type CommonFacts,
  type FactsOf,
  type MongodbFacts,
  type PostgresFacts,
  type RedisFacts,
  type Remark,
  tables,
} from "../model.ts";
import { type DatabaseName, isPrivate, type Place } from "../place.ts";

type More = Pick<Remark, "number" | "names" | "sql">;
export const warning = (kind: RemarkKind, more: More = {}): Remark => ({
  kind,
  severity: "warning",
  ...more,
});
const note = (kind: RemarkKind, more: More = {}): Remark => ({ kind, severity: "note", ...more });

/** Days before the end of a certificate from which on it is a warning. Let's Encrypt renews at 30. */
const soon = 21;
/** Milliseconds: a database beside the backend answers in a few; above this each page of the application suffers. */
const slow = 250;
/** Percent of the connections from which on it is a warning: a deploy needs twice what runs. */
const nearlyAll = 80;
/** Percent of the memory from which on the policy begins to matter. */
const nearlyFull = 80;

export function remarksOn<D extends DatabaseName>(place: Place & { database: D }, facts: FactsOf<D>) {
  const own: { [N in DatabaseName]: (facts: FactsOf<N>) => (Remark | false)[] } = {
    mongodb,
    postgres,
    redis,
  };
  const median = facts.latency?.median ?? 0;
  const all = [
    ...encryption(facts, place),
    median >= slow && warning("slow", { number: Math.round(median) }),
    ...own[place.database](facts),
  ];
  return all.filter((one) => one !== false);
}

/** Where a driver has let it pass. */
function encryption({ tls }: CommonFacts, { database, vendor }: Place): (Remark | false)[] {
  if (tls === undefined) return [];
  const nobodyListens = isPrivate(vendor);
  if (!tls.on) return [(nobodyListens ? note : warning)("no-tls")];
  const { daysLeft = soon, trusted, untrustedBecause: code } = tls;
  if (daysLeft < 0) return [warning("certificate-expired", { number: -daysLeft })];
  // PostgreSQL's drivers encrypt without asking who answers; the others insist on a certificate that proves it.
  const untrusted = nobodyListens && database === "postgres" ? note : warning;
  return [
    daysLeft < soon && warning("certificate-expires", { number: daysLeft }),
    !trusted && untrusted("certificate-untrusted", code === undefined ? {} : { names: [code] }),
  ];
}

function mongodb({ topology, database, rights, settings, compression }: MongodbFacts) {
  const { asked = "", exists, nearMisses = [], inUrl } = database ?? {};
  const beyond = rights?.beyond ?? [];
  return [
    topology?.kind === "standalone" && warning("standalone"),
    compression === "none" && warning("no-compression"),
    settings !== undefined && !(settings.retryReads && settings.retryWrites) && warning("no-retry"),
    nearMisses.length > 0
      ? warning("database-near-miss", { names: [asked, ...nearMisses] })
      : exists === false && warning("database-missing", { names: [asked] }),
    inUrl !== undefined && note("database-in-url-differs", { names: [inUrl, asked] }),
    rights === undefined && note("rights-unknown"),
    beyond.length > 0 && warning("rights-beyond-database", { names: beyond }),
  ];
}

function postgres({ role, tables: found, elsewhere = [], conflicts = [], connections }: PostgresFacts) {
  const missing = tables.filter((name) => found?.[name] === "missing");
  const unseen = elsewhere.filter((name) => missing.some((table) => name.endsWith(`.${table}`)));
  const percent = connections ? Math.round((connections.used / connections.maximum) * 100) : 0;
  return [
    role?.superuser === true && warning("superuser", { names: [role.name] }),
    conflicts.length > 0 &&
      warning("type-conflict", { names: conflicts.map(({ name }) => name), sql: conflicts.map(solving) }),
    missing.length > 0 && warning("tables-missing", { names: missing }),
    unseen.length > 0 && warning("tables-elsewhere", { names: unseen }),
    percent >= nearlyAll && warning("connections-nearly-used", { number: percent }),
  ];
}

/** The statement that takes a conflict out of a table's way. Without CASCADE: what is in use is refused, and stays. */
export function solving({ schema, name, what }: NonNullable<PostgresFacts["conflicts"]>[number]): string {
  const full = `${quoted(schema)}.${quoted(name)}`;
  if (what === "relation") return `ALTER TABLE ${full} RENAME TO ${quoted(`${name}_old`)};`;
  return `DROP ${what === "domain" ? "DOMAIN" : "TYPE"} ${full};`;
}

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function redis({ memory: { policy, maximum = 0, used = 0 } = {} }: RedisFacts) {
  const names = policy === undefined ? [] : [policy];
  const percent = maximum > 0 ? Math.round((used / maximum) * 100) : 0;
  const { cache, sessions } = usesWith(policy);
  const severe = sessions === "does not suit" ? warning : note;
  return [
    percent >= nearlyFull && warning("memory-nearly-full", { number: percent, names }),
    cache === "unknown"
      ? note("policy-unknown", { names })
      : policy === "noeviction"
        ? note("policy-refuses-writes", { names })
        : severe("policy-loses-sessions", { names }),
  ];
}

/** What a policy does to one use of Redis. */
export type Suitability = "suits" | "risk" | "does not suit" | "unknown";
export type Uses = Readonly<Record<"cache" | "rateLimit" | "sessions", Suitability>>;

// What is used often stays: a session in use is among the last to go, a sleeping one is not.
const byUse: Uses = { cache: "suits", rateLimit: "suits", sessions: "risk" };
const atRandom: Uses = { cache: "risk", rateLimit: "risk", sessions: "does not suit" };

/**
 * What each policy does to the three uses. All three set an expiry with each key: cache entries may go at any time,
 * counters of a rate limit and sessions only when theirs is over.
 *
 * - `noeviction` refuses writes once memory is full: nothing is lost, nothing new gets in.
 * - `allkeys-*` may take any key, `volatile-*` any key with an expiry: a session can go before its time, and a counter
 *   that goes gives an attacker a fresh start. `volatile-ttl` takes those that would go first anyway.
 *
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
const policies: Readonly<Record<string, Uses>> = {
  noeviction: { cache: "risk", rateLimit: "suits", sessions: "suits" },
  "volatile-ttl": byUse,
  "allkeys-lru": byUse,
  "allkeys-lfu": byUse,
  "volatile-lru": byUse,
  "volatile-lfu": byUse,
  "allkeys-random": atRandom,
  "volatile-random": atRandom,
};

/** @param policy as Redis spells it; undefined where the server does not tell */
export const usesWith = (policy: string | undefined): Uses =>
  policies[policy ?? ""] ?? { cache: "unknown", rateLimit: "unknown", sessions: "unknown" };
