/** Runs the command: once, or again and again until it is interrupted. */
import { setTimeout as sleep } from "node:timers/promises";
import { authorityIn } from "./authority.ts";
import { statusMarkdown } from "./markdown.ts";
import type { Source, Status } from "./model.ts";
import { exitCodeOf, renderAccount, type StatusOptions, statusOf } from "./run.ts";
import { type Environment, environmentFrom } from "./sources.ts";
import { statusLines, statusText } from "./text.ts";
import { wordsIn } from "./words/index.ts";

/** Options of the command line. */
export interface StatusCommandOptions {
  stack?: string;
  envFile?: string;
  fromEnv?: true;
  service: string[];
  ca?: string;
  strict?: true;
  json?: true;
  markdown?: true;
  lang: "en" | "fr";
  /** Seconds between two looks. */
  watch?: number;
}

/** What an interrupted command says to the shell: 128 and the number of SIGINT. */
const interruptedCode = 130;

export async function status(options: StatusCommandOptions): Promise<void> {
  const environment = await environmentFrom(sourceOf(options), options.service);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const account = renderAccount();
  const checks: StatusOptions = {
    signal: stop.signal,
    ...(account && { render: account }),
    ...(options.ca !== undefined && { ca: await authorityIn(options.ca) }),
  };
  try {
    if (options.watch === undefined) await once(environment, checks, options);
    else await watch(environment, checks, options, options.watch);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function sourceOf({ stack, envFile, fromEnv }: StatusCommandOptions): Source {
  if (envFile !== undefined) return { kind: "file", file: envFile };
  return fromEnv ? { kind: "process" } : { kind: "stack", stack: stack ?? "prod" };
}

async function once(
  environment: Environment,
  checks: StatusOptions,
  options: StatusCommandOptions,
): Promise<void> {
  const result = await statusOf(environment, checks);
  process.stdout.write(shown(result, options));
  process.exitCode = checks.signal?.aborted ? interruptedCode : exitCodeOf(result, options.strict === true);
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
    if (draws) process.stdout.write(`\u001b[H\u001b[2J${shown(result, options)}${words.watching(seconds)}\n`);
    else if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else process.stdout.write(options.markdown ? shown(result, options) : statusLines(result, words));
    await sleep(seconds * 1000, undefined, checks.signal && { signal: checks.signal }).catch(() => undefined);
  }
}

function shown(result: Status, { json, markdown, lang, strict }: StatusCommandOptions): string {
  if (json) return `${JSON.stringify(result, null, 2)}\n`;
  return (markdown ? statusMarkdown : statusText)(result, wordsIn(lang), { strict: strict === true });
}
