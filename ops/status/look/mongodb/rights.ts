/** What a user may do, from what the server says of its privileges: never by trying. */
import { z } from "zod";
import type { MongodbFacts } from "../../model.ts";

const privilege = z.object({
  resource: z.object({
    db: z.string().optional(),
    collection: z.string().optional(),
    cluster: z.boolean().optional(),
    anyResource: z.boolean().optional(),
  }),
  actions: z.array(z.string()),
});
type Privilege = z.infer<typeof privilege>;

/** The answer to `connectionStatus`. Source: https://www.mongodb.com/docs/manual/reference/command/connectionStatus/ */
export const connectionStatus = z.object({
  authInfo: z
    .object({
      authenticatedUsers: z.array(z.object({ user: z.string(), db: z.string() })).optional(),
      authenticatedUserRoles: z.array(z.object({ role: z.string(), db: z.string() })).optional(),
      authenticatedUserPrivileges: z.array(privilege).optional(),
    })
    .optional(),
});
export type ConnectionStatus = z.infer<typeof connectionStatus>;

/** What the backend does with its database: it creates collections and indexes at its start. */
const writing = ["insert", "update", "remove", "createCollection", "createIndex"];

/** Undefined when the server says nothing of privileges: some compatible ones do not know them. */
export function rightsFrom(
  { authInfo }: ConnectionStatus,
  database: string,
): NonNullable<MongodbFacts["rights"]> | undefined {
  const [user] = authInfo?.authenticatedUsers ?? [];
  const privileges = authInfo?.authenticatedUserPrivileges;
  if (user === undefined || privileges === undefined || privileges.length === 0) return undefined;
  const may = (action: string) =>
    privileges.some(({ resource, actions }) => covers(resource, database) && actions.includes(action));
  return {
    user: user.user,
    canWrite: writing.every(may),
    canRead: may("find"),
    beyond: beyond(authInfo?.authenticatedUserRoles ?? [], privileges, database),
  };
}

/** Whether a privilege holds for all collections of a database. An empty name stands for any. */
function covers({ db, collection, anyResource }: Privilege["resource"], database: string): boolean {
  return anyResource === true || (collection === "" && (db === "" || db === database));
}

/** Roles that reach further; where only privileges do, their resources. */
function beyond(
  roles: readonly { role: string; db: string }[],
  privileges: readonly Privilege[],
  database: string,
): string[] {
  const elsewhere = privileges.filter(({ resource, actions }) => {
    if (actions.length === 0 || isHarmless(resource)) return false;
    return resource.db !== database;
  });
  if (elsewhere.length === 0) return [];
  const wide = roles.filter(({ db }) => db !== database).map(({ role, db }) => `${role}@${db}`);
  if (wide.length > 0) return [...new Set(wide)];
  const resources = elsewhere.map(({ resource }) =>
    resource.cluster ? "cluster" : resource.db || "any database",
  );
  return [...new Set(resources)];
}

/** What every user of MongoDB has: its own sessions. */
const isHarmless = ({ db, collection }: Privilege["resource"]) =>
  db === "config" && collection === "system.sessions";
