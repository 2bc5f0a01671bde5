/** What Redis does when its memory is full, and what that means to Kaïros. */
import type { RedisFacts, Remark, Suitability } from "../model.ts";

type Memory = NonNullable<RedisFacts["memory"]>;

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
const policies: Readonly<Record<string, Memory["uses"]>> = {
  noeviction: { cache: "risk", rateLimit: "suits", sessions: "suits" },
  "volatile-ttl": { cache: "suits", rateLimit: "suits", sessions: "risk" },
  ...both("lru"),
  ...both("lfu"),
  "allkeys-random": { cache: "risk", rateLimit: "risk", sessions: "does not suit" },
  "volatile-random": { cache: "risk", rateLimit: "risk", sessions: "does not suit" },
};

function both(choice: string): Record<string, Memory["uses"]> {
  // What is used often stays: a session in use is among the last to go, a sleeping one is not.
  const uses = { cache: "suits", rateLimit: "suits", sessions: "risk" } as const;
  return { [`allkeys-${choice}`]: uses, [`volatile-${choice}`]: uses };
}

const unknown: Suitability = "unknown";

/** From the answer to INFO; vendors may leave parts of it out, and refuse CONFIG. */
export function memoryFrom(information: string): Memory {
  const policy = field(information, "maxmemory_policy");
  const maximum = field(information, "maxmemory");
  const used = field(information, "used_memory");
  return {
    ...(policy !== undefined && { policy }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
    ...(used !== undefined && { used: Number(used) }),
    uses: policies[policy ?? ""] ?? { cache: unknown, rateLimit: unknown, sessions: unknown },
  };
}

export function softwareFrom(information: string): Pick<RedisFacts, "version" | "software"> {
  const valkey = field(information, "valkey_version");
  const version = valkey ?? field(information, "redis_version");
  if (version === undefined) return {};
  return { version, software: valkey === undefined ? "redis" : "valkey" };
}

function field(information: string, name: string): string | undefined {
  return new RegExp(`^${name}:([a-z0-9.-]+)\\s*$`, "m").exec(information)?.[1];
}

/** Percent of the memory from which on the policy begins to matter. */
const nearlyFull = 80;

export function policyRemarks({ policy, maximum = 0, used = 0, uses }: Memory): Remark[] {
  const names = policy === undefined ? [] : [policy];
  const percent = maximum > 0 ? Math.round((used / maximum) * 100) : 0;
  const remarks: Remark[] = [];
  if (percent >= nearlyFull)
    remarks.push({ kind: "memory-nearly-full", severity: "warning", number: percent, names });
  if (policy === undefined || uses.cache === "unknown")
    remarks.push({ kind: "policy-unknown", severity: "note", names });
  else if (policy === "noeviction") remarks.push({ kind: "policy-refuses-writes", severity: "note", names });
  else if (uses.sessions === "does not suit")
    remarks.push({ kind: "policy-loses-sessions", severity: "warning", names });
  else remarks.push({ kind: "policy-loses-sessions", severity: "note", names });
  return remarks;
}
