/** Atlas' users on a mongod, which does not know all of Atlas' roles. */
import { type Db, type Document, MongoServerError } from "mongodb";
import type { MongodbUser } from "./types.ts";

type AtlasRole = MongodbUser["roles"][number];
interface Role {
  role: string;
  db: string;
}

/** Prefix of the roles that are made here. */
const prefix = "kairos.";
/** What Atlas' own roles are on a server of one's own. */
const composed: Record<string, { roles: string[]; privileges: Document[] }> = {
  enableSharding: {
    roles: [],
    privileges: [{ resource: { db: "", collection: "" }, actions: ["enableSharding"] }],
  },
  atlasAdmin: {
    roles: ["readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor", "backup"],
    privileges: [{ resource: { db: "", collection: "" }, actions: ["enableSharding"] }],
  },
};

/** What the roles that know single collections allow there. */
const onCollection: Record<string, string[]> = {
  read: words("changeStream collStats dbHash find killCursors listIndexes"),
  readWrite: words(
    "changeStream collStats convertToCapped createCollection createIndex dbHash dropCollection dropIndex find insert killCursors listIndexes remove update",
  ),
  dbAdmin: words(
    "bypassDocumentValidation collMod collStats compact convertToCapped createCollection createIndex dropCollection dropIndex indexStats listIndexes reIndex validate",
  ),
};

/**
 * Makes the users on `admin` exactly these, besides the administrator. A removed user's connections are logged out by
 * the server; one without password cannot log in here, and is left out.
 */
export async function applyUsers(
  admin: Db,
  users: readonly MongodbUser[],
  administrator: string,
): Promise<void> {
  const { users: found } = await admin.command({ usersInfo: 1 });
  const present = (found as { user: string }[])
    .map(({ user }) => user)
    .filter((user) => user !== administrator);
  const wanted = users.filter(({ password }) => password !== undefined);
  for (const user of present)
    if (!wanted.some(({ username }) => username === user)) await admin.command({ dropUser: user });
  for (const { username, password, roles } of wanted) {
    const mapped: Role[] = [];
    for (const role of roles) mapped.push(await roleFor(admin, role));
    const command = present.includes(username) ? "updateUser" : "createUser";
    await admin.command({ [command]: username, pwd: password, roles: mapped });
  }
}

async function roleFor(admin: Db, { roleName, databaseName, collectionName = "" }: AtlasRole): Promise<Role> {
  const known = composed[roleName];
  if (known !== undefined) {
    const role = prefix + roleName;
    await define(
      admin,
      role,
      known.privileges,
      known.roles.map((name) => ({ role: name, db: "admin" })),
    );
    return { role, db: "admin" };
  }
  const actions = onCollection[roleName];
  if (collectionName === "" || actions === undefined) return { role: roleName, db: databaseName };
  const role = `${prefix}${roleName}@${databaseName}.${collectionName}`;
  await define(admin, role, [{ resource: { db: databaseName, collection: collectionName }, actions }], []);
  return { role, db: "admin" };
}

async function define(admin: Db, role: string, privileges: Document[], roles: Role[]): Promise<void> {
  try {
    await admin.command({ createRole: role, privileges, roles });
  } catch (error) {
    // 51002: it is there, from an earlier start.
    if (!(error instanceof MongoServerError && error.code === 51002)) throw error;
    await admin.command({ updateRole: role, privileges, roles });
  }
}

function words(text: string): string[] {
  return text.split(" ");
}
