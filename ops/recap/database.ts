/** One database: planned, checked, both or neither; what was seen of it, point by point; what may be shown of its variables. */
import { contract, ownerNames, type VariableName } from "../../infra/contract.ts";
import { isSecret, isUnknown, type Value } from "../plan/model.ts";
import type {
  HealthState,
  MongodbFacts,
  PostgresFacts,
  RedisFacts,
  Status,
  TableName,
} from "../status/model.ts";
import { tables } from "../status/model.ts";
import type { DatabaseName } from "../status/place.ts";
import { solving, usesWith } from "../status/verdict/remarks.ts";
import type { Facts } from "./facts.ts";
import { markOf, marks, seeing, yesOrNo, yesOrWarning } from "./seen.ts";

const { good, warning, bad, note, unchecked } = marks;

export type Database = ReturnType<typeof databaseOf>;

/** @param planned whether the stack's settings turn it on */
export function databaseOf<D extends DatabaseName>(name: D, planned: boolean, facts: Facts) {
  /** What it answered; undefined where nobody asked. */
  const checked: Status["databases"][D] | undefined = facts.status?.databases[name];
  /** Without a check the settings say whether it is `off`. */
  const state: HealthState | "unchecked" = checked?.state ?? (planned ? "unchecked" : "off");
  const off = state === "off";
  const see = seeing(off);
  const saved = facts.status?.backups?.find(({ database }) => database === name);
  const names = (Object.keys(contract) as VariableName[]).filter((one) => contract[one].owner === name);
  const mandatory = names.some((variable) => contract[variable].mandatory === "always");
  const variables = names.map((variable) => ({
    name: variable,
    shown: shown(variable, facts),
    set: see(facts.status && liveOf(variable, facts)?.state === "set", yesOrNo),
  }));
  // Where the variables are no good nobody has tried to connect.
  const isConnected = checked?.problem?.stage === "variables" ? undefined : checked?.facts.connected;
  return {
    name,
    /** As it is written in every language. */
    title: ownerNames[name],
    mandatory,
    planned,
    checked,
    state,
    mark: markOf[state],
    off,
    connected: off ? { mark: mandatory ? bad : note, is: false } : see<boolean>(isConnected, yesOrNo),
    variables,
    /** Whether all its variables are set to something usable. */
    complete: variables.every((variable) => !/unset|missing|invalid|hidden/.test(variable.shown.kind)),
    /** What its vendor has of it; undefined where nobody asked. */
    backups: saved && { ...saved, mark: markOf[saved.state] },
    ...encryption(checked, see),
  };
}

/** On a private network there may be none, or one that proves nothing: the remarks say where that is a risk. */
function encryption(checked: Status["databases"][DatabaseName] | undefined, see: ReturnType<typeof seeing>) {
  const tls = checked?.facts.tls;
  const risk = checked?.remarks.some(
    ({ kind, severity }) => severity === "warning" && /^(no-tls|certificate-)/.test(kind),
  );
  const proves = tls?.on === true && tls.trusted;
  const valid = proves && (tls.daysLeft ?? 0) >= 0;
  return {
    encryption: see(tls, () => (risk || (proves && !valid) ? warning : proves ? good : note)),
    /** Whether it is encrypted and the certificate proves who answers. */
    encrypted: see(tls && valid, yesOrNo),
  };
}

/** What is shown of a variable's value. */
type Shown =
  | { kind: "value"; text: string }
  | { kind: "secret" | "host" | "known-after-up" | "unset" | "missing" | "invalid" | "hidden" };

const liveOf = (name: VariableName, { status }: Facts) =>
  status?.contract.find((variable) => variable.name === name);

/** What a backend has, where somebody looked; else what the stack would give it. */
function shown(name: VariableName, facts: Facts): Shown {
  const live = liveOf(name, facts);
  const planned = facts.planned.variables[name];
  if (live !== undefined && live.state !== "set") return { kind: live.state };
  if (live === undefined && planned === undefined) return { kind: "unset" };
  if (contract[name].secret) return { kind: "secret" };
  if (name === "POSTGRES_HOST" && !facts.showHosts) return { kind: "host" };
  return live === undefined ? plannedValue(planned ?? null) : usable(live.value ?? "");
}

function plannedValue(value: Value): Shown {
  if (isSecret(value)) return { kind: "secret" };
  if (isUnknown(value) || typeof value !== "string" || value.includes("‹")) return { kind: "known-after-up" };
  return usable(value);
}

/** A whole URL in the place of one of its parts brings its password along. */
const usable = (value: string): Shown =>
  /:\/\/|@/.test(value) ? { kind: "hidden" } : { kind: "value", text: value };

/** Hosts are named only where they may be shown: elsewhere a name is empty. Times in milliseconds. */
export function mongodbOf(facts: Facts) {
  const { database: planned, driver } = facts.planned.settings.mongodb;
  const of = databaseOf("mongodb", true, facts);
  const see = seeing(of.off);
  const found: Partial<MongodbFacts> = of.checked?.facts ?? {};
  const { collections, database, topology, rights, settings } = found;
  const indexes = collections?.map((collection) => collection.indexes);
  // They count only where all could be listed; `_id_` every collection has.
  const made = indexes?.includes(undefined)
    ? undefined
    : indexes?.flat().filter((name) => name !== "_id_").length;
  return {
    ...of,
    /** How the database is called, whether or not it is there. */
    database: database?.asked ?? planned,
    indexes: see(
      made === undefined ? undefined : { count: made, collections: indexes?.length ?? 0 },
      ({ count }) => yesOrWarning(count > 0),
    ),
    collections: see(collections?.map(({ name }) => name).sort(), (names) => yesOrWarning(names.length > 0)),
    exists: see(database?.exists, yesOrWarning),
    topology: see(
      topology && {
        kind: topology.kind,
        members: topology.members,
        ...(topology.primary && { primary: facts.showHosts ? topology.primary : "" }),
      },
      ({ kind }) => yesOrWarning(kind !== "standalone"),
    ),
    rights: see(rights, ({ canRead, canWrite, beyond }) =>
      canRead && canWrite ? yesOrWarning(beyond.length === 0) : bad,
    ),
    /** What a driver works with, where one was asked; else what the settings say. */
    driver: {
      ...(settings ? { ...settings, timeout: settings.serverSelectionTimeout } : driver),
      checked: found.connected === true,
      compressors: driver.compressors,
      compression: found.compression,
    },
  };
}

/** Types of the backend's names that no table has: each blocks the creation of its table. */
const lookForTypes = `SELECT n.nspname, t.typname
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typname IN ('users', 'courses', 'modules', 'enrollments', 'user_progress')
  AND (c.oid IS NULL OR c.relkind = 'c');`;

/** Sizes in bytes. */
export function postgresOf(facts: Facts) {
  const of = databaseOf("postgres", facts.planned.settings.postgres.enabled, facts);
  const see = seeing(of.off);
  const found: Partial<PostgresFacts> = of.checked?.facts ?? {};
  const { tables: there, conflicts = [] } = found;
  const nearlyUsed = of.checked?.remarks.some(({ kind }) => kind === "connections-nearly-used");
  const conflict = see(
    found.conflicts?.map(({ name }) => name),
    ({ length }) => yesOrNo(length === 0),
  );
  return {
    ...of,
    tables: see(there && tables.filter((name) => there[name] === "present"), ({ length }) =>
      yesOrWarning(length === tables.length),
    ),
    /** Each of the backend's tables. */
    table: (name: TableName) => see(there?.[name], (is) => yesOrWarning(is === "present")),
    conflict,
    role: see(found.role, ({ superuser }) => yesOrWarning(!superuser)),
    connections: see(found.connections, () => yesOrWarning(!nearlyUsed)),
    size: see(found.size, () => note),
    /** The seed's error: a type that is named like a table. Whether it is there now is only said by who looked. */
    duplicateKey: {
      mark: typeof conflict === "object" ? conflict.mark : of.off ? note : unchecked,
      found: conflicts.length > 0,
      names: conflicts.length > 0 ? conflicts.map(({ name }) => name) : ["users"],
      sql: conflicts.length > 0 ? conflicts.map(solving) : lookForTypes,
    },
  };
}

export const redisCommands = ["SET", "GET", "EXPIRE", "DEL"] as const;

/** Sizes in bytes. */
export function redisOf(facts: Facts) {
  const of = databaseOf("redis", facts.planned.settings.redis.provider !== "none", facts);
  const see = seeing(of.off);
  const { connected, commands, memory }: Partial<RedisFacts> = of.checked?.facts ?? {};
  const failed =
    commands && redisCommands.filter((name) => !commands[name.toLowerCase() as Lowercase<typeof name>]);
  return {
    ...of,
    /** One that lets a backend in exists; of another nobody knows. */
    exists: see(connected || undefined, yesOrNo),
    /** Those that failed. */
    commands: see(failed, ({ length }) => yesOrNo(length === 0)),
    memory: see(memory, ({ policy }) => {
      const uses = Object.values(usesWith(policy));
      if (uses.every((use) => use === "suits")) return good;
      return uses.some((use) => use === "does not suit" || use === "risk") ? warning : note;
    }),
  };
}
