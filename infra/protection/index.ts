/**
 * Nothing that holds data goes unless its own setting says so by name.
 *
 * Two layers. Every such resource is protected in Pulumi's state: the engine itself then refuses to delete or
 * replace it. And before anything is registered, {@link refuseDataLoss} compares the settings with the
 * databases that exist and explains the refusal in terms of the setting that caused it, since the engine's own
 * message ("remove the `protect` flag") invites the very accident.
 */
import { OperatorError } from "../errors.ts";
import { isRenderNameOf } from "../postgres/name.ts";
import { holdsData, types } from "../resources.ts";
import { renamedUser } from "../rotation/mongodb-user-name.ts";
import { strangeUser } from "../rotation/postgres-user.ts";
import type { Settings } from "../settings/index.ts";
import { type Place, placementOf } from "../settings/placement.ts";
import type { ExistingResource } from "../state.ts";

/** The resource options of a database that may go only by name. */
export function protectionOf({ mayBeDestroyed }: { mayBeDestroyed?: string | undefined }): {
  protect: boolean;
} {
  return { protect: mayBeDestroyed === undefined };
}

/**
 * Refuses settings under which an existing database would be deleted or replaced without its name being given.
 *
 * @throws OperatorError with one line per database
 */
export function refuseDataLoss(existing: readonly ExistingResource[] | undefined, settings: Settings): void {
  if (existing === undefined) return;
  const lines = dataLosses(existing, settings);
  if (lines.length > 0) throw new OperatorError(lines.join("\n"));
}

/** One line for each existing database that these settings would destroy, or whose consent names another one. */
export function dataLosses(existing: readonly ExistingResource[], settings: Settings): string[] {
  const databases = existing
    .filter(({ type }) => holdsData(type))
    .map((database) => ({
      ...database,
      name: nameOf(database),
      ...intended(database.type, settings, existing),
    }));
  const lines = databases.flatMap(({ name, outputs, section, wanted, permitted }) => {
    const changed = changedIdentity(outputs, wanted);
    if (permitted === name) return guardedByVendor(outputs, changed);
    const consent = `set kairos:${section}.mayBeDestroyed to "${name}"`;
    if (wanted === undefined)
      return [
        `kairos:${section}: these settings delete the database ${name} with all its data. Keep its settings; or, if it may go, ${consent}, run pulumi up, and only then remove it`,
      ];
    if (changed !== undefined) {
      const [property, { setting, value, shown = outputs[property] }] = changed;
      return [
        `kairos:${setting}: got ${JSON.stringify(setting === "region" ? settings.region : value)}; expected ${JSON.stringify(shown)}, which the database ${name} has: no vendor can change it, so ${name} would be deleted with all its data and created empty. Set it back; or, if the data may go, ${consent}`,
      ];
    }
    // A consent that outlived its database would take the protection from the next one.
    const named = databases.some((other) => other.section === section && other.name === permitted);
    if (permitted === undefined || named) return [];
    return [
      `kairos:${section}.mayBeDestroyed: got ${JSON.stringify(permitted)}, and no database of that name exists; remove the setting, or give the name of the one that may go (${name})`,
    ];
  });
  const present = new Set(databases.map(({ section }) => section));
  // Redis Cloud keeps a database in a subscription: two resources, one loss.
  const others = [
    ...consentsToNothing(present, settings),
    ...strangeUser(existing, settings),
    ...renamedUser(existing, settings),
  ];
  return [...new Set([...lines, ...others])];
}

/** The first property by which the database that exists differs from the one that the settings want. */
function changedIdentity(
  outputs: ExistingResource["outputs"],
  wanted: Intent["wanted"],
): [property: string, DesiredValue] | undefined {
  return Object.entries(wanted ?? {}).find(
    ([property, { value, isSame = Object.is }]) =>
      value !== undefined && outputs[property] !== undefined && !isSame(outputs[property], value),
  );
}

/**
 * Atlas itself keeps a cluster whose termination protection is on, and only an `up` of the cluster as it is turns
 * that off: replaced at once, the new cluster would stand beside an old one that cannot be deleted.
 */
function guardedByVendor(
  outputs: ExistingResource["outputs"],
  changed: [property: string, DesiredValue] | undefined,
): string[] {
  if (outputs.terminationProtectionEnabled !== true || changed === undefined) return [];
  const [property, { setting }] = changed;
  return [
    `kairos:${setting}: the cluster ${outputs.name} has termination protection. With mayBeDestroyed set, leave this at ${JSON.stringify(outputs[property])}, run pulumi up, and only then change it`,
  ];
}

/** A consent to destroy what does not exist yet can only be meant for what these settings create. */
function consentsToNothing(present: ReadonlySet<Intent["section"]>, settings: Settings): string[] {
  return (["mongodb", "postgres", "redis"] as const).flatMap((section) => {
    const { mayBeDestroyed, name } = settings[section] as { mayBeDestroyed?: string; name?: string };
    if (present.has(section) || mayBeDestroyed === undefined || name === undefined || mayBeDestroyed === name)
      return [];
    return [
      `kairos:${section}.mayBeDestroyed: got ${JSON.stringify(mayBeDestroyed)}; expected ${JSON.stringify(name)}, the name of this database, or nothing`,
    ];
  });
}

/** Where the settings speak of a kind of database, and what they want of the properties that identify it. */
interface Intent {
  section: "mongodb" | "postgres" | "redis";
  permitted: string | undefined;
  /** Undefined when the settings no longer have this database. */
  wanted: Record<string, DesiredValue> | undefined;
}

/** The value that a property gets, and the setting that it comes from. */
interface DesiredValue {
  setting: string;
  value: string | undefined;
  /** Whether what the state has is this value; compared by default. */
  isSame?: (known: unknown, value: string) => boolean;
  /** What the setting has to say instead, where that is not the property's own value. */
  shown?: string;
}

const nameOf = ({ outputs }: ExistingResource) => String(outputs.name ?? outputs.databaseName);

function intended(type: string, settings: Settings, existing: readonly ExistingResource[]): Intent {
  const { mongodb, postgres, redis } = settings;
  const place = placementOf(settings);
  const at = ({ setting, region: value }: Place): DesiredValue => ({ setting, value });
  switch (type) {
    case types.cluster:
      return {
        section: "mongodb",
        permitted: mongodb.mayBeDestroyed,
        wanted: {
          name: { setting: "mongodb.name", value: mongodb.name },
          projectId:
            "id" in mongodb.project
              ? { setting: "mongodb.project.id", value: mongodb.project.id }
              : { setting: "mongodb.project", value: createdProject(existing) ?? mongodb.project.name },
        },
      };
    case types.postgres:
      return {
        section: "postgres",
        permitted: postgres.mayBeDestroyed,
        wanted: postgres.enabled
          ? {
              databaseName: {
                setting: "postgres.database",
                value: postgres.database,
                isSame: isRenderNameOf,
              },
              version: { setting: "postgres.version", value: postgres.version },
              region: at(place.postgres),
            }
          : undefined,
      };
    default:
      return { section: "redis", permitted: redis.mayBeDestroyed, wanted: wantedRedis(type, redis) };
  }

  function wantedRedis(type: string, redis: Settings["redis"]): Intent["wanted"] {
    if (type === types.upstash && redis.provider === "upstash")
      return {
        databaseName: { setting: "redis.name", value: redis.name },
        primaryRegion: {
          ...at(place.upstash),
          ...(place.upstash.setting === "region" && { shown: "a region beside the database" }),
        },
      };
    if (type === types.keyValue && redis.provider === "render") return { region: at(place.keyValue) };
    const isRedisCloud = type === types.subscription || type === types.redisCloud;
    return isRedisCloud && redis.provider === "redis-cloud" ? {} : undefined;
  }
}

/** The id of the project that this stack created, if it did. */
function createdProject(existing: readonly ExistingResource[]): string | undefined {
  const project = existing.find(({ type }) => type === types.project);
  return project && String(project.outputs.id);
}
