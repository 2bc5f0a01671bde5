/**
 * A database that was made from a backup of this stack's own, and takes its place: the stack takes it in beside the
 * original, the variables lead to it, and the original stays until its name is given.
 */
import type * as pulumi from "@pulumi/pulumi";
import { types } from "./resources.ts";
import type { MongodbSettings } from "./settings/index.ts";
import type { Existing, ExistingResource } from "./state.ts";

/** Sections that can have one. */
export type Restorable = "mongodb" | "postgres";

/** What takes the original's place, and then what did so earlier: clusters' names, Postgres' ids. */
export const copiesIn = ({ restored, earlier }: Pick<MongodbSettings, "restored" | "earlier">): string[] =>
  restored === undefined ? [] : [restored, ...earlier];

/** Whether the original is in the program still. */
export const hasOriginal = (settings: { original?: "kept" | "gone" | undefined }): boolean =>
  settings.original !== "gone";

/** The cluster to which the URL leads. */
export const currentCluster = ({ name, restored }: Pick<MongodbSettings, "name" | "restored">): string =>
  restored ?? name;

/** What the state has of a database; undefined before the `up` that makes it or takes it in. @param id a cluster's name, a Postgres' id */
export const databaseInState = (
  existing: Existing,
  section: Restorable,
  id: string,
): ExistingResource | undefined =>
  existing.find(({ type, outputs }) =>
    section === "mongodb"
      ? type === types.cluster && outputs.name === id
      : type === types.postgres && outputs.id === id,
  );

/**
 * How it is taken in: as the vendor has it, whatever the settings say, because an import that differs is refused. Only
 * what comes after brings plan, access list and the rest in line.
 *
 * @param id as Pulumi's import wants it
 * @param args what the program says of it
 * @param never what stays as the vendor has it for good
 */
export function takenIn(
  known: ExistingResource | undefined,
  id: string | undefined,
  args: object,
  never: readonly string[],
): Pick<pulumi.CustomResourceOptions, "ignoreChanges" | "import"> {
  if (known !== undefined) return { ignoreChanges: [...never] };
  const ignoreChanges = [...new Set([...never, ...Object.keys(args)])];
  return { ignoreChanges, ...(id !== undefined && { import: id }) };
}
