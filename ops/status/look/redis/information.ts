/** What Redis tells of itself in its answer to INFO; vendors may leave parts of it out, and refuse CONFIG. */
import type { RedisFacts } from "../../model.ts";

/** Sizes in bytes. */
export function memoryFrom(information: string): NonNullable<RedisFacts["memory"]> {
  const policy = field(information, "maxmemory_policy");
  const maximum = field(information, "maxmemory");
  const used = field(information, "used_memory");
  return {
    ...(policy !== undefined && { policy }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
    ...(used !== undefined && { used: Number(used) }),
  };
}

/** Valkey says a version of Redis, too. */
export function softwareFrom(information: string): Pick<RedisFacts, "version" | "software"> {
  const valkey = field(information, "valkey_version");
  const version = valkey ?? field(information, "redis_version");
  if (version === undefined) return {};
  return { version, software: valkey === undefined ? "redis" : "valkey" };
}

function field(information: string, name: string): string | undefined {
  return new RegExp(`^${name}:([a-z0-9.-]+)\\s*$`, "m").exec(information)?.[1];
}
