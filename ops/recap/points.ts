/** What was seen of each database, point by point, and how good that is. */
import type { Settings } from "../../infra/settings/index.ts";
import {
  type MongodbFacts,
  type PostgresFacts,
  type RedisFacts,
  type TableName,
  tables,
} from "../status/model.ts";
import { solving, usesWith } from "../status/verdict/remarks.ts";
import type { Database } from "./database.ts";
import { judging, type Mark, marks, type Seen, yesOrNo } from "./seen.ts";

const { good, warning, bad, note } = marks;

/** Hosts are named only where they may be shown. Times in milliseconds. */
export function mongodbPoints(
  { checked, off }: Database<"mongodb">,
  { database: planned, driver }: Settings["mongodb"],
  showHosts: boolean,
) {
  const judged = judging(off);
  const facts: Partial<MongodbFacts> = checked?.facts ?? {};
  const { collections, database, topology, rights, settings } = facts;
  const indexes = collections?.map((collection) => collection.indexes);
  // They count only where all could be listed; `_id_` every collection has.
  const made = indexes?.includes(undefined)
    ? undefined
    : indexes?.flat().filter((name) => name !== "_id_").length;
  return {
    /** How the database is called, whether or not it is there. */
    database: database?.asked ?? planned,
    indexes: judged(made, (count) => ({
      mark: count > 0 ? good : warning,
      count,
      collections: collections?.length ?? 0,
    })),
    collections: judged(collections, (list) => ({
      mark: list.length > 0 ? good : warning,
      names: list.map(({ name }) => name).sort(),
    })),
    exists: judged(database?.exists, (yes) => ({ mark: yes ? good : warning, yes })),
    topology: judged(topology, ({ kind, members, primary }) => ({
      mark: kind === "standalone" ? warning : good,
      kind,
      members,
      primary: primary && { host: showHosts ? primary : undefined },
    })),
    rights: judged(rights, ({ user, canRead, canWrite, beyond }) => {
      const enough = canRead && canWrite;
      return { mark: !enough ? bad : beyond.length > 0 ? warning : good, user, enough, beyond };
    }),
    /** What a driver works with, where one was asked; else what the settings say. */
    driver: {
      ...(settings ? { ...settings, timeout: settings.serverSelectionTimeout } : driver),
      checked: facts.connected === true,
      compressors: driver.compressors,
      compression: facts.compression,
    },
    ...encryption(checked, off),
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
export function postgresPoints({ checked, off }: Database<"postgres">) {
  const judged = judging(off);
  const facts: Partial<PostgresFacts> = checked?.facts ?? {};
  const { tables: there, conflicts = [], role, connections, size } = facts;
  const nearlyUsed = checked?.remarks.some(({ kind }) => kind === "connections-nearly-used");
  const conflict = judged(facts.conflicts, (list) => ({
    mark: list.length === 0 ? good : bad,
    names: list.map(({ name }) => name),
  }));
  return {
    tables: judged(there, (of) => {
      const present = tables.filter((name) => of[name] === "present").length;
      return { mark: present === tables.length ? good : warning, present, all: tables.length };
    }),
    /** Each of the backend's tables. */
    table: (name: TableName): Seen =>
      judged(there?.[name], (is) => ({ mark: is === "present" ? good : warning })),
    conflict,
    role: judged(role, ({ name, superuser }) => ({ mark: superuser ? warning : good, name, superuser })),
    connections: judged(connections, (of) => ({ mark: nearlyUsed ? warning : good, ...of })),
    size: judged(size, (bytes) => ({ mark: note, bytes })),
    /** The seed's error: a type that is named like a table. Whether it is there now is only said by who looked. */
    duplicateKey: {
      mark: conflict === "off" ? note : conflict === "not checked" ? marks.unchecked : conflict.mark,
      found: conflicts.length > 0,
      names: conflicts.length > 0 ? conflicts.map(({ name }) => name) : ["users"],
      sql: conflicts.length > 0 ? conflicts.map(solving) : lookForTypes,
    },
    ...encryption(checked, off),
  };
}

export const redisCommands = ["SET", "GET", "EXPIRE", "DEL"] as const;

/** Sizes in bytes. */
export function redisPoints({ checked, off }: Database<"redis">) {
  const judged = judging(off);
  const facts: Partial<RedisFacts> = checked?.facts ?? {};
  return {
    /** One that lets a backend in exists; of another nobody knows. */
    exists: judged(facts.connected || undefined, yesOrNo),
    commands: judged(facts.commands, (tried) => {
      const failed = redisCommands.filter((name) => !tried[name.toLowerCase() as Lowercase<typeof name>]);
      return { mark: failed.length === 0 ? good : bad, failed };
    }),
    memory: judged(facts.memory, ({ policy, used, maximum }) => {
      const all = Object.values(usesWith(policy));
      const suits = all.every((use) => use === "suits");
      const risk = all.includes("does not suit") || all.includes("risk");
      // 0 is no limit of Redis' own.
      return { mark: suits ? good : risk ? warning : note, policy, used, maximum: maximum || undefined };
    }),
    ...encryption(checked, off),
  };
}

/** On a private network there may be none, or one that proves nothing: the remarks say where that is a risk. */
function encryption(checked: Database["checked"], off: boolean) {
  const tls = checked?.facts.tls;
  const risk = checked?.remarks.some(
    ({ kind, severity }) => severity === "warning" && /^(no-tls|certificate-)/.test(kind),
  );
  const proves = tls?.on === true && tls.trusted;
  const valid = proves && (tls.daysLeft ?? 0) >= 0;
  const mark: Mark = risk || (proves && !valid) ? warning : proves ? good : note;
  return {
    encryption: judging(off)(tls, (facts) => ({ mark, tls: facts })),
    /** Whether it is encrypted and the certificate proves who answers. */
    encrypted: judging(off)(tls && valid, yesOrNo),
  };
}
