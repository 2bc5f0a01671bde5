/** The MongoDB server behind the Atlas stand-in: a real one where there is one, or else what comes nearest. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { ferretdbTakes, startFerretdb } from "./ferretdb.ts";
import { startMongod } from "./mongod.ts";
import { startStandIn } from "./stand-in/index.ts";
import type { MongodbOptions, MongodbServer } from "./types.ts";

export type { MongodbOptions, MongodbServer, MongodbUser } from "./types.ts";
export { startFerretdb, startMongod, startStandIn };

/** @throws an error of one line: what was to be started, and why it was not */
export async function startMongodb(options: MongodbOptions): Promise<MongodbServer> {
  // Each has its own files: another choice at the next start must not find those of the last.
  const inFolder = (name: string) => ({ ...options, folder: path.join(options.folder, name) });
  const mongod = findExecutable("mongod");
  if (mongod !== undefined) return startMongod(mongod, inFolder("mongod"));
  const ferretdb = options.databases?.every(ferretdbTakes) ? findExecutable("ferretdb") : undefined;
  if (ferretdb !== undefined) return startFerretdb(ferretdb, inFolder("ferretdb"));
  return startStandIn(inFolder("stand-in"));
}

/** An executable on PATH; undefined when there is none. */
export function findExecutable(name: string, searched = process.env.PATH ?? ""): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const candidates = searched.split(path.delimiter).filter(path.isAbsolute);
  return candidates.map((folder) => path.join(folder, file)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
