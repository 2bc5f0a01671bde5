/**
 * Nothing that holds data goes unless its own setting says so by name.
 *
 * Two layers. Every such resource is protected in Pulumi's state: the engine itself then refuses to delete or
 * replace it. And before anything is registered, {@link refuseDataLoss} compares the settings with the
 * databases that exist and explains the refusal in terms of the setting that caused it, since the engine's own
 * message ("remove the `protect` flag") invites the very accident.
 */
import { OperatorError } from "../errors.ts";
import { knownDatabaseName } from "../postgres/name.ts";
import { creationsOf } from "../recovery/record.ts";
import { at, holdsData, kindOf, types } from "../resources.ts";
import { copiesIn, databaseInState } from "../restored.ts";
import { renamedUser, restoredMeanwhile, strangeUser } from "../rotation/user-names.ts";
import type { PostgresSettings, Settings } from "../settings/index.ts";
import { type Placement, placementOf } from "../settings/placement.ts";
import { adviceOn, facts, keptOf } from "../settings/vendors.ts";
import type { Existing, ExistingResource } from "../state.ts";
import { type Judged, judge, type Transition, valueIn } from "../transitions.ts";

/**
 * The resource options of a database that may go only by name.
 *
 * @param name its own, where its section has two: the original and the restored one
 */
export function protectionOf(
  { mayBeDestroyed }: { mayBeDestroyed?: string | undefined },
  name?: string,
): { protect: boolean } {
  return { protect: mayBeDestroyed === undefined || (name !== undefined && mayBeDestroyed !== name) };
}

/**
 * Refuses settings under which an existing database would be deleted or replaced without its name being given, and
 * those that its vendor would refuse halfway through the up.
 *
 * @throws OperatorError with one line per database
 */
export function refuseDataLoss(existing: Existing, settings: Settings): void {
  const lines = dataLosses(existing, settings);
  if (lines.length > 0) throw new OperatorError(lines.join("\n"));
}

/** One line for each existing database that these settings would destroy, or that its vendor cannot make of it. */
export function dataLosses(existing: Existing, settings: Settings): string[] {
  const databases = existing
    .filter(({ type }) => holdsData(type))
    .map((database) => ({
      ...database,
      name: nameOf(database),
      section: kindOf(database.type)?.section as Section,
    }));
  const lines = databases.flatMap((database) => {
    const { name, type, outputs, section } = database;
    const permitted = settings[section].mayBeDestroyed;
    const beside = besideAnother(database, existing, settings);
    if (beside !== undefined) return beside;
    const consent = `set kairos:${section}.mayBeDestroyed to "${name}"`;
    if (!creationsOf(settings).some((wanted) => wanted.type === type))
      return permitted === name
        ? []
        : [
            `kairos:${section}: these settings delete the database ${name} with all its data. Keep its settings; or, if it may go, ${consent}, run pulumi up, and only then remove it`,
          ];
    const wish = (row: Transition) => desired(row, settings, existing);
    const changes = judge(
      type,
      (row) => valueIn(outputs, row),
      (row) => wish(row)?.value,
    );
    const [change] = changes;
    const got = (one: Judged) => {
      const { setting, shown = one.before } = wish(one) as DesiredValue;
      return `kairos:${setting}: got ${JSON.stringify(setting === "region" ? settings.region : one.after)}; expected ${JSON.stringify(shown)}, which the database ${name} has: ${one.rule}`;
    };
    if (change?.outcome === "loses data")
      return permitted === name
        ? guardedByVendor(outputs, change, wish(change) as DesiredValue)
        : [
            `${got(change)}, so ${name} would be deleted with all its data and created empty. Set it back${change.instead === undefined ? "" : ` and ${change.instead}`}; or, if the data may go, ${consent}`,
          ];
    const refused = changes
      .filter(({ outcome }) => outcome !== "allowed")
      .map((one) => `${got(one)}. Set it back${one.instead === undefined ? "" : `, or ${one.instead}`}`);
    // A consent that outlived its database would take the protection from the next one.
    const named = databases.some((other) => other.section === section && other.name === permitted);
    if (permitted === undefined || named) return refused;
    return [
      ...refused,
      `kairos:${section}.mayBeDestroyed: got ${JSON.stringify(permitted)}, and no database of that name exists; remove the setting, or give the name of the one that may go (${name})`,
    ];
  });
  const present = new Set(databases.map(({ section }) => section));
  // Redis Cloud keeps a database in a subscription: two resources, one loss.
  const others = [
    ...consentsToNothing(present, settings),
    ...createdOnRetired(existing, settings),
    ...strangeUser(existing, settings),
    ...renamedUser(existing, settings),
    ...restoredMeanwhile(existing, settings),
  ];
  return [...new Set([...lines, ...others])];
}

/** Of a section that has, or had, a restored database beside the original; undefined where it is judged as any other. */
function besideAnother(
  { name, type, outputs, section }: ExistingResource & { name: string; section: Section },
  existing: Existing,
  settings: Settings,
): string[] | undefined {
  if (section === "redis") return undefined;
  const own = settings[section] as Partial<PostgresSettings>;
  const { restored, earlier = [] } = own;
  const isTaken = copiesIn({ restored, earlier }).some((id) =>
    databaseInState([{ type, outputs }], section, id),
  );
  // The vendor made it: what it is made of is brought in line, and nothing of it can be replaced by the settings.
  if (isTaken) return [];
  const several = existing.filter((one) => one.type === type).length > 1;
  const isOriginal = !several || name === own.name;
  if (isOriginal && !(restored !== undefined && own.original === "gone")) return undefined;
  if (own.mayBeDestroyed === name)
    return type === types.cluster && outputs.terminationProtectionEnabled === true
      ? [
          `kairos:${section}: the cluster ${name} has termination protection. With mayBeDestroyed set, keep it for one more pulumi up, and only then let it go`,
        ]
      : [];
  const consent = `set kairos:${section}.mayBeDestroyed to "${name}", run pulumi up, and only then`;
  const stays =
    restored !== undefined && ` Put it into kairos:${section}.earlier, where it stays beside; or, if`;
  return [
    isOriginal
      ? `kairos:${section}.original: got "gone"; expected "kept": ${name} would be deleted with all its data. If it may go, ${consent} set this`
      : `kairos:${section}.restored: got ${JSON.stringify(restored ?? null)}; expected ${JSON.stringify(String(section === "mongodb" ? name : outputs.id))}: ${name} would be deleted with all its data.${stays || " If"} it may go, ${consent} change this`,
  ];
}

/**
 * Atlas itself keeps a cluster whose termination protection is on, and only an `up` of the cluster as it is turns
 * that off: replaced at once, the new cluster would stand beside an old one that cannot be deleted.
 */
function guardedByVendor(
  outputs: ExistingResource["outputs"],
  { before }: Judged,
  { setting }: DesiredValue,
): string[] {
  if (outputs.terminationProtectionEnabled !== true) return [];
  return [
    `kairos:${setting}: the cluster ${outputs.name} has termination protection. With mayBeDestroyed set, leave this at ${JSON.stringify(before)}, run pulumi up, and only then change it`,
  ];
}

/** A consent to destroy what does not exist yet can only be meant for what these settings create. */
function consentsToNothing(present: ReadonlySet<Section>, settings: Settings): string[] {
  return (["mongodb", "postgres", "redis"] as const).flatMap((section) => {
    const { mayBeDestroyed, name } = settings[section] as { mayBeDestroyed?: string; name?: string };
    if (present.has(section) || mayBeDestroyed === undefined || name === undefined || mayBeDestroyed === name)
      return [];
    return [
      `kairos:${section}.mayBeDestroyed: got ${JSON.stringify(mayBeDestroyed)}; expected ${JSON.stringify(name)}, the name of this database, or nothing`,
    ];
  });
}

/** What a vendor no longer sells is kept by a database that has it, and not created. */
function createdOnRetired(existing: Existing, { mongodb, postgres, import: ids }: Settings): string[] {
  const { postgresPlans, postgresVersions } = facts.render.tables;
  const isMade = (type: string, id: string | undefined) =>
    id === undefined && !existing.some((one) => one.type === type);
  const given = [
    ...(isMade(types.cluster, ids.cluster)
      ? [["mongodb.tier", mongodb.tier, facts.atlas.tables.tiers, "Atlas"] as const]
      : []),
    ...(postgres.enabled && isMade(types.postgres, ids.postgres)
      ? [
          ["postgres.plan", postgres.plan, postgresPlans, "Render"] as const,
          ["postgres.version", postgres.version, postgresVersions, "Render"] as const,
        ]
      : []),
  ];
  return given
    .filter(([, word, list]) => keptOf(list).includes(word))
    .map(
      ([setting, word, list, vendor]) =>
        `kairos:${setting}: got ${JSON.stringify(word)}; expected one that ${vendor} still sells: ${adviceOn(list, word)}`,
    );
}

type Section = "mongodb" | "postgres" | "redis";

/** The value that a property gets, and the setting that it comes from. */
interface DesiredValue {
  setting: string;
  value: unknown;
  /** What the setting has to say instead, where that is not the property's own value. */
  shown?: string;
}

const nameOf = ({ outputs }: ExistingResource) => String(outputs.name ?? outputs.databaseName);

/** What the settings want of a property that a vendor has a rule for; undefined where they leave it as it is. */
function desired(
  { kind, property, setting }: Transition,
  settings: Settings,
  existing: Existing,
): DesiredValue | undefined {
  const { mongodb } = settings;
  if (kind === "cluster" && mongodb.leave.includes("hardware") && !identity.has(property)) return undefined;
  if (property === "projectId")
    return "id" in mongodb.project
      ? { setting, value: mongodb.project.id }
      : { setting: "mongodb.project", value: createdProject(existing) ?? mongodb.project.name };
  // Render adds to the name that was asked for.
  if (setting === "postgres.database")
    return {
      setting,
      value: settings.postgres.enabled && knownDatabaseName(existing, settings.postgres.database),
    };
  if (property !== "region") return { setting, value: at(settings, ...setting.split(".")) };
  const owner = kind === "cluster" ? "mongodb" : kind === "subscription" ? "redisCloud" : kind;
  const place = placementOf(settings)[owner as keyof Placement];
  // Where the setting has Render's word for a region, and the database another.
  const isOthers = kind === "upstash" || kind === "redisCloud";
  return {
    setting: place.setting,
    value: place.region,
    ...(isOthers && place.setting === "region" && { shown: "a region beside the database" }),
  };
}

/** What `leave: [hardware]` does not speak of. */
const identity: ReadonlySet<string> = new Set(["name", "projectId", "mongoDbMajorVersion"]);

/** The id of the project that this stack created, if it did. */
function createdProject(existing: Existing): string | undefined {
  const project = existing.find(({ type }) => type === types.project);
  return project && String(project.outputs.id);
}
