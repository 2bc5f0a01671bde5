import { describe, expect, it } from "vitest";
import { type ConnectionStatus, nearMissesOf, rightsFrom } from "./facts.ts";

const write = ["find", "insert", "update", "remove", "createCollection", "createIndex"];
const status = (
  privileges: { resource: object; actions: string[] }[],
  roles: { role: string; db: string }[] = [],
): ConnectionStatus => ({
  authInfo: {
    authenticatedUsers: [{ user: "kairos", db: "admin" }],
    authenticatedUserRoles: roles,
    authenticatedUserPrivileges: privileges,
  },
});
const everywhereIn = (db: string) => ({ db, collection: "" });

describe("the rights of a user", () => {
  it("are exactly its database", () => {
    const answer = status(
      [
        { resource: everywhereIn("kaïros"), actions: write },
        { resource: { db: "kaïros", collection: "system.js" }, actions: ["find"] },
      ],
      [{ role: "readWrite", db: "kaïros" }],
    );
    expect(rightsFrom(answer, "kaïros")).toEqual({
      user: "kairos",
      canWrite: true,
      canRead: true,
      beyond: [],
    });
    expect(rightsFrom(answer, "kairos")).toMatchObject({ canWrite: false, canRead: false });
  });

  it("reach further: another database, all of them, the server", () => {
    const own = { resource: everywhereIn("kaïros"), actions: write };
    const roles = [{ role: "atlasAdmin", db: "admin" }];
    const beyond = (resource: object, given = roles) =>
      rightsFrom(status([own, { resource, actions: ["find"] }], given), "kaïros")?.beyond;
    expect(beyond(everywhereIn(""))).toEqual(["atlasAdmin@admin"]);
    expect(beyond({ cluster: true }, [])).toEqual(["cluster"]);
    expect(beyond(everywhereIn("other"), [])).toEqual(["other"]);
    expect(beyond({ anyResource: true }, [])).toEqual(["any database"]);
    expect(beyond({ db: "config", collection: "system.sessions" }, [])).toEqual([]);
  });

  it("do not suffice where one of the actions is missing, or only a collection is covered", () => {
    const without = write.filter((action) => action !== "createIndex");
    expect(rightsFrom(status([{ resource: everywhereIn("a"), actions: without }]), "a")?.canWrite).toBe(
      false,
    );
    const one = { resource: { db: "a", collection: "users" }, actions: write };
    expect(rightsFrom(status([one]), "a")?.canWrite).toBe(false);
  });

  it("are not known where the server does not tell", () => {
    expect(rightsFrom({}, "a")).toBeUndefined();
    expect(rightsFrom(status([]), "a")).toBeUndefined();
  });
});

describe("near misses of a name", () => {
  it("differ in case, accents, normalization or separators only", () => {
    const decomposed = "kaïros".normalize("NFD");
    expect(
      nearMissesOf("kaïros", ["kaïros", "kairos", "Kaïros", decomposed, "kai_ros", "kronos", "admin"]),
    ).toEqual(["kairos", "Kaïros", decomposed, "kai_ros"]);
  });
});
