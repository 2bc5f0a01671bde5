/** @see https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
import { CommandError } from "./errors.ts";

export function checkDatabaseName(name: unknown): asserts name is string {
  if (
    typeof name !== "string" ||
    name === "" ||
    Buffer.byteLength(name) > 63 ||
    (/[/\\. "$\0]/.test(name) && name !== "$external")
  )
    throw new CommandError(73, `Invalid database name: '${String(name)}'`);
}

export function checkCollectionName(db: string, name: unknown): asserts name is string {
  if (typeof name !== "string")
    throw new CommandError(73, "collection name has invalid type: it must be a string");
  if (name === "" || name.startsWith(".") || name.endsWith(".") || /[$\0]/.test(name))
    throw new CommandError(73, `Invalid namespace specified '${db}.${name}'`);
  if (Buffer.byteLength(`${db}.${name}`) > 255)
    throw new CommandError(73, `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: 255`);
}

/** As of a collection that is to be made. */
export function checkNewCollection(db: string, name: string): void {
  if (name.startsWith("system.")) throw new CommandError(73, `Invalid system namespace: ${db}.${name}`);
}

/** `db.collection`, of which the second may have dots. */
export function parseNamespace(namespace: unknown): { db: string; collection: string } {
  const [db = "", ...rest] = String(namespace).split(".");
  checkDatabaseName(db);
  return { db, collection: rest.join(".") };
}
