/**
 * Kaïros' databases and the backend's environment: settings → databases → environment → backend.
 *
 * Pulumi runs the default export and keeps what it returns as the stack's outputs.
 */
import * as pulumi from "@pulumi/pulumi";
import { Alerts } from "./alerts.ts";
import { servicesOf } from "./backend/index.ts";
import { Environment } from "./environment/index.ts";
import { Mongodb } from "./mongodb/index.ts";
import { Postgres } from "./postgres/index.ts";
import { readmeOf } from "./readme.ts";
import { Redis } from "./redis/index.ts";
import { gather } from "./run.ts";
import { contractValues } from "./values.ts";

export default async function kairos() {
  const gathered = await gather();
  const { settings } = gathered;
  const { environment, outbound } = settings.render;

  const run =
    environment === undefined && outbound === undefined
      ? gathered
      : { ...gathered, environment: new Environment("environment", settings, gathered.existing) };

  const mongodb = new Mongodb("mongodb", settings.mongodb, run);
  const postgres = settings.postgres.enabled ? new Postgres("postgres", settings.postgres, run) : undefined;
  const redis = settings.redis.provider === "none" ? undefined : new Redis("redis", settings.redis, run);

  const variables = contractValues({ mongodb, postgres, redis });

  const dependsOn = [mongodb, postgres, redis].filter((database) => database !== undefined);
  const services = servicesOf(settings.backend, { ...run, variables }, { dependsOn });

  if (settings.alerts.workspace) new Alerts("alerts");

  return {
    mongodb: {
      projectId: mongodb.projectId,
      cluster: mongodb.clusterName,
      database: mongodb.database,
      user: mongodb.user,
    },
    ...(postgres && { postgres: { id: postgres.id, name: postgres.name } }),
    ...(redis && { redis: { provider: redis.provider, id: redis.id } }),
    services: Object.fromEntries(settings.backend.map(({ name }, index) => [name, services[index]?.id])),
    /** For the stack's page at Pulumi Cloud. */
    readme: readmeOf(pulumi.getStack(), settings, run.placement),
    /** All variables of the contract, for `status` and for people: secret as a whole. */
    environment: pulumi.secret(variables),
  };
}
