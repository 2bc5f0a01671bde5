/**
 * What a killed engine can leave beside a state that is kept in files: the library that it writes with replaces the
 * state at once, but writes a small file of attributes beside it (`<stack>.json.attrs`) in two steps. Killed in between
 * that file is empty, and Pulumi says `EOF` to everything, although the state is whole. Without the file it reads on.
 *
 * @see https://pkg.go.dev/gocloud.dev/blob/fileblob
 */
import { readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Removes empty ones, and gives their names. Nothing is done where the state is not kept in files. */
export async function removeEmptySidecars(backendUrl: string, folder: string): Promise<string[]> {
  const home = stateFolder(backendUrl, folder);
  if (home === undefined) return [];
  const entries = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".attrs"))
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const removed: string[] = [];
  for (const file of files) {
    if ((await stat(file)).size > 0) continue;
    await rm(file);
    removed.push(path.basename(file));
  }
  return removed;
}

/** The folder `.pulumi` of a backend such as `file://~`; undefined for other kinds of backends. */
function stateFolder(backendUrl: string, folder: string): string | undefined {
  const [, place] = /^file:\/\/([^?]*)/.exec(backendUrl) ?? [];
  if (place === undefined) return undefined;
  const home = place.replace(/^~(?=$|\/)/, os.homedir());
  return path.join(path.resolve(folder, home), ".pulumi");
}
