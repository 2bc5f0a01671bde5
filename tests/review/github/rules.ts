/** What is this repository's own to ask of its workflows: no linter knows it. */
import type { Job, Step, Workflow } from "./jobs.ts";

/** What a job puts into the hands of the code that it runs. */
export function exposed({ env, jobs }: Workflow, id: string): string[] {
  const job = jobs[id];
  if (job === undefined) throw new Error(`no job ${id}`);
  const writes = Object.entries(job.permissions ?? {}).flatMap(([scope, level]) =>
    level === "write" ? [`token: ${scope}`] : [],
  );
  // Whatever way it is written: secrets.NAME, secrets['NAME'], toJSON(secrets), `secrets: inherit`; the command is none.
  const secrets = /\bsecrets\b(?!:scan")/.test(JSON.stringify([env, job])) ? ["secrets"] : [];
  return [...writes, ...secrets, ...(job.environment === undefined ? [] : ["environment"])];
}

/** One line for each breach. */
export const breaches = ({ on, concurrency, jobs }: Workflow): string[] =>
  Object.entries(jobs).flatMap(([id, job]) => {
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    const refs = checkouts.map(({ with: given }) => given?.ref);
    const groups = [concurrency, job.concurrency].filter((one) => one !== undefined);
    const isUp = job.steps.some(bringsUp);
    const breached = {
      "no timeout-minutes": job["timeout-minutes"] === undefined,
      "may write, and checks out something else than the base, or main":
        "pull_request" in on && writes(job) && !refs.every((ref) => ref === base || ref === "main"),
      "takes environments down by other code than main's":
        job.steps.some(takesDown) && !refs.every((ref) => ref === "main"),
      "an up without a concurrency group": isUp && groups.length === 0,
      "an up that can be cancelled": isUp && groups.some((one) => one["cancel-in-progress"] === true),
    };
    return Object.entries(breached).flatMap(([what, is]) => (is ? [`${id}: ${what}`] : []));
  });

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
const base = "${{ github.event.pull_request.base.sha }}";
const bringsUp = ({ with: given, run = "" }: Step) =>
  given?.command === "up" || /\bpulumi up\b|\benv -- /.test(run);
/** What takes environments down must not be what a pull request says it is. */
const takesDown = ({ run = "" }: Step) => /\benv -- (.* down|sweep)/.test(run);
/** Who a job is may be said to others (`id-token`): that writes nothing here. */
const writes = ({ permissions = {} }: Job) =>
  Object.entries(permissions).some(([scope, level]) => scope !== "id-token" && level === "write");
