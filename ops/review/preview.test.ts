import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../../engine/cli/events.ts";
import { type Approval, approvalMarkdown, previewComment } from "./approval.ts";
import { previewOf } from "./preview.ts";

const type = "render:index/postgres:Postgres";
const urn = (name: string, of = type) => `urn:pulumi:prod::kairos::${of}::${name}`;
type Inputs = Record<string, unknown>;
const step = (
  op: string,
  name: string,
  before?: Inputs,
  after?: Inputs,
  more: { type?: string; [key: string]: unknown } = {},
) =>
  ({
    resourcePreEvent: {
      metadata: {
        op,
        urn: urn(name, more.type),
        type,
        ...(before && { old: { id: "1", inputs: before } }),
        ...(after && { new: { inputs: after } }),
        ...more,
      },
    },
  }) as EngineEvent;
const refreshed = (name: string, before: Inputs | undefined, after?: Inputs): EngineEvent =>
  ({
    resOutputsEvent: {
      metadata: {
        op: "refresh",
        urn: urn(name),
        type,
        old: { ...(before && { outputs: before }) },
        new: after ? { outputs: after } : null,
      },
    },
  }) as unknown as EngineEvent;
const verdict = (enforcementLevel: string, policyName: string): EngineEvent =>
  ({
    policyEvent: {
      policyName,
      enforcementLevel,
      message: `What it is about.\ndatabase: found by ${policyName}\n`,
      resourceUrn: urn("database"),
    },
  }) as EngineEvent;

const still = step("same", "still", { a: 1 }, { a: 1 });
const update = step("update", "database", { plan: "a", name: "x" }, { name: "x", plan: "b" });
const removal = step("delete", "redis", { name: "r" });
const preview = [still, update, removal];
const digest = (...events: EngineEvent[]) => previewOf(events).digest;
const text = (events: readonly EngineEvent[], more: Partial<Approval> = {}) =>
  approvalMarkdown({ stack: "prod", ...previewOf(events), matches: undefined, ...more });

describe("previewOf", () => {
  it("names what changes, what goes first", () => {
    expect(previewOf(preview).steps).toMatchObject([
      { op: "delete", name: "redis", properties: [] },
      { op: "update", name: "database", properties: [{ name: "plan" }] },
    ]);
  });

  it("gives one digest whatever the order, and whatever stays as it is", () => {
    const same = digest(...preview);
    expect(digest(removal, update, still)).toBe(same);
    expect(digest(update, removal, refreshed("still", { a: 1 }, { a: 1 }))).toBe(same);
    const provider = { type: "pulumi:providers:render" };
    expect(digest(...preview, step("create", "default", undefined, {}, provider))).toBe(same);
  });

  const one = step("update", "a", { p: 1 }, { p: 2 });
  it.each<[string, EngineEvent[]]>([
    ["another value", [step("update", "a", { p: 1 }, { p: 3 })]],
    ["another operation", [step("replace", "a", { p: 1 }, { p: 2 })]],
    ["another resource", [step("update", "b", { p: 1 }, { p: 2 })]],
    ["another start", [step("update", "a", { p: 0 }, { p: 2 })]],
    ["one more step", [one, step("create", "c", undefined, {})]],
    [
      "a protection lifted",
      [step("update", "a", { p: 1 }, { p: 2 }, { old: { inputs: { p: 1 }, protect: true } })],
    ],
    [
      "something else of the same name",
      [step("update", "a", { p: 1 }, { p: 2 }, { old: { id: "2", inputs: { p: 1 } } })],
    ],
    ["another reason", [step("update", "a", { p: 1 }, { p: 2 }, { keys: ["p"] })]],
    ["nothing", []],
  ])("gives another digest for %s", (_, events) => {
    expect(digest(...events)).not.toBe(digest(one));
  });

  it("tells a secret that changes from one that stays, without a value of either", () => {
    const env = { envVars: { TOKEN: { value: "[secret]" } }, plan: "a" };
    const stays = step("update", "a", env, { ...env, plan: "b" }, { diffs: ["plan", "slug"] });
    const changes = step("update", "a", env, { ...env, plan: "b" }, { diffs: ["plan", "slug", "envVars"] });
    expect(digest(stays)).not.toBe(digest(changes));
    expect(previewOf([changes]).steps).toMatchObject([
      {
        properties: [
          { name: "plan", value: "a → b" },
          { name: "envVars", secret: true },
        ],
      },
    ]);
  });

  it("counts a replacement once, and has all of its three steps in the digest", () => {
    const replacement = ["create-replacement", "replace", "delete-replaced"].map((op) =>
      step(op, "database", { name: "a" }, { name: "b" }, { keys: ["name"] }),
    );
    expect(previewOf(replacement).steps).toMatchObject([{ op: "replace", properties: [{ name: "name" }] }]);
    expect(digest(...replacement)).not.toBe(digest(...replacement.slice(1)));
  });

  it("names what somebody changed or took away, where this up touches it", () => {
    const events = [
      refreshed("database", { plan: "a" }, { plan: "z" }),
      refreshed("untouched", { plan: "a" }, { plan: "z" }),
      refreshed("redis", { a: 1 }),
      update,
      step("create", "redis", undefined, {}),
    ];
    expect(previewOf(events).steps.map(({ name, drifted }) => [name, drifted])).toEqual([
      ["database", true],
      ["redis", true],
    ]);
  });
});

describe("previewComment", () => {
  const comment = (events: readonly EngineEvent[], more: Partial<Approval> = {}) =>
    previewComment({ stack: "prod", ...previewOf(events), matches: undefined, ...more });

  it("has what stops a reviewer in the open, and the resources folded", () => {
    const { lead, details, quiet } = comment([...preview, verdict("mandatory", "open")], { refused: "no" });
    expect(lead).toMatch(/^\*\*By the engine, at the vendors\*\*: ⛔ prod: 1 policy violation/);
    expect(lead).toContain("**DELETE redis**");
    expect(lead).toContain("⛔ `open`");
    expect(details.join()).toMatch(/^<details><summary>prod: the engine's preview, by resource</);
    expect(details.join()).toMatch(/changed +\| `database` +\| Postgres \(render\) \| `plan` `a → b`/);
    expect(quiet).toBe(false);
  });

  it("shows values that a setting in clear stands behind, and no others", () => {
    const hidden = { envVars: "v", ipAllowLists: [1], plan: "[secret]", highAvailabilityEnabled: false };
    const events = [
      step("update", "database", hidden, {
        ...hidden,
        envVars: "w",
        plan: "b",
        highAvailabilityEnabled: true,
        ipAllowLists: [2],
      }),
    ];
    const shown = previewOf(events).steps[0]?.properties.filter(({ value }) => value !== undefined);
    expect(shown).toEqual([{ name: "highAvailabilityEnabled", value: "false → true" }]);
  });

  it("is no reason for a comment where nothing changes, and one where there is no plan", () => {
    expect(comment([still])).toMatchObject({ quiet: true, details: [] });
    expect(comment([], { refused: "Atlas: no" })).toMatchObject({
      quiet: false,
      lead: expect.stringMatching(/❌ prod: there is no plan; nothing is changed\n\nAtlas: no$/),
    });
  });
});

describe("approvalMarkdown", () => {
  it("counts in the title what goes, in capitals, and names the rest without a value", () => {
    const shown = text(preview);
    expect(shown).toMatch(/^### 🛑 prod: 1 DELETED, 1 changed\n/);
    expect(shown).toMatch(
      /\n\n> \[!CAUTION\]\n> \*\*DELETE redis\*\*, Postgres \(render\): its data is deleted\n/,
    );
    expect(shown).toMatch(/\*\*deleted\*\* \| `redis` +\| Postgres \(render\)/);
    expect(shown).toContain("to be approved");
  });

  it("is alarmed by what loses data, not by what else goes", () => {
    const access = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList";
    const shown = text([step("delete", "access", { cidr: "a" }, undefined, { type: access })]);
    expect(shown).toMatch(/^### 🔷 prod: 1 DELETED\n/);
    expect(shown).not.toContain("CAUTION");
  });

  it("says that it is not what was approved", () => {
    expect(text(preview, { matches: false })).toContain(
      "### 🛑 prod: not what was approved; nothing is changed",
    );
    expect(text(preview, { matches: true })).toContain("as approved");
  });

  it("shows a deploy as one, and counts what is of Pulumi alone", () => {
    const stash = { type: "pulumi:index:Stash" };
    const shown = text([
      step("create", "backend-deployed", undefined, { input: 1 }, stash),
      step("create", "creations", undefined, { input: 1 }, stash),
      step("create", "mongodb", undefined, {}, { type: "kairos:infra:Mongodb" }),
    ]);
    expect(shown).toMatch(/^### 🔷 prod: 1 deployed\n/);
    expect(shown).toMatch(/deployed \| `backend` \|/);
    expect(shown).toContain("And 2 records in Pulumi's state");
  });

  it("warns of what was changed by hand, and of what a policy advises against", () => {
    const drifted = [refreshed("database", { plan: "a" }, { plan: "z" }), update];
    const shown = text([...drifted, verdict("advisory", "small")]);
    expect(shown).toContain(
      "⚠️ Changed without Pulumi since the last `up`, and overwritten by this one: `database`.",
    );
    expect(shown).toContain("- ⚠️ `small`, `database`: found by small");
  });

  it("offers nothing to approve where a policy forbids it, or where there is no plan", () => {
    const forbidden = text([update, verdict("advisory", "small"), verdict("mandatory", "open")], {
      refused: "pulumi preview of prod: open, database: found by open",
    });
    expect(forbidden).toMatch(
      /^### ⛔ prod: 1 policy violation; nothing is changed\n\n- ⛔ `open`.*\n- ⚠️ `small`/,
    );
    expect(forbidden).not.toContain("<sub>Plan");
    const none = text([], { refused: "kairos:mongodb.tier: got *that*" });
    expect(none).toMatch(
      /^### ❌ prod: there is no plan; nothing is changed\n\nkairos:mongodb.tier: got \\\*that\\\*/,
    );
  });

  it("has nothing to do where nothing changes", () => {
    expect(text([still])).toMatch(/^### ✅ prod: nothing to do\n/);
  });
});
