/** Runs the command: once, or again and again until it is interrupted. */
import { setTimeout as sleep } from "node:timers/promises";
import { json as indented, interruptedCode, write } from "../terminal/output.ts";
import { statusMarkdown } from "./markdown.ts";
import type { Status } from "./model.ts";
import { exitCodeOf, type StatusOptions, statusOf, untilInterrupted, withStrangers } from "./run.ts";
import { type Environment, environmentFrom, sourceOf } from "./sources.ts";
import { type StrangersStatus, unlooked } from "./strangers/model.ts";
import { statusLines, statusText } from "./text.ts";
import { wordsIn } from "./words.ts";

/** Options of the command line. */
export interface StatusCommandOptions {
  stack?: string;
  envFile?: string;
  fromEnv?: true;
  service: string[];
  from?: "here" | "backend";
  ca?: string;
  strict?: true;
  json?: true;
  markdown?: true;
  lang: "en" | "fr";
  /** Seconds between two looks. */
  watch?: number;
}

export async function status(options: StatusCommandOptions): Promise<void> {
  const environment = await environmentFrom(sourceOf(options), options.service);
  const { from, watch: pause } = options;
  await untilInterrupted(options.ca, (checks) =>
    pause === undefined
      ? once(environment, { ...checks, ...(from && { from }) }, options)
      : // A job for each look would be billed, and takes longer than the pause.
        watch(environment, { ...checks, from: from ?? "here" }, options, pause),
  );
}

async function once(
  environment: Environment,
  checks: StatusOptions,
  options: StatusCommandOptions,
): Promise<void> {
  const [status, strangers] = await Promise.all([
    statusOf(environment, checks),
    strangersOf(environment, checks.signal),
  ]);
  const result = strangers === undefined ? status : withStrangers(status, strangers);
  await write(shown(result, options));
  process.exitCode = checks.signal?.aborted ? interruptedCode : exitCodeOf(result, options.strict === true);
}

/** What was added beside a stack; of a file, or of this process, nobody knows what it stands beside. */
async function strangersOf(
  { opened }: Environment,
  signal: AbortSignal | undefined,
): Promise<StrangersStatus | undefined> {
  if (opened === undefined) return undefined;
  const { strangersBeside } = await import("./strangers/index.ts");
  return strangersBeside(opened, signal && { signal }).catch(unlooked);
}

async function watch(
  environment: Environment,
  checks: StatusOptions,
  options: StatusCommandOptions,
  seconds: number,
): Promise<void> {
  const words = wordsIn(options.lang);
  const draws = process.stdout.isTTY && !options.json && !options.markdown;
  process.exitCode = 0;
  while (!checks.signal?.aborted) {
    const result = await statusOf(environment, checks);
    // What an interrupted round found says nothing about the databases.
    if (checks.signal?.aborted) break;
    process.exitCode = exitCodeOf(result, options.strict === true);
    if (draws) {
      process.stdout.write("\u001b[H\u001b[2J");
      await write(`${shown(result, options)}${words.fill(words.watching, { seconds })}\n`);
    } else if (options.json) await write(`${JSON.stringify(result)}\n`);
    else await write(options.markdown ? shown(result, options) : statusLines(result, words));
    await sleep(seconds * 1000, undefined, checks.signal && { signal: checks.signal }).catch(() => undefined);
  }
}

function shown(result: Status, { json, markdown, lang, strict }: StatusCommandOptions): string {
  if (json) return indented(result);
  return (markdown ? statusMarkdown : statusText)(result, wordsIn(lang), { strict: strict === true });
}
