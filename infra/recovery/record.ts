/**
 * The record of announced creations, kept in the stack's state: what this stack is about to create and since when.
 * It is written before anything is created, so it outlives an `up` that is interrupted.
 */
import * as pulumi from "@pulumi/pulumi";
import { types } from "../resources.ts";
import { hasOriginal } from "../restored.ts";
import type { Settings } from "../settings/index.ts";
import { type Existing, stashed } from "../state.ts";

/** Something that these settings create at a vendor. */
export interface Creation {
  /** Pulumi's type. */
  type: string;
  /** Its name at the vendor. */
  name: string;
  /** Where the settings say so. */
  setting: string;
}

/** Whatever it is of, by type and name. */
export type Named = Pick<Creation, "type" | "name">;

/** What these settings create, containers before what they contain. Access lists are left out: adding twice is adding once. */
export function creationsOf(
  { mongodb, postgres, redis, backend }: Settings,
  users: readonly string[] = [mongodb.user],
): Creation[] {
  const creation = (type: string, name: string, setting: string) => ({ type, name, setting });
  const ofRedis: Partial<Record<typeof redis.provider, string[]>> = {
    render: [types.keyValue],
    upstash: [types.upstash],
    "redis-cloud": [types.subscription, types.redisCloud],
  };
  const nameOfRedis = (type: string) =>
    (type === types.subscription && "subscription" in redis && redis.subscription) ||
    (redis as { name: string }).name;
  return [
    ...("name" in mongodb.project
      ? [creation(types.project, mongodb.project.name, "mongodb.project.name")]
      : []),
    ...(hasOriginal(mongodb) ? [creation(types.cluster, mongodb.name, "mongodb.name")] : []),
    ...users.map((user) => creation(types.user, user, "mongodb.user")),
    ...(postgres.enabled && hasOriginal(postgres)
      ? [creation(types.postgres, postgres.name, "postgres.name")]
      : []),
    ...("name" in redis ? (ofRedis[redis.provider] ?? []) : []).map((type) =>
      creation(type, nameOfRedis(type), "redis.name"),
    ),
    ...backend.flatMap((service) =>
      "link" in service ? [] : [creation(types[service.type], service.name, "backend")],
    ),
  ];
}

/** Whether the state knows it; of services and of users there can be several. */
export function isKnown({ type, name }: Creation, existing: Existing): boolean {
  const several: readonly string[] = [types.web, types.worker, types.private, types.cron, types.user];
  return existing.some(
    ({ type: other, outputs }) =>
      other === type && (!several.includes(type) || String(outputs.name ?? outputs.username) === name),
  );
}

/** Ids of what the settings take over, by {@link keyOf}, without what the state knows: under another id it would be replaced. */
export function importsOf(settings: Settings, existing: Existing): Map<string, string> {
  const { cluster, user, accessList, postgres, redis } = settings.import;
  const ids: Readonly<Record<string, string | undefined>> = {
    [types.cluster]: cluster,
    [types.user]: user,
    [types.postgres]: postgres,
    [types.upstash]: redis,
    [types.keyValue]: redis,
    // Redis Cloud keeps a database in a subscription, and its id begins with that of the subscription.
    [types.subscription]: redis?.split("/")[0],
    [types.redisCloud]: redis,
  };
  const found = [
    ...creationsOf(settings).map(({ type, name }) => ({ type, name, id: ids[type] })),
    ...accessList.map((id) => ({ type: types.access, name: id.slice(id.indexOf("-") + 1), id })),
  ];
  // Of access list entries there are several.
  const isInState = ({ type, name }: Named) =>
    existing.some((one) => one.type === type && (type !== types.access || one.outputs.cidrBlock === name));
  return new Map(
    found.flatMap(({ id, ...one }) => (id === undefined || isInState(one) ? [] : [[keyOf(one), id]])),
  );
}

/** Creations by {@link keyOf}, each with the time of its announcement (ISO 8601). */
export type Announcements = Readonly<Record<string, string>>;

export const keyOf = ({ type, name }: Named) => `${type} ${name}`;

/** What earlier runs have announced. */
export const announced = (existing: Existing): Announcements =>
  stashed<{ creations: Announcements }>(existing, "creations")[0]?.creations ?? {};

/**
 * Keeps the record in the stack. What depends on the resource is created after the record has been written.
 *
 * @param now time of this run. In a preview it is not known yet, as any value that only `up` makes: two previews of
 *   the same change are the same, and an update plan (`pulumi up --plan`) does not hold the `up` to the preview's hour
 */
export function keep(creations: Announcements, now: string): pulumi.Resource {
  const known = Object.entries(creations).map(([key, since]): [string, string] => [
    key,
    pulumi.runtime.isDryRun() && since === now ? pulumi.runtime.unknownValue : since,
  ]);
  return new pulumi.Stash("creations", { input: { creations: Object.fromEntries(known) } });
}
