/** The job of GitHub Actions that this runs in, by the variables that its runner sets. */
import { appendFile, readFile } from "node:fs/promises";
import { UserError } from "../../engine/errors.ts";
import { write } from "../terminal/output.ts";
import { GitHub } from "./github.ts";

/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What of an event's payload is used here. */
export interface Event {
  /** Of a push. */
  head_commit?: { message: string };
  pull_request?: {
    number: number;
    user?: { login: string };
    /** `repo` is null when the fork has been deleted. */
    head: { sha: string; repo: { full_name: string } | null };
  };
}

/** Limits: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, in bytes for each step. */
export const summaryLimit = 1024 * 1024;

/** The event of this job. */
export async function event(environment: Variables): Promise<Event> {
  const file = required(environment, "GITHUB_EVENT_PATH");
  return JSON.parse(await readFile(file, "utf8")) as Event;
}

/** Whether the event is of a pull request from this repository itself; not from a fork, nor from one that is gone. */
export function isOwn({ pull_request }: Event, environment: Variables): boolean {
  return pull_request?.head.repo?.full_name === required(environment, "GITHUB_REPOSITORY");
}

/** The API with the job's token. */
export function gitHub(environment: Variables): GitHub {
  return new GitHub({
    api: required(environment, "GITHUB_API_URL"),
    repository: required(environment, "GITHUB_REPOSITORY"),
    token: required(environment, "GITHUB_TOKEN"),
  });
}

/** A link to the page of this run, for people. @param otherwise what stands in its place outside of a job */
export function runPage(
  { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }: Variables,
  otherwise: string,
  title = "the run's page",
): string {
  return server && repository && run ? `[${title}](${server}/${repository}/actions/runs/${run})` : otherwise;
}

/** Shows Markdown on the run's page, or prints it outside of a job. */
export async function summarize(markdown: string, { GITHUB_STEP_SUMMARY: file }: Variables): Promise<void> {
  if (file) await appendFile(file, markdown);
  else await write(markdown);
}

/** Gives values to later steps and jobs, or prints them outside of a job. Values are one line each. */
export async function output(
  values: Record<string, string>,
  { GITHUB_OUTPUT: file }: Variables,
): Promise<void> {
  for (const [name, value] of Object.entries(values))
    if (/[\r\n]/.test(value)) throw new Error(`output ${name} has more than one line`);
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  if (file) await appendFile(file, lines.join(""));
  else await write(lines.join(""));
}

/** A remark on a line of a file, which GitHub shows among the changes of a pull request. */
export interface Annotation {
  level: "error" | "warning" | "notice";
  /** Below the repository's root. */
  file: string;
  line: number;
  title: string;
  message: string;
}

/** Says remarks to the runner; outside of a job nobody takes them up, and nothing is printed. */
export function annotate(remarks: readonly Annotation[], { GITHUB_ACTIONS: isJob }: Variables): void {
  if (isJob === "true") for (const remark of remarks) process.stdout.write(`${workflowCommand(remark)}\n`);
}

/**
 * A remark as the runner reads it from what a step prints. What was not written here (names, words of a stack file)
 * cannot begin a command of its own, nor another property.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, and `escapeData` and
 * `escapeProperty` of https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
 */
export function workflowCommand({ level, file, line, title, message }: Annotation): string {
  const value = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string) => value(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} file=${property(file)},line=${line},title=${property(title)}::${value(message)}`;
}

function required(environment: Variables, name: string): string {
  const value = environment[name];
  if (!value) throw new UserError(`${name}: not set; expected in a job of GitHub Actions`);
  return value;
}
