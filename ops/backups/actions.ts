/** What `backups` does, and how it says so. */
import pc from "picocolors";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { types } from "../../infra/resources.ts";
import { StackFile } from "../adopt/stack-file.ts";
import { projectRoot } from "../project.ts";
import { authorityIn } from "../status/authority.ts";
import { renderAccount } from "../status/run.ts";
import { environmentFrom } from "../status/sources.ts";
import { interruptedCode, json, write } from "../terminal/output.ts";
import { Progress } from "../terminal/progress.ts";
import { consent } from "../terminal/prompt.ts";
import { columnsText } from "../terminal/table.ts";
import { canary, counted, type Place } from "./census/index.ts";
import type { CopyContext } from "./copies.ts";
import { type DrillReport, drill } from "./drill.ts";
import { backupsOf, type Ground, groundOf, vaultOf } from "./ground.ts";
import type { BackedUp } from "./model.ts";
import { knownIn } from "./record.ts";
import { type RestoreReport, restore } from "./restore.ts";
import type { Vault } from "./vault.ts";
import { backupWords } from "./words.ts";

export interface BackupsOptions {
  stack: string;
  json?: true;
}

interface CopyOptions extends BackupsOptions {
  from?: "here" | "backend";
  ca?: string;
  yes?: true;
}
export type DrillOptions = CopyOptions & { canary?: true };
export type RestoreOptions = CopyOptions & { to: string; dryRun?: true };

/** `backups`: exit code 1 when something about them should be put right. */
export async function backups(options: BackupsOptions): Promise<void> {
  const ground = await groundOf(await Workspace.open(projectRoot), options.stack);
  const all = await backupsOf(ground);
  if (all.some(({ state }) => state === "warning")) process.exitCode = 1;
  if (options.json) return write(json({ stack: options.stack, databases: all }));
  const { lines, remarks } = backupWords("en", options.stack);
  const rows = lines(all).map(([label, value]) => [label, value]);
  for (const { severity, says, next } of all.flatMap(remarks)) {
    rows.push([severity === "warning" ? pc.yellow("!") : pc.dim("i"), says]);
    if (next !== undefined) rows.push(["", `${pc.cyan("→")} ${next}`]);
  }
  const redis = ground.state.all(types.upstash, types.redisCloud, types.keyValue).length > 0;
  if (redis) rows.push(["Redis", "its provider's API tells nothing of backups; a cache fills again"]);
  if (rows.length === 0) return write(`the stack ${options.stack} has no databases yet\n`);
  await write(`${columnsText([14, 64], rows)}\n`);
}

/** `backups drill`: exit code 1 when a copy is not what its source was, or nobody agreed. */
export async function drillAll(database: BackedUp | undefined, options: DrillOptions): Promise<void> {
  const reports: DrillReport[] = [];
  await around(options, async (ground, contextFor) => {
    try {
      for (const vault of wanted(ground, database, options.stack))
        reports.push(await drill(await contextFor(vault), { canary: options.canary === true }));
      if (reports.some(({ result }) => result !== "restored")) process.exitCode = 1;
    } finally {
      if (options.json) await write(json({ stack: options.stack, drills: reports }));
    }
  });
}

/** `backups restore` */
export async function restoreOne(database: BackedUp, options: RestoreOptions): Promise<void> {
  await around(options, async (ground, contextFor) => {
    const [vault] = wanted(ground, database, options.stack);
    if (vault === undefined) return;
    const file = await StackFile.open(projectRoot, options.stack);
    const { to, dryRun } = options;
    const report = await restore({ ...(await contextFor(vault)), file }, { to, dryRun });
    if (report.result === "declined" || report.unseen !== undefined) process.exitCode = 1;
    await write(options.json ? json({ stack: options.stack, ...report }) : reportText(report));
  });
}

function reportText({ result, database, steps, next, name, setting, unseen }: RestoreReport): string {
  if (result === "declined") return "Nothing was made.\n";
  const numbered = (lines: readonly string[]) => lines.map((line, index) => `  ${index + 1}. ${line}`);
  if (result === "dry run") return `${["What it does without --dry-run:", ...numbered(steps)].join("\n")}\n`;
  const kept = unseen === undefined ? "" : `${unseen}. Nothing is written into the stack file. `;
  const where = setting?.written ? `${setting.key}: ${setting.value} is written. ` : kept;
  return `${[`${database}: ${name} is there, beside the old one. ${where}Next:`, ...numbered(next)].join("\n")}\n`;
}

/** All that can be restored, or the one that is asked for. */
function wanted(ground: Ground, database: BackedUp | undefined, stack: string): Vault[] {
  const all = database === undefined ? ground.vaults : [vaultOf(ground, database)];
  const there = all.filter((one) => one !== undefined);
  if (there.length === 0)
    throw new UserError(
      `${database ?? "--stack"}: the stack ${stack} has no ${database ?? "database"} that is backed up; expected one that pulumi up has run on`,
    );
  return there;
}

/**
 * What surrounds a command that may take hours: a Ctrl-C ends the waiting, and what a drill made goes; a second one ends
 * everything, and the next run comes back to it.
 */
async function around(
  options: CopyOptions,
  run: (ground: Ground, contextFor: (vault: Vault) => Promise<CopyContext>) => Promise<void>,
): Promise<void> {
  const progress = new Progress(false);
  const stop = new AbortController();
  let asked = 0;
  const interrupt = () => {
    // npm and the terminal both hand a Ctrl-C on: the second of these two is no second wish.
    if (Date.now() - asked < 1000) return;
    if (stop.signal.aborted) process.exit(interruptedCode);
    asked = Date.now();
    progress.say("stopping; what was made for a drill is taken away first");
    stop.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const workspace = await Workspace.open(projectRoot, { say: (text) => progress.say(text) });
    const ground = await groundOf(workspace, options.stack, { retries: 8, timeLimit: 180_000 });
    await run(ground, (vault) => contextOf(ground, vault, { ...options, progress, signal: stop.signal }));
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    progress.stop();
    if (stop.signal.aborted) process.exitCode = interruptedCode;
  }
}

async function contextOf(
  { workspace, stack, values }: Ground,
  vault: Vault,
  { yes, from, ca, progress, signal }: CopyOptions & { progress: Progress; signal: AbortSignal },
): Promise<CopyContext> {
  const [known, { variables, services }] = await Promise.all([
    knownIn(workspace, stack.name, values),
    environmentFrom({ kind: "stack", stack: stack.name }),
  ]);
  const account = renderAccount({
    ...process.env,
    RENDER_API_KEY: values["render:apiKey"] || process.env.RENDER_API_KEY,
  });
  const authority = ca === undefined ? undefined : await authorityIn(ca);
  const place: Place = { variables, services, account, from, ca: authority, signal };
  return {
    ...{ stack: stack.name, vault, notes: stack, known, progress, signal },
    confirm: (question) => consent(question, yes === true, "made"),
    count: (database, copy, point) => counted(database, copy, point, place),
    // What was written is taken away also after a Ctrl-C.
    canary: (database, copy, does) => canary(database, copy, does, { ...place, signal: undefined }),
  };
}
