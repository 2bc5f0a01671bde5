import * as pulumi from "@pulumi/pulumi";
import * as rediscloud from "@pulumi/rediscloud";
import { protectionOf } from "../protection/index.ts";
import { types } from "../resources.ts";
import type { Run } from "../run.ts";
import { leftAlone } from "../settings/fields.ts";
import type { RedisOf } from "../settings/index.ts";
import type { RedisConnection } from "./index.ts";

/** A Redis Cloud Essentials database on AWS, in the backend's region, in a subscription of its own. */
export function redisCloud(
  name: string,
  settings: RedisOf<"redis-cloud">,
  { placement, recovery, rotation: { redis: rotation } }: Run,
  opts: pulumi.CustomResourceOptions,
): RedisConnection {
  // Redis Cloud numbers its plans per region; people know them by name.
  const plan = rediscloud.getEssentialsPlanOutput(
    { name: settings.plan, cloudProvider: "AWS", region: placement.redisCloud.region },
    opts,
  );
  const subscriptionName = settings.subscription ?? settings.name;
  const subscription = new rediscloud.EssentialsSubscription(
    `${name}-redis-cloud`,
    {
      name: subscriptionName,
      planId: plan.apply(({ id }) => id),
      ...(settings.paymentMethod !== undefined && { paymentMethodId: settings.paymentMethod }),
    },
    {
      ...opts,
      ...protectionOf(settings),
      ...recovery.options({ type: types.subscription, name: subscriptionName }),
    },
  );
  // Our own password instead of the vendor's: it can be rotated without touching the database.
  rotation.keep();
  const number = rotation.record.current;
  const given = number === 1 ? settings.password : undefined;
  const password =
    given === undefined ? rotation.password(`${name}-password`, number, opts) : pulumi.secret(given);
  const database = new rediscloud.EssentialsDatabase(
    `${name}-redis-cloud`,
    {
      subscriptionId: subscription.id.apply(Number),
      name: settings.name,
      dataEviction: settings.eviction,
      dataPersistence: settings.persistence,
      replication: settings.replication,
      enableDefaultUser: true,
      password,
      ...(settings.with as object),
    },
    {
      ...opts,
      ...protectionOf(settings),
      // What somebody may have chosen in the console and this stack has no setting for.
      ignoreChanges: [
        "sourceIps",
        ...leftAlone(["alerts", "modules", "tags", "protocol", "respVersion", "redisVersion"], settings.with),
      ],
      ...recovery.options({ type: types.redisCloud, name: settings.name }),
    },
  );
  const scheme = settings.tls ? "rediss" : "redis";
  const url = pulumi
    .all([password, database.publicEndpoint])
    .apply(([secret, endpoint]) => `${scheme}://default:${encodeURIComponent(secret)}@${endpoint}`);
  return { url: pulumi.secret(url), id: database.id };
}
