/** What is asked of git, and why it did not do it. */
import { execa } from "execa";
import { UserError } from "../engine/errors.ts";

/** What of a failed run of git says why. */
interface Failure {
  code?: string | undefined;
  stderr?: unknown;
}

/** In one line: that there is none, or its own words; undefined where it has none, as for a ref that is not there. */
export function whyGit({ code, stderr }: Failure): string | undefined {
  if (code === "ENOENT") return "there is no git on the PATH";
  return /^(?:fatal|error): (.*)$/m.exec(String(stderr ?? ""))?.[1];
}

/**
 * The commit that a ref names.
 *
 * @param option that gave the ref, such as `--since`
 * @param folder in the repository
 * @param instead what else the option takes
 * @throws UserError when there is none here: also because the clone has a part of the history, as CI's clones do
 */
export async function commitOf(ref: string, option: string, folder: string, instead = ""): Promise<string> {
  const git = (...args: string[]) => execa("git", args, { cwd: folder, reject: false });
  const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (!found.failed) return found.stdout;
  const why = whyGit(found);
  if (why !== undefined) throw new UserError(`${option}: git: ${why}`);
  const isShallow = (await git("rev-parse", "--is-shallow-repository")).stdout === "true";
  const rest = isShallow
    ? " (this clone has a part of it: git fetch --unshallow brings the rest; in CI, fetch-depth: 0)"
    : "";
  throw new UserError(`${option}: got "${ref}"; expected a git ref of this repository${rest}${instead}`);
}
