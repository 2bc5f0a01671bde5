/** What no workflow of this repository may do, as rules. */
import type { Job, Step, Workflow } from "./workflow.ts";

const triggers = ["pull_request", "push", "schedule", "workflow_dispatch"];

/** What a job puts into the hands of the code that it runs. */
export function exposed(workflow: Workflow, id: string): string[] {
  const job = workflow.jobs[id];
  if (job === undefined) throw new Error(`no job ${id}`);
  const permissions = job.permissions ?? workflow.permissions ?? "GitHub's default";
  const writes =
    typeof permissions === "string"
      ? [`token: ${permissions}`]
      : Object.entries(permissions).flatMap(([scope, level]) =>
          level === "write" ? [`token: ${scope}`] : [],
        );
  // Whatever way it is written: secrets.NAME, secrets['NAME'], toJSON(secrets), `secrets: inherit`; the command is none.
  const text = JSON.stringify([workflow.env, job]);
  const secrets = /\bsecrets\b(?!:scan")/.test(text) ? ["secrets"] : [];
  const environment = job.environment === undefined ? [] : ["environment"];
  return [...writes, ...secrets, ...environment];
}

/** One line for each breach. */
export function breaches(workflow: Workflow): string[] {
  const { on, permissions, jobs, text } = workflow;
  const found: string[] = [];
  const say = (where: string, what: string) => found.push(`${workflow.file} ${where}: ${what}`);
  for (const trigger of Object.keys(on))
    if (!triggers.includes(trigger)) say("on", `${trigger} can run with secrets for somebody else's code`);
  if (JSON.stringify(permissions) !== "{}") say("permissions", "expected {}: each job asks for its own");
  for (const [id, job] of Object.entries(jobs)) {
    if (typeof job.permissions !== "object") say(id, "no permissions of its own");
    if (job["timeout-minutes"] === undefined) say(id, "no timeout-minutes");
    for (const step of job.steps) {
      for (const what of stepBreaches(step)) say(id, what);
      const isPull = "pull_request" in on;
      if (isPull && writes(job) && isCheckout(step) && step.with?.ref !== base && step.with?.ref !== "main")
        say(id, "may write, and checks out something else than the base, or main");
    }
    if (job.steps.some(takesDown) && !job.steps.filter(isCheckout).every((step) => step.with?.ref === "main"))
      say(id, "takes environments down by other code than main's");
    if (job.steps.some(isUp)) {
      const groups = [workflow.concurrency, job.concurrency];
      if (!groups.some((one) => one !== undefined)) say(id, "an up without a concurrency group");
      if (groups.some((one) => one?.["cancel-in-progress"] === true)) say(id, "an up that can be cancelled");
    }
  }
  for (const line of unpinned(text))
    say("uses", `${line}: expected a full commit and its version in a comment`);
  return found;
}

/** The actions of others that a workflow or action names otherwise than by a full commit. */
export const unpinned = (text: string): string[] =>
  [...text.matchAll(/uses: *(?!\$\/)(\S+)(.*)/g)].flatMap(([line, action = "", version = ""]) =>
    /@[0-9a-f]{40}$/.test(action) && /^ # v\d+\.\d+\.\d+$/.test(version) ? [] : [line.trim()],
  );

function stepBreaches(step: Step): string[] {
  const found: string[] = [];
  // What a pull request's author types (titles, branches) would become part of the script.
  if (step.run?.includes("${{")) found.push("an expression inside of run: give it as a variable");
  if (isCheckout(step) && step.with?.["persist-credentials"] !== false)
    found.push("checkout leaves its token behind: persist-credentials: false");
  return found;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
const base = "${{ github.event.pull_request.base.sha }}";
const isCheckout = ({ uses }: Step) => uses?.startsWith("actions/checkout@") === true;
const isUp = ({ uses, with: given, run }: Step) =>
  (uses?.startsWith("pulumi/actions@") === true && given?.command === "up") ||
  /\bpulumi up\b|\benv -- /.test(run ?? "");
/** What takes environments down must not be what a pull request says it is. */
const takesDown = ({ run }: Step) => /\benv -- (.* down|sweep)/.test(run ?? "");
/** Who a job is may be said to others (`id-token`): that writes nothing here. */
const writes = ({ permissions }: Job) =>
  typeof permissions === "string" ||
  Object.entries(permissions ?? {}).some(([scope, level]) => scope !== "id-token" && level === "write");
