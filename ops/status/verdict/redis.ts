/** What Redis does when its memory is full, and what that means to Kaïros. */
import type { RedisFacts, Remark } from "../model.ts";
import type { Judge } from "./judge.ts";

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

/** Percent of the memory from which on the policy begins to matter. */
const nearlyFull = 80;

export const redisJudge: Judge<RedisFacts> = {
  remarks({ memory = {} }) {
    const { policy, maximum = 0, used = 0 } = memory;
    const names = policy === undefined ? [] : [policy];
    const percent = maximum > 0 ? Math.round((used / maximum) * 100) : 0;
    const remarks: Remark[] = [];
    if (percent >= nearlyFull)
      remarks.push({ kind: "memory-nearly-full", severity: "warning", number: percent, names });
    const { cache, sessions } = usesWith(policy);
    if (cache === "unknown") remarks.push({ kind: "policy-unknown", severity: "note", names });
    else if (policy === "noeviction")
      remarks.push({ kind: "policy-refuses-writes", severity: "note", names });
    else {
      const severity = sessions === "does not suit" ? "warning" : "note";
      remarks.push({ kind: "policy-loses-sessions", severity, names });
    }
    return remarks;
  },
  variables: () => ["REDIS_URL"],
};
