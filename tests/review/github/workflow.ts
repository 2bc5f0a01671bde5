/** Workflows as data, and what GitHub would do with them on an event: conditions are evaluated by GitHub's own library. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { root } from "../../../ops/bundle.mjs";
import { type Contexts, holds } from "./expressions.ts";

export interface Step {
  id?: string;
  if?: string;
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

/** Names of the jobs that run. @param failing those that fail when they run; all others succeed */
export function jobsRunOn(
  { on, jobs }: Workflow,
  { name, github, vars = {}, outputs = {} }: Happening,
  failing: readonly string[] = [],
): string[] {
  if (!startsOn(on, name, github.event)) return [];
  const results = new Map<string, Result>();
  const waiting = Object.entries(jobs);
  while (waiting.length > 0) {
    const index = waiting.findIndex(([, job]) => needsOf(job).every((need) => results.has(need)));
    const [entry] = waiting.splice(index, 1);
    if (index === -1 || entry === undefined) throw new Error("jobs need each other");
    const [id, job] = entry;
    const needs = Object.fromEntries(
      needsOf(job).map((need): [string, Need] => [
        need,
        { result: results.get(need) ?? "skipped", outputs: outputs[need] ?? {} },
      ]),
    );
    const runs = runsAfter(job, { github, vars }, needs);
    results.set(id, runs ? (failing.includes(id) ? "failure" : "success") : "skipped");
  }
  return Object.keys(jobs).filter((id) => results.get(id) !== "skipped");
}

/** How a job ended. */
export type Result = "success" | "failure" | "skipped";
/** What a job knows of one that it needs. */
export interface Need {
  result: Result;
  outputs: Record<string, string>;
}

/** The jobs that a job waits for. */
export const needsOf = ({ needs = [] }: Job) => [needs].flat();

/** Whether a job runs, once those that it needs have ended. */
export function runsAfter(job: Job, contexts: Contexts, needs: Record<string, Need>): boolean {
  const results = Object.values(needs).map(({ result }) => result);
  const status = {
    success: results.every((result) => result === "success"),
    failure: results.includes("failure"),
  };
  return holds(job.if, { ...contexts, needs }, status);
}

/** The activities of a pull request that start a workflow which names none. */
const usual = ["opened", "synchronize", "reopened"];

function startsOn(on: Workflow["on"], name: string, event: unknown): boolean {
  if (!(name in on)) return false;
  const { action, schedule } = (event ?? {}) as { action?: string; schedule?: string };
  if (name === "schedule") return (on[name] as { cron: string }[]).some(({ cron }) => cron === schedule);
  if (name !== "pull_request" || action === undefined) return true;
  const { types = usual } = (on[name] ?? {}) as { types?: string[] };
  return types.includes(action);
}
