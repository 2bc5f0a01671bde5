/** Contents outside of git's objects: files of the working tree, local state, documents. */
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import type { Content, Kind } from "../model.ts";
import { isStackFile } from "../rules/stack-file.ts";

/** Larger files are named instead of searched: no text of this kind is as long. */
export const largest = 64 * 1024 * 1024;

/** A file; undefined for what is none, or is gone. What git keeps of a link is its target. */
export async function fileContent(file: string, name: string, kind: Kind): Promise<Content | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats?.isSymbolicLink()) return { kind, name, bytes: Buffer.from(await readlink(file)) };
  if (!stats?.isFile() || stats.size > largest) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  return { kind: isStackFile(name) ? "stack file" : kind, name, bytes };
}

/** Every file below a folder, or the file itself, by its name as seen from another folder. */
export async function* contentsBelow(place: string, from: string, kind: Kind): AsyncGenerator<Content> {
  for (const file of await filesBelow(place)) {
    const content = await fileContent(file, path.relative(from, file), kind);
    if (content !== undefined) yield content;
  }
}

/** Paths of all files below a folder, or of the file itself. */
export async function filesBelow(place: string): Promise<string[]> {
  const stats = await lstat(place).catch(() => undefined);
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](?:node_modules|\.git)[\\/]/.test(file));
}

/** State in lines, as `pulumi stack export` prints it: Pulumi writes a single one, of which a number says nothing. */
function indented({ name, bytes }: Content): Buffer {
  try {
    const text = name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
    return Buffer.from(JSON.stringify(JSON.parse(text.toString()), null, 4));
  } catch {
    // Checksums lie beside the state.
    return bytes;
  }
}

/**
 * Pulumi's state where it is kept in files: stacks, their history and backups, compressed or not. `PULUMI_BACKEND_URL`
 * or the project say where. Source: https://www.pulumi.com/docs/iac/concepts/state-and-backends/.
 */
export async function* localState(project: string, environment: NodeJS.ProcessEnv): AsyncGenerator<Content> {
  const text = await readFile(path.join(project, "Pulumi.yaml"), "utf8").catch(() => "");
  const settings = (parse(text) ?? {}) as { backend?: { url?: string } };
  const url = environment.PULUMI_BACKEND_URL ?? settings.backend?.url ?? "";
  if (!url.startsWith("file://")) return;
  const place = url.slice("file://".length).replace(/\?.*$/, "").replace(/^~/, os.homedir());
  const folder = path.resolve(project, place, ".pulumi");
  for (const part of ["stacks", "history", "backups"])
    for await (const content of contentsBelow(path.join(folder, part), project, "state"))
      yield { ...content, bytes: indented(content) };
}
