/** The job of GitHub Actions that this runs in, by the variables that its runner sets. */
import { appendFile, readFile } from "node:fs/promises";
import { UserError } from "../../engine/errors.ts";
import { write } from "../terminal/output.ts";
import { GitHub } from "./github.ts";

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
export const event = async (): Promise<Event> =>
  JSON.parse(await readFile(required("GITHUB_EVENT_PATH"), "utf8")) as Event;

/** Whether the event is of a pull request from this repository itself; not from a fork, nor from one that is gone. */
export const isOwn = ({ pull_request: pull }: Event): boolean =>
  pull?.head.repo?.full_name === required("GITHUB_REPOSITORY");

/** The API with the job's token. */
export const gitHub = (): GitHub =>
  new GitHub({
    api: required("GITHUB_API_URL"),
    repository: required("GITHUB_REPOSITORY"),
    token: required("GITHUB_TOKEN"),
  });

/** A link to the page of this run, for people. @param otherwise what stands in its place outside of a job */
export function runPage(otherwise: string, title = "the run's page"): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return server && repository && run ? `[${title}](${server}/${repository}/actions/runs/${run})` : otherwise;
}

/** Shows Markdown on the run's page, or prints it outside of a job. */
export const summarize = (markdown: string): Promise<void> =>
  given(process.env.GITHUB_STEP_SUMMARY, markdown);

/** Gives values to later steps and jobs, or prints them outside of a job. Values are one line each. */
export async function output(values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values))
    if (/[\r\n]/.test(value)) throw new Error(`output ${name} has more than one line`);
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  await given(process.env.GITHUB_OUTPUT, lines.join(""));
}

const given = (file: string | undefined, text: string): Promise<void> =>
  file ? appendFile(file, text) : write(text);

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
export function annotate(remarks: readonly Annotation[]): void {
  if (process.env.GITHUB_ACTIONS !== "true") return;
  for (const remark of remarks) process.stdout.write(`${workflowCommand(remark)}\n`);
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

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new UserError(`${name}: not set; expected in a job of GitHub Actions`);
  return value;
}
