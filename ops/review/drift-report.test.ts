import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../../engine/cli/events.ts";
import { UserError } from "../../engine/errors.ts";
import { type KindName, kinds, types } from "../../infra/resources.ts";
import { settingExists } from "../../tests/docs/settings.ts";
import type { AtlasEvent } from "../../vendors/atlas.ts";
import type { Accounts } from "../accounts.ts";
import type { Drift } from "./drift.ts";
import { driftMarkdown, driftText, explained } from "./drift-report.ts";
import { keeping, settingsBehind } from "./settings-behind.ts";
import { undoOf } from "./undo.ts";

const urn = (name: string) => `urn:pulumi:prod::kairos::t::${name}`;
const step = (
  op: string,
  name: string,
  before: object | undefined,
  after: object | undefined,
  more: object = {},
) =>
  ({
    resourcePreEvent: {
      metadata: {
        ...{ op, urn: urn(name), type: "t" },
        ...(before && { old: { inputs: before } }),
        ...(after && { new: { inputs: after } }),
        ...more,
      },
    },
  }) as unknown as EngineEvent;
const changed = (name: string) => ({ urn: urn(name), what: "changed" as const });
const gone = (name: string) => ({ urn: urn(name), what: "gone" as const });

describe("whether up would undo it", () => {
  const secret = { env: { A: "[secret]" }, plan: "a" };
  it.each([
    ["it sends another value", step("update", "a", { plan: "b" }, { plan: "a" }), "plan", "undone"],
    [
      "it sends the same",
      step("update", "a", { plan: "b", tags: 1 }, { plan: "a", tags: 1 }),
      "tags",
      "left",
    ],
    ["nothing is to be done", step("same", "a", { plan: "b" }, { plan: "b" }), "plan", "left"],
    ["it says nothing of it", step("same", "a", { plan: "b" }, { plan: "b" }), "labels", "not sent"],
    [
      "a secret of which the provider says that it changes",
      step("update", "a", secret, { ...secret, plan: "b" }, { diffs: ["env"] }),
      "env",
      "undone",
    ],
    [
      "a secret of which nobody says so",
      step("update", "a", secret, { ...secret, plan: "b" }, { diffs: ["plan"] }),
      "env",
      "left",
    ],
    [
      "it makes it anew because of it",
      step("replace", "a", { region: "b" }, { region: "a" }, { keys: ["region"] }),
      "region",
      "replaced",
    ],
    [
      "it makes it anew because of something else",
      step("replace", "a", { region: "b", plan: "x" }, { region: "a", plan: "y" }, { keys: ["region"] }),
      "plan",
      "undone",
    ],
  ])("%s", (_, event, property, expected) => {
    expect(
      undoOf(changed("a"), property, [
        step("update", "b", { plan: 1, region: 1 }, { plan: 2, region: 2 }),
        event,
      ]),
    ).toBe(expected);
  });

  it("tells what is made anew from what is not, and says so where there is no preview", () => {
    expect(undoOf(gone("a"), undefined, [step("create", "a", undefined, {})])).toBe("created");
    expect(undoOf(gone("a"), undefined, [step("create", "b", undefined, {})])).toBe("left");
    expect(undoOf(changed("a"), "plan", undefined)).toBe("unknown");
  });
});

describe("how it is kept", () => {
  it("is by settings that there are", () => {
    const all = Object.values(settingsBehind).flatMap((properties) => Object.values(properties ?? {}));
    expect(all.length).toBeGreaterThan(30);
    for (const { setting } of all)
      expect([setting, settingExists(setting.replace("[]", "[0]"))]).toEqual([setting, true]);
  });

  it.each<[KindName, string | undefined, string | undefined, string | undefined]>([
    ["postgres", "plan", "pro_4gb", "pulumi config set --stack prod --path 'kairos:postgres.plan' pro_4gb"],
    ["postgres", "diskSizeGb", "20", "pulumi config set --stack prod --path 'kairos:postgres.disk' 20GB"],
    ["postgres", "version", "18", "change kairos:postgres.version of Pulumi.prod.yaml"],
    ["upstash", "eviction", "false", "pulumi config set --stack prod --path 'kairos:redis.eviction' false"],
    ["cluster", "backupEnabled", "false", "add backup to kairos:mongodb.leave of Pulumi.prod.yaml"],
    ["cluster", "labels", undefined, undefined],
    ["access", undefined, undefined, "take the entry out of kairos:mongodb.accessList"],
    ["cluster", undefined, undefined, undefined],
  ])("%s.%s", (kind, property, vendor, expected) => {
    expect(keeping({ stack: "prod", kind, property, vendor })).toBe(expected);
  });

  it("is at the service's own place in the list", () => {
    const wanted = { stack: "prod", kind: "web", property: "plan", vendor: "pro" } as const;
    expect(keeping({ ...wanted, index: 1 })).toBe(
      "pulumi config set --stack prod --path 'kairos:backend[1].plan' pro",
    );
    expect(keeping(wanted)).toBe("change kairos:backend[…].plan of Pulumi.prod.yaml");
  });
});

/** Atlas and Render as they answer here. */
const accounts = (events: AtlasEvent[], updatedAt: string | undefined) =>
  ({
    ownAtlasKey: "ourownkey",
    atlas: { events: async () => events },
    render: {
      list: async () => {
        if (updatedAt === undefined) throw new UserError("Render: GET /postgres answered 403");
        return [{ id: "dpg-1", updatedAt }];
      },
    },
  }) as unknown as Accounts;

const cluster: Drift = {
  ...{ urn: urn("mongodb-cluster"), resource: "mongodb-cluster", type: types.cluster, what: "changed" },
  ...{ project: "p", name: "cluster0" },
  properties: [
    { name: "backupEnabled", values: [{ at: "", stack: "true", vendor: "false" }] },
    { name: "labels" },
  ],
};
const postgres: Drift = {
  ...{
    urn: urn("postgres-database"),
    resource: "postgres-database",
    type: types.postgres,
    what: "changed",
    id: "dpg-1",
  },
  properties: [{ name: "plan", values: [{ at: "", stack: "basic_1gb", vendor: "pro_4gb" }] }],
};
const access: Drift = {
  ...{
    urn: urn("access"),
    resource: "access",
    type: kinds.access.type,
    what: "gone",
    project: "p",
    name: "203.0.113.0/24",
  },
  properties: [],
};
const preview = [
  step(
    "update",
    "mongodb-cluster",
    { backupEnabled: false, labels: [] },
    { backupEnabled: true, labels: [] },
  ),
  step("update", "postgres-database", { plan: "pro_4gb" }, { plan: "basic_1gb" }),
  step("create", "access", undefined, {}),
];
const events: AtlasEvent[] = [
  {
    created: "2026-11-20T00:00:00Z",
    eventTypeName: "X",
    username: "anna@example.com",
    whitelistEntry: "203.0.113.0/24",
  },
  {
    created: "2026-11-21T00:00:00Z",
    eventTypeName: "X",
    publicKey: "ourownkey",
    whitelistEntry: "203.0.113.0/24",
  },
];

describe("a report", () => {
  const context = { stack: "prod", services: [], preview, unseen: [] };

  it("says of each property what, since when, by whom, what up does and what keeps it", async () => {
    const report = await explained([access, cluster, postgres], {
      ...context,
      accounts: accounts(events, "2026-11-22T00:00:00Z"),
    });
    expect(report).toMatchObject({
      undo: "pulumi up --refresh --stack prod",
      unseen: [],
      drift: [
        {
          ...{ since: "2026-11-20T00:00:00Z", by: { person: "anna@example.com" } },
          properties: [{ undo: "created", keep: "take the entry out of kairos:mongodb.accessList" }],
        },
        {
          properties: [
            { name: "backupEnabled", undo: "undone" },
            { name: "labels", undo: "left" },
          ],
        },
        { since: "2026-11-22T00:00:00Z", isLast: true, properties: [{ undo: "undone" }] },
      ],
    });
    const text = driftText(report).replaceAll(/\s+/g, " ");
    expect(text).toContain("what plan basic_1gb → pro_4gb up up sets it back keep pulumi config set");
    expect(text).toContain("its last change was at 2026-11-22T00:00:00Z; Render does not say whose");
    expect(text).toContain(
      "what labels up up leaves it: the stack does not insist on it keep pulumi refresh --stack prod",
    );
    const markdown = driftMarkdown(report);
    expect(markdown).toContain("### ⚠️ Drift: 3 resources are not as Pulumi left them");
    expect(markdown).toMatch(
      /\*\*gone\*\* `access` .*since 2026-11-20T00:00:00Z, by anna@\u200bexample\.com/,
    );
    expect(markdown).toContain("`basic_1gb → pro_4gb`");
    expect(markdown).toContain("To undo: `pulumi up --refresh --stack prod`.");
  });

  it("goes on where a vendor does not tell, and where there is no preview", async () => {
    const report = await explained([postgres], {
      ...{ ...context, preview: undefined, unseen: ["whether up would undo it is not known: no key"] },
      accounts: accounts([], undefined),
    });
    expect(report.unseen).toEqual([
      "whether up would undo it is not known: no key",
      "since when is not told: Render: GET /postgres answered 403",
    ]);
    expect(report.drift).toMatchObject([{ properties: [{ undo: "unknown" }] }]);
    expect(driftMarkdown(report)).toContain("not known");
  });

  it("names no command that would undo nothing", async () => {
    const report = await explained([{ ...cluster, properties: [{ name: "labels" }] }], {
      ...context,
      accounts: accounts([], undefined),
    });
    expect(report.undo).toBeUndefined();
    expect(driftMarkdown(report)).toContain("Nothing that `up` would undo");
  });
});
