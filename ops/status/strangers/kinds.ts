/**
 * The kinds of stranger, a row each: where it is looked for, and which of that a stack knows. What people are told of each is
 * in words.ts.
 */
import { contract } from "../../../infra/contract.ts";
import { types } from "../../../infra/resources.ts";
import { opensToTheWorld } from "../../../infra/settings/kinds.ts";
import type { StrangerKind } from "../../../infra/settings/sections/known.ts";
import type { AtlasAccessEntry } from "../../../vendors/atlas.ts";
import type { Vendor } from "../../../vendors/http.ts";
import type { Accounts } from "../../accounts.ts";
import type { StackState } from "../../rotate/state.ts";
import { type Around, createdServices, isByName, usersOf } from "./around.ts";
import type { Stranger } from "./model.ts";
import { asEntry, type Footprint } from "./trail.ts";

/** Something that is there. */
export interface Candidate extends Omit<Stranger, "kind"> {
  /** What a stack that made it knows it by. */
  key: string;
}

/** A kind of stranger at one vendor. */
interface Row {
  kind: StrangerKind;
  vendor: Vendor;
  /** Pulumi's type of what a stack makes of this kind, where an interrupted `up` may have made it unnoted. */
  type?: string;
  /** It is looked for by its name, so another stack's name at its end says whose it is. */
  isByName?: true;
  /** Everything of the kind around the stack, its own included. */
  list: (accounts: Accounts, around: Around) => Promise<Candidate[]>;
  /** The keys of what a state has. */
  ours: (state: StackState) => string[];
  /** The keys of what the stack's settings and rotations speak of, whatever its state has. */
  meant?: (around: Around, state: StackState) => string[];
  /** What Atlas tells of its making. */
  made?: (found: Stranger) => Footprint;
}

const idsOf =
  (...wanted: readonly string[]) =>
  (state: StackState) =>
    state
      .all(...wanted)
      .flatMap(({ id, outputs }) => [id ?? [], outputs?.databaseId ?? []].flat().map(String));

const blockOf = ({ cidrBlock, awsSecurityGroup }: AtlasAccessEntry) =>
  awsSecurityGroup ?? asEntry(cidrBlock ?? "");

const opens = (block: string) => /^[\d.]+\/\d+$|:.*\/\d+$/.test(block) && opensToTheWorld(block);

export const rows: readonly Row[] = [
  {
    kind: "access-list",
    vendor: "MongoDB Atlas",
    list: async (accounts, { project }) => {
      if (project === undefined) return [];
      const entries = await accounts.atlas.accessList(project.id);
      return entries.flatMap((entry) => {
        const block = blockOf(entry);
        const everybody = opens(block);
        // What ends by itself is somebody's work of a day, unless it lets everybody in.
        if (entry.deleteAfterDate !== undefined && !everybody) return [];
        return [
          { name: block, in: project.id, key: `${project.id} ${block}`, ...(everybody && { everybody }) },
        ];
      });
    },
    ours: (state) =>
      state.all(types.access).map(({ outputs = {} }) => {
        const { projectId, cidrBlock, ipAddress, awsSecurityGroup } = outputs;
        return `${projectId} ${asEntry(String(cidrBlock || ipAddress || awsSecurityGroup))}`;
      }),
    // Not announced, since adding twice is adding once: an interrupted `up` leaves them without a note.
    meant: ({ project, settings }) =>
      settings.mongodb.accessList.map(({ cidr }) => `${project?.id} ${asEntry(cidr)}`),
    made: ({ name }) => ({
      type: "NETWORK_PERMISSION_ENTRY_ADDED",
      fits: ({ whitelistEntry = "" }) => asEntry(whitelistEntry) === name,
    }),
  },
  {
    kind: "database-user",
    vendor: "MongoDB Atlas",
    list: async (accounts, { project, cluster }) => {
      if (project === undefined) return [];
      const users = await accounts.atlas.users(project.id);
      return users
        .filter(({ scopes = [] }) => scopes.length === 0 || scopes.some(({ name }) => name === cluster))
        .map(({ username, databaseName }) => ({
          name: username,
          in: project.id,
          key: `${project.id} ${databaseName} ${username}`,
          ...(databaseName !== "admin" && { authDatabase: databaseName }),
        }));
    },
    ours: (state) =>
      state
        .all(types.user)
        .map(({ outputs = {} }) => `${outputs.projectId} ${outputs.authDatabaseName} ${outputs.username}`),
    meant: ({ project, settings }, state) =>
      usersOf(state, "mongodb", settings.mongodb.user).map((user) => `${project?.id} admin ${user}`),
    made: ({ name }) => ({
      type: "MONGODB_USER_ADDED",
      fits: ({ dbUserUsername }) => dbUserUsername === name,
    }),
  },
  {
    kind: "cluster",
    vendor: "MongoDB Atlas",
    type: types.cluster,
    isByName: true,
    list: async (accounts, { project, cluster = "" }) => {
      if (project === undefined) return [];
      const { atlas } = accounts;
      const lists = await Promise.all([atlas.clusters(project.id), atlas.flexClusters(project.id)]);
      return lists
        .flat()
        .filter(({ name }) => project.isOwn || isByName(name, cluster))
        .map(({ name, createDate: since }) => ({
          name,
          in: project.id,
          key: `${project.id} ${name}`,
          ...(since && { since }),
        }));
    },
    ours: (state) =>
      state.all(types.cluster).map(({ outputs = {} }) => `${outputs.projectId} ${outputs.name}`),
    made: ({ name }) => ({ type: "CLUSTER_CREATED", cluster: name }),
  },
  {
    kind: "postgres-user",
    vendor: "Render",
    list: async (accounts, { postgres }) => {
      if (postgres === undefined) return [];
      const users = await accounts.render.postgresUsers(postgres.id);
      return users.map(({ username, default: isDefault, createdAt: since }) => ({
        name: username,
        in: postgres.name,
        key: `${postgres.id} ${username}`,
        ...(isDefault && { isDefault }),
        ...(since && { since }),
      }));
    },
    ours: () => [],
    meant: ({ postgres, settings }, state) =>
      settings.postgres.enabled
        ? usersOf(state, "postgres", settings.postgres.user, "_").map((user) => `${postgres?.id} ${user}`)
        : [],
  },
  {
    kind: "postgres",
    vendor: "Render",
    type: types.postgres,
    isByName: true,
    list: async (accounts, { postgres }) => {
      if (postgres === undefined) return [];
      const all = await accounts.render.list("postgres");
      // A replica is its database's own.
      return all
        .filter(({ name, primaryPostgresID: of = "" }) => of === "" && isByName(name, postgres.name))
        .map(({ id, name, createdAt: since }) => ({ id, name, since, key: id }));
    },
    ours: idsOf(types.postgres),
  },
  {
    kind: "redis",
    vendor: "Render",
    type: types.keyValue,
    isByName: true,
    list: async (accounts, { redis }) => {
      if (redis === undefined) return [];
      const all = await accounts.render.list("key-value");
      return all
        .filter(({ name }) => isByName(name, redis.name))
        .map(({ id, name, createdAt: since }) => ({ id, name, since, key: id }));
    },
    ours: idsOf(types.keyValue),
  },
  {
    kind: "redis",
    vendor: "Upstash",
    type: types.upstash,
    isByName: true,
    list: async (accounts, { redis }) => {
      if (redis?.provider !== "upstash") return [];
      const all = await accounts.upstash.databases();
      return all
        .filter(({ database_name: name }) => isByName(name, redis.name))
        .map(({ database_id: id, database_name: name, creation_time: made }) => ({
          id,
          name,
          since: new Date(made * 1000).toISOString(),
          key: id,
        }));
    },
    ours: idsOf(types.upstash),
  },
  {
    kind: "redis",
    vendor: "Redis Cloud",
    type: types.subscription,
    isByName: true,
    list: async (accounts, { redis }) => {
      if (redis?.provider !== "redis-cloud") return [];
      const all = await accounts.redisCloud.subscriptions();
      return all
        .filter(({ name }) => isByName(name, redis.name))
        .map(({ id, name, creationDate: since }) => ({ id: String(id), name, since, key: String(id) }));
    },
    ours: idsOf(types.subscription),
  },
  {
    kind: "env-group",
    vendor: "Render",
    list: async (accounts, { services }) => {
      if (services.length === 0) return [];
      const groups = await accounts.render.list("env-groups");
      return groups.flatMap(({ id, name, createdAt: since, serviceLinks = [] }) => {
        const linked = services.filter((service) => serviceLinks.some((link) => link.id === service.id));
        if (linked.length === 0) return [];
        return [{ id, name, in: linked.map((one) => one.name).join(", "), key: id, ...(since && { since }) }];
      });
    },
    ours: idsOf(types.envGroup),
  },
  {
    kind: "variable",
    vendor: "Render",
    list: async (accounts, { services }) => {
      const linked = services.filter(({ isLinked }) => isLinked);
      const all = await Promise.all(
        linked.map(async ({ id, name }) => {
          const own = await accounts.render.ownVariables(id);
          return own
            .filter(({ key }) => key in contract)
            .map(({ key }) => ({ name: `${name}.${key}`, in: name, key: `${id} ${key}` }));
        }),
      );
      return all.flat();
    },
    ours: () => [],
  },
  {
    kind: "service",
    vendor: "Render",
    isByName: true,
    list: async (accounts, { services }) => {
      if (services.length === 0) return [];
      const ids = new Set(services.map(({ id }) => id));
      const all = await accounts.render.list("services");
      return (
        all
          .filter(({ type }) => type !== "static_site")
          // The preview of a pull request is Render's own doing, and the plan warns of it.
          .filter(({ serviceDetails }) => !ids.has(serviceDetails?.parentServer?.id ?? ""))
          .filter(({ name }) => services.some((ours) => isByName(name, ours.name)))
          .map(({ id, name, createdAt: since }) => ({ id, name, since, key: id }))
      );
    },
    ours: (state) => [...idsOf(...createdServices)(state), ...state.services().map(({ id }) => id)],
  },
];
