/** What each way of running the scan looks at. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../../engine/errors.ts";
import type { Content } from "../model.ts";
import { isStackFile } from "../rules/stack-file.ts";
import { contentsBelow, fileContent, filesBelow, largest, localState } from "./files.ts";
import { blobId, type Entry, type Repository } from "./git.ts";

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
