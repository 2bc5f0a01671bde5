/** Which stacks there are, and which of them a change touches. */
import { readdir } from "node:fs/promises";
import { execa } from "execa";
import { UserError } from "../../engine/errors.ts";
import { stageOf } from "../../infra/settings/stages.ts";
import { commitOf, whyGit } from "../git.ts";

/** All stacks with a file in the folder: production first, then staging, then short-lived ones. */
export async function stacksIn(folder: string): Promise<string[]> {
  return inOrder((await readdir(folder)).flatMap((file) => stackOf(file) ?? []));
}

/** Of some stacks those that workflows preview and apply, in the order in which they are applied. */
export function deployed(stacks: readonly string[]): string[] {
  return inOrder(stacks.filter((stack) => stageOf(stack) !== "short")).reverse();
}

/** The stacks whose settings or program are among the changed files, of those that there are. */
export function touched(files: readonly string[], stacks: readonly string[]): string[] {
  if (files.some(isProgram)) return [...stacks];
  const own = new Set(files.flatMap((file) => stackOf(file) ?? []));
  return stacks.filter((stack) => own.has(stack));
}

/** Names of the stack files of a git version, which `--base` gave. */
export async function stacksAt(base: string, folder: string): Promise<string[]> {
  const commit = await commitOf(base, "--base", folder);
  const files = await lines(folder, "ls-tree", "-z", "--name-only", commit);
  return inOrder(files.flatMap((file) => stackOf(file) ?? []));
}

/** A stack's file in a git version, which `--base` gave; undefined where it has none. */
export async function stackFileAt(base: string, stack: string, folder: string): Promise<string | undefined> {
  const commit = await commitOf(base, "--base", folder);
  const place = `${commit}:./${stackFileName(stack)}`;
  const { stdout, failed } = await execa("git", ["show", place], { cwd: folder, reject: false });
  return failed ? undefined : stdout;
}

/**
 * The files that differ from a git version, which `--since` gave: new and deleted ones included. From git itself: GitHub's own lists and its
 * `paths` filters end at 300 files, and a stack behind them would go without a preview.
 */
export async function changedFiles(since: string, folder: string): Promise<string[]> {
  const commit = await commitOf(since, "--since", folder);
  // A rename is two files: what was moved away is changed, too.
  return lines(folder, "diff", "--name-only", "--no-renames", "-z", commit, "--");
}

/** What every stack runs: the program, its policies, its SDKs and packages. Tests and documents change nothing. */
function isProgram(file: string): boolean {
  if (/\.test\.ts$|\.md$/.test(file)) return false;
  return (
    /^(infra|sdks)\//.test(file) ||
    ["package.json", "package-lock.json", "Pulumi.yaml", "tsconfig.json"].includes(file)
  );
}

export const stackFileName = (stack: string) => `Pulumi.${stack}.yaml`;
const stackOf = (file: string) => /^Pulumi\.([^/]+)\.yaml$/.exec(file)?.[1];

const ranks = ["prod", "staging", "short"] as const;
function inOrder(stacks: readonly string[]): string[] {
  const rank = (stack: string) => ranks.indexOf(stageOf(stack));
  return [...stacks].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

async function lines(folder: string, ...args: string[]): Promise<string[]> {
  const ran = await execa("git", args, { cwd: folder, reject: false, stripFinalNewline: false });
  if (ran.failed)
    throw new UserError(`git ${args[0]}: ${whyGit(ran) ?? "it ended without an error message"}`);
  return ran.stdout.split("\0").filter((file) => file !== "");
}
