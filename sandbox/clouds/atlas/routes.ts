/** The calls of Atlas' Admin API that the stand-in has. */
import type { Context } from "hono";
import { accepted, created, type Query, type Route, route } from "../api.ts";
import { accessReply } from "./access-list.ts";
import type { AtlasCloud } from "./model.ts";
import * as replies from "./replies.ts";
import * as requests from "./requests.ts";
import type { Cluster } from "./state.ts";

export const routes = (cloud: AtlasCloud): Route[] => [
  ...projectRoutes(cloud),
  ...clusterRoutes(cloud),
  ...flexRoutes(cloud),
  ...userRoutes(cloud),
  ...accessListRoutes(cloud),
];

function projectRoutes({ projects, clusters, flexClusters }: AtlasCloud): Route[] {
  const reply = (id: string) =>
    replies.projectReply(projects.get(id), clusters.list(id).length + flexClusters.list(id).length);
  const nobody = ({ group, query }: { group: string; query: Query }) => {
    projects.get(group);
    return page([], query);
  };
  const one = "/groups/:group" as const;
  return [
    route("GET /groups", ({ query }) =>
      page(
        projects.list().map(({ id }) => reply(id)),
        query,
      ),
    ),
    route("POST /groups", requests.project, ({ body }) => created(reply(projects.create(body).id))),
    route(`GET ${one}`, ({ group }) => reply(group)),
    route(`PATCH ${one}`, requests.projectUpdate, ({ group, body }) =>
      reply(projects.update(group, body).id),
    ),
    route(`DELETE ${one}`, ({ group }) => projects.delete(group)),
    route(`GET ${one}/settings`, ({ group }) => projects.get(group).settings),
    route(
      `PATCH ${one}/settings`,
      requests.projectSettings,
      ({ group, body }) => projects.updateSettings(group, body).settings,
    ),
    route(`GET ${one}/limits`, ({ group }) => projects.get(group).limits),
    // People are not simulated.
    route(`GET ${one}/teams`, nobody),
    route(`GET ${one}/users`, nobody),
    route(`GET ${one}/ipAddresses`, ({ group }) => ({
      groupId: projects.get(group).id,
      services: { clusters: [] },
    })),
    route(`GET ${one}/managedSlowMs`, ({ group }) => projects.get(group).managedSlowMs),
    route(`POST ${one}/managedSlowMs/enable`, ({ group }) => projects.setManagedSlowMs(group, true)),
    route(`DELETE ${one}/managedSlowMs/disable`, ({ group }) => projects.setManagedSlowMs(group, false)),
  ];
}

/** `/clusters` is for M0 and dedicated ones. */
function clusterRoutes(cloud: AtlasCloud): Route[] {
  const { clusters } = cloud;
  const all = "/groups/:group/clusters" as const;
  const one = `${all}/:name` as const;
  // Sent by the provider when `useEffectiveFields` is on.
  const effective = ({ req }: Context) => req.header("use-effective-instance-fields") === "true";
  const reply = (cluster: Cluster, context: Context) =>
    replies.clusterReply(cluster, cloud.connection(cluster), effective(context));
  return [
    route(`GET ${all}`, ({ group, query, context }) =>
      page(
        clusters.list(group).map((cluster) => reply(cluster, context)),
        query,
      ),
    ),
    route(`POST ${all}`, requests.cluster, ({ group, body, context }) =>
      created(reply(clusters.create(group, body, effective(context)), context)),
    ),
    route(`POST ${all}/tenantUpgrade`, requests.tenantUpgrade, ({ group, body, context }) =>
      reply(clusters.upgradeTenant(group, body), context),
    ),
    route(`GET ${one}`, ({ group, name, context }) => reply(clusters.get(group, name), context)),
    route(`PATCH ${one}`, requests.clusterUpdate, ({ group, name, body, context }) =>
      reply(clusters.update(group, name, body, effective(context)), context),
    ),
    route(`DELETE ${one}`, ({ group, name }) => accepted(clusters.delete(group, name))),
    route(`GET ${one}/processArgs`, ({ group, name }) => replies.processArgsReply(clusters.get(group, name))),
    route(`PATCH ${one}/processArgs`, requests.processArgs, ({ group, name, body }) =>
      replies.processArgsReply(clusters.updateProcessArgs(group, name, body)),
    ),
    route("GET /groups/:group/containers", ({ group, query }) =>
      page(clusters.containers(group, query.providerName).map(replies.containerReply), query),
    ),
  ];
}

function flexRoutes(cloud: AtlasCloud): Route[] {
  const { flexClusters } = cloud;
  const all = "/groups/:group/flexClusters" as const;
  const one = `${all}/:name` as const;
  const reply = (cluster: Cluster) => replies.flexReply(cluster, cloud.connection(cluster));
  return [
    route(`GET ${all}`, ({ group, query }) => page(flexClusters.list(group).map(reply), query)),
    route(`POST ${all}`, requests.flex, ({ group, body }) =>
      created(reply(flexClusters.create(group, body))),
    ),
    route(`POST ${all}:tenantUpgrade`, requests.flexUpgrade, ({ group, body }) =>
      reply(flexClusters.upgrade(group, body)),
    ),
    route(`GET ${one}`, ({ group, name }) => reply(flexClusters.get(group, name))),
    route(`PATCH ${one}`, requests.flexUpdate, ({ group, name, body }) =>
      reply(flexClusters.update(group, name, body)),
    ),
    route(`DELETE ${one}`, ({ group, name }) => accepted(flexClusters.delete(group, name))),
  ];
}

function userRoutes({ users }: AtlasCloud): Route[] {
  const all = "/groups/:group/databaseUsers" as const;
  const one = `${all}/:database/:username` as const;
  return [
    route(`GET ${all}`, ({ group, query }) => page(users.list(group).map(replies.userReply), query)),
    route(`POST ${all}`, requests.user, ({ group, body }) =>
      created(replies.userReply(users.create(group, body))),
    ),
    route(`GET ${one}`, ({ group, database, username }) =>
      replies.userReply(users.get(group, database, username)),
    ),
    route(`PATCH ${one}`, requests.userUpdate, ({ group, database, username, body }) =>
      replies.userReply(users.update(group, database, username, body)),
    ),
    route(`DELETE ${one}`, ({ group, database, username }) => users.delete(group, database, username)),
  ];
}

function accessListRoutes({ accessList }: AtlasCloud): Route[] {
  const all = "/groups/:group/accessList" as const;
  const one = `${all}/:entry` as const;
  return [
    route(`GET ${all}`, ({ group, query }) => page(accessList.list(group).map(accessReply), query)),
    route(`POST ${all}`, requests.accessList, ({ group, body, query }) =>
      created(page(accessList.add(group, body).map(accessReply), query)),
    ),
    route(`GET ${one}`, ({ group, entry }) => accessReply(accessList.get(group, entry))),
    route(`DELETE ${one}`, ({ group, entry }) => accessList.delete(group, entry)),
  ];
}

/** A page of a list; `totalCount` counts all, not only this page. */
function page(all: unknown[], query: Query): object {
  const { includeCount = "true", pageNum = "1", itemsPerPage = "100" } = query;
  const size = Math.min(Math.max(Number(itemsPerPage) || 100, 1), 500);
  const start = (Math.max(Number(pageNum) || 1, 1) - 1) * size;
  const results = all.slice(start, start + size);
  return { links: [], results, ...(includeCount === "true" && { totalCount: all.length }) };
}
