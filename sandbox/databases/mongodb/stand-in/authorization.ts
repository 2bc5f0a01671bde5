/**
 * What Atlas' roles allow.
 * @see https://www.mongodb.com/docs/manual/reference/built-in-roles/ and
 * https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/
 */
import type { Document } from "bson";
import type { MongodbUser } from "../types.ts";
import { CommandError } from "./errors.ts";
import { show } from "./show.ts";

/** What a command does, and where: a collection, a whole database, or the server. */
export interface Need {
  action: string;
  db?: string;
  collection?: string;
}

const words = (text: string) => text.trim().split(/\s+/);

const read = words(
  "changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes",
);
const write = words(
  "convertToCapped createCollection createIndex dropCollection dropIndex insert remove renameCollectionSameDB update",
);
const dbAdmin = words(
  "bypassDocumentValidation collMod collStats compact convertToCapped createCollection createIndex dbStats dropCollection dropDatabase dropIndex enableProfiler indexStats listCollections listIndexes reIndex renameCollectionSameDB storageDetails validate",
);
const monitor = words("collStats dbStats getDatabaseVersion getShardVersion indexStats");
const clusterMonitor = words(
  "checkFreeMonitoringStatus connPoolStats getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog listDatabases listSessions listShards netstat replSetGetConfig replSetGetStatus serverStatus shardingState top",
);
const backup = words("appendOplogNote getParameter listDatabases serverStatus");

interface Grant {
  actions: string[];
  /** `any` are all but `local` and `config`. */
  where: "cluster" | "any" | { db: string; collection?: string };
}

const roles: Record<string, (db: string, collection?: string) => Grant[]> = {
  read: (db, collection) => [{ actions: read, where: place(db, collection) }],
  readWrite: (db, collection) => [{ actions: [...read, ...write], where: place(db, collection) }],
  dbAdmin: (db, collection) => [{ actions: dbAdmin, where: place(db, collection) }],
  readAnyDatabase: () => [
    { actions: read, where: "any" },
    { actions: ["listDatabases"], where: "cluster" },
  ],
  readWriteAnyDatabase: () => [
    { actions: [...read, ...write], where: "any" },
    { actions: ["listDatabases"], where: "cluster" },
  ],
  dbAdminAnyDatabase: () => [
    { actions: dbAdmin, where: "any" },
    { actions: ["listDatabases"], where: "cluster" },
  ],
  clusterMonitor: () => [
    { actions: clusterMonitor, where: "cluster" },
    { actions: monitor, where: "any" },
  ],
  backup: () => [
    { actions: backup, where: "cluster" },
    { actions: words("find listCollections listIndexes collStats"), where: "any" },
  ],
  enableSharding: () => [{ actions: words("enableSharding"), where: "any" }],
  atlasAdmin: () =>
    ["readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor", "backup", "enableSharding"].flatMap(
      (name) => roles[name]?.("admin") ?? [],
    ),
};

const place = (db: string, collection?: string) => (collection ? { db, collection } : { db });

export class Privileges {
  readonly grants: Grant[];

  constructor(user: MongodbUser) {
    this.grants = user.roles.flatMap(
      ({ roleName, databaseName, collectionName }) => roles[roleName]?.(databaseName, collectionName) ?? [],
    );
  }

  allows({ action, db, collection }: Need): boolean {
    return this.grants.some(({ actions, where }) => {
      if (!actions.includes(action)) return false;
      if (db === undefined) return where === "cluster";
      if (where === "cluster") return false;
      // What belongs to the server itself is in no role's "all collections".
      if (collection?.startsWith("system.") && collection !== "system.js") return false;
      if (where === "any") return db !== "local" && db !== "config";
      return where.db === db && (where.collection === undefined || where.collection === collection);
    });
  }

  /** Whether anything at all is allowed in the database. */
  sees(db: string): boolean {
    return this.grants.some(({ where }) => where === "any" || (where !== "cluster" && where.db === db));
  }

  /** As `connectionStatus` shows them. */
  documents(): Document[] {
    return this.grants.map(({ actions, where }) => ({
      resource:
        where === "cluster"
          ? { cluster: true }
          : where === "any"
            ? { db: "", collection: "" }
            : { db: where.db, collection: where.collection ?? "" },
      actions,
    }));
  }
}

/** MongoDB's refusal, which repeats the command, though not documents that came beside it. */
export function notAuthorized(db: string, command: Document): CommandError {
  return new CommandError(13, `not authorized on ${db} to execute command ${show(command)}`);
}
