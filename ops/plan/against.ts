/** The plan to compare with: a saved one, or the one of another git version, by its own program and settings. */
import { rmSync } from "node:fs";
import { mkdtemp, readFile, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa, execaSync } from "execa";
import { UserError } from "../../engine/errors.ts";
import { bundle, root } from "../bundle.mjs";
import { commitOf } from "../git.ts";
import type { Plan } from "./model.ts";

/**
 * @param against a file that `plan --json` wrote, or a git ref
 * @throws UserError when it is neither, or when that version cannot be planned
 */
export async function planAgainst(against: string, stack: string): Promise<Plan> {
  // npm runs scripts in the checkout's folder: a relative file is meant from where the person is.
  const file = path.resolve(process.env.INIT_CWD ?? process.cwd(), against);
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? await savedPlan(file, stack) : await planOfRef(against, stack);
}

async function savedPlan(file: string, stack: string): Promise<Plan> {
  const plan = await readFile(file, "utf8")
    .then((text) => JSON.parse(text) as Plan)
    .catch(() => undefined);
  if (plan?.schema !== 1 || !Array.isArray(plan.resources))
    throw new UserError(
      `--against: ${file} is not a plan; expected a file that npx kairos plan --json wrote, or a git ref`,
    );
  if (plan.stack !== stack)
    throw new UserError(
      `--against: ${file} is a plan of ${plan.project}/${plan.stack}; expected one of ${plan.project}/${stack}`,
    );
  return plan;
}

/** Plans another version in a temporary worktree and a process of its own. */
async function planOfRef(ref: string, stack: string): Promise<Plan> {
  const instead = ", or a file that npx kairos plan --json wrote";
  const commit = await commitOf(ref, "--against", root, instead);
  const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-plan-"));
  // Whatever ends the process, this worktree goes, and only this one.
  const remove = () => {
    execaSync("git", ["worktree", "remove", "--force", folder], { cwd: root, reject: false });
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = () => process.exit(130);
  process.once("exit", remove).once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    await git("worktree", "add", "--detach", "--force", folder, commit);
    const hashes = await git("rev-parse", `${commit}:infra`, `${commit}:sdks`).catch(() => {
      throw new UserError(
        `--against: ${ref} has no program in infra/; expected a version that can be planned`,
      );
    });
    await sayOtherPackages(ref, commit);
    const worker = await bundle({ entry: "ops/plan/worker.ts", tree: folder, key: hashes }).catch(
      (error: Error) => {
        throw new UserError(
          `--against: ${ref} does not compile: ${error.message.split("\n")[1] ?? error.message}`,
        );
      },
    );
    const { stdout, stderr, failed } = await execa(process.execPath, [worker, folder, stack], {
      reject: false,
    });
    if (failed) throw new UserError(`--against: ${ref} cannot be planned: ${stderr}`);
    return JSON.parse(stdout) as Plan;
  } finally {
    remove();
    process.off("exit", remove).off("SIGINT", interrupted).off("SIGTERM", interrupted);
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
