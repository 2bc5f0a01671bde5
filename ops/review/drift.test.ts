import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../../engine/cli/events.ts";
import { types } from "../../infra/resources.ts";
import {
  hosts,
  mongodbDown,
  mongodbWell,
  postgresWell,
  redisWell,
  statusWith,
} from "../../tests/helpers/recap.ts";
import type { StrangersStatus } from "../status/strangers/model.ts";
import { driftIn } from "./drift.ts";
import type { DriftReport } from "./drift-report.ts";
import { report } from "./watch.ts";

const urn = (name: string, type = "a:b:C") => `urn:pulumi:prod::kairos::${type}::${name}`;
const event = (op: string, name: string, old: object, now?: object, type = "a:b:C"): EngineEvent =>
  ({
    resOutputsEvent: {
      metadata: {
        op,
        urn: urn(name, type),
        type,
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
      { urn: urn("gone"), resource: "gone", type: "a:b:C", what: "gone", properties: [] },
      {
        urn: urn("changed"),
        resource: "changed",
        type: "a:b:C",
        what: "changed",
        properties: [{ name: "plan" }],
      },
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
      expect(driftIn([{ resOutputsEvent: { metadata } } as unknown as EngineEvent])).toMatchObject([
        { resource: "service", type: "a:b:C", what: "changed", properties: [{ name: "env", secret: true }] },
      ]);
    }
  });

  it("leaves out what the bridge keeps for itself, and empty answers where nothing was set", () => {
    const was = { __pulumi_raw_state_delta: 1, plan: "a" };
    const is = { __pulumi_raw_state_delta: 2, plan: "b", regions: [], note: null, text: "" };
    expect(driftIn([event("update", "one", was, is)])).toMatchObject([{ properties: [{ name: "plan" }] }]);
  });

  it("shows values where a setting in clear stands behind the property, by the places that differ", () => {
    const specs = (instanceSize: string) => [
      { regionConfigs: [{ electableSpecs: { instanceSize, nodeCount: 3 } }] },
    ];
    const type = types.cluster;
    const was = { projectId: "p", name: "cluster0", replicationSpecs: specs("M10"), backupEnabled: true };
    const is = {
      ...was,
      replicationSpecs: specs("M20"),
      backupEnabled: false,
      labels: [{ key: "a", value: "b" }],
    };
    expect(driftIn([event("update", "mongodb-cluster", was, is, type)])).toEqual([
      {
        ...{ urn: urn("mongodb-cluster", type), resource: "mongodb-cluster", type, what: "changed" },
        ...{ project: "p", name: "cluster0" },
        properties: [
          { name: "backupEnabled", values: [{ at: "", stack: "true", vendor: "false" }] },
          { name: "labels" },
          {
            name: "replicationSpecs",
            values: [{ at: "[0].regionConfigs[0].electableSpecs.instanceSize", stack: "M10", vendor: "M20" }],
          },
        ],
      },
    ]);
  });

  it("shows no value of a command line, nor what the engine hides", () => {
    const [drift] = driftIn([
      event(
        "update",
        "web",
        { startCommand: "run", plan: "[secret]" },
        { startCommand: "run --token canary", plan: "[secret] " },
        types.web,
      ),
    ]);
    expect(drift?.properties).toEqual([{ name: "plan", secret: true }, { name: "startCommand" }]);
  });
});

describe("report", () => {
  const none: DriftReport = { schema: 1, stack: "prod", drift: [], unseen: [] };

  it("says why something could not be seen; it is never taken for well", () => {
    const lead = report({ stack: "prod", drift: "no `pulumi` <here>", status: "not asked" })?.lead ?? "";
    expect(lead).toContain("### ❔ Drift could not be looked for\n\nno \\`pulumi\\` \\<here\\>");
    expect(lead).toContain("### ❔ Status could not be asked");
    expect(report({ stack: "prod", drift: none, status: "not asked" })).toBeDefined();
  });

  const well = { mongodb: mongodbWell, postgres: postgresWell, redis: redisWell };

  it("has nothing to say where all is well", () => {
    expect(report({ stack: "prod", drift: none, status: statusWith(well) })).toBeUndefined();
  });

  it("names what stands beside the stack, with the command, and is quiet about what could not be looked for", () => {
    const strangers: StrangersStatus = {
      state: "warning",
      found: [
        {
          ...{ kind: "access-list", vendor: "MongoDB Atlas", name: "0.0.0.0/0", in: "5a4d", everybody: true },
          ...{ since: "2026-11-26T10:00:00Z", by: { person: "anna@example.com" } },
        },
      ],
      unseen: ["Upstash: there is no key. Not looked for: redis"],
      gone: [],
    };
    const status = statusWith(well);
    const { lead, details } = report({ stack: "prod", drift: none, status, strangers }) ?? {
      lead: "",
      details: [],
    };
    expect(lead).toContain("### ⚠️ Beside the stack: 1 thing that no stack knows");
    expect(lead).toContain("`atlas accessLists delete 0.0.0.0/0 --projectId 5a4d`");
    expect(lead).toMatch(/since 2026-11-26T10:00:00Z, by anna@\u200bexample\.com/);
    expect(details.join()).toContain("Upstash: there is no key");
    expect(
      report({ stack: "prod", drift: none, status, strangers: { ...strangers, found: [] } }),
    ).toBeUndefined();
  });

  it("says why a service is not well: suspended, or without a deploy that runs", () => {
    const service = { name: "kairos-worker", id: "srv-1", state: "failed" } as const;
    const said = (more: object) =>
      report({
        ...{ stack: "prod", drift: none },
        status: statusWith(well, {
          render: { state: "failed", seconds: 1, services: [{ ...service, ...more }] },
        }),
      })?.lead;
    expect(said({ suspended: true })).toMatch(
      /- ❌ .*kairos-worker \(srv-1\)\n {2}- suspended → resume it at Render, then run pulumi up/,
    );
    const lastDeploy = { status: "build_failed", createdAt: "2026-01-14T18:30:00Z" };
    expect(said({ lastDeploy })).toMatch(/- ❌ .*kairos-worker \(srv-1\): last deploy: build\\_failed, /);
  });

  it("says what a mandatory policy forbids of what is there", () => {
    const forbidden = [
      { level: "mandatory", policy: "free-tier", resource: "redis", message: "redis: free is a *free* plan" },
    ] as const;
    const found = report({ stack: "prod", drift: none, status: statusWith(well), forbidden });
    expect(found?.lead).toContain(
      "### ⛔ Policies: 1 violation by what is there\n\n- `free-tier`, `redis`: free is a \\*free\\* plan",
    );
  });

  it("says what is wrong and what to do, and names no host", () => {
    const status = statusWith({ ...well, mongodb: mongodbDown });
    const { lead, details } = report({ stack: "prod", drift: none, status }) ?? { lead: "", details: [] };
    expect(lead).toMatch(/### ❌ Not well\n\n- ❌ MongoDB: .+ \(.+ → .+\)/);
    for (const host of Object.values(hosts)) expect(lead + details.join()).not.toContain(host);
  });

  it("raises no alarm for a database that lets nobody in from here, and says that it was not seen", () => {
    const problem = { ...mongodbDown.problem, kind: "timeout", stage: "connecting", causes: ["access-list"] };
    const status = statusWith({ ...well, mongodb: { ...mongodbDown, problem } as typeof mongodbDown });
    expect(report({ stack: "prod", drift: none, status })).toBeUndefined();
    const remark = {
      kind: "credential-old" as const,
      severity: "warning" as const,
      number: 91,
      names: ["mongodb", "prod"],
    };
    const old = statusWith({ ...well, mongodb: { ...status.databases.mongodb, remarks: [remark] } });
    expect(report({ stack: "prod", drift: none, status: old })?.lead).toMatch(
      /### ⚠️ Not all well\n\n- ⚠️ MongoDB\n {2}- the credential is 91 days old → npx kairos rotate mongodb --stack prod/,
    );
    const other = report({ stack: "prod", drift: "no engine", status });
    expect(other?.lead).not.toContain("MongoDB");
    expect(other?.details.join()).toContain("- MongoDB: no answer in time");
  });
});
