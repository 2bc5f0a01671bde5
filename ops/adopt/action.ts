/** Runs the command in this process' surroundings. Loaded when it runs: the other commands need none of it. */
import { text as wholeText } from "node:stream/consumers";
import { projectRoot } from "../project.ts";
import type { Prompt } from "./choose.ts";
import { type AdoptReport, reportText } from "./report.ts";
import { adopt } from "./run.ts";
import type { Flags } from "./selection.ts";

/** What the command line says, as commander hands it over. */
export interface CommandOptions extends Flags {
  stack: string;
  yes?: true;
  dryRun?: true;
  finish?: true;
  json?: true;
}

/** Exit code 2: the preview would do more than import, and nothing was written. */
export async function runAdopt(options: CommandOptions): Promise<void> {
  const print = (report: AdoptReport) => process.stdout.write(reportText(report));
  let shown = false;
  const report = await adopt(options, {
    folder: projectRoot,
    environment: process.env,
    ask: await somebody(options),
    input: () => wholeText(process.stdin),
    show: (one) => {
      print(one);
      shown = true;
    },
  });
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (!shown) print(report);
  else
    process.stdout.write(
      report.written
        ? [`${report.file} is written.`, ...report.next, ""].join("\n")
        : "Nothing was written.\n",
    );
  if (report.preview.errors.length > 0 || report.preview.changes.length > 0) process.exitCode = 2;
}

/** Nobody is asked where a program reads the answer, or writes the standard input. */
async function somebody(options: CommandOptions): Promise<Prompt | undefined> {
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (!atTerminal || options.json || options.passwordStdin) return undefined;
  return (await import("../terminal/prompt.ts")).promptsOn(process.stdout, "nothing was written");
}
