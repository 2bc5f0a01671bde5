/** Programs that are installed on this machine. */
import { accessSync, constants } from "node:fs";
import path from "node:path";

/** A program's file name on this system. */
export const exe = (name: string) => (process.platform === "win32" ? `${name}.exe` : name);

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folders of PATH, in their order; those that depend on where one stands are left out. */
export const foldersOf = (searched = process.env.PATH ?? "") =>
  searched.split(path.delimiter).filter(path.isAbsolute);

/** An executable on PATH; undefined when there is none. */
export const findExecutable = (name: string, searched?: string): string | undefined =>
  foldersOf(searched)
    .map((folder) => path.join(folder, exe(name)))
    .find(isExecutable);
