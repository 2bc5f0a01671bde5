import { at, types } from "../resources.ts";
import { type Finding, isUnknown, items, levels, type Policy } from "./model.ts";

/** Roles that reach no further than the database that they name. Source: https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/ */
const ownDatabase = new Set(["read", "readWrite", "dbAdmin"]);

export const databaseUserScope: Policy = {
  id: "database-user-scope",
  title: "Database user with more than its database",
  why: "Whoever gets hold of the backend's password can then read or drop what belongs to others.",
  checks:
    "Roles of each Atlas database user: read, readWrite or dbAdmin, all on one database that is not MongoDB's own; and scopes: at least one cluster.",
  fix: "Give one role on one database, and scope the user to its cluster.",
  level: levels("mandatory", "mandatory", "mandatory"),
  resource: (resource) => {
    if (resource.type !== types.user) return [];
    const { roles, scopes } = resource.inputs;
    if (isUnknown(roles)) return [{ unknown: "the roles" }];
    return [...items(roles).flatMap(roleProblem), ...manyDatabases(roles), ...scopeProblem(scopes)];
  },
};

function roleProblem(role: unknown): Finding[] {
  const [name, database] = [at(role, "roleName"), at(role, "databaseName")];
  if (isUnknown(name) || isUnknown(database)) return [{ unknown: "a role" }];
  if (!ownDatabase.has(String(name)))
    return [{ message: `role ${name} reaches further than one database; expected readWrite` }];
  return ["admin", "local", "config"].includes(String(database))
    ? [{ message: `role ${name} on ${database}, a database of MongoDB's own` }]
    : [];
}

function manyDatabases(roles: unknown): Finding[] {
  const databases = new Set(items(roles).map((role) => at(role, "databaseName")));
  const known = [...databases].filter((name) => typeof name === "string");
  return known.length > 1 ? [{ message: `roles on ${known.length} databases: ${known.join(", ")}` }] : [];
}

function scopeProblem(scopes: unknown): Finding[] {
  if (isUnknown(scopes)) return [{ unknown: "the scopes" }];
  return items(scopes).length === 0 ? [{ message: "no scope: the user exists on every cluster" }] : [];
}
