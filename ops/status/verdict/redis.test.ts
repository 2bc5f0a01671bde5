import { describe, expect, it } from "vitest";
import { memoryFrom, policyRemarks, softwareFrom } from "./memory.ts";

const information = (policy: string, used = 10, maximum = 100) =>
  `# Memory\r\nused_memory:${used}\r\nmaxmemory:${maximum}\r\nmaxmemory_human:100B\r\nmaxmemory_policy:${policy}\r\n`;

describe("what Redis does when it is full", () => {
  it.each([
    ["noeviction", "risk", "suits", "suits", "policy-refuses-writes", "note"],
    ["allkeys-lru", "suits", "suits", "risk", "policy-loses-sessions", "note"],
    ["volatile-ttl", "suits", "suits", "risk", "policy-loses-sessions", "note"],
    ["allkeys-random", "risk", "risk", "does not suit", "policy-loses-sessions", "warning"],
    ["of-the-future", "unknown", "unknown", "unknown", "policy-unknown", "note"],
  ])("%s", (policy, cache, rateLimit, sessions, kind, severity) => {
    const memory = memoryFrom(information(policy));
    expect(memory).toEqual({ policy, used: 10, maximum: 100, uses: { cache, rateLimit, sessions } });
    expect(policyRemarks(memory)).toEqual([{ kind, severity, names: [policy] }]);
  });

  it("is not known where the vendor keeps it to itself", () => {
    const memory = memoryFrom("");
    expect(memory).toEqual({ uses: { cache: "unknown", rateLimit: "unknown", sessions: "unknown" } });
    expect(policyRemarks(memory)).toEqual([{ kind: "policy-unknown", severity: "note", names: [] }]);
  });

  it("matters soon when memory is nearly full", () => {
    expect(policyRemarks(memoryFrom(information("allkeys-lru", 91)))[0]).toEqual({
      kind: "memory-nearly-full",
      severity: "warning",
      number: 91,
      names: ["allkeys-lru"],
    });
    expect(policyRemarks(memoryFrom(information("allkeys-lru", 91, 0)))).toHaveLength(1);
  });
});

describe("what runs", () => {
  it("is told as what it is: Valkey also says a version of Redis", () => {
    expect(softwareFrom("redis_version:7.2.4\r\nvalkey_version:8.0.1\r\n")).toEqual({
      version: "8.0.1",
      software: "valkey",
    });
    expect(softwareFrom("redis_version:8.2.1\r\n")).toEqual({ version: "8.2.1", software: "redis" });
    expect(softwareFrom("")).toEqual({});
  });
});
