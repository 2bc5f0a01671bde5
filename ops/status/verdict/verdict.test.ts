import { describe, expect, it } from "vitest";
import type { FactsOf, MongodbFacts, Observation, TlsFacts } from "../model.ts";
import type { DatabaseName, Vendor } from "../place.ts";
import { verdictOn } from "./index.ts";
import { usesWith } from "./remarks.ts";

const seen = <D extends DatabaseName>(database: D, facts: Partial<FactsOf<D>>, vendor: Vendor = "other") =>
  verdictOn(database, { vendor, seconds: 0.1, facts: { connected: true, ...facts } as FactsOf<D> });

const kinds = ({ remarks }: { remarks: { kind: string; severity: string }[] }) =>
  remarks.map(({ kind, severity }) => `${kind}: ${severity}`);

const tls = (more: Partial<TlsFacts & { on: true }> = {}): TlsFacts => ({
  on: true,
  version: "TLSv1.3",
  trusted: true,
  daysLeft: 60,
  ...more,
});

describe("a verdict", () => {
  it("comes from facts that may have been one line of JSON from elsewhere", () => {
    const line =
      '{"vendor":"atlas","seconds":0.2,"facts":{"connected":true,"version":"8.0.4","rights":{"user":"kairos","canRead":true,"canWrite":false,"beyond":[]},"database":{"asked":"kaïros","exists":false,"nearMisses":["kairos"]}}}';
    const verdict = verdictOn("mongodb", JSON.parse(line) as Observation<MongodbFacts>);
    expect(verdict).toMatchObject({
      state: "failed",
      problem: { kind: "not-allowed", causes: ["database-name", "read-only-user", "role-of-other-database"] },
    });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  it("is off without an observation, failed with a failure, and well or a warning by its remarks", () => {
    expect(verdictOn("redis", undefined)).toMatchObject({ state: "off", remarks: [] });
    const failure = { kind: "timeout", stage: "connecting", evidence: "ETIMEDOUT", accepted: true } as const;
    const observation = { vendor: "other", seconds: 5, facts: { connected: false }, failure } as const;
    expect(verdictOn("redis", observation)).toMatchObject({
      state: "failed",
      problem: {
        kind: "timeout",
        causes: ["server-hangs", "server-slow", "timeout-short"],
        variables: ["REDIS_URL"],
      },
      remarks: [],
    });
    expect(seen("postgres", { latency: { tries: 5, median: 249, fastest: 1, slowest: 400 } }).state).toBe(
      "well",
    );
    expect(seen("postgres", { latency: { tries: 5, median: 250, fastest: 1, slowest: 400 } }).state).toBe(
      "warning",
    );
  });
});

describe("what there is to say about TLS", () => {
  it.each<[string, TlsFacts | undefined, DatabaseName, Vendor, string[]]>([
    ["nothing while it is well", tls(), "postgres", "render", []],
    ["nothing where nobody saw it", undefined, "postgres", "render", []],
    ["nothing three weeks before the end", tls({ daysLeft: 21 }), "postgres", "render", []],
    ["a warning then", tls({ daysLeft: 20 }), "postgres", "render", ["certificate-expires: warning"]],
    [
      "one thing after it",
      tls({ daysLeft: -3, trusted: false }),
      "postgres",
      "render",
      ["certificate-expired: warning"],
    ],
    [
      "a note on a private network",
      tls({ trusted: false }),
      "postgres",
      "render-private",
      ["certificate-untrusted: note"],
    ],
    [
      "a warning elsewhere",
      tls({ trusted: false }),
      "postgres",
      "render",
      ["certificate-untrusted: warning"],
    ],
    ["a note without it there", { on: false }, "postgres", "render-private", ["no-tls: note"]],
    ["a warning without it elsewhere", { on: false }, "postgres", "other", ["no-tls: warning"]],
  ])("is %s", (_, facts, database, vendor, expected) => {
    expect(kinds(seen(database, facts ? { tls: facts } : {}, vendor))).toEqual(expected);
  });
});

describe("what Redis does when it is full", () => {
  it.each([
    ["noeviction", "risk", "suits", "suits", "policy-refuses-writes: note"],
    ["allkeys-lru", "suits", "suits", "risk", "policy-loses-sessions: note"],
    ["volatile-ttl", "suits", "suits", "risk", "policy-loses-sessions: note"],
    ["allkeys-random", "risk", "risk", "does not suit", "policy-loses-sessions: warning"],
    ["of-the-future", "unknown", "unknown", "unknown", "policy-unknown: note"],
    [undefined, "unknown", "unknown", "unknown", "policy-unknown: note"],
  ])("%s", (policy, cache, rateLimit, sessions, remark) => {
    expect(usesWith(policy)).toEqual({ cache, rateLimit, sessions });
    expect(kinds(seen("redis", { memory: policy === undefined ? {} : { policy } }))).toEqual([remark]);
  });

  it("matters soon when memory is nearly full, where there is a limit", () => {
    const memory = (maximum: number) => ({ memory: { policy: "allkeys-lru", used: 91, maximum } });
    expect(kinds(seen("redis", memory(100)))[0]).toBe("memory-nearly-full: warning");
    expect(seen("redis", memory(100)).remarks[0]?.number).toBe(91);
    expect(seen("redis", memory(0)).remarks).toHaveLength(1);
  });
});

describe("what keeps a table of PostgreSQL from being created", () => {
  it.each([
    ["type", "users", 'DROP TYPE "public"."users";'],
    ["domain", 'a"b', 'DROP DOMAIN "public"."a""b";'],
    ["relation", "users", 'ALTER TABLE "public"."users" RENAME TO "users_old";'],
  ] as const)("%s %s is solved without losing a table", (what, name, sql) => {
    const conflicts = [{ name: name as "users", schema: "public", what }];
    expect(seen("postgres", { conflicts }).remarks).toMatchObject([{ kind: "type-conflict", sql: [sql] }]);
  });
});
