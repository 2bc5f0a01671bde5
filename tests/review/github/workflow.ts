/** Workflows as data, and what GitHub would do with them on an event: conditions are evaluated by GitHub's own library. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { parse } from "yaml";
import { root } from "../../../ops/bundle.mjs";

export interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
export interface Job {
  if?: string;
  needs?: string | string[];
  permissions?: Record<string, string> | string;
  environment?: unknown;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  "timeout-minutes"?: number;
  steps: Step[];
  [key: string]: unknown;
}
export interface Workflow {
  file: string;
  text: string;
  on: Record<string, unknown>;
  permissions?: Record<string, string> | string;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** Reads a workflow. */
export function workflow(file: string, text: string): Workflow {
  const { on, ...rest } = parse(text) as Workflow & { on: string | string[] | Record<string, unknown> };
  const named = typeof on === "string" ? [on] : Array.isArray(on) ? on : undefined;
  const triggers = named ? Object.fromEntries(named.map((name) => [name, null])) : on;
  return { ...rest, file, text, on: triggers as Record<string, unknown> };
}

/** All workflows of this repository. */
export async function workflows(): Promise<Workflow[]> {
  const folder = path.join(root, ".github", "workflows");
  const files = (await readdir(folder)).sort();
  return Promise.all(
    files.map(async (file) => workflow(file, await readFile(path.join(folder, file), "utf8"))),
  );
}

/** What happened, as the contexts of a job show it. */
export interface Happening {
  name: string;
  github: Record<string, unknown>;
  vars?: Record<string, string>;
  /** Outputs that jobs give, by job; of a job that runs foreign code the worst that it could say. */
  outputs?: Record<string, Record<string, string>>;
}

/** Names of the jobs that run, where every job that runs succeeds. */
export function jobsRunOn(
  { on, jobs }: Workflow,
  { name, github, vars = {}, outputs = {} }: Happening,
): string[] {
  if (!(name in on)) return [];
  const results = new Map<string, string>();
  const waiting = Object.entries(jobs);
  while (waiting.length > 0) {
    const index = waiting.findIndex(([, job]) => needsOf(job).every((need) => results.has(need)));
    const [entry] = waiting.splice(index, 1);
    if (index === -1 || entry === undefined) throw new Error("jobs need each other");
    const [id, job] = entry;
    const needs = Object.fromEntries(
      needsOf(job).map((need) => [need, { result: results.get(need), outputs: outputs[need] ?? {} }]),
    );
    results.set(id, holds(job.if, { github, vars, needs }) ? "success" : "skipped");
  }
  return Object.keys(jobs).filter((id) => results.get(id) === "success");
}

const needsOf = ({ needs = [] }: Job) => [needs].flat();

type Contexts = { needs: Record<string, { result: string | undefined }> } & Record<string, unknown>;

/** Whether a job's condition holds. Without a status function in it GitHub adds `success() &&`. */
function holds(condition: string | undefined, contexts: Contexts): boolean {
  const text = (condition ?? "success()").replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, "$1");
  const all = Object.values(contexts.needs).every(({ result }) => result === "success");
  const status = { success: all, always: true, cancelled: false, failure: false };
  const hasStatus = /\b(success|always|cancelled|failure)\s*\(/.test(text);
  if (!hasStatus && !all) return false;
  const functions = Object.entries(status).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(text).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const given = new Map(functions.map((one) => [one.name, one]));
  const result = new Evaluator(tree, context, given).evaluate();
  return result.kind === data.Kind.Boolean
    ? (result as data.BooleanData).value
    : result.coerceString() !== "";
}
