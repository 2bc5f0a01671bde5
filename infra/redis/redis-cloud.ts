import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import * as rediscloud from "@pulumi/rediscloud";
import { holdsData } from "../protection/index.ts";
import { types } from "../recovery/index.ts";
import { numbered } from "../rotation/index.ts";
import { beside } from "../settings/vendors.ts";
import type { RedisArgs, RedisConnection } from "./provider.ts";

/** A Redis Cloud Essentials database on AWS, in the backend's region, in a subscription of its own. */
export function redisCloud({
  name,
  settings,
  backendRegion,
  recovery,
  rotation,
  opts,
}: RedisArgs<"redis-cloud">): RedisConnection {
  // Redis Cloud numbers its plans per region; people know them by name.
  const plan = rediscloud.getEssentialsPlanOutput(
    { name: settings.plan, cloudProvider: "AWS", region: beside[backendRegion].aws },
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
      ...holdsData(settings),
      ...recovery.options({ type: types.subscription, name: subscriptionName }),
    },
  );
  // Our own password instead of the vendor's: it can be rotated without touching the database.
  const record = rotation.keep();
  const number = rotation.record.current;
  const given = number === 1 ? settings.password : undefined;
  const password = pulumi.secret(
    given ??
      new RandomPassword(
        numbered(`${name}-password`, number),
        { length: 32, special: false },
        { ...opts, ...(record !== undefined && { dependsOn: [record] }) },
      ).result,
  );
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
    },
    {
      ...opts,
      ...holdsData(settings),
      // What somebody may have chosen in the console and this stack has no setting for.
      ignoreChanges: ["sourceIps", "alerts", "modules", "tags", "protocol", "respVersion", "redisVersion"],
      ...recovery.options({ type: types.redisCloud, name: settings.name }),
    },
  );
  const scheme = settings.tls ? "rediss" : "redis";
  const url = pulumi
    .all([password, database.publicEndpoint])
    .apply(([secret, endpoint]) => `${scheme}://default:${encodeURIComponent(secret)}@${endpoint}`);
  return { url: pulumi.secret(url), id: database.id };
}
