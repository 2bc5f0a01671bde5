/** Upstash and Redis Cloud: what their providers 0.5.0 and 2.11.0 send, and what these make of the answers. */

import type {
  EssentialsDatabaseArgs,
  EssentialsSubscriptionArgs,
  GetEssentialsPlanArgs,
} from "@pulumi/rediscloud";
import type { RedisDatabaseArgs } from "@upstash/pulumi/redisDatabase.js";
import { UserError } from "../../../engine/errors.ts";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import {
  described,
  plans,
  type RedisCloudAccount,
  redisCloudRoutes,
} from "../../../sandbox/clouds/redis-cloud/index.ts";
import type { Task } from "../../../sandbox/clouds/redis-cloud/tasks.ts";
import {
  type UpstashCloud,
  described as upstashDescribed,
  routes as upstashRoutes,
} from "../../../sandbox/clouds/upstash/index.ts";
import { type Send, sendTo, type Translations, translation, until } from "./vendor.ts";

/** @see https://github.com/upstash/terraform-provider-upstash */
export const upstash = (cloud: UpstashCloud, email: string) =>
  ofUpstash(sendTo("Upstash", upstashRoutes(cloud, email), upstashDescribed));

const ofUpstash = (send: Send): Translations => ({
  [types.upstash]: translation<RedisDatabaseArgs>()(
    ["databaseName", "region", "primaryRegion", "readRegions", "tls", "eviction", "budget"],
    async ({ databaseName, region, primaryRegion, readRegions = [], ...more }) => {
      const { tls = false, eviction = false, budget = 20 } = more;
      const database = await send<Record<string, string>>("POST /database", {
        database_name: databaseName,
        region,
        primary_region: primaryRegion,
        ...(readRegions.length > 0 && { read_regions: readRegions }),
        tls,
        eviction,
        auto_upgrade: false,
        prod_pack_enabled: false,
        budget,
      });
      return {
        id: `upstash-database-${database.database_id}`,
        outputs: {
          databaseId: database.database_id,
          endpoint: database.endpoint,
          port: database.port,
          password: secret(database.password),
          restToken: secret(database.rest_token),
          readOnlyRestToken: secret(database.read_only_rest_token),
          state: database.state,
          databaseType: database.database_type,
          creationTime: database.creation_time,
          userEmail: database.user_email,
        },
      };
    },
    ({ databaseId }) => send(`DELETE /database/${databaseId}`),
  ),
});

/**
 * Essentials subscriptions and databases. Every change is a task: whether it was refused is only known at its end.
 *
 * @see https://github.com/RedisLabs/terraform-provider-rediscloud
 */
export const redisCloud = (account: RedisCloudAccount) =>
  ofRedisCloud(sendTo("Redis Cloud", redisCloudRoutes(account), described));

const ofRedisCloud = (send: Send): Translations => ({
  [types.subscription]: translation<EssentialsSubscriptionArgs>()(
    ["name", "planId", "paymentMethodId"],
    async (inputs) => {
      const body = { ...inputs, paymentMethod: "credit-card" };
      const id = await finished(send, "POST /fixed/subscriptions", body);
      const { status, creationDate } = await active<{ creationDate: string }>(
        send,
        `/fixed/subscriptions/${id}`,
      );
      return { id: String(id), outputs: { status, creationDate, paymentMethod: "credit-card" } };
    },
    ({ id }) => finished(send, `DELETE /fixed/subscriptions/${id}`),
  ),
  [types.redisCloud]: translation<EssentialsDatabaseArgs>()(
    [
      "subscriptionId",
      "name",
      "dataEviction",
      "dataPersistence",
      "replication",
      "enableDefaultUser",
      "password",
    ],
    async ({ subscriptionId, name, enableDefaultUser = true, ...inputs }) => {
      const all = `/fixed/subscriptions/${subscriptionId}/databases`;
      const settings = {
        name,
        dataPersistence: inputs.dataPersistence,
        dataEvictionPolicy: inputs.dataEviction ?? "volatile-lru",
        replication: inputs.replication,
        sourceIps: ["0.0.0.0/0"],
        ...(inputs.password && { password: inputs.password }),
        alerts: [],
      };
      const dbId = await finished(send, `POST ${all}`, { ...settings, modules: [] });
      await active(send, `${all}/${dbId}`);
      // The provider sends everything again after the creation, and with it what a creation cannot say.
      await finished(send, `PUT ${all}/${dbId}`, { ...settings, enableDefaultUser });
      const { security, provider, ...answer } = await active<DatabaseAnswer>(send, `${all}/${dbId}`);
      await send(`PUT ${all}/${dbId}/tags`, { tags: [] });
      return {
        id: `${subscriptionId}/${dbId}`,
        outputs: {
          dbId,
          password: secret(security.password),
          cloudProvider: provider,
          ...Object.fromEntries(sameNames.map((name) => [name, answer[name]])),
        },
      };
    },
    ({ subscriptionId, dbId }) =>
      finished(send, `DELETE /fixed/subscriptions/${subscriptionId}/databases/${dbId}`),
  ),
});

/** Outputs that are called as in the answer. */
const sameNames = [
  ...["publicEndpoint", "privateEndpoint", "region", "protocol"],
  ...["redisVersion", "redisVersionCompliance", "respVersion", "activatedOn"],
];

interface DatabaseAnswer {
  security: { password: string };
  provider: string;
  [output: string]: unknown;
}

/** A thing that is ready. */
const active = <T>(send: Send, path: string) =>
  until(
    path,
    () => send<T & { status: string }>(`GET ${path}`),
    ({ status }) => status === "active",
  );

/** @returns the id of what the task made or changed */
async function finished(send: Send, call: string, body?: object): Promise<number> {
  const { taskId } = await send<Task>(call, body);
  const { response } = await until(
    `task ${taskId}`,
    () => send<Task>(`GET /tasks/${taskId}`),
    ({ status }) => status === "processing-completed" || status === "processing-error",
  );
  const { error, resourceId } = response;
  if (error !== undefined)
    throw new UserError(`Redis Cloud refused: ${error.status} - ${error.type}: ${error.description}`);
  if (resourceId === undefined) throw new Error(`task ${taskId} names no resource`);
  return resourceId;
}

/** The one data source of the program. */
export const planToken = "rediscloud:index/getEssentialsPlan:getEssentialsPlan";

/** The one plan that fits: its provider takes no less and no more. */
export function essentialsPlan({ name, cloudProvider, region }: GetEssentialsPlanArgs) {
  const fitting = plans.filter(
    (one) =>
      (name === undefined || one.name === name) &&
      (cloudProvider === undefined || one.provider === cloudProvider) &&
      (region === undefined || one.region === region),
  );
  const [only] = fitting;
  if (only === undefined || fitting.length > 1)
    throw new UserError(
      `Redis Cloud refused: ${fitting.length} plans are named ${name} in ${region}; expected one of ${plans
        .filter((one) => one.region === region)
        .map((one) => one.name)
        .join(", ")}`,
    );
  const { provider, maximumBandwidthGB, ...same } = only;
  return { ...same, cloudProvider: provider, maximumBandwidthInGb: maximumBandwidthGB };
}
