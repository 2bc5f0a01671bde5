/**
 * Kaïros' databases and the backend's environment: settings → databases → environment → backend.
 *
 * Pulumi runs the default export and keeps what it returns as the stack's outputs.
 */
import * as pulumi from "@pulumi/pulumi";
import { Service } from "./backend/index.ts";
import { contractValues } from "./contract.ts";
import { Mongodb } from "./mongodb/index.ts";
import { Postgres } from "./postgres/index.ts";
import { refuseDataLoss } from "./protection/index.ts";
import { recover } from "./recovery/index.ts";
import { redis as createRedis } from "./redis/index.ts";
import { numbered, rotations } from "./rotation/index.ts";
import { readSettings } from "./settings/index.ts";
import { existingResources } from "./state.ts";

export default async function kairos() {
  const settings = readSettings();
  const existing = await existingResources();
  refuseDataLoss(existing, settings);
  const rotation = rotations(existing);
  const users = rotation.mongodb.numbers.map((number) => numbered(settings.mongodb.user, number));
  const recovery = await recover(existing, settings, users);
  const backendRegion = settings.region;

  const mongodb = new Mongodb("mongodb", {
    settings: settings.mongodb,
    backendRegion,
    recovery,
    rotation: rotation.mongodb,
    sharesProject: settings.shares.includes("mongodb.project"),
  });
  const postgres = settings.postgres.enabled
    ? new Postgres("postgres", {
        settings: settings.postgres,
        backendRegion,
        recovery,
        rotation: rotation.postgres,
      })
    : undefined;
  const redis = await createRedis("redis", settings.redis, backendRegion, recovery, rotation.redis);

  const variables = contractValues({ mongodb, postgres, redis });

  const databases = [mongodb, postgres, redis].filter((database) => database !== undefined);
  const services = settings.backend.map(
    (service) =>
      new Service(
        { settings: service, region: backendRegion, variables, existing, recovery },
        { dependsOn: databases },
      ),
  );

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
    /** All variables of the contract, for `status` and for people: secret as a whole. */
    environment: pulumi.secret(variables),
  };
}
