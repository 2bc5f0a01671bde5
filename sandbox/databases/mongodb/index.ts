/** The MongoDB server behind the Atlas stand-in: a real one where there is one, or else our stand-in. */
import { existsSync } from "node:fs";
import path from "node:path";
import { findExecutable } from "../../processes/executables.ts";
import { startMongod } from "./mongod.ts";
import { dropSnapshot as dropStandInSnapshot } from "./stand-in/copies.ts";
import { startStandIn } from "./stand-in/index.ts";
import type { MongodbOptions, MongodbServer } from "./types.ts";

export type { MongodbOptions, MongodbServer, MongodbUser } from "./types.ts";
export { startMongod, startStandIn };

/** Lets go of a snapshot that is kept in a server's folder. */
export const dropSnapshot = (folder: string, id: string) =>
  dropStandInSnapshot(path.join(folder, "stand-in"), id);

/** @throws an error of one line: what was to be started, and why it was not */
export async function startMongodb(options: MongodbOptions): Promise<MongodbServer> {
  // Each has its own files: another choice at the next start must not find those of the last.
  const inFolder = (name: string) => ({ ...options, folder: path.join(options.folder, name) });
  const mongod = findExecutable("mongod");
  // What holds data goes on, also when a real one has come meanwhile.
  const before = existsSync(path.join(options.folder, "stand-in"));
  if (mongod !== undefined && !before) return startMongod(mongod, inFolder("mongod"));
  return startStandIn(inFolder("stand-in"));
}
