/** Users of the databases; not of Atlas. They belong to a project, and log in to its clusters. */
import { AtlasError, missing } from "./error.ts";
import { parse, userRequest, userUpdate } from "./requests.ts";
import type { AtlasContext, DatabaseUser, Role } from "./state.ts";

/** Roles that Atlas knows on `admin` only, and those on every database. */
const adminRoles =
  "atlasAdmin backup clusterMonitor dbAdminAnyDatabase enableSharding readAnyDatabase readWriteAnyDatabase".split(
    " ",
  );
const databaseRoles = ["dbAdmin", "read", "readWrite"];
const shortestPassword = 8;

export class DatabaseUsers {
  private readonly context: AtlasContext;

  constructor(context: AtlasContext) {
    this.context = context;
  }

  /** The project's users with their passwords: for the database behind, not for answers. */
  list(groupId: string): DatabaseUser[] {
    this.context.project(groupId);
    return this.context.data.users.filter((user) => user.groupId === groupId);
  }

  get(groupId: string, databaseName: string, username: string): DatabaseUser {
    const user = this.list(groupId).find(
      (other) => other.databaseName === databaseName && other.username === username,
    );
    if (user !== undefined) return user;
    throw new AtlasError(404, "USERNAME_NOT_FOUND", `No user with username ${username} exists.`, username);
  }

  /**
   * Whether the cluster of a scope exists is not checked: Atlas takes scopes for clusters to come (the provider's
   * acceptance tests use names of none).
   */
  create(groupId: string, body: unknown): DatabaseUser {
    const { scopes = [], labels = [], ...user } = parse(userRequest, body);
    checkLogin(user);
    checkRoles(user.username, user.roles);
    const known = this.list(groupId).some(
      ({ username, databaseName }) => username === user.username && databaseName === user.databaseName,
    );
    if (known)
      throw new AtlasError(
        409,
        "USER_ALREADY_EXISTS",
        `A user with username ${user.username} already exists.`,
        user.username,
      );
    const added: DatabaseUser = { ...user, scopes, labels, groupId };
    this.context.data.users.push(added);
    this.context.store.save();
    return added;
  }

  /** Roles, scopes and labels are replaced as a whole; what is left out stays. */
  update(groupId: string, databaseName: string, username: string, body: unknown): DatabaseUser {
    const user = this.get(groupId, databaseName, username);
    const change = parse(userUpdate, body);
    if (change.password !== undefined) checkPassword(change.password);
    if (change.roles !== undefined) checkRoles(username, change.roles);
    Object.assign(user, change);
    this.context.store.save();
    return user;
  }

  delete(groupId: string, databaseName: string, username: string): void {
    const user = this.get(groupId, databaseName, username);
    this.context.data.users.splice(this.context.data.users.indexOf(user), 1);
    this.context.store.save();
  }
}

function checkLogin(user: Omit<DatabaseUser, "groupId" | "scopes" | "labels">): void {
  const { databaseName, password, x509Type, ldapAuthType, awsIAMType, oidcAuthType } = user;
  if ([x509Type, ldapAuthType, awsIAMType, oidcAuthType].some((type) => type !== "NONE")) {
    // OIDC users of a workforce are on admin; the stand-in does not look that far.
    if (databaseName === "admin" && oidcAuthType === "NONE")
      throw new AtlasError(
        400,
        "DATABASE_NAME_INVALID_EXTERNAL",
        "Database name invalid. Externally authenticated users can only be created on the $external database.",
      );
    return;
  }
  if (databaseName !== "admin")
    throw new AtlasError(
      400,
      "DATABASE_NAME_INVALID_ADMIN",
      "Database name invalid. Users can only be created on the admin database.",
    );
  if (password === undefined) throw missing("password");
  checkPassword(password);
}

function checkPassword(password: string): void {
  if (password.length < shortestPassword)
    throw new AtlasError(400, "WEAK_PASSWORD", "The specified password is not strong enough.");
}

/** Custom roles are not simulated: a project has none, so every other name is unknown. */
function checkRoles(username: string, roles: Role[]): void {
  if (roles.length === 0) throw missing("roles");
  const seen = new Set<string>();
  for (const { roleName, databaseName, collectionName = "" } of roles) {
    if (adminRoles.includes(roleName)) {
      if (databaseName !== "admin")
        throw new AtlasError(
          400,
          "ATLAS_INVALID_ROLE_DATABASE",
          `The specified role ${roleName} only exists for database admin.`,
          roleName,
        );
    } else if (!databaseRoles.includes(roleName))
      throw new AtlasError(
        400,
        "ATLAS_INVALID_ROLE",
        `The specified role ${roleName}@${databaseName} does not exist.`,
        roleName,
        databaseName,
      );
    const key = `${roleName}@${databaseName}.${collectionName}`;
    if (seen.has(key))
      throw new AtlasError(
        400,
        "DUPLICATE_DATABASE_ROLES",
        `Duplicate database roles specified for user ${username}: ${roleName}@${databaseName}.`,
        username,
      );
    seen.add(key);
  }
}
