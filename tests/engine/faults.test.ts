/**
 * A sample of the fault campaign (campaign/run.ts has all of it): faults of each kind and at each vendor, several in
 * one round. The stack converges, and what an interrupted `up` left at a vendor is taken over and not made twice.
 */
import { describe, expect, it } from "vitest";
import type { Vendor } from "../../sandbox/clouds/index.ts";
import type { Fault } from "../helpers/faults.ts";
import { runCampaign } from "./campaign/campaign.ts";
import { type Injection, siteText } from "./campaign/sites.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: faults on the real engine (${found.reason})`);

const at = (fault: Fault, vendor: Vendor, method: string, path: string, nth = 1): Injection => ({
  fault,
  site: { vendor, method, path, nth },
});
const atlas = "/api/atlas/v2/groups";

/** At Atlas the second call is the one that counts: the first is challenged. */
const sample: readonly Injection[] = [
  at("lost answer", "render", "POST", "/v1/postgres"),
  at("lost answer", "upstash", "POST", "/v2/redis/database"),
  at("too many requests", "atlas", "POST", atlas, 2),
  at("lost answer", "atlas", "POST", atlas, 2),
  at("server error", "atlas", "POST", `${atlas}/:id/databaseUsers`, 2),
  at("lost answer", "render", "POST", "/v1/services"),
  at("reset", "render", "GET", "/v1/services"),
];

describe.skipIf("reason" in found)("faults", () => {
  it("lead to a stack that is complete after the next up, without duplicate or orphan", {
    timeout: 600_000,
  }, async () => {
    if ("reason" in found) return;
    const results = await runCampaign(sample, { engine: found.engine, jobs: 2, progress: console.log });
    const exceptions = results.filter(({ struck, converged }) => !struck || !converged);
    expect(
      exceptions.map(({ injection, note }) => `${injection.fault} at ${siteText(injection.site)}: ${note}`),
    ).toEqual([]);
    expect(results).toHaveLength(sample.length);
  });
});
