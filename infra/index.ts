/**
 * Kaïros' databases and the backend's environment: settings → databases → environment → backend.
 *
 * Pulumi runs the default export and keeps what it returns as the stack's outputs.
 */
import * as pulumi from "@pulumi/pulumi";
import { adopt } from "./adoption/index.ts";
import { Service } from "./backend/index.ts";
import { environmentOf } from "./environment.ts";
import { Mongodb } from "./mongodb.ts";
import { Postgres } from "./postgres.ts";
import { refuseDataLoss } from "./protection.ts";
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
  const adoptions = await adopt(existing, settings, users);
  const backendRegion = settings.region;

  const mongodb = new Mongodb("mongodb", {
    settings: settings.mongodb,
    backendRegion,
    adoptions,
    rotation: rotation.mongodb,
    sharesProject: settings.shares.includes("mongodb.project"),
  });
  const postgres = settings.postgres.enabled
    ? new Postgres("postgres", {
        settings: settings.postgres,
        backendRegion,
        adoptions,
        rotation: rotation.postgres,
      })
    : undefined;
  const redis = await createRedis("redis", settings.redis, backendRegion, adoptions, rotation.redis);

  const environment = environmentOf({ mongodb, postgres, redis });

  const databases = [mongodb, postgres, redis].filter((database) => database !== undefined);
  const services = settings.backend.map(
    (service) =>
      new Service(
        { settings: service, region: backendRegion, environment, existing, adoptions },
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
    environment: pulumi.secret(environment),
  };
}
