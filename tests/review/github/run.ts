/** A run of a workflow on this machine: its jobs' own steps, in their order, with their own commands. */
import { appendFile, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../../ops/bundle.mjs";
import { repository } from "./events.ts";
import { type Contexts, filled } from "./expressions.ts";
import {
  type Happening,
  type Job,
  type Need,
  needsOf,
  type Result,
  runsAfter,
  type Step,
  type Workflow,
} from "./workflow.ts";

/** Where jobs run. */
export interface Machine {
  /** The checkout; its packages are installed. */
  workspace: string;
  /** For what steps leave behind. */
  folder: string;
  /** What the steps' processes have besides what the workflow gives them. */
  environment: Record<string, string>;
  /** Secrets by environment of GitHub. */
  secrets: Record<string, Record<string, string>>;
  /** GitHub's API and a token for it; none by default. */
  api?: { url: string; token: string };
}

/** How a job ended, and what people see of it. */
export interface Ran extends Need {
  summary: string;
  log: string;
  /** What each step was and what it ended with; a failure is the last. */
  steps: { what: string; exitCode: number }[];
}

/** What a test does while a job runs: called before each step with its command or action. */
export type Between = (what: string) => Promise<unknown>;

const skipped: Ran = { result: "skipped", outputs: {}, summary: "", log: "", steps: [] };

export class Run {
  readonly ran: Record<string, Ran> = {};
  private readonly workflow: Workflow;
  private readonly happening: Happening;
  private readonly machine: Machine;

  constructor(workflow: Workflow, happening: Happening, machine: Machine) {
    this.workflow = workflow;
    this.happening = happening;
    this.machine = machine;
  }

  /** Runs one job, after those that it needs. @param matrix of a job with one */
  async job(id: string, { matrix = {}, between }: { matrix?: object; between?: Between } = {}): Promise<Ran> {
    const job = this.workflow.jobs[id];
    if (job === undefined) throw new Error(`${this.workflow.file} has no job ${id}`);
    const needs = Object.fromEntries(
      needsOf(job).map((need): [string, Need] => {
        const ran = this.ran[need];
        if (ran === undefined) throw new Error(`${id} needs ${need}, which did not run yet`);
        return [need, { result: ran.result, outputs: ran.outputs }];
      }),
    );
    const { github, vars = {} } = this.happening;
    const runs = runsAfter(job, { github, vars }, needs);
    const ran = runs ? await this.steps(job, { github, vars, needs, matrix }, between) : skipped;
    this.ran[id] = ran;
    return ran;
  }

  private async steps(job: Job, around: Contexts, between: Between | undefined): Promise<Ran> {
    await mkdir(this.machine.folder, { recursive: true });
    const temp = await mkdtemp(path.join(this.machine.folder, "job-"));
    const { api, secrets } = this.machine;
    const contexts: Contexts = {
      ...around,
      github: { ...(around.github as object), token: api?.token ?? "" },
      secrets: secrets[filled(String(job.environment ?? ""), around)] ?? {},
      runner: { temp },
    };
    const environment = { ...this.common(temp), ...all(job.env, contexts) };
    const outputs: Record<string, { outputs: Record<string, string> }> = {};
    const ran: Ran = { result: "success", outputs: {}, summary: "", log: "", steps: [] };
    for (const [index, step] of job.steps.entries()) {
      const what = step.run ?? step.uses ?? "";
      await between?.(what);
      const files = {
        output: path.join(temp, `output-${index}`),
        summary: path.join(temp, `summary-${index}`),
      };
      for (const file of Object.values(files)) await writeFile(file, "");
      const { exitCode, text } = await this.step(
        step,
        { ...contexts, steps: outputs },
        {
          ...environment,
          GITHUB_OUTPUT: files.output,
          GITHUB_STEP_SUMMARY: files.summary,
        },
      );
      ran.log += `${what}\n${text}\n`;
      ran.summary += await readFile(files.summary, "utf8");
      ran.steps.push({ what, exitCode });
      if (step.id) outputs[step.id] = { outputs: pairs(await readFile(files.output, "utf8")) };
      if (exitCode === 0) continue;
      ran.result = "failure";
      break;
    }
    ran.outputs = all(job.outputs, { ...contexts, steps: outputs });
    await appendFile(path.join(this.machine.folder, "log"), ran.log);
    return ran;
  }

  private async step(
    step: Step,
    contexts: Contexts,
    environment: Record<string, string>,
  ): Promise<{ exitCode: number; text: string }> {
    const own = { ...environment, ...all(step.env, contexts) };
    const [action = ""] = step.uses?.split("@") ?? [];
    // The checkout is here, with its packages.
    if (["actions/checkout", "actions/setup-node"].includes(action) || step.run?.startsWith("npm ci "))
      return { exitCode: 0, text: "" };
    const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      filled(String(value), contexts),
    ]);
    // Who names nobody to sign in at uses the secrets.
    if (action === "$/.github/actions/sign-in" && inputs.every(([, value]) => value === ""))
      return { exitCode: 0, text: "" };
    const [program, args]: [string, string[]] =
      step.run !== undefined
        ? ["bash", ["-e", "-c", step.run]]
        : action === "pulumi/actions"
          ? [process.execPath, ["--import", tsx, path.join(here, "pulumi-action.ts")]]
          : ["false", []];
    const { exitCode, all: text } = await execa(program, args, {
      cwd: this.machine.workspace,
      env: { ...own, ...Object.fromEntries(inputs) },
      extendEnv: false,
      all: true,
      reject: false,
      timeout: 300_000,
    });
    return { exitCode: exitCode ?? 1, text };
  }

  private common(temp: string): Record<string, string> {
    const { api, environment, workspace } = this.machine;
    return {
      ...environment,
      CI: "true",
      RUNNER_TEMP: temp,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: repository,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "7",
      GITHUB_API_URL: api?.url ?? "http://127.0.0.1:1",
    };
  }
}

const here = path.join(root, "tests", "review", "github");
const tsx = path.join(root, "node_modules", "tsx", "dist", "esm", "index.mjs");

const all = (texts: Record<string, string> | undefined, contexts: Contexts) =>
  Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, filled(String(text), contexts)]),
  );

/** `name=value` on each line. */
const pairs = (text: string) =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

export type { Result };
