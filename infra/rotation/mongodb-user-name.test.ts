import { describe, expect, it } from "vitest";
import { settingsOf } from "../../tests/helpers/program.ts";
import { renamedUser } from "./user-names.ts";

const user = (username: string) => ({
  type: "mongodbatlas:index/databaseUser:DatabaseUser",
  outputs: { username },
});
const rotated = (last: number) => ({
  type: "pulumi:index:Stash",
  outputs: { input: { credential: "mongodb", current: last, last, since: "2026-11-22T00:00:00Z" } },
});
const settings = (name: string, mayBeDestroyed?: string) => {
  const { mongodb, ...others } = settingsOf({});
  return { ...others, mongodb: { ...mongodb, user: name, ...(mayBeDestroyed && { mayBeDestroyed }) } };
};

describe("renamedUser", () => {
  it.each([
    ["the user of the settings", [user("kairos")]],
    ["the third user of a stack that was rotated twice", [user("kairos-3"), rotated(3)]],
    ["both users in the middle of a rotation", [user("kairos"), user("kairos-2"), rotated(2)]],
    ["a first up", []],
  ])("says nothing of %s", (_, existing) => {
    expect(renamedUser(existing, settings("kairos"))).toEqual([]);
  });

  it.each([
    ["another name", [user("kairos")]],
    ["another name after a rotation", [user("kairos-2"), rotated(2)]],
  ])("says in one line what to do about %s", (_, existing) => {
    const lines = renamedUser(existing, settings("app"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^kairos:mongodb\.user: got "app"; expected "kairos": .*rotate mongodb/);
  });

  it("lets the user go with a cluster that may go", () => {
    expect(renamedUser([user("kairos")], settings("app", "cluster0"))).toEqual([]);
  });
});
