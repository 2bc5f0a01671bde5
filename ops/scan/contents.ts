/** What each way of running the scan looks at. */
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { UserError } from "../../engine/errors.ts";
import { blobId, type Entry, type Repository } from "./git.ts";
import type { Content, Kind } from "./model.ts";
import { isStackFile } from "./rules/stack-file.ts";

/** Documents that commands of this project make, and that git ignores. */
const generated = ".kairos";

/** Files that were named. */
export async function* namedContents(places: readonly string[], folder: string): AsyncGenerator<Content> {
  for (const place of places) {
    const whole = path.resolve(folder, place);
    if ((await filesBelow(whole)).length === 0)
      throw new UserError(`--paths: got ${place}; expected a file or a folder with files`);
    yield* contentsBelow(whole, folder, "document");
  }
}

/** What the next commit would bring. */
export async function* stagedContents(repository: Repository): AsyncGenerator<Content> {
  const files = byOid(await repository.staged());
  if (files.size === 0) return;
  for await (const { oid, bytes } of repository.byId([...files.keys()]))
    for (const name of files.get(oid) ?? []) yield { kind: "index", name, bytes, oid };
}

/** The working tree, stack files that git ignores, documents and local state. */
export async function* treeContents(
  repository: Repository,
  project: string,
  environment: NodeJS.ProcessEnv,
): AsyncGenerator<Content> {
  const names = new Set(await repository.visibleFiles());
  const like = (await repository.indexed())[0]?.oid ?? "";
  const here = path.relative(repository.top, project);
  for (const name of await readdir(project)) if (isStackFile(name)) names.add(path.join(here, name));
  for (const name of names) {
    const content = await fileContent(path.join(repository.top, name), name, "working tree");
    if (content !== undefined) yield { ...content, oid: blobId(content.bytes, like) };
  }
  yield* contentsBelow(path.join(project, generated), repository.top, "document");
  yield* await localState(project, environment);
}

/** Every file and message that git still has, except what was searched already. */
export async function* historyContents(
  repository: Repository,
  done: ReadonlySet<string>,
): AsyncGenerator<Content> {
  const indexed = byOid(await repository.indexed());
  const paths = await repository.paths();
  for await (const { oid, type, bytes } of repository.everyObject(done, largest)) {
    if (type !== "blob") {
      yield { kind: "commit message", name: `${type} ${oid.slice(0, 12)}`, bytes, oid };
      continue;
    }
    const staged = indexed.get(oid);
    if (staged === undefined) yield { kind: "history", name: paths.get(oid) ?? "", bytes, oid };
    else for (const name of staged) yield { kind: "index", name, bytes, oid };
  }
}

function byOid(entries: readonly Entry[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const { oid, file } of entries) files.set(oid, [...(files.get(oid) ?? []), file]);
  return files;
}

/** Larger files are named instead of searched: no text of this kind is as long. */
const largest = 64 * 1024 * 1024;

/** A file; undefined for what is none, or is gone. What git keeps of a link is its target. */
async function fileContent(file: string, name: string, kind: Kind): Promise<Content | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats?.isSymbolicLink()) return { kind, name, bytes: Buffer.from(await readlink(file)) };
  if (!stats?.isFile() || stats.size > largest) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  return { kind: isStackFile(name) ? "stack file" : kind, name, bytes };
}

/** Every file below a folder, or the file itself, by its name as seen from another folder. */
async function* contentsBelow(place: string, from: string, kind: Kind): AsyncGenerator<Content> {
  for (const file of await filesBelow(place)) {
    const content = await fileContent(file, path.relative(from, file), kind);
    if (content !== undefined) yield content;
  }
}

/** Paths of all files below a folder, or of the file itself. */
async function filesBelow(place: string): Promise<string[]> {
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
async function* localState(project: string, environment: NodeJS.ProcessEnv): AsyncGenerator<Content> {
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
