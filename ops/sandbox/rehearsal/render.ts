/**
 * Render: what its provider 1.9.1 sends for databases and env groups, and what it makes of the answers.
 *
 * @see https://github.com/render-oss/terraform-provider-render
 */

import type {
  DedicatedIpArgs,
  EnvGroupArgs,
  EnvGroupLinkArgs,
  KeyvalueArgs,
  NotificationSettingArgs,
  PostgresArgs,
  ProjectArgs,
} from "@pulumi/render";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import * as api from "../../../sandbox/clouds/render/index.ts";
import { envVarsOf, serviceTranslations } from "./render-services.ts";
import { type ProviderModel, type Translation, translation, until } from "./vendor.ts";

/** Resources in one workspace. */
export const render = (cloud: api.RenderCloud): ProviderModel => ({
  name: "Render",
  resources: {
    [types.renderProject]: translation<ProjectArgs>()(
      ["name", "environments"],
      ({ name = "", environments }) => {
        const given = Object.entries(environments);
        const { id } = api.createProject(cloud, {
          ...api.described.body<api.ProjectRequest>("POST /projects", {
            name,
            ownerId: cloud.ownerId,
            environments: given.map(([, { networkIsolated = false, ...environment }]) => ({
              name: environment.name,
              protectedStatus: environment.protectedStatus,
              networkIsolationEnabled: networkIsolated,
            })),
          }),
        });
        const made = api.environmentsOf(cloud, id);
        const withIds = given.map(([key, one], index) => [key, { ...one, id: made[index]?.id }]);
        return { id, outputs: { environments: Object.fromEntries(withIds) } };
      },
      ({ id }) => api.deleteProject(cloud, id),
    ),
    [types.outbound]: translation<DedicatedIpArgs>()(
      ["name", "region", "environmentIds"],
      async ({ name = "", region, environmentIds = [] }) => {
        const { ownerId } = cloud;
        const { id } = api.createDedicatedIp(
          cloud,
          api.described.body<api.DedicatedIpRequest>("POST /dedicated-ips", {
            ...{ name, ownerId, region, environmentIds },
          }),
        );
        const { ips } = await until(
          `dedicated addresses ${name}`,
          () => cloud.get("dedicatedIps", id),
          (set) => api.databaseStatus(set) === "available",
        );
        return { id, outputs: { ips } };
      },
      ({ id }) => cloud.remove("dedicatedIps", id),
    ),
    [types.postgres]: postgres(cloud),
    [types.keyValue]: keyValue(cloud),
    [types.envGroup]: translation<EnvGroupArgs>()(
      ["name", "envVars"],
      ({ name = "", envVars = {} }) => {
        const { ownerId } = cloud;
        const given = { name, ownerId, envVars: envVarsOf(envVars) };
        const body = api.described.body<api.EnvGroupRequest>("POST /env-groups", given);
        return { id: api.createEnvGroup(cloud, body).id, outputs: {} };
      },
      ({ id }) => cloud.remove("envGroups", id),
      {
        property: "envVars",
        to: ({ id, envVars = {} }) => {
          for (const { key } of [...cloud.get("envGroups", id).envVars])
            if (!(key in envVars)) api.removeGroupVariable(cloud, id, key);
          for (const { key, value } of envVarsOf(envVars)) api.setGroupVariable(cloud, id, key, value);
        },
      },
    ),
    [types.envGroupLink]: translation<EnvGroupLinkArgs>()(
      ["envGroupId", "serviceIds"],
      ({ envGroupId, serviceIds }) => {
        const others = cloud.get("envGroups", envGroupId).serviceIds.filter((id) => !serviceIds.includes(id));
        if (others.length > 0)
          throw new api.RenderError(409, `env group ${envGroupId} is linked to ${others.join(", ")} already`);
        for (const serviceId of serviceIds) api.linkService(cloud, envGroupId, serviceId);
        return { id: "missing ID", outputs: {} };
      },
      ({ envGroupId, serviceIds }) => {
        for (const serviceId of serviceIds) api.unlinkService(cloud, envGroupId, serviceId);
      },
    ),
    [types.notifications]: translation<NotificationSettingArgs>()(
      ["emailEnabled", "notificationsToSend", "previewNotificationsEnabled"],
      (inputs) => {
        const call = "PATCH /notification-settings/owners/:owner";
        const body = api.described.body<api.OwnerNotifications>(call, inputs);
        api.setOwnerNotifications(cloud, cloud.ownerId, body);
        return { id: "missing ID", outputs: { slackEnabled: false } };
      },
      // It always exists.
      () => {},
    ),
    ...serviceTranslations(cloud),
  },
  refusal: (error) => (error instanceof api.RenderError ? error.message : undefined),
});

const postgres = (cloud: api.RenderCloud): Translation =>
  translation<PostgresArgs>()(
    [
      "name",
      "plan",
      "region",
      "version",
      "databaseName",
      "databaseUser",
      "diskSizeGb",
      "highAvailabilityEnabled",
      "readReplicas",
      "ipAllowLists",
      "environmentId",
    ],
    async ({ name = "", plan, region, version, databaseName = "", databaseUser = "", ...more }) => {
      const { diskSizeGb, highAvailabilityEnabled = false, readReplicas, ipAllowLists = [] } = more;
      const { environmentId } = more;
      const body = api.described.body<api.PostgresRequest>("POST /postgres", {
        name,
        ownerId: cloud.ownerId,
        plan,
        region,
        version,
        databaseName,
        databaseUser,
        ...(diskSizeGb !== undefined && { diskSizeGB: diskSizeGb }),
        enableHighAvailability: highAvailabilityEnabled,
        ...(environmentId !== undefined && { environmentId }),
        readReplicas: readReplicas?.map((replica) => ({ name: replica.name })) ?? null,
        ipAllowList: ipAllowLists,
      });
      const { id } = api.createPostgres(cloud, body);
      await until(
        `postgres ${name}`,
        () => cloud.get("postgres", id),
        (made) => api.databaseStatus(made) === "available",
      );
      return {
        id,
        outputs: { role: "primary", connectionInfo: wrappedTwice(api.postgresConnection(cloud, id)) },
      };
    },
    ({ id }) => cloud.remove("postgres", id),
  );

const keyValue = (cloud: api.RenderCloud): Translation =>
  translation<KeyvalueArgs>()(
    ["name", "plan", "region", "maxMemoryPolicy", "persistenceMode", "ipAllowLists", "environmentId"],
    ({ name = "", plan = "pro_plus", region, maxMemoryPolicy, persistenceMode, ...more }) => {
      const { ipAllowLists = [], environmentId } = more;
      const body = api.described.body<api.KeyValueRequest>("POST /key-value", {
        name,
        ownerId: cloud.ownerId,
        plan,
        region,
        maxmemoryPolicy: maxMemoryPolicy,
        ...(persistenceMode !== undefined && { persistenceMode }),
        ...(environmentId !== undefined && { environmentId }),
        ipAllowList: ipAllowLists,
      });
      const { id, ...made } = api.createKeyValue(cloud, body);
      const connectionInfo = wrappedTwice(api.keyValueConnection(cloud, id));
      return { id, outputs: { plan, persistenceMode: made.persistenceMode, connectionInfo } };
    },
    ({ id }) => cloud.remove("keyValues", id),
  );

/** A secret of which each member is a secret again, as the provider delivers it: see infra/secrets.ts. */
const wrappedTwice = (connection: object) =>
  secret(Object.fromEntries(Object.entries(connection).map(([key, value]) => [key, secret(value)])));
