/** For tests: rehearsals, each in a process of its own since it takes one for itself. */
import { execa } from "execa";
import type { Step } from "../../../engine/cli/operation.ts";
import { bundle, root } from "../../../ops/bundle.mjs";
import type { Rehearsal } from "../../../ops/sandbox/rehearsal/index.ts";
import type { Before, States } from "./clouds.ts";
import type { programs } from "./programs.ts";

/** What to rehearse. */
export interface Job {
  /** Sections of `kairos:`, as a stack file has them. */
  settings: Record<string, unknown>;
  /** Runs in place of the stack. */
  program?: keyof typeof programs;
  /** Other keys of the stack file. */
  more?: Record<string, string>;
  /** Keys of sections that hold an encrypted value. */
  secretKeys?: string[];
  /** Milliseconds that databases and tasks take. */
  provisioning?: number;
  before?: Before[];
}

/** What came of a job. */
export interface RehearsalReport {
  rehearsed?: Rehearsal;
  /** What a person would have been told. */
  error?: { name: string; message: string };
  progress: Step[];
  /** What is there, by logical name. */
  resources: { name: string; id: string }[];
  states: States;
  /** Methods and paths of the calls over HTTP: those of the program's hooks. */
  calls: string[];
  refused: readonly string[];
}

/** The worker as one file: loading Pulumi's SDKs as they are takes each process seconds. */
let worker: Promise<string> | undefined;

/** Rehearses in a process of its own. */
export async function rehearseApart(job: Job): Promise<RehearsalReport> {
  worker ??= bundle({ entry: "tests/helpers/rehearsal/worker.ts" });
  const { stdout, stderr, exitCode } = await execa(process.execPath, [await worker], {
    cwd: root,
    input: JSON.stringify(job),
    reject: false,
    // Several start side by side: seconds, minutes on a busy machine.
    timeout: 170_000,
    // Nobody listens there: a call that is not kept on loopback fails.
    env: { HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "" },
  });
  if (exitCode !== 0 || stderr !== "") throw new Error(`exit code ${exitCode}, and on stderr: ${stderr}`);
  return JSON.parse(stdout) as RehearsalReport;
}
