import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../../engine/cli/events.ts";
import {
  hosts,
  mongodbDown,
  mongodbWell,
  postgresWell,
  redisWell,
  statusWith,
} from "../../tests/helpers/recap.ts";
import { driftIn } from "./drift.ts";
import { report } from "./watch.ts";

const event = (op: string, name: string, old: object, now?: object): EngineEvent =>
  ({
    resOutputsEvent: {
      metadata: {
        op,
        urn: `urn:pulumi:prod::kairos::a:b:C::${name}`,
        type: "a:b:C",
        old: { outputs: old as Record<string, unknown> },
        new: now === undefined ? null : { outputs: now as Record<string, unknown> },
      },
    },
  }) as unknown as EngineEvent;

describe("driftIn", () => {
  it("names what changed and what is gone, and nothing of what is the same", () => {
    const events: EngineEvent[] = [
      { diagnosticEvent: { severity: "info", message: "hello", color: "never" } },
      event("same", "still", { a: 1 }, { a: 1 }),
      event("update", "changed", { plan: "a", tags: { x: 1, y: 2 } }, { plan: "b", tags: { y: 2, x: 1 } }),
      event("delete", "gone", { a: 1 }),
    ];
    expect(driftIn(events)).toEqual([
      { resource: "gone", type: "a:b:C", what: "gone", properties: [], secrets: [] },
      { resource: "changed", type: "a:b:C", what: "changed", properties: ["plan"], secrets: [] },
    ]);
  });

  it("reads a preview that refreshes first: there each resource is only said to be refreshed", () => {
    const events = [
      event("refresh", "still", { a: 1 }, { a: 1, list: [] }),
      event("refresh", "changed", { plan: "a" }, { plan: "b" }),
      event("refresh", "gone", { a: 1 }),
    ];
    expect(driftIn(events).map(({ what, resource }) => [what, resource])).toEqual([
      ["gone", "gone"],
      ["changed", "changed"],
    ]);
  });

  it("names the setting of which only a secret differs, and none that is the vendor's own", () => {
    const was = { inputs: { env: { A: "[secret]" }, plan: "a" }, outputs: { env: { A: "[secret]" } } };
    for (const op of ["update", "refresh"]) {
      const metadata = {
        op,
        urn: "urn:pulumi:prod::kairos::a:b:C::service",
        type: "a:b:C",
        old: was,
        new: was,
        diffs: ["info", "env", "slug"],
      };
      expect(driftIn([{ resOutputsEvent: { metadata } } as unknown as EngineEvent])).toEqual([
        { resource: "service", type: "a:b:C", what: "changed", properties: [], secrets: ["env"] },
      ]);
    }
  });

  it("leaves out what the bridge keeps for itself, and empty answers where nothing was set", () => {
    const was = { __pulumi_raw_state_delta: 1, plan: "a" };
    const is = { __pulumi_raw_state_delta: 2, plan: "b", regions: [], note: null, text: "" };
    expect(driftIn([event("update", "one", was, is)])).toMatchObject([{ properties: ["plan"] }]);
  });
});

describe("report", () => {
  it("says why something could not be seen; it is never taken for well", () => {
    const lead = report({ stack: "prod", drift: "no `pulumi` <here>", status: "not asked" })?.lead ?? "";
    expect(lead).toContain("### ❔ Drift could not be looked for\n\nno \\`pulumi\\` \\<here\\>");
    expect(lead).toContain("### ❔ Status could not be asked");
    expect(report({ stack: "prod", drift: [], status: "not asked" })).toBeDefined();
  });

  const well = { mongodb: mongodbWell, postgres: postgresWell, redis: redisWell };

  it("has nothing to say where all is well", () => {
    expect(report({ stack: "prod", drift: [], status: statusWith(well) })).toBeUndefined();
  });

  it("shows of a secret the name of the setting", () => {
    const drift = [
      { resource: "a", type: "a:b:C", what: "changed" as const, properties: ["p"], secrets: ["env"] },
    ];
    const { lead } = report({ stack: "prod", drift, status: statusWith(well) }) ?? { lead: "" };
    expect(lead).toContain("| changed | `a`      | `a:b:C` | `p`, `env` (secret) |");
  });

  it("says what is wrong and what to do, and names no host", () => {
    const status = statusWith({ ...well, mongodb: mongodbDown });
    const { lead, details } = report({ stack: "prod", drift: [], status }) ?? { lead: "", details: [] };
    expect(lead).toMatch(/### ❌ Not well\n\n- ❌ MongoDB: .+ \(.+ → .+\)/);
    for (const host of Object.values(hosts)) expect(lead + details.join()).not.toContain(host);
  });

  it("raises no alarm for a database that lets nobody in from here, and says that it was not seen", () => {
    const problem = { ...mongodbDown.problem, kind: "timeout", stage: "connecting", causes: ["access-list"] };
    const status = statusWith({ ...well, mongodb: { ...mongodbDown, problem } as typeof mongodbDown });
    expect(report({ stack: "prod", drift: [], status })).toBeUndefined();
    const remark = {
      kind: "credential-old" as const,
      severity: "warning" as const,
      number: 91,
      names: ["mongodb", "prod"],
    };
    const old = statusWith({ ...well, mongodb: { ...status.databases.mongodb, remarks: [remark] } });
    expect(report({ stack: "prod", drift: [], status: old })?.lead).toMatch(
      /### ⚠️ Not all well\n\n- ⚠️ MongoDB\n {2}- the credential is 91 days old → npx kairos rotate mongodb --stack prod/,
    );
    const other = report({ stack: "prod", drift: "no engine", status });
    expect(other?.lead).not.toContain("MongoDB");
    expect(other?.details.join()).toContain("- MongoDB: no answer in time");
  });
});
