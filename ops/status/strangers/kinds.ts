/**
 * The kinds of stranger, a row each: where it is looked for, and which of that a stack knows. What people are told of each is
 * in words.ts.
 */
import { contract } from "../../../infra/contract.ts";
import { types } from "../../../infra/resources.ts";
import { opensToTheWorld } from "../../../infra/settings/kinds.ts";
import type { StrangerKind } from "../../../infra/settings/sections/stack.ts";
import type { Vendor } from "../../../vendors/http.ts";
import type { Accounts } from "../../accounts.ts";
import type { StackState } from "../../rotate/state.ts";
import { type Around, createdServices, isByName, usersOf } from "./around.ts";
import type { Stranger } from "./model.ts";
import { asEntry, type Footprint } from "./trail.ts";

/** Something that is there. */
export interface Candidate extends Omit<Stranger, "kind" | "vendor"> {
  /** What a stack that made it knows it by. */
  key: string;
}

/** A kind of stranger at one vendor. */
export interface Row {
  kind: StrangerKind;
  vendor: Vendor;
  /** Pulumi's types of what a stack makes of this kind. */
  types: readonly string[];
  /** The key of such a resource; its id by default. */
  key?: (outputs: Readonly<Record<string, unknown>>) => string;
  /** The keys of what the stack's settings and rotations speak of, whatever its state has. */
  meant?: (around: Around, state: StackState) => string[];
  /** It is looked for by its name, so another stack's name at its end says whose it is. */
  isByName?: true;
  /** Everything of the kind around the stack, its own included. */
  list: (accounts: Accounts, around: Around) => Promise<Candidate[]>;
  /** What Atlas tells of its making. */
  made?: (found: Stranger) => Footprint;
}

export const rows: readonly Row[] = [
  {
    kind: "access-list",
    vendor: "MongoDB Atlas",
    types: [types.access],
    key: ({ projectId, cidrBlock, ipAddress, awsSecurityGroup }) =>
      `${projectId} ${asEntry(String(cidrBlock || ipAddress || awsSecurityGroup))}`,
    // Not announced, since adding twice is adding once: an interrupted `up` leaves them without a note.
    meant: ({ project, settings }) =>
      settings.mongodb.accessList.map(({ cidr }) => `${project?.id} ${asEntry(cidr)}`),
    list: async (accounts, { project }) => {
      const entries = project === undefined ? [] : await accounts.atlas.accessList(project.id);
      return entries.flatMap(({ cidrBlock = "", awsSecurityGroup, deleteAfterDate }) => {
        const everybody = cidrBlock !== "" && opensToTheWorld(cidrBlock);
        // What ends by itself is somebody's work of a day, unless it lets everybody in.
        if (deleteAfterDate !== undefined && !everybody) return [];
        const name = awsSecurityGroup ?? asEntry(cidrBlock);
        return [{ name, in: project?.id, key: `${project?.id} ${name}`, ...(everybody && { everybody }) }];
      });
    },
    made: ({ name }) => ({
      type: "NETWORK_PERMISSION_ENTRY_ADDED",
      fits: ({ whitelistEntry = "" }) => asEntry(whitelistEntry) === name,
    }),
  },
  {
    kind: "database-user",
    vendor: "MongoDB Atlas",
    types: [types.user],
    key: ({ projectId, authDatabaseName, username }) => `${projectId} ${authDatabaseName} ${username}`,
    meant: ({ project, settings }, state) =>
      usersOf(state, "mongodb", settings.mongodb.user).map((user) => `${project?.id} admin ${user}`),
    list: async (accounts, { project, cluster }) => {
      const users = project === undefined ? [] : await accounts.atlas.users(project.id);
      return users
        .filter(({ scopes = [] }) => scopes.length === 0 || scopes.some(({ name }) => name === cluster))
        .map(({ username: name, databaseName: authDatabase }) => ({
          ...{ name, in: project?.id, authDatabase, key: `${project?.id} ${authDatabase} ${name}` },
        }));
    },
    made: ({ name }) => ({
      type: "MONGODB_USER_ADDED",
      fits: ({ dbUserUsername }) => dbUserUsername === name,
    }),
  },
  {
    kind: "cluster",
    vendor: "MongoDB Atlas",
    types: [types.cluster],
    key: ({ projectId, name }) => `${projectId} ${name}`,
    isByName: true,
    list: async ({ atlas }, { project, cluster = "" }) => {
      if (project === undefined) return [];
      const lists = await Promise.all([atlas.clusters(project.id), atlas.flexClusters(project.id)]);
      return lists
        .flat()
        .filter(({ name }) => project.isOwn || isByName(name, cluster))
        .map(({ name, createDate: since }) => ({
          name,
          in: project.id,
          since,
          key: `${project.id} ${name}`,
        }));
    },
    made: ({ name }) => ({ type: "CLUSTER_CREATED", cluster: name }),
  },
  {
    kind: "postgres-user",
    vendor: "Render",
    types: [],
    meant: ({ postgres, settings }, state) =>
      settings.postgres.enabled
        ? usersOf(state, "postgres", settings.postgres.user, "_").map((user) => `${postgres?.id} ${user}`)
        : [],
    list: async (accounts, { postgres }) => {
      const users = postgres === undefined ? [] : await accounts.render.postgresUsers(postgres.id);
      return users.map(({ username: name, default: isDefault, createdAt: since }) => ({
        ...{ name, in: postgres?.name, since, key: `${postgres?.id} ${name}` },
        ...(isDefault && { isDefault }),
      }));
    },
  },
  named(
    "postgres",
    "Render",
    [types.postgres],
    ({ postgres }) => [postgres?.name],
    async ({ render }) =>
      // A replica is its database's own.
      (await render.list("postgres")).filter(({ primaryPostgresID: of = "" }) => of === "").map(dated),
  ),
  named(
    "redis",
    "Render",
    [types.keyValue],
    ({ redis }) => [redis?.name],
    async ({ render }) => (await render.list("key-value")).map(dated),
  ),
  {
    ...named("redis", "Upstash", [types.upstash], nameOfRedis("upstash"), async ({ upstash }) =>
      (await upstash.databases()).map(({ database_id: id, database_name: name, creation_time: made }) => ({
        ...{ id, name, since: new Date(made * 1000).toISOString() },
      })),
    ),
    // Its provider's own id has a prefix.
    key: ({ databaseId }) => String(databaseId),
  },
  named("redis", "Redis Cloud", [types.subscription], nameOfRedis("redis-cloud"), async ({ redisCloud }) =>
    (await redisCloud.subscriptions()).map(({ id, name, creationDate: since }) => ({
      ...{ id: String(id), name, since },
    })),
  ),
  {
    kind: "env-group",
    vendor: "Render",
    types: [types.envGroup],
    list: async (accounts, { services }) => {
      const groups = services.length === 0 ? [] : await accounts.render.list("env-groups");
      return groups.flatMap((group) => {
        const linked = services.filter(({ id }) => group.serviceLinks?.some((link) => link.id === id));
        const where = linked.map(({ name }) => name).join(", ");
        return linked.length === 0 ? [] : [{ ...dated(group), in: where, key: group.id }];
      });
    },
  },
  {
    kind: "variable",
    vendor: "Render",
    types: [],
    list: async (accounts, { services }) => {
      const linked = services.filter(({ isLinked }) => isLinked);
      const all = linked.map(async ({ id, name }) => {
        const own = await accounts.render.ownVariables(id);
        return own
          .filter(({ key }) => key in contract)
          .map(({ key }) => ({ name: `${name}.${key}`, in: name, key: `${id} ${key}` }));
      });
      return (await Promise.all(all)).flat();
    },
  },
  named(
    "service",
    "Render",
    createdServices,
    ({ services }) => services.map(({ name }) => name),
    async ({ render }, { services }) => {
      const isOurs = (id = "") => services.some((service) => service.id === id);
      return (await render.list("services"))
        .filter(({ id, type }) => type !== "static_site" && !isOurs(id))
        .filter(({ serviceDetails }) => !isOurs(serviceDetails?.parentServer?.id))
        .map(dated);
    },
  ),
];

/** The row of what is known by its id and looked for by the stack's own names, where it has one. */
function named(
  kind: StrangerKind,
  vendor: Vendor,
  ofTypes: readonly string[],
  names: (around: Around) => (string | undefined)[],
  all: (accounts: Accounts, around: Around) => Promise<Omit<Candidate, "key">[]>,
): Row {
  return {
    ...{ kind, vendor, types: ofTypes, isByName: true },
    list: async (accounts, around) => {
      const ours = names(around).filter((name) => name !== undefined);
      const found = ours.length === 0 ? [] : await all(accounts, around);
      return found
        .filter(({ name }) => ours.some((own) => isByName(name, own)))
        .map((one) => ({ ...one, key: one.id ?? "" }));
    },
  };
}

function nameOfRedis(provider: "upstash" | "redis-cloud") {
  return ({ redis }: Around) => [redis?.provider === provider ? redis.name : undefined];
}

function dated({ id, name, createdAt: since }: { id: string; name: string; createdAt?: string }) {
  return { id, name, since };
}
