/** Gathers the facts and writes the document. */
import { writeFile } from "node:fs/promises";
import { UserError } from "../../engine/errors.ts";
import { projectRoot } from "../project.ts";
import type { Status } from "../status/model.ts";
import { interruptedCode, write as print } from "../terminal/output.ts";
import { markdownOf, recapOf } from "./document.ts";
import { neverRotatedIn, plannedFrom } from "./facts.ts";
import { htmlOf } from "./html.ts";

/** Options of the command. */
export interface Options {
  stack: string;
  lang: "fr" | "en";
  html?: true;
  out?: string;
  envFile?: string;
  fromEnv?: true;
  service: string[];
  ca?: string;
  /** False with --no-status. */
  status: boolean;
  showHosts?: true;
}

/** Writes the recap of a stack. Databases that cannot be reached are no reason not to. */
export async function write(options: Options): Promise<void> {
  const planned = await plannedFrom(projectRoot, options.stack);
  const status = await statusFor(options);
  if (status === "interrupted") {
    process.exitCode = interruptedCode;
    return;
  }
  // What a file or this process has may be another stack's.
  const ofStack = options.status && options.envFile === undefined && !options.fromEnv;
  const neverRotated = ofStack ? await neverRotatedIn(options.stack) : undefined;
  const facts = { planned, status, neverRotated, showHosts: options.showHosts === true, now: new Date() };
  const document = recapOf(facts, options.lang);
  const text = options.html ? htmlOf(document) : markdownOf(document);
  if (options.out === undefined) await print(text);
  else await save(options.out, text);
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `--out: cannot write ${file} (${code ?? "unknown reason"}); expected a file in a folder that is there`,
    );
  }
  process.stderr.write(`wrote ${file}\n`);
}

/** What the databases answer; undefined when nobody asked for it, or the stack's own variables cannot be had. */
async function statusFor(options: Options): Promise<Status | "interrupted" | undefined> {
  const { stack, envFile, fromEnv, service, status: wanted } = options;
  if (!wanted) {
    if (envFile !== undefined || fromEnv)
      throw new UserError(
        `--no-status: got ${fromEnv ? "--from-env" : "--env-file"} beside it; expected one of them: it says whose databases to check`,
      );
    return undefined;
  }
  const [{ environmentFrom, sourceOf }, { statusOf, untilInterrupted }] = await Promise.all([
    import("../status/sources.ts"),
    import("../status/run.ts"),
  ]);
  const source = sourceOf({ stack, envFile, fromEnv });
  return untilInterrupted(options.ca, async (checks) => {
    try {
      const status = await statusOf(await environmentFrom(source, service), checks);
      return checks.signal.aborted ? "interrupted" : status;
    } catch (error) {
      // What was named explicitly has to be there; the stack may not have been brought up yet.
      if (source.kind !== "stack" || !(error instanceof UserError)) throw error;
      process.stderr.write(`nothing is checked: ${error.message} (--no-status does not try)\n`);
      return undefined;
    }
  });
}
