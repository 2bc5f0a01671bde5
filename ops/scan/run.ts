/** Runs a scan: which contents, which secrets, what came out. */
import path from "node:path";
import { findEngine } from "../../engine/cli/find.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { root } from "../bundle.mjs";
import { projectRoot } from "../project.ts";
import { write } from "../terminal/output.ts";
import { Allowances, allowFile } from "./allow.ts";
import { historyContents, namedContents, stagedContents, treeContents } from "./contents.ts";
import { Repository } from "./git.ts";
import { installHook, uninstallHook } from "./hook.ts";
import { inspect } from "./inspect.ts";
import { knownOf, ofShell } from "./known.ts";
import type { Content, Finding } from "./model.ts";
import { remember, remembered, rememberedFile } from "./remembered.ts";
import { isBad, reportText, type ScanReport } from "./report.ts";
import { secretsOf, contentsOf as stackContents } from "./stack.ts";

/** Options of a scan. */
export interface ScanOptions {
  stack?: string[];
  history?: true;
  staged?: true;
  paths?: string[];
  remember?: true;
  installHook?: true;
  uninstallHook?: true;
  json?: true;
}

/** The command; sets the exit code: 1 for a finding. */
export async function runScan(options: ScanOptions): Promise<void> {
  if (options.installHook) return say(await installHook(await Repository.at(root), root));
  if (options.uninstallHook) return say(await uninstallHook(await Repository.at(root)));
  if (options.remember) return rememberStacks(options.stack ?? []);
  const report = await scan(options);
  say(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  if (isBad(report)) process.exitCode = 1;
}

/** Searches what the options ask for. */
export async function scan(options: ScanOptions): Promise<ScanReport> {
  const started = performance.now();
  const notes: string[] = [];
  const digests = await remembered(path.join(root, rememberedFile));
  const stacks = await openStacks(options.stack ?? [], digests.stacks, notes);
  const ofStack = async (stack: Stack) =>
    (await secretsOf(stack)).map(({ name, value }) => ({ name: `${name} of ${stack.name}`, value }));
  const secrets = (await Promise.all(stacks.map(ofStack))).flat();
  const known = [knownOf([...secrets, ...ofShell(process.env)]), digests.known];
  const allowances = await Allowances.read(path.join(root, allowFile));

  const findings: Finding[] = [];
  const repository = options.paths === undefined ? await Repository.at(root) : undefined;
  let [contents, bytes] = [0, 0];
  for await (const { content, matches } of inspect(contentsOf(options, repository, stacks, notes), known)) {
    contents += 1;
    bytes += content.bytes.length;
    for (const match of allowances.refused(content, matches))
      findings.push(await located({ ...match, kind: content.kind, file: content.name }, content, repository));
  }
  return {
    findings: findings.sort((a, b) => a.file.localeCompare(b.file, "en") || a.line - b.line),
    contents,
    bytes,
    knownSecrets: new Set(known.flatMap(({ names }) => names)).size,
    seconds: (performance.now() - started) / 1000,
    notes,
    unused: isWhole(options) ? allowances.unused() : [],
  };
}

/** Whether everything is looked at: nobody asked for a part. */
const isWhole = ({ paths, staged, history }: ScanOptions) => !staged && !history && paths === undefined;

/** What the options ask to look at. */
async function* contentsOf(
  options: ScanOptions,
  repository: Repository | undefined,
  stacks: readonly Stack[],
  notes: string[],
): AsyncGenerator<Content> {
  const { paths, staged, history } = options;
  if (paths !== undefined) yield* namedContents(paths, process.env.INIT_CWD ?? process.cwd());
  if (repository !== undefined && staged) yield* stagedContents(repository);
  if (repository !== undefined && !staged) {
    const done = new Set<string>();
    if (!history)
      for await (const content of treeContents(repository, root, process.env)) {
        if (content.oid !== undefined) done.add(content.oid);
        yield content;
      }
    yield* historyContents(repository, done);
    if (await repository.isShallow())
      notes.push("earlier history: this clone is shallow (git fetch --unshallow; in CI: fetch-depth: 0)");
    if (stacks.length === 0 && !history)
      notes.push("state and outputs of stacks: --stack NAME looks into them");
  }
  if (isWhole(options)) for (const stack of stacks) yield* await stackContents(stack);
}

/** Adds how to get to what is only in the history. */
async function located(finding: Finding, { kind, oid }: Content, repository?: Repository): Promise<Finding> {
  if (kind !== "history" || oid === undefined || repository === undefined) return finding;
  const commit = await repository.commitOf(oid);
  return {
    ...finding,
    file: finding.file === "" ? `object ${oid.slice(0, 12)}` : finding.file,
    object: oid,
    ...(commit !== undefined && { commit }),
    show: `git cat-file -p ${oid.slice(0, 12)}`,
  };
}

/** The stacks that were named, if their secrets can be known here: from the engine, or else by what is remembered. */
async function openStacks(
  wanted: readonly string[],
  known: readonly string[],
  notes: string[],
): Promise<Stack[]> {
  if (wanted.length === 0) return [];
  const engine = await findEngine();
  if (engine !== undefined) return wanted.map((name) => new Workspace(engine, projectRoot).stack(name));
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError(
      `--stack: got ${unknown.join(", ")}; expected the Pulumi CLI to be there, or digests of the stack in ${rememberedFile} (--remember, where there is one)`,
    );
  notes.push(
    `state and outputs of ${wanted.join(", ")}: no Pulumi CLI; secrets are known by ${rememberedFile}`,
  );
  return [];
}

async function rememberStacks(wanted: readonly string[]): Promise<void> {
  const engine = await findEngine();
  if (wanted.length === 0 || engine === undefined)
    throw new UserError(
      `--remember: got no ${wanted.length === 0 ? "stack" : "Pulumi CLI"}; expected --stack NAME, and the CLI that knows its secrets`,
    );
  const workspace = new Workspace(engine, projectRoot);
  for (const name of wanted) {
    const secrets = await secretsOf(workspace.stack(name));
    const { written, refused } = await remember(path.join(root, rememberedFile), name, secrets);
    say(`${rememberedFile}: ${written.length} of ${name}: ${written.join(", ") || "none"}\n`);
    for (const secret of refused)
      say(
        `Left out: ${secret}: looks made by a person, and could be guessed from its digest; let it be generated\n`,
      );
  }
}

function say(text: string): void {
  void write(text);
}
