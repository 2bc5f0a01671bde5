/**
 * Redis Cloud: what its provider 2.11.0 sends for an Essentials subscription and its database. Every change is a
 * task: whether it was refused is only known at its end.
 *
 * @see https://github.com/RedisLabs/terraform-provider-rediscloud
 */

import type {
  EssentialsDatabaseArgs,
  EssentialsSubscriptionArgs,
  GetEssentialsPlanArgs,
} from "@pulumi/rediscloud";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import type { Task } from "../../../sandbox/clouds/redis-cloud/index.ts";
import {
  type DatabaseChanges,
  type DatabaseRequest,
  described,
  plans,
  type RedisCloudAccount,
  RedisCloudError,
  type SubscriptionRequest,
} from "../../../sandbox/clouds/redis-cloud/index.ts";
import { type ProviderModel, translation, until } from "./vendor.ts";

const one = "/fixed/subscriptions/:subscription/databases";

/** Essentials subscriptions and databases of one account. */
export const redisCloud = (account: RedisCloudAccount): ProviderModel => ({
  name: "Redis Cloud",
  resources: {
    [types.subscription]: translation<EssentialsSubscriptionArgs>()(
      ["name", "planId", "paymentMethodId"],
      async ({ name = "", planId, paymentMethodId }) => {
        const body = described.body<SubscriptionRequest>("POST /fixed/subscriptions", {
          name,
          planId,
          paymentMethod: "credit-card",
          paymentMethodId,
        });
        const id = await finished(account, account.createSubscription(body));
        const { status, creationDate } = await until(
          `subscription ${name}`,
          () => account.subscription(id),
          (subscription) => subscription.status === "active",
        );
        return { id: String(id), outputs: { status, creationDate, paymentMethod: "credit-card" } };
      },
      async ({ id }) => void (await finished(account, account.deleteSubscription(Number(id)))),
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
      async ({ subscriptionId, name = "", enableDefaultUser = true, ...inputs }) => {
        const ready = (id: number) =>
          until(
            `database ${name}`,
            () => account.database(subscriptionId, id),
            ({ status }) => status === "active",
          );
        const settings = {
          name,
          dataPersistence: inputs.dataPersistence,
          dataEvictionPolicy: inputs.dataEviction ?? "volatile-lru",
          replication: inputs.replication,
          sourceIps: ["0.0.0.0/0"],
          ...(inputs.password && { password: inputs.password }),
          alerts: [],
        };
        const body = described.body<DatabaseRequest>(`POST ${one}`, { ...settings, modules: [] });
        const id = await finished(account, account.createDatabase(subscriptionId, body));
        await ready(id);
        // The provider sends everything again after the creation, and with it what a creation cannot say.
        const changes = described.body<DatabaseChanges>(`PUT ${one}/:database`, {
          ...settings,
          enableDefaultUser,
        });
        await finished(account, account.updateDatabase(subscriptionId, id, changes));
        const database = await ready(id);
        account.setTags(subscriptionId, id, []);
        return {
          id: `${subscriptionId}/${id}`,
          outputs: {
            dbId: id,
            password: secret(database.security.password),
            publicEndpoint: database.publicEndpoint,
            privateEndpoint: database.privateEndpoint,
            cloudProvider: database.provider,
            region: database.region,
            protocol: database.protocol,
            redisVersion: database.redisVersion,
            redisVersionCompliance: database.redisVersionCompliance,
            respVersion: database.respVersion,
            activatedOn: database.activatedOn,
          },
        };
      },
      async ({ subscriptionId, dbId }) =>
        void (await finished(account, account.deleteDatabase(subscriptionId, Number(dbId)))),
    ),
  },
  functions: { "rediscloud:index/getEssentialsPlan:getEssentialsPlan": plan },
  refusal: (error) =>
    error instanceof RedisCloudError || error instanceof TaskRefused ? error.message : undefined,
});

/** A task that failed. */
class TaskRefused extends Error {}

/** @returns the id of what the task made or changed */
async function finished(account: RedisCloudAccount, { taskId }: Task): Promise<number> {
  const { response } = await until(
    `task ${taskId}`,
    () => account.task(taskId),
    ({ status }) => status === "processing-completed" || status === "processing-error",
  );
  const { error, resourceId } = response;
  if (error !== undefined) throw new TaskRefused(`${error.status} - ${error.type}: ${error.description}`);
  if (resourceId === undefined) throw new Error(`task ${taskId} names no resource`);
  return resourceId;
}

/** The one plan that fits: its provider takes no less and no more. */
function plan({ name, cloudProvider, region }: GetEssentialsPlanArgs): Record<string, unknown> {
  const fitting = plans.filter(
    (one) =>
      (name === undefined || one.name === name) &&
      (cloudProvider === undefined || one.provider === cloudProvider) &&
      (region === undefined || one.region === region),
  );
  const [only] = fitting;
  if (only === undefined || fitting.length > 1)
    throw new TaskRefused(
      `${fitting.length} plans are named ${name} in ${region}; expected one of ${plans
        .filter((one) => one.region === region)
        .map((one) => one.name)
        .join(", ")}`,
    );
  const { provider, maximumBandwidthGB, ...same } = only;
  return { ...same, cloudProvider: provider, maximumBandwidthInGb: maximumBandwidthGB };
}
