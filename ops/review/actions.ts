/** What the commands of `review` do, in a job of GitHub Actions or, printed, on anybody's machine. */
import { readFile, writeFile } from "node:fs/promises";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { root } from "../bundle.mjs";
import { blockers } from "../plan/comparison.ts";
import { isQuiet, summary } from "../plan/markdown.ts";
import { projectRoot } from "../project.ts";
import { oneLine, prose } from "../terminal/markdown.ts";
import { harmless, json as indented, write } from "../terminal/output.ts";
import { annotationsAgainst } from "./annotations.ts";
import { approvalMarkdown, previewComment } from "./approval.ts";
import { comment, issue } from "./comment.ts";
import { driftMarkdown, driftOf, driftText } from "./drift-report.ts";
import { commentOn, environmentMarkdown, environmentsIn, farewell, numberOf } from "./environments.ts";
import { commentLimit, withinLimit } from "./fit.ts";
import { handover, type Part, shares, withParts } from "./parts.ts";
import { reviewsAgainst } from "./plans.ts";
import { previewOf } from "./preview.ts";
import { tagProvenance } from "./provenance.ts";
import { previewed } from "./pulumi.ts";
import {
  annotate,
  event,
  gitHub,
  isOwn,
  output,
  runPage,
  summarize,
  summaryLimit,
  type Variables,
} from "./runner.ts";
import { changedFiles, deployed, stacksIn, touched } from "./stacks.ts";
import { watched } from "./watch.ts";

const environment: Variables = process.env;
/** For the marker's line, and for whatever GitHub counts otherwise. */
const reserve = 1024;

/**
 * `review plan`: exit code 1, after all of it has been said, when a stack cannot be planned, breaks a mandatory policy,
 * or would lose data that no exception gives up.
 */
export async function plan({ base, out }: { base: string; out?: string }): Promise<void> {
  const reviews = await reviewsAgainst(base);
  const document = summary(reviews, environment.GITHUB_BASE_REF || base);
  await summarize(
    withinLimit(document, summaryLimit - reserve, "`npx kairos plan --against`, in a clone"),
    environment,
  );
  if (out !== undefined) {
    const page = runPage(environment, "`npx kairos plan --against`");
    const body = withinLimit(document, shares.plan, page);
    await handOver(out, { part: "plan", quiet: isQuiet(reviews), body });
  }
  annotate(await annotationsAgainst(base, reviews), environment);
  for (const review of reviews) {
    const why = "comparison" in review ? blockers(review.comparison) : [];
    if (review.kind === "failed") why.push("it cannot be planned");
    for (const line of why) say(`error: ${review.stack}: ${line}`);
    if (why.length > 0) process.exitCode = 1;
  }
}

/**
 * `review comment`: puts what jobs handed over into the one comment. A pull request from a fork, or a token that may not
 * write, is no mistake.
 */
export async function writeComment({ file: files }: { file: string[] }): Promise<void> {
  const cause = await event(environment);
  if (cause.pull_request === undefined) throw new UserError("review comment: the event has no pull request");
  const { number, head } = cause.pull_request;
  if (!isOwn(cause, environment)) return say("no comment: from a fork; the job summary says it all");
  const parts = await Promise.all(files.map(handedOver));
  const fate = await comment(gitHub(environment), {
    number,
    key: "plan",
    quiet: parts.every(({ quiet }) => quiet),
    body: (known) => withParts(known, parts, head.sha),
  });
  say(
    fate === "denied"
      ? "no comment: the token may not write (permission pull-requests: write); the job summary says it all"
      : `comment: ${fate}`,
  );
}

async function handedOver(file: string): Promise<Part> {
  const given = handover.safeParse(json(await readFile(file, "utf8").catch(() => "")));
  if (given.success) return given.data;
  throw new UserError(
    `--file: got ${file}; expected what \`review plan --out\` or \`review preview --out\` wrote: { part, quiet, body }`,
  );
}

const handOver = (file: string, part: Part) => writeFile(file, JSON.stringify(part));

/** `review stacks`: the stacks that workflows preview and apply, as JSON in the output `stacks`. */
export async function listStacks({ since }: { since?: string }): Promise<void> {
  const all = deployed(await stacksIn(projectRoot));
  const wanted = since === undefined ? all : touched(await changedFiles(since, root), all);
  await output({ stacks: JSON.stringify(wanted) }, environment);
}

/** `review preview`: what `pulumi up` would do, its digest, and whether that is what was approved. */
export async function preview(options: {
  stack: string;
  approved?: string;
  savePlan?: string;
  out?: string;
}): Promise<void> {
  const { stack, approved, savePlan, out } = options;
  const workspace = await Workspace.open(projectRoot);
  const { events, error } = await previewed(workspace.stack(stack), {
    policies: "infra/policies",
    ...(savePlan !== undefined && { plan: savePlan }),
  });
  const found = previewOf(events);
  const matches = approved === undefined ? undefined : approved === found.digest;
  const approval = { stack, ...found, matches, refused: error };
  await summarize(approvalMarkdown(approval), environment);
  if (out !== undefined) {
    const { quiet, ...document } = previewComment(approval);
    const body = withinLimit(document, shares.preview, runPage(environment, "`pulumi preview`"));
    await handOver(out, { part: `preview-${stack}`, quiet, body });
  }
  if (error !== undefined) throw new UserError(`${error}; nothing was changed`);
  await output({ digest: found.digest, changes: `${found.steps.length}` }, environment);
  if (matches === false)
    throw new UserError(
      `${stack}: the plan is no longer the one that was approved (approved ${approved}, now ${found.digest}); nothing was changed. Run the workflow again and approve what it shows`,
    );
}

/** `review watch`: drift and status of a stack, kept in one issue. Exit code 1 when one of them cannot be seen. */
export async function watch({ stack }: { stack: string }): Promise<void> {
  const { document, seen, unseen } = await watched(await Workspace.open(projectRoot), stack);
  const page = runPage(environment, "the run's page");
  const body = document && withinLimit(document, commentLimit - reserve, page);
  const notes = unseen.map((line) => `\n- ${prose(line)}\n`).join("");
  await summarize(body ?? `### ✅ ${stack}: no drift, all well\n${notes}`, environment);
  if (environment.GITHUB_TOKEN) {
    const fate = await issue(gitHub(environment), {
      key: `watch:${stack}`,
      title: `${stack}: not as Pulumi left it, or not well`,
      label: "infrastructure",
      ...(body !== undefined && { body }),
      farewell: `Gone: ${runPage(environment, "the last look", "the last look")} found no drift, and all well.`,
    });
    say(
      fate === "denied" ? "no issue: the token may not write (permission issues: write)" : `issue: ${fate}`,
    );
    if (fate === "denied") process.exitCode = 1;
  }
  if (!seen) process.exitCode = 1;
}

/** `review tag` */
export async function tag({ stack }: { stack: string }): Promise<void> {
  const tags = await tagProvenance((await Workspace.open(projectRoot)).stack(stack), environment);
  for (const [name, value] of Object.entries(tags)) say(`${stack}: ${name} ${value}`);
}

/** `review environments`: a pull request that the token may not write to, or that is not there, keeps it from no other. */
export async function environments({ stack }: { stack?: string }): Promise<void> {
  if (stack !== undefined && numberOf(stack) === undefined)
    throw new UserError(`--stack: got "${stack}"; expected pr-<number>: others have no pull request`);
  const now = new Date();
  const all = await environmentsIn(await Workspace.open(projectRoot), now, stack);
  if (all.length === 0 && stack === undefined) say("no pull request has an environment");
  if (!environment.GITHUB_TOKEN)
    return write(all.map((one) => `${environmentMarkdown(one, now)}\n`).join("\n"));
  const api = gitHub(environment);
  for (const one of all) say(`${one.name}: comment ${(await commentOn(api, one, now)).join(", ")}`);
  if (stack !== undefined && all.length === 0) say(`${stack}: comment ${await farewell(api, stack)}`);
}

/** `drift` */
export async function drift({
  stack,
  ...form
}: {
  stack: string;
  json?: true;
  markdown?: true;
}): Promise<void> {
  const found = await driftOf((await Workspace.open(projectRoot)).stack(stack));
  await write(form.json ? indented(found) : form.markdown ? `${driftMarkdown(found)}\n` : driftText(found));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function say(text: string): void {
  process.stderr.write(harmless(`${oneLine(text)}\n`));
}
