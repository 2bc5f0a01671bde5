import { describe, expect, it } from "vitest";
import { languages, typeset } from "../../terminal/language.ts";
import { failureFrom } from "../look/look.ts";
import type { Failure } from "../model.ts";
import { type Place, vendorOf } from "../place.ts";
import { problemFrom } from "../verdict/index.ts";
import { causesAdvice, remarkAdvice } from "./index.ts";

import { causes, elsewhere, failures, likely, mistakes, remarks } from "./texts.ts";

describe("whose a host is", () => {
  it.each([
    ["cluster0-shard-00-01.abcde.mongodb.net", "atlas"],
    ["dpg-c0ffee-a", "render-private"],
    ["red-c0ffee", "render-private"],
    ["dpg-c0ffee-a.oregon-postgres.render.com", "render"],
    ["eu1-cat-123.upstash.io", "upstash"],
    ["redis-123.c1.eu-west-1-3.ec2.redns.redis-cloud.com", "redis-cloud"],
    ["::1", "local"],
    ["mongodb.net.example.org", "other"],
  ])("%s: %s", (host, vendor) => expect(vendorOf(host)).toBe(vendor));
});

const hosts = {
  atlas: "cluster0-shard-00-01.abcde.mongodb.net",
  private: "dpg-c0ffee-a",
  render: "dpg-c0ffee-a.oregon-postgres.render.com",
  "key-value": "oregon-keyvalue.render.com",
  upstash: "eu1-cat-123.upstash.io",
  "redis-cloud": "redis-123.c1.eu-west-1-3.ec2.redns.redis-cloud.com",
  own: "database.example.org",
};

/** What a driver throws, with the code or in the words of who refuses. */
const thrown = (saying: string) =>
  saying.includes(" ") ? new Error(saying) : Object.assign(new Error("x"), { code: saying });

const at = (database: Place["database"], host: string): Place => ({ database, vendor: vendorOf(host) });

// What is said; database and host; class, first cause, and something of its step; what else is known. The vendors' words:
// https://upstash.com/docs/redis/troubleshooting, Render's and Atlas' pages on connecting.
const rows = `
ERR max concurrent connections exceeded | redis | upstash | too-many-connections | other-clients | console.upstash
ERR max number of clients reached | redis | key-value | too-many-connections | other-clients | CLIENT LIST
ERR max number of clients + cluster connections reached | redis | redis-cloud | too-many-connections | other-clients | CLIENT LIST
53300 | postgres | render | too-many-connections | other-clients | pg_stat_activity
connection refused because too many open connections: 1500 | mongodb | atlas | too-many-connections | pool-too-large | kairos:mongodb.driver.maxPoolSize
ERR DB capacity quota exceeded. Threshold: 268435456 bytes, Usage: 274604636 bytes. | redis | upstash | storage-full | memory-full | kairos:redis.eviction: true
you are over your space quota, using 513 MB of 512 MB | mongodb | atlas | storage-full | disk-full | kairos:mongodb.disk
OOM command not allowed when used memory > 'maxmemory'. | redis | key-value | out-of-memory | memory-full | kairos:redis.maxmemoryPolicy
OOM command not allowed when used memory > 'maxmemory'. | redis | redis-cloud | out-of-memory | memory-full | kairos:redis.eviction: allkeys-lru
ERR max requests limit exceeded. Limit: 500000, Usage: 500000. | redis | upstash | quota-used-up | plan-limit | kairos:redis.budget
ERR max daily request limit exceeded. Limit: 10000, Usage: 10000. | redis | upstash | quota-used-up | plan-limit | kairos:redis.budget
AUTH failed: Client IP address is not in the allowlist. | redis | key-value | address-refused | render-access-control | kairos:redis.accessList
Client IP address is not in the allowlist. | redis | key-value | address-refused | render-access-control | kairos:redis.accessList
WRONGPASS invalid or missing auth token | redis | upstash | login-refused | wrong-password | npx kairos rotate redis
WRONGPASS invalid username-password pair | redis | own | login-refused | wrong-password | kairos:redis.url
NOPERM this user has no permissions to run the 'set' command | redis | upstash | not-allowed | read-only-user | the user default
8000 | mongodb | atlas | login-refused | wrong-password | npx kairos rotate mongodb
28P01 | postgres | private | login-refused | wrong-password | npx kairos rotate postgres
ENOTFOUND | redis | upstash | host-not-found | database-archived | restore it, with its data, in the console
ENOTFOUND | redis | own | host-not-found | wrong-host | dashboard
ENOTFOUND | postgres | private | host-not-found | private-network | --from backend
ENOTFOUND | mongodb | atlas | host-not-found | wrong-host | dashboard
ETIMEDOUT | mongodb | atlas | timeout | access-list | kairos:mongodb.accessList
ETIMEDOUT | redis | redis-cloud | timeout | vendor-access-list | CIDR allow list
ETIMEDOUT | postgres | own | timeout | server-hangs | restart | accepted
ETIMEDOUT | postgres | own | timeout | firewall | nc -vz | not accepted
ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR | mongodb | atlas | tls-failed | access-list | kairos:mongodb.accessList
ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR | mongodb | own | tls-failed | intercepted | openssl
ERR_SSL_WRONG_VERSION_NUMBER | redis | redis-cloud | tls-mismatch | tls-not-offered | Redis Cloud's console
ECONNRESET | redis | own | connection-closed | tls-required | use rediss:// | no TLS
Connection terminated unexpectedly | postgres | render | connection-closed | render-access-control | kairos:postgres.accessList
ECONNREFUSED | redis | upstash | connection-refused | server-down | status.upstash.com
53100 | postgres | private | cannot-persist | disk-full | kairos:postgres.disk
25006 | postgres | private | read-only | replica-address | ALTER ROLE
`
  .trim()
  .split("\n")
  .map(
    (row) =>
      row.split(" | ") as [string, Place["database"], keyof typeof hosts, string, string, string, string?],
  );

const known: Readonly<Record<string, Pick<Failure, "tls" | "accepted">>> = {
  accepted: { accepted: true },
  "not accepted": { accepted: false },
  "no TLS": { tls: false },
};

describe("advice fits the database and its vendor", () => {
  it.each(rows)("%s (%s, %s): %s, %s, %s", (saying, database, host, kind, cause, step, more = "") => {
    const failure = failureFrom(thrown(saying), { stage: "connecting", ...known[more] });
    const problem = problemFrom(failure, at(database, hosts[host]));
    expect([problem.kind, problem.causes[0]]).toEqual([kind, cause]);
    expect(Object.values(causesAdvice(problem, "en")[0] ?? {}).join(" ")).toContain(step);
    // What is said to one database's operator does not speak of another database, vendor or setting.
    const others = ["mongodb", "postgres", "redis"].filter((name) => name !== database);
    for (const { next } of causesAdvice(problem, "en"))
      for (const other of others)
        expect(next).not.toMatch(new RegExp(`kairos:${other}\\.(?!driver.timeout)`));
  });

  it("puts a password that is not encoded before a database that is gone", () => {
    const problem = problemFrom(
      failureFrom(thrown("ENOTFOUND"), { stage: "connecting" }),
      at("redis", hosts.own),
    );
    expect(problem.causes.slice(0, 3)).toEqual(["wrong-host", "password-not-encoded", "database-deleted"]);
  });

  it("names a new user's delay at Atlas only", () => {
    const of = (host: string) =>
      problemFrom(failureFrom(thrown("18"), { stage: "connecting" }), at("mongodb", host)).causes;
    expect(of(hosts.atlas)).toContain("user-too-new");
    expect(of(hosts.own)).not.toContain("user-too-new");
  });

  it("names causes that there are", () => {
    for (const row of Object.values(likely))
      for (const codes of Object.values(row))
        for (const code of codes) expect(Object.keys(causes)).toContain(code);
  });

  it("has at least one cause for each failure of each database at each vendor", () => {
    for (const kind of Object.keys(failures) as Failure["kind"][])
      for (const database of ["mongodb", "postgres", "redis", "services"] as const)
        for (const host of Object.values(hosts)) {
          const problem = problemFrom({ kind, stage: "asking", evidence: "" }, at(database, host));
          expect(problem.causes.length, `${kind} ${database} ${host}`).toBeGreaterThan(0);
          for (const { next } of causesAdvice(problem, "fr")) expect(next).not.toBe("");
        }
  });
});

/** Every text of the tables, in both languages. */
const texts = [
  ...Object.values(failures),
  ...Object.values(causes),
  ...Object.values(elsewhere).flatMap((steps) => Object.values(steps ?? {})),
  ...Object.values(remarks),
  ...Object.values(mistakes).flatMap((of) => [of([]), of(["A"]), of(["A", "B"])]),
];

describe("texts", () => {
  it("exist in each language, and have no word that is longer than a column", () => {
    for (const both of texts) {
      expect(both).toHaveLength(languages.length);
      for (const text of both)
        for (const word of text.split(" ")) expect(word.length, word).toBeLessThanOrEqual(90);
    }
  });

  it("have a part for each brace", () => {
    for (const kind of Object.keys(remarks) as (keyof typeof remarks)[]) {
      const remark = { kind, severity: "note", number: 3, names: ["a", "b"], sql: ["DROP TYPE a;"] } as const;
      const { says, next = "" } = remarkAdvice(
        { ...remark, names: [...remark.names], sql: [...remark.sql] },
        "fr",
      );
      expect(`${says} ${next}`).not.toMatch(/[{}]|\(\)|: →|undefined/);
    }
  });

  it("are typeset in French: no line ends before : ; ? ! % » or after «", () => {
    for (const [, french] of texts) expect(typeset(french, "fr")).not.toMatch(/\S [:;?!%»](\s|$)|« /);
    expect(typeset("a : b ; « c » 5 %, :/?#", "fr")).toBe("a\u00a0: b\u00a0; «\u00a0c\u00a0» 5\u00a0%, :/?#");
    expect(typeset("a : b", "en")).toBe("a : b");
  });

  it("say in both languages the same commands, settings, addresses and parts", () => {
    const exact = (text: string) =>
      [
        ...text.matchAll(
          /https:\/\/\S+[a-z/]|kairos:[a-zA-Z.]+|npm run [a-z]+|pulumi [a-z]+|--[a-z-]+|\{\w+\}/g,
        ),
      ]
        .map(String)
        .sort();
    for (const [english, french] of texts) expect(exact(french)).toEqual(exact(english));
  });
});
