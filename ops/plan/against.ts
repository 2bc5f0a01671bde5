/** The plan to compare with: a saved one, or the one of another git version, by its own program and settings. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { bundle, root } from "../bundle.mjs";
import { UserError } from "../errors.ts";
import type { Plan } from "./model.ts";

/**
 * @param against a file that `plan --json` wrote, or a git ref
 * @throws UserError when it is neither, or when that version cannot be planned
 */
export async function planAgainst(against: string, stack: string): Promise<Plan> {
  const isFile = await stat(against).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? await savedPlan(against) : await planOfRef(against, stack);
}

async function savedPlan(file: string): Promise<Plan> {
  try {
    const plan = JSON.parse(await readFile(file, "utf8")) as Plan;
    if (plan.schema === 1 && Array.isArray(plan.resources)) return plan;
  } catch {
    // Not JSON: the same message.
  }
  throw new UserError(
    `--against: ${file} is not a plan; expected a file that npm run plan -- --json wrote, or a git ref`,
  );
}

/** Plans another version in a temporary worktree and a process of its own. */
async function planOfRef(ref: string, stack: string): Promise<Plan> {
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`).catch(
    () => {
      throw new UserError(
        `--against: got "${ref}"; expected a git ref of this repository, or a file that npm run plan -- --json wrote`,
      );
    },
  );
  const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-plan-"));
  try {
    await git("worktree", "add", "--detach", "--force", folder, commit);
    const hashes = await git("rev-parse", `${commit}:infra`, `${commit}:sdks`).catch(() => {
      throw new UserError(
        `--against: ${ref} has no program in infra/; expected a version that can be planned`,
      );
    });
    await sayOtherPackages(ref, commit);
    const worker = await bundle({ entry: "ops/plan/worker.ts", tree: folder, key: hashes });
    const { stdout, stderr, failed } = await execa(process.execPath, [worker, folder, stack], {
      reject: false,
    });
    if (failed) throw new UserError(`--against: ${ref} cannot be planned: ${stderr}`);
    return JSON.parse(stdout) as Plan;
  } finally {
    await git("worktree", "remove", "--force", folder).catch(() =>
      rm(folder, { recursive: true, force: true }),
    );
    await git("worktree", "prune").catch(() => undefined);
  }
}

/** A version's own program runs with the packages of this checkout; that may matter when they differ. */
async function sayOtherPackages(ref: string, commit: string): Promise<void> {
  const [here, there] = await Promise.all([
    git("hash-object", "package-lock.json"),
    git("rev-parse", `${commit}:package-lock.json`).catch(() => "none"),
  ]);
  if (here !== there)
    process.stderr.write(
      `note: ${ref} has another package-lock.json; its plan is made with the packages that are installed here\n`,
    );
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await execa("git", args, { cwd: root });
  return stdout;
}
