/** Users of the databases; not of Atlas. They belong to a project, and log in to its clusters. */
import { AtlasError } from "./error.ts";
import type { Role, UserRequest, UserUpdate } from "./requests.ts";
import { type DatabaseUser, Part } from "./state.ts";

/** Roles that Atlas knows on `admin` only, and those on every database. */
const adminRoles =
  "atlasAdmin backup clusterMonitor dbAdminAnyDatabase enableSharding readAnyDatabase readWriteAnyDatabase".split(
    " ",
  );
const databaseRoles = ["dbAdmin", "read", "readWrite"];
const shortestPassword = 8;

export class DatabaseUsers extends Part {
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
    throw new AtlasError("USERNAME_NOT_FOUND", username);
  }

  /**
   * Whether the cluster of a scope exists is not checked: Atlas takes scopes for clusters to come (the provider's
   * acceptance tests use names of none).
   */
  create(groupId: string, { scopes = [], labels = [], ...user }: UserRequest): DatabaseUser {
    checkLogin(user);
    checkRoles(user.username, user.roles);
    const known = this.list(groupId).some(
      ({ username, databaseName }) => username === user.username && databaseName === user.databaseName,
    );
    if (known) throw new AtlasError("USER_ALREADY_EXISTS", user.username);
    const added: DatabaseUser = { ...user, scopes, labels, groupId };
    this.context.data.users.push(added);
    this.context.store.save();
    return added;
  }

  /** Roles, scopes and labels are replaced as a whole; what is left out stays. */
  update(groupId: string, databaseName: string, username: string, change: UserUpdate): DatabaseUser {
    const user = this.get(groupId, databaseName, username);
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
      throw new AtlasError("DATABASE_NAME_INVALID_EXTERNAL");
    return;
  }
  if (databaseName !== "admin") throw new AtlasError("DATABASE_NAME_INVALID_ADMIN");
  if (password === undefined) throw new AtlasError("MISSING_ATTRIBUTE", "password");
  checkPassword(password);
}

function checkPassword(password: string): void {
  if (password.length < shortestPassword) throw new AtlasError("WEAK_PASSWORD");
}

/** Custom roles are not simulated: a project has none, so every other name is unknown. */
function checkRoles(username: string, roles: Role[]): void {
  if (roles.length === 0) throw new AtlasError("MISSING_ATTRIBUTE", "roles");
  const seen = new Set<string>();
  for (const { roleName, databaseName, collectionName = "" } of roles) {
    const isAdmins = adminRoles.includes(roleName);
    if (isAdmins && databaseName !== "admin") throw new AtlasError("ATLAS_INVALID_ROLE_DATABASE", roleName);
    if (!isAdmins && !databaseRoles.includes(roleName))
      throw new AtlasError("ATLAS_INVALID_ROLE", roleName, databaseName);
    const key = `${roleName}@${databaseName}.${collectionName}`;
    if (seen.has(key)) throw new AtlasError("DUPLICATE_DATABASE_ROLES", username, roleName, databaseName);
    seen.add(key);
  }
}
