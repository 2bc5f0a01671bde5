/** Runs the command in this process' surroundings. Loaded when it runs: the other commands need none of it. */
import { text as wholeText } from "node:stream/consumers";
import { projectRoot } from "../project.ts";
import type { Prompt } from "./choose.ts";
import { type AdoptReport, reportText } from "./report.ts";
import { type AdoptOptions, adopt } from "./run.ts";

/** Exit code 2: the preview would do more than import, and nothing was written. */
export async function runAdopt({ json, ...options }: AdoptOptions & { json?: true }): Promise<void> {
  const print = (report: AdoptReport) => process.stdout.write(reportText(report));
  let shown = false;
  // Nobody is asked where a program reads the answer, or writes the standard input.
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const report = await adopt(options, {
    folder: projectRoot,
    environment: process.env,
    ask: atTerminal && !json && !options.passwordStdin ? await terminal() : undefined,
    input: () => wholeText(process.stdin),
    show: (one) => {
      print(one);
      shown = true;
    },
  });
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (!shown) print(report);
  else
    process.stdout.write(
      report.written
        ? [`${report.file} is written.`, ...report.next, ""].join("\n")
        : "Nothing was written.\n",
    );
  if (report.preview.errors.length > 0 || report.preview.changes.length > 0) process.exitCode = 2;
}

/** Loaded when somebody is there to be asked. */
const terminal = async (): Promise<Prompt> =>
  (await import("../terminal/prompt.ts")).promptsOn(process.stdout, "nothing was written");
