/**
 * The workflows' own words, tried out: conditions and variables as GitHub's own library evaluates them, and the scripts of
 * a job's steps, run. What linters see is theirs (linters.test.ts).
 */
import { appendFile, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { execa } from "execa";
import { parse } from "yaml";
import { root } from "../../../ops/bundle.mjs";
import { repository } from "./events.ts";

export interface Step {
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Concurrency {
  group: string;
  "cancel-in-progress"?: boolean;
}
export interface Job {
  if?: string;
  needs?: string | string[];
  permissions?: Record<string, string>;
  environment?: string;
  concurrency?: Concurrency;
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  "timeout-minutes"?: number;
  steps: Step[];
  [key: string]: unknown;
}
export interface Workflow {
  file: string;
  text: string;
  on: Record<string, unknown>;
  env?: Record<string, string>;
  concurrency?: Concurrency;
  jobs: Record<string, Job>;
}

export const workflow = (file: string, text: string): Workflow => ({ ...parse(text), file, text });

const folder = path.join(root, ".github", "workflows");
/** All of this repository. */
export const workflows: readonly Workflow[] = await Promise.all(
  (await readdir(folder))
    .sort()
    .map(async (file) => workflow(file, await readFile(path.join(folder, file), "utf8"))),
);

export function named(file: string): Workflow {
  const found = workflows.find((one) => one.file === file);
  if (found === undefined) throw new Error(`no ${file}`);
  return found;
}

/** `github`, `vars`, `secrets`, … as expressions see them. */
export type Contexts = Record<string, unknown>;

function value(text: string, contexts: Contexts, status: Record<string, boolean> = {}): data.ExpressionData {
  const functions = Object.entries(status).map(([name, answer]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(answer),
  }));
  const { tokens } = new Lexer(text).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(tree, context, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

const filled = (texts: Record<string, unknown> = {}, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      String(text).replaceAll(/\$\{\{([\s\S]*?)\}\}/g, (_, inner: string) =>
        value(inner, contexts).coerceString(),
      ),
    ]),
  );

/** What a job knows of one that it needs. */
export interface Need {
  result: "success" | "failure" | "skipped";
  outputs: Record<string, string>;
}

/** Whether a job runs, once all that it needs have ended. Without a status function GitHub adds `success() &&`. */
function starts(job: Job, contexts: Contexts, ended: Readonly<Record<string, Need>>): boolean {
  const needs = Object.fromEntries([job.needs ?? []].flat().map((id) => [id, ended[id] as Need]));
  const results = Object.values(needs).map(({ result }) => result);
  const success = results.every((result) => result === "success");
  const text = (job.if ?? "success()").replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, "$1");
  if (!success && !/\b(success|always|cancelled|failure)\s*\(/.test(text)) return false;
  const status = { success, failure: results.includes("failure"), always: true, cancelled: false };
  const found = value(text, { ...contexts, needs }, status);
  return found.kind === data.Kind.Boolean ? (found as data.BooleanData).value : found.coerceString() !== "";
}

/** What happened, as the contexts of a job show it. */
export interface Happening {
  name: string;
  github: Record<string, unknown>;
  vars?: Record<string, string>;
  /** Outputs that jobs give, by job; of a job that runs foreign code the worst that it could say. */
  outputs?: Record<string, Record<string, string>>;
}

/** Names of the jobs that run. @param failing those that fail when they run; all others succeed */
export function jobsRunOn(
  { on, jobs }: Workflow,
  { name, github, vars = {}, outputs = {} }: Happening,
  failing: readonly string[] = [],
): string[] {
  const ended: Record<string, Need> = {};
  if (!isStartedBy(on, name, github.event)) return [];
  // Each stands below those that it needs.
  for (const [id, job] of Object.entries(jobs)) {
    const result = failing.includes(id) ? "failure" : "success";
    const runs = starts(job, { github, vars }, ended);
    ended[id] = { result: runs ? result : "skipped", outputs: outputs[id] ?? {} };
  }
  return Object.keys(jobs).filter((id) => ended[id]?.result !== "skipped");
}

function isStartedBy(on: Workflow["on"], name: string, event: unknown): boolean {
  const { action, schedule } = (event ?? {}) as { action?: string; schedule?: string };
  if (name === "schedule" && name in on)
    return (on[name] as { cron: string }[]).some(({ cron }) => cron === schedule);
  const { types = ["opened", "synchronize", "reopened"] } = (on[name] ?? {}) as { types?: string[] };
  return name in on && (name !== "pull_request" || action === undefined || types.includes(action));
}

/** Where a job's scripts run. */
export interface Machine {
  /** The checkout; its packages are installed. */
  workspace: string;
  /** For what steps leave behind. */
  folder: string;
  /** What the steps' processes have besides what the workflow gives them. */
  environment: Record<string, string>;
  /** Of the job's environment at GitHub. */
  secrets: Record<string, string>;
  /** GitHub's API and a token for it; none by default. */
  api?: { url: string; token: string };
}

/** How a job ended, and what people see of it. */
export interface Ran extends Need {
  summary: string;
  log: string;
  /** What each step was; one that failed is the last. */
  steps: string[];
}

/** What is there, or does not change what the scripts do: the checkout with its packages, and a key that is kept. */
const prepared = /^(actions\/(checkout|setup-node)@|\$\/\.github\/actions\/sign-in$|npm ci )/;

/**
 * Runs the scripts of a job, one after the other, each with the variables that the workflow gives it.
 *
 * @param ended jobs that ran before it @param between called before each step with its command or action
 */
export async function run(
  job: Job,
  { github, vars = {}, matrix = {} }: Pick<Happening, "github" | "vars"> & { matrix?: object },
  machine: Machine,
  ended: Readonly<Record<string, Need>> = {},
  between: (what: string) => Promise<unknown> = async () => {},
): Promise<Ran> {
  const ran: Ran = { result: "success", outputs: {}, summary: "", log: "", steps: [] };
  if (!starts(job, { github, vars }, ended)) return { ...ran, result: "skipped" };
  const { workspace, environment, secrets, api = { url: "http://127.0.0.1:1", token: "" } } = machine;
  await mkdir(machine.folder, { recursive: true });
  const temp = await mkdtemp(path.join(machine.folder, "job-"));
  const steps: Record<string, Pick<Need, "outputs">> = {};
  const contexts: Contexts = {
    ...{ github: { ...github, token: api.token }, vars, needs: ended, matrix, secrets, steps },
    runner: { temp },
  };
  const [output, summary] = [path.join(temp, "output"), path.join(temp, "summary")];
  const common = {
    ...{
      ...environment,
      CI: "true",
      RUNNER_TEMP: temp,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: repository,
    },
    ...{ GITHUB_SERVER_URL: "https://github.example", GITHUB_RUN_ID: "7", GITHUB_API_URL: api.url },
    ...{ ...filled(job.env, contexts), GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
  };
  for (const step of job.steps) {
    const what = step.run ?? step.uses ?? "";
    await between(what);
    ran.steps.push(what);
    if (prepared.test(what)) continue;
    for (const file of [output, summary]) await writeFile(file, "");
    const script = step.run ?? pulumiAction(what, filled(step.with, contexts));
    const { exitCode, all } = await execa("bash", ["-e", "-c", script], {
      ...{ cwd: workspace, env: { ...common, ...filled(step.env, contexts) }, extendEnv: false },
      ...{ all: true, reject: false, timeout: 300_000 },
    });
    ran.log += `${what}\n${all}\n`;
    ran.summary += await readFile(summary, "utf8");
    const lines = (await readFile(output, "utf8")).matchAll(/^([^=\n]+)=(.*)$/gm);
    if (step.id)
      steps[step.id] = { outputs: Object.fromEntries([...lines].map(([, name, text]) => [name, text])) };
    if (exitCode === 0) continue;
    ran.result = "failure";
    break;
  }
  ran.outputs = filled(job.outputs, contexts);
  await appendFile(path.join(machine.folder, "log"), ran.log);
  return ran;
}

/**
 * What pulumi/actions makes of these inputs, for the CLI; without a command it only installs it, which is here. Source:
 * src/main.ts and src/config.ts of its version 7.0.0, and the Automation API's `up`.
 */
function pulumiAction(what: string, inputs: Readonly<Record<string, string>>): string {
  if (!what.startsWith("pulumi/actions@")) throw new Error(`nobody runs ${what} here`);
  const { command = "--version", "pulumi-version-file": _, ...options } = inputs;
  const flags: Record<string, (text: string) => string[]> = {
    "stack-name": (text) => ["--stack", text],
    color: (text) => ["--color", text],
    policyPacks: (text) => ["--policy-pack", text],
    plan: (text) => ["--plan", `'${text}'`],
    refresh: (text) => (text === "true" ? ["--refresh"] : []),
    "suppress-outputs": (text) => (text === "true" ? ["--suppress-outputs"] : []),
  };
  const given = Object.entries(options).flatMap(([name, text]) => {
    const flag = flags[name];
    if (flag === undefined) throw new Error(`pulumi/actions: nobody passes on ${name} here`);
    return flag(text);
  });
  const consent = command === "up" ? ["--yes", "--skip-preview", "--non-interactive"] : [];
  return ["pulumi", command, ...consent, ...given].join(" ");
}
