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
import { UserError } from "../../../engine/errors.ts";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import { described, type RenderCloud, renderRoutes } from "../../../sandbox/clouds/render/index.ts";
import { envVarsOf, services } from "./render-services.ts";
import { type Send, sendTo, type Translations, translation, until } from "./vendor.ts";

/** Resources in one workspace. */
export const render = (cloud: RenderCloud) =>
  translations(sendTo("Render", renderRoutes(cloud), described), cloud.ownerId);

const translations = (send: Send, ownerId: string): Translations => ({
  [types.renderProject]: translation<ProjectArgs>()(
    ["name", "environments"],
    async ({ name, environments }) => {
      const given = Object.entries(environments);
      const { id, environmentIds } = await send<{ id: string; environmentIds: string[] }>("POST /projects", {
        name,
        ownerId,
        environments: given.map(([, { networkIsolated = false, ...environment }]) => ({
          name: environment.name,
          protectedStatus: environment.protectedStatus,
          networkIsolationEnabled: networkIsolated,
        })),
      });
      const withIds = given.map(([key, one], index) => [key, { ...one, id: environmentIds[index] }]);
      return { id, outputs: { environments: Object.fromEntries(withIds) } };
    },
    ({ id }) => send(`DELETE /projects/${id}`),
  ),
  [types.outbound]: translation<DedicatedIpArgs>()(
    ["name", "region", "environmentIds"],
    async ({ name, region, environmentIds = [] }) => {
      const body = { name, ownerId, region, environmentIds };
      const { id } = await send<{ id: string }>("POST /dedicated-ips", body);
      const { ips } = await until(
        `dedicated addresses ${name}`,
        () => send<{ ips: string[]; status: string }>(`GET /dedicated-ips/${id}`),
        ({ status }) => status === "RUNNING",
      );
      return { id, outputs: { ips } };
    },
    ({ id }) => send(`DELETE /dedicated-ips/${id}`),
  ),
  [types.postgres]: translation<PostgresArgs>()(
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
    async ({
      databaseName = "",
      databaseUser = "",
      diskSizeGb,
      readReplicas,
      ipAllowLists = [],
      ...more
    }) => {
      const { highAvailabilityEnabled = false, ...inputs } = more;
      const { id } = await send<{ id: string }>("POST /postgres", {
        ...inputs,
        ownerId,
        databaseName,
        databaseUser,
        diskSizeGB: diskSizeGb,
        enableHighAvailability: highAvailabilityEnabled,
        readReplicas: readReplicas?.map(({ name }) => ({ name })) ?? null,
        ipAllowList: ipAllowLists,
      });
      await until(
        `postgres ${inputs.name}`,
        () => send<{ status: string }>(`GET /postgres/${id}`),
        ({ status }) => status === "available",
      );
      const connectionInfo = wrappedTwice(await send(`GET /postgres/${id}/connection-info`));
      return { id, outputs: { role: "primary", connectionInfo } };
    },
    ({ id }) => send(`DELETE /postgres/${id}`),
  ),
  [types.keyValue]: translation<KeyvalueArgs>()(
    ["name", "plan", "region", "maxMemoryPolicy", "persistenceMode", "ipAllowLists", "environmentId"],
    async ({ plan = "pro_plus", maxMemoryPolicy, ipAllowLists = [], ...inputs }) => {
      const { id, options } = await send<{ id: string; options: { persistenceMode: string } }>(
        "POST /key-value",
        { ...inputs, ownerId, plan, maxmemoryPolicy: maxMemoryPolicy, ipAllowList: ipAllowLists },
      );
      const connectionInfo = wrappedTwice(await send(`GET /key-value/${id}/connection-info`));
      return { id, outputs: { plan, persistenceMode: options.persistenceMode, connectionInfo } };
    },
    ({ id }) => send(`DELETE /key-value/${id}`),
  ),
  [types.envGroup]: translation<EnvGroupArgs>()(
    ["name", "envVars"],
    async ({ name, envVars = {} }) => {
      const body = { name, ownerId, envVars: envVarsOf(envVars) };
      const { id } = await send<{ id: string }>("POST /env-groups", body);
      return { id, outputs: {} };
    },
    ({ id }) => send(`DELETE /env-groups/${id}`),
    {
      property: "envVars",
      to: async ({ id, envVars = {} }) => {
        const path = `/env-groups/${id}`;
        const before = await send<{ envVars: { key: string }[] }>(`GET ${path}`);
        for (const { key } of before.envVars)
          if (!(key in envVars)) await send(`DELETE ${path}/env-vars/${key}`);
        for (const { key, value } of envVarsOf(envVars)) await send(`PUT ${path}/env-vars/${key}`, { value });
      },
    },
  ),
  [types.envGroupLink]: translation<EnvGroupLinkArgs>()(
    ["envGroupId", "serviceIds"],
    async ({ envGroupId, serviceIds }) => {
      const { serviceLinks } = await send<{ serviceLinks: { id: string }[] }>(
        `GET /env-groups/${envGroupId}`,
      );
      const others = serviceLinks.map(({ id }) => id).filter((id) => !serviceIds.includes(id));
      if (others.length > 0)
        throw new UserError(
          `Render refused: env group ${envGroupId} is linked to ${others.join(", ")} already`,
        );
      for (const id of serviceIds) await send(`POST /env-groups/${envGroupId}/services/${id}`);
      return { id: "missing ID", outputs: {} };
    },
    async ({ envGroupId, serviceIds }) => {
      for (const id of serviceIds) await send(`DELETE /env-groups/${envGroupId}/services/${id}`);
    },
  ),
  [types.notifications]: translation<NotificationSettingArgs>()(
    ["emailEnabled", "notificationsToSend", "previewNotificationsEnabled"],
    async (inputs) => {
      await send(`PATCH /notification-settings/owners/${ownerId}`, inputs);
      return { id: "missing ID", outputs: { slackEnabled: false } };
    },
    // It always exists.
    () => {},
  ),
  ...services(send, ownerId),
});

/** A secret of which each member is a secret again, as the provider delivers it: see infra/secrets.ts. */
const wrappedTwice = (connection: object) =>
  secret(Object.fromEntries(Object.entries(connection).map(([key, value]) => [key, secret(value)])));
