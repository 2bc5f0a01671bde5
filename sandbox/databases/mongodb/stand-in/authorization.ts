/** What Atlas' roles allow: roles.json, with its sources. */
import type { Document } from "bson";
import type { MongodbUser } from "../types.ts";
import { CommandError } from "./errors.ts";
import table from "./roles.json" with { type: "json" };
import { show } from "./show.ts";

/** What a command does, and where: a collection, a whole database, or the server. */
export interface Need {
  action: string;
  db?: string;
  collection?: string;
}

interface Grant {
  actions: string[];
  /** `any` are all but `local` and `config`. */
  where: "cluster" | "any" | { db: string; collection?: string };
}

/** What a role allows by itself, by names of lists of actions, and by which others. */
type Role = Partial<Record<"cluster" | "any" | "place", (keyof typeof table.actions)[]>> & {
  roles?: string[];
};
const roles = table.roles as Readonly<Record<string, Role>>;

function grantsOf(role: string, db: string, collection?: string): Grant[] {
  const { roles: others = [], ...own } = roles[role] ?? {};
  const grants = Object.entries(own).map(([where, lists]) => ({
    actions: lists.flatMap((list) => table.actions[list].split(" ")),
    where: where === "place" ? { db, ...(collection && { collection }) } : (where as "cluster" | "any"),
  }));
  return [...grants, ...others.flatMap((name) => grantsOf(name, db))];
}

export class Privileges {
  readonly grants: Grant[];

  constructor(user: MongodbUser) {
    this.grants = user.roles.flatMap(({ roleName, databaseName, collectionName }) =>
      grantsOf(roleName, databaseName, collectionName),
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
