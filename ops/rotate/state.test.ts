import { describe, expect, it } from "vitest";
import type { StateResource } from "../../engine/cli/stack.ts";
import { initial } from "../../infra/rotation/record.ts";
import { wayOf } from "./databases.ts";
import { standingOf, standingText } from "./standing.ts";
import { StackState } from "./state.ts";

const urn = (name: string) => `urn:pulumi:test::kairos::type::${name}`;
const stash = (name: string, input: object): StateResource => ({
  urn: urn(name),
  type: "pulumi:index:Stash",
  inputs: { input },
});
const user = (name: string, username: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(name),
  type: "mongodbatlas:index/databaseUser:DatabaseUser",
  outputs: { username },
  ...more,
});
const record = (current: number, retiring?: number) =>
  stash("mongodb-credential", {
    credential: "mongodb",
    current,
    ...(retiring !== undefined && { retiring }),
    last: Math.max(current, retiring ?? 0),
    since: "2026-11-22T10:00:00.000Z",
  });
const stack = (outputs: object): StateResource => ({
  urn: urn("stack"),
  type: "pulumi:pulumi:Stack",
  outputs: outputs as StateResource["outputs"] & object,
});
const standing = (...resources: StateResource[]) => {
  return standingOf("mongodb", new StackState(resources));
};

describe("the state with a restored database beside the original", () => {
  const postgres = (id: string, databaseUser: string): StateResource => ({
    urn: urn(id),
    type: "render:index/postgres:Postgres",
    id,
    outputs: { databaseUser },
  });
  const cluster = (name: string): StateResource => ({
    urn: urn(name),
    type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
    outputs: { name },
  });
  const state = new StackState([
    ...[
      postgres("dpg-old-a", "kairos"),
      postgres("dpg-new-a", "kairos_2"),
      cluster("cluster0"),
      cluster("two"),
    ],
    stash("postgres-login-2-dpg-new-a", { login: "postgres-login-2-dpg-new-a", user: "kairos_2" }),
    stack({ mongodb: { cluster: "two" }, postgres: { id: "dpg-new-a" } }),
  ]);

  it("means the one to which the variables lead", () => {
    expect(state.one("render:index/postgres:Postgres")?.id).toBe("dpg-new-a");
    expect(state.one("mongodbatlas:index/advancedCluster:AdvancedCluster")?.outputs?.name).toBe("two");
    expect(state.user("postgres", 2)).toBe("kairos_2");
  });
});

describe("the state", () => {
  it.each([
    ["never", [user("mongodb-user", "kairos")], "never"],
    [
      "switched",
      [record(2, 1), user("mongodb-user", "kairos"), user("mongodb-user-2", "kairos-2")],
      "switched",
    ],
    ["idle", [record(2), user("mongodb-user-2", "kairos-2")], "idle"],
    ["ending", [record(2), user("mongodb-user-2", "kairos-2"), user("mongodb-user", "kairos")], "ending"],
    [
      "ending, when the engine has only marked the old one",
      [record(2), user("mongodb-user-2", "kairos-2"), user("mongodb-user", "kairos", { delete: true })],
      "ending",
    ],
  ])("of a rotation is read: %s", (_, resources, stands) => {
    expect(standing(...resources).stands).toBe(stands);
  });

  it("is told in one line", () => {
    const text = standingText(
      standing(record(3, 2), user("mongodb-user-3", "kairos-3"), user("mongodb-user-2", "kairos-2")),
    );
    expect(text).toMatch(
      /^mongodb: credential 3 \(kairos-3\) since 2026-.*, credential 2 \(kairos-2\) is to be retired\. Next: waits /,
    );
    expect(text).not.toContain("\n");
  });

  it("has no record of its own while nothing was rotated", () => {
    expect(new StackState([]).record("postgres")).toBe(initial);
  });

  it("tells services that the stack gives variables from those that it does not", () => {
    const state = new StackState([
      stack({ services: { web: "srv-1", other: "srv-2" } }),
      stash("web-deployed", { serviceId: "srv-1" }),
    ]);
    expect(state.services()).toEqual([
      { name: "web", id: "srv-1", record: "web-deployed" },
      { name: "other", id: "srv-2" },
    ]);
  });
});

describe("what a vendor offers for Redis", () => {
  const resource = (type: string): StateResource => ({ urn: urn("redis"), type });
  it.each<[string, StateResource[], string]>([
    ["Upstash", [resource("upstash:index/redisDatabase:RedisDatabase")], "cut-over"],
    ["Redis Cloud", [resource("rediscloud:index/essentialsDatabase:EssentialsDatabase")], "cut-over"],
    ["Render", [resource("render:index/keyvalue:Keyvalue")], "nothing"],
    ["external", [stack({ redis: { provider: "external" } })], "nothing"],
    ["none", [stack({})], "nothing"],
  ])("%s: %s", (_, resources, kind) => {
    const way = wayOf("redis", new StackState(resources));
    expect(way.kind).toBe(kind);
    if (way.kind === "cut-over") expect(way.howLong).toContain("live again");
  });

  it("says for an external one which setting to change", () => {
    const way = wayOf("redis", new StackState([stack({ redis: { provider: "external" } })]));
    expect(way).toMatchObject({ why: expect.stringContaining("kairos:redis.url") });
  });
});
