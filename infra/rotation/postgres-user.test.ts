import { describe, expect, it } from "vitest";
import { settingsOf } from "../../tests/helpers/program.ts";
import { strangeUser } from "./user-names.ts";

const database = (databaseUser: string) => ({
  type: "render:index/postgres:Postgres",
  outputs: { name: "kairos-postgres", databaseUser },
});
const rotated = (last: number) => ({
  type: "pulumi:index:Stash",
  outputs: { input: { credential: "postgres", current: last, last, since: "2026-11-22T00:00:00Z" } },
});
const settings = (user?: string) =>
  settingsOf({ postgres: { enabled: true, plan: "basic_1gb", ...(user !== undefined && { user }) } });

describe("strangeUser", () => {
  it.each([
    ["the user of the settings", [database("kairos")], "kairos"],
    ["the third user of a stack that was rotated twice", [database("kairos_3"), rotated(3)], "kairos"],
    ["the first one, which a state without refresh still has", [database("kairos"), rotated(3)], "kairos"],
    ["no database", [], "kairos"],
  ])("says nothing of %s", (_, existing, user) => {
    expect(strangeUser(existing, settings(user))).toEqual([]);
  });

  it.each([
    ["another name in the settings", [database("kairos")], "app", "kairos"],
    ["somebody's own default user", [database("somebody")], "kairos", "somebody"],
    ["a number that there never was", [database("kairos_4"), rotated(3)], "kairos", "kairos_4"],
  ])("says in one line what to do about %s", (_, existing, user, expected) => {
    const lines = strangeUser(existing, settings(user));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`kairos:postgres.user: got "${user}"; expected "${expected}"`);
    expect(lines[0]).toContain("nothing is replaced");
    expect(lines[0]).not.toContain("mayBeDestroyed");
  });

  it("says nothing while Postgres is off: that is for the protection", () => {
    expect(strangeUser([database("x")], settingsOf({ postgres: { enabled: false } }))).toEqual([]);
  });
});
