import { expect, test } from "vitest";
import { Privileges } from "./authorization.ts";

const allowed = (roleName: string, databaseName = "admin", collectionName?: string) => {
  const privileges = new Privileges({ username: "u", roles: [{ roleName, databaseName, collectionName }] });
  return (action: string, db?: string, collection?: string) =>
    privileges.allows({ action, ...(db && { db }), ...(collection && { collection }) });
};

test.each([
  // role, database, action, where: allowed there, and not in another database
  ["read", "find", "insert"],
  ["readWrite", "insert", "dropDatabase"],
  ["readWrite", "createIndex", "collMod"],
  ["dbAdmin", "dropDatabase", "find"],
  ["dbAdmin", "createIndex", "insert"],
])("%s allows %s and not %s, on its own database", (role, yes, no) => {
  const may = allowed(role, "kaïros");
  expect(may(yes, "kaïros", "a")).toBe(true);
  expect(may(no, "kaïros", "a")).toBe(false);
  expect(may(yes, "kairos", "a")).toBe(false);
  expect(may("listDatabases")).toBe(false);
});

test.each([
  ["readAnyDatabase", "find", "insert"],
  ["readWriteAnyDatabase", "insert", "dropDatabase"],
  ["dbAdminAnyDatabase", "dropDatabase", "insert"],
  ["clusterMonitor", "collStats", "find"],
  ["backup", "find", "insert"],
  ["enableSharding", "enableSharding", "find"],
  ["atlasAdmin", "dropDatabase", "shutdown"],
])("%s allows %s and not %s, on any database but the server's own", (role, yes, no) => {
  const may = allowed(role);
  expect(may(yes, "any", "a")).toBe(true);
  expect(may(no, "any", "a")).toBe(false);
  expect(may(yes, "local", "a")).toBe(false);
  expect(may(yes, "admin", "system.users")).toBe(false);
});

test.each([
  ["clusterMonitor", ["serverStatus", "hostInfo", "listDatabases"], true],
  ["atlasAdmin", ["serverStatus", "hostInfo", "listDatabases"], true],
  ["readWriteAnyDatabase", ["listDatabases"], true],
  ["readWriteAnyDatabase", ["serverStatus"], false],
])("%s on the server: %j is %j", (role, actions, expected) => {
  for (const action of actions) expect(allowed(role)(action)).toBe(expected);
});

test("a role on one collection ends there", () => {
  const may = allowed("readWrite", "kaïros", "modules");
  expect(may("insert", "kaïros", "modules")).toBe(true);
  expect(may("insert", "kaïros", "users")).toBe(false);
  // What is not of one collection.
  expect(may("listCollections", "kaïros")).toBe(false);
  expect(may("dbStats", "kaïros")).toBe(false);
});
