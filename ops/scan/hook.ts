/** The pre-commit hook. An existing one is never touched. */
import { access, chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../engine/errors.ts";
import type { Repository } from "./git.ts";

const mark = "# Written by: npx kairos secrets:scan --install-hook";

/** @param project path of the project below the top of the working tree; empty where it is the top */
function script(project: string): string {
  const folder = project === "" ? "." : project;
  // Git starts hooks at the top of the working tree. An old checkout may not have the command yet.
  return `#!/bin/sh
${mark}
# Refuses commits that hold a credential. Take away: npx kairos secrets:scan --uninstall-hook
cd '${folder.replaceAll("'", "'\\''")}' || exit 1
[ -f ops/scan/command.ts ] || exit 0
exec node ops/kairos.mjs secrets:scan --staged
`;
}

/** Where the hook belongs, and what is there. */
async function hookOf(
  repository: Repository,
): Promise<{ file: string; folder: string; text: string | undefined }> {
  // Respects core.hooksPath. Source: https://git-scm.com/docs/git-rev-parse (--git-path)
  const folder = path.resolve(
    repository.top,
    (await repository.git(["rev-parse", "--git-path", "hooks"])).trim(),
  );
  const file = path.join(folder, "pre-commit");
  return { file, folder, text: await readFile(file, "utf8").catch(() => undefined) };
}

/** Writes the hook; resolves to what to tell. @throws UserError where another hook, or another tool, is at home */
export async function installHook(repository: Repository, project: string): Promise<string> {
  const { file, folder, text } = await hookOf(repository);
  const line = "node ops/kairos.mjs secrets:scan --staged || exit 1";
  if (text !== undefined && !text.includes(mark))
    throw new UserError(`${shown(file)}: there is a hook already; add to it: ${line}`);
  const common = path.resolve(
    repository.top,
    (await repository.git(["rev-parse", "--git-common-dir"])).trim(),
  );
  // A folder that the user's git shares between repositories, or one that another tool keeps in this one.
  if (path.dirname(folder) !== common && text === undefined)
    throw new UserError(
      `core.hooksPath: got ${shown(folder)}, which is not this repository's own; add to its pre-commit: ${line}`,
    );
  await access(path.join(project, "ops", "kairos.mjs"));
  await mkdir(folder, { recursive: true });
  await writeFile(file, script(path.relative(repository.top, project)));
  await chmod(file, 0o755);
  return `${shown(file)}: each commit is searched from now on\n`;
}

/** Takes the hook away if it is ours. */
export async function uninstallHook(repository: Repository): Promise<string> {
  const { file, text } = await hookOf(repository);
  if (text === undefined) return `${shown(file)}: there is no hook\n`;
  if (!text.includes(mark))
    throw new UserError(`${shown(file)}: not written by --install-hook; left as it is`);
  await rm(file);
  return `${shown(file)}: removed\n`;
}

const shown = (file: string) => file.replace(os.homedir() + path.sep, `~${path.sep}`);
