/** The calls of Atlas' Admin API that the stand-in has. */
import type { Context } from "hono";
import { type Query, type Route, route } from "../api.ts";
import { accessReply } from "./access-list.ts";
import { offered } from "./hardware.ts";
import type { AtlasCloud } from "./model.ts";
import * as replies from "./replies.ts";
import type * as requests from "./requests.ts";
import { scheduleOf } from "./schedule.ts";
import type { AlertConfig, Cluster, CustomRole, RestoreJob } from "./state.ts";

export const routes = (cloud: AtlasCloud): Route[] => [
  ...projectRoutes(cloud),
  ...clusterRoutes(cloud),
  ...flexRoutes(cloud),
  ...userRoutes(cloud),
  ...accessListRoutes(cloud),
  ...alertRoutes(cloud),
  ...backupRoutes(cloud),
];

function projectRoutes(cloud: AtlasCloud): Route[] {
  const { projects, clusters, flexClusters } = cloud;
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
    route("POST /groups", (_, body: requests.ProjectRequest) => reply(projects.create(body).id)),
    route("GET /groups/byName/:name", ({ name }) => reply(projects.named(name).id)),
    route(`GET ${one}`, ({ group }) => reply(group)),
    route(`PATCH ${one}`, ({ group }, body: Partial<requests.ProjectRequest>) =>
      reply(projects.update(group, body).id),
    ),
    route(`DELETE ${one}`, ({ group }) => projects.delete(group)),
    route(`GET ${one}/settings`, ({ group }) => projects.get(group).settings),
    route(
      `PATCH ${one}/settings`,
      ({ group }, body: Record<string, boolean>) => projects.updateSettings(group, body).settings,
    ),
    route(`GET ${one}/limits`, ({ group }) => projects.get(group).limits),
    route(`PATCH ${one}/limits/:limit`, ({ group, limit }, { value }: { value: number }) =>
      projects.setLimit(group, limit, value),
    ),
    route(`DELETE ${one}/limits/:limit`, ({ group, limit }) => void projects.setLimit(group, limit)),
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
    route(`GET ${one}/events`, ({ group, query, context }) => {
      const { minDate: from, maxDate: until } = query;
      const types = context.req.queries("eventType") ?? [];
      // `style: form` without `explode: false`: one after another.
      const clusters = context.req.queries("clusterNames") ?? [];
      const found = projects.events(group, {
        types,
        clusters,
        ...(from && { from }),
        ...(until && { until }),
      });
      return page(
        found.map((event) => replies.eventReply(event, projects.get(group).orgId)),
        query,
      );
    }),
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
    route(`POST ${all}`, ({ group, context }, body: requests.ClusterRequest) =>
      reply(clusters.create(group, body, effective(context)), context),
    ),
    route(`GET ${all}/provider/regions`, ({ group, query }) => {
      cloud.projects.get(group);
      return page(offered(), query);
    }),
    route(`POST ${all}/tenantUpgrade`, ({ group }, body: requests.TenantUpgrade) => {
      const cluster = clusters.upgradeTenant(group, body);
      return replies.legacyReply(cluster, cloud.connection(cluster));
    }),
    route(`GET ${one}`, ({ group, name, context }) => reply(clusters.get(group, name), context)),
    route(`PATCH ${one}`, ({ group, name, context }, body: requests.ClusterUpdate) =>
      reply(clusters.update(group, name, body, effective(context)), context),
    ),
    route(`DELETE ${one}`, ({ group, name, query }) =>
      clusters.delete(group, name, query.retainBackups === "true"),
    ),
    route(`GET ${one}/status`, ({ group, name }) => ({
      changeStatus: clusters.status(group, name),
      links: [],
    })),
    route(`GET ${one}/processArgs`, ({ group, name }) => replies.processArgsReply(clusters.get(group, name))),
    route(`PATCH ${one}/processArgs`, ({ group, name }, body: requests.ProcessArgs) =>
      replies.processArgsReply(clusters.updateProcessArgs(group, name, body)),
    ),
    route(`GET ${one}/backup/schedule`, ({ group, name }) => scheduleOf(clusters.scheduled(group, name))),
    route(`PATCH ${one}/backup/schedule`, ({ group, name }, body: requests.Schedule) =>
      scheduleOf(clusters.updateSchedule(group, name, body)),
    ),
    route(`DELETE ${one}/backup/schedule`, ({ group, name }) =>
      scheduleOf(clusters.updateSchedule(group, name)),
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
    route(`POST ${all}`, ({ group }, body: requests.FlexRequest) => reply(flexClusters.create(group, body))),
    route(`POST ${all}:tenantUpgrade`, ({ group }, body: requests.FlexUpgrade) =>
      reply(flexClusters.upgrade(group, body)),
    ),
    route(`GET ${one}`, ({ group, name }) => reply(flexClusters.get(group, name))),
    route(`PATCH ${one}`, ({ group, name }, body: requests.Common) =>
      reply(flexClusters.update(group, name, body)),
    ),
    route(`DELETE ${one}`, ({ group, name }) => flexClusters.delete(group, name)),
  ];
}

function userRoutes({ users }: AtlasCloud): Route[] {
  const all = "/groups/:group/databaseUsers" as const;
  const one = `${all}/:database/:username` as const;
  const roles = "/groups/:group/customDBRoles/roles" as const;
  return [
    route(`GET ${all}`, ({ group, query }) => page(users.list(group).map(replies.userReply), query)),
    route(`POST ${all}`, ({ group }, body: requests.UserRequest) =>
      replies.userReply(users.create(group, body)),
    ),
    route(`GET ${one}`, ({ group, database, username }) =>
      replies.userReply(users.get(group, database, username)),
    ),
    route(`PATCH ${one}`, ({ group, database, username }, body: requests.UserUpdate) =>
      replies.userReply(users.update(group, database, username, body)),
    ),
    route(`DELETE ${one}`, ({ group, database, username }) => users.delete(group, database, username)),
    route(`GET ${roles}`, ({ group }) => users.customRoles(group)),
    route(`POST ${roles}`, ({ group }, body: CustomRole) => users.addCustomRole(group, body)),
  ];
}

function accessListRoutes({ accessList }: AtlasCloud): Route[] {
  const all = "/groups/:group/accessList" as const;
  const one = `${all}/:entry` as const;
  return [
    route(`GET ${all}`, ({ group, query }) => page(accessList.list(group).map(accessReply), query)),
    route(`POST ${all}`, ({ group, query }, body: requests.AccessListRequest) =>
      page(accessList.add(group, body).map(accessReply), query),
    ),
    route(`GET ${one}`, ({ group, entry }) => accessReply(accessList.get(group, entry))),
    route(`GET ${one}/status`, ({ group, entry }) => {
      accessList.get(group, entry);
      return { STATUS: "ACTIVE" };
    }),
    route(`DELETE ${one}`, ({ group, entry }) => accessList.delete(group, entry)),
  ];
}

function alertRoutes({ alerts }: AtlasCloud): Route[] {
  const all = "/groups/:group/alertConfigs" as const;
  const one = `${all}/:alert` as const;
  const reply = (alert: AlertConfig) => ({ ...alert, links: [] });
  return [
    route(`GET ${all}`, ({ group, query }) => page(alerts.list(group).map(reply), query)),
    route(`POST ${all}`, ({ group }, body: requests.AlertRequest) => reply(alerts.create(group, body))),
    route(`GET ${one}`, ({ group, alert }) => reply(alerts.get(group, alert))),
    route(`PUT ${one}`, ({ group, alert }, body: requests.AlertRequest) =>
      reply(alerts.replace(group, alert, body)),
    ),
    route(`DELETE ${one}`, ({ group, alert }) => alerts.delete(group, alert)),
  ];
}

/** Of dedicated clusters and of Flex, each with an API of its own. */
function backupRoutes(cloud: AtlasCloud): Route[] {
  const { snapshots, restoreJobs, compliance } = cloud;
  const dedicated = "/groups/:group/clusters/:name/backup" as const;
  const flex = "/groups/:group/flexClusters/:name/backup" as const;
  const policy = "/groups/:group/backupCompliancePolicy" as const;
  const takenFor = ({ groupId, clusterName, snapshotId }: RestoreJob, kind: Cluster["kind"]) =>
    snapshots.list(groupId, clusterName, kind).find(({ id }) => id === snapshotId);
  const restored = (job: RestoreJob) => replies.restoreReply(job, takenFor(job, "dedicated"));
  const flexRestored = (job: RestoreJob) => replies.flexRestoreReply(job, takenFor(job, "flex"));
  return [
    route(`GET ${dedicated}/snapshots`, async ({ group, name, query }) => {
      await snapshots.keepUp();
      return page(snapshots.list(group, name, "dedicated").map(replies.snapshotReply), query);
    }),
    route(`POST ${dedicated}/snapshots`, async ({ group, name }, body: requests.SnapshotRequest) =>
      replies.takenReply(await snapshots.take(group, name, body)),
    ),
    route(`GET ${dedicated}/snapshots/:snapshot`, ({ group, name, snapshot }) =>
      replies.snapshotReply(snapshots.get(group, name, "dedicated", snapshot)),
    ),
    route(`DELETE ${dedicated}/snapshots/:snapshot`, ({ group, name, snapshot }) =>
      snapshots.delete(group, name, snapshot),
    ),
    route(`GET ${dedicated}/restoreJobs`, ({ group, name, query }) =>
      page(restoreJobs.list(group, name, "dedicated").map(restored), query),
    ),
    route(`POST ${dedicated}/restoreJobs`, async ({ group, name }, body: requests.RestoreRequest) =>
      restored(await restoreJobs.create(group, name, body)),
    ),
    route(`GET ${dedicated}/restoreJobs/:job`, ({ group, name, job }) =>
      restored(restoreJobs.get(group, name, "dedicated", job)),
    ),
    route(`DELETE ${dedicated}/restoreJobs/:job`, ({ group, name, job }) =>
      restoreJobs.cancel(group, name, job),
    ),
    route(`GET ${flex}/snapshots`, async ({ group, name, query }) => {
      await snapshots.keepUp();
      return page(snapshots.list(group, name, "flex").map(replies.flexSnapshotReply), query);
    }),
    route(`GET ${flex}/snapshots/:flexSnapshot`, ({ group, name, flexSnapshot }) =>
      replies.flexSnapshotReply(snapshots.get(group, name, "flex", flexSnapshot)),
    ),
    route(`GET ${flex}/restoreJobs`, ({ group, name, query }) =>
      page(restoreJobs.list(group, name, "flex").map(flexRestored), query),
    ),
    route(`POST ${flex}/restoreJobs`, async ({ group, name }, body: requests.FlexRestoreRequest) =>
      flexRestored(await restoreJobs.createFlex(group, name, body)),
    ),
    route(`GET ${flex}/restoreJobs/:flexJob`, ({ group, name, flexJob }) =>
      flexRestored(restoreJobs.get(group, name, "flex", flexJob)),
    ),
    route(`GET ${policy}`, ({ group }) => compliance.get(group)),
    route(`PUT ${policy}`, ({ group, query }, body: requests.ComplianceRequest) =>
      compliance.put(group, body, query.overwriteBackupPolicies !== "false"),
    ),
    route(`DELETE ${policy}`, ({ group }) => compliance.delete(group)),
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
