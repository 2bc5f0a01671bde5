/** Fills in what a stack file leaves to its environment, and puts aside what is off, before anything is checked. */
import { postgres } from "./sections/postgres.ts";
import { redis } from "./sections/redis.ts";
import { defaultOf, type Row, stageDefaults } from "./stages.ts";

type Group = Record<string, unknown>;

/**
 * The settings with the defaults of the stack's environment in every place that the stack file left free. What it
 * says stays as it is, also when it is wrong: the schema reports that.
 *
 * @param stack its name; production by default
 */
export function withDefaults(given: unknown, stack = "prod"): unknown {
  if (!isGroup(given)) return given;
  const settings = structuredClone(given);
  for (const [section, keys] of ignoredIn(settings))
    for (const key of keys) delete (settings[section] as Group)[key];
  for (const row of stageDefaults) {
    const [section = "", ...path] = row.setting.split(".");
    for (const group of groups(settings, section, row)) fill(group, path, row, stack);
  }
  return settings;
}

/** What turns a database off. */
const switches = [
  ["postgres", "enabled", false, postgres],
  ["redis", "provider", "none", redis],
] as const;

/** The settings of each database that is off: they may stay for the day when it is on again, and nobody reads them. */
export function ignoredIn(settings: Group): [section: string, keys: string[]][] {
  return switches.flatMap(([section, key, off, { options }]) => {
    const value = settings[section];
    if (!isGroup(value) || value[key] !== off) return [];
    const known = new Set(options.flatMap(({ shape }) => Object.keys(shape)));
    const keys = Object.keys(value).filter(
      (name) => known.has(name) && ![key, "mayBeDestroyed"].includes(name),
    );
    return keys.length === 0 ? [] : [[section, keys]];
  });
}

/** The groups that a row applies to: of a database that is off, and of a service that others made, none. */
function groups(settings: Group, section: string, { providers }: Row): Group[] {
  const value = settings[section];
  if (Array.isArray(value)) return value.filter(isGroup).filter((service) => !("link" in service));
  if (!isGroup(value)) return [];
  if (section === "postgres" && value.enabled !== true) return [];
  if (providers !== undefined && !providers.includes(String(value.provider))) return [];
  return [value];
}

function fill(section: Group, path: readonly string[], row: Row, stack: string): void {
  let group = section;
  for (const key of path.slice(0, -1)) {
    // An Atlas project that exists has an id and no name; without any, that is what has to be reported.
    if (key === "project" && !(isGroup(group[key]) && !("id" in group[key]))) return;
    group[key] ??= {};
    const inner = group[key];
    if (!isGroup(inner)) return;
    group = inner;
  }
  const key = path.at(-1) ?? "";
  if (group[key] !== undefined) return;
  const value = defaultOf(row, { stack, section });
  if (value !== undefined) group[key] = value;
}

const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);
