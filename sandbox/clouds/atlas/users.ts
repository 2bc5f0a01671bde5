/** Users of the databases; not of Atlas. They belong to a project, and log in to its clusters. */
import { type Route, route } from "../api.ts";
import { AtlasError } from "./refusals.ts";
import { type CustomRole, type DatabaseUser, Part, page, type Role } from "./state.ts";

type Defaulted = "groupId" | "scopes" | "labels";
export type UserRequest = Omit<DatabaseUser, Defaulted> & Partial<Pick<DatabaseUser, Defaulted>>;

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
    return this.context.of("users", groupId);
  }

  /** Those that the clusters let in at this moment: a change takes a while to reach them. */
  usable(groupId: string): DatabaseUser[] {
    const { applying } = this.context.project(groupId);
    return applying !== undefined && applying.until > Date.now() ? applying.users : this.list(groupId);
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
    this.checkRoles(groupId, user.username, user.roles);
    const known = this.list(groupId).some(
      ({ username, databaseName }) => username === user.username && databaseName === user.databaseName,
    );
    if (known) throw new AtlasError("USER_ALREADY_EXISTS", user.username);
    const added: DatabaseUser = { ...noLogins, ...user, scopes, labels, groupId };
    this.happened("ADDED", added);
    this.change(groupId, (users) => users.push(added));
    return added;
  }

  /** Roles, scopes and labels are replaced as a whole; what is left out stays. */
  update(
    groupId: string,
    databaseName: string,
    username: string,
    change: Partial<UserRequest>,
  ): DatabaseUser {
    const user = this.get(groupId, databaseName, username);
    if (change.password !== undefined) checkPassword(change.password);
    if (change.roles !== undefined) this.checkRoles(groupId, username, change.roles);
    this.happened("UPDATED", user);
    this.change(groupId, () => Object.assign(user, change));
    return user;
  }

  delete(groupId: string, databaseName: string, username: string): void {
    const user = this.get(groupId, databaseName, username);
    this.happened("DELETED", user);
    this.change(groupId, (users) => users.splice(users.indexOf(user), 1));
  }

  get routes(): Route[] {
    const all = "/groups/:group/databaseUsers" as const;
    const one = `${all}/:database/:username` as const;
    const roles = "/groups/:group/customDBRoles/roles" as const;
    /** Without the password, which Atlas never answers. */
    const shown = ({ password: _, ...user }: DatabaseUser) => ({ ...user, links: [] });
    return [
      route(`GET ${all}`, ({ group, query }) => page(this.list(group).map(shown), query)),
      route(`POST ${all}`, ({ group }, body: UserRequest) => shown(this.create(group, body))),
      route(`GET ${one}`, ({ group, database, username }) => shown(this.get(group, database, username))),
      route(`PATCH ${one}`, ({ group, database, username }, body: Partial<UserRequest>) =>
        shown(this.update(group, database, username, body)),
      ),
      route(`DELETE ${one}`, ({ group, database, username }) => this.delete(group, database, username)),
      route(`GET ${roles}`, ({ group }) => this.context.project(group).customRoles ?? []),
      route(`POST ${roles}`, ({ group }, role: CustomRole) => {
        const project = this.context.project(group);
        project.customRoles = [...(project.customRoles ?? []), role];
        this.context.save();
        return role;
      }),
    ];
  }

  private happened(what: "ADDED" | "UPDATED" | "DELETED", { groupId, username }: DatabaseUser): void {
    this.context.happened(`MONGODB_USER_${what}`, groupId, { dbUserUsername: username });
  }

  private change(groupId: string, change: (users: DatabaseUser[]) => unknown): void {
    const { data, times } = this.context;
    const { applying } = times;
    const project = this.context.project(groupId);
    if (applying > 0) {
      project.applying = { until: Date.now() + applying, users: structuredClone(this.usable(groupId)) };
      // Whoever stands behind hears of it when it counts.
      setTimeout(() => this.context.save(), applying).unref();
    }
    change(data.users);
    this.context.save();
  }

  private checkRoles(groupId: string, username: string, roles: Role[]): void {
    if (roles.length === 0) throw new AtlasError("MISSING_ATTRIBUTE", "roles");
    const own = (this.context.project(groupId).customRoles ?? []).map(({ roleName }) => roleName);
    const seen = new Set<string>();
    for (const { roleName, databaseName, collectionName = "" } of roles) {
      const isAdmins = adminRoles.includes(roleName) || own.includes(roleName);
      if (isAdmins && databaseName !== "admin") throw new AtlasError("ATLAS_INVALID_ROLE_DATABASE", roleName);
      if (!isAdmins && !databaseRoles.includes(roleName))
        throw new AtlasError("ATLAS_INVALID_ROLE", roleName, databaseName);
      const key = `${roleName}@${databaseName}.${collectionName}`;
      if (seen.has(key)) throw new AtlasError("DUPLICATE_DATABASE_ROLES", username, roleName, databaseName);
      seen.add(key);
    }
  }
}

/** A user who logs in with a password, as opposed to all these ways. */
const noLogins = { x509Type: "NONE", ldapAuthType: "NONE", awsIAMType: "NONE", oidcAuthType: "NONE" };

function checkLogin(user: UserRequest): void {
  const { databaseName, password, ...logins } = { ...noLogins, ...user };
  const { x509Type, ldapAuthType, awsIAMType, oidcAuthType } = logins;
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
