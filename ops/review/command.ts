/** `review`: what the workflows in .github/workflows do beyond calling Pulumi. */
import { Command } from "commander";
import { forms } from "../terminal/output.ts";

const actions = () => import("./actions.ts");

/** The commands with their options. */
export function reviewCommand(): Command {
  const review = new Command("review").description(
    "for the workflows: summaries of pull requests, approvals, drift; `plan`, `preview` and `watch` print where there is no GitHub",
  );
  review
    .command("plan")
    .description("what this version changes in every stack: the job summary, and a file for `review comment`")
    .requiredOption("--base <ref>", "git version to compare with")
    .option("--out <file>", "write the comment's text there")
    .action(async (options) => (await actions()).plan(options));
  review
    .command("comment")
    .description("put what `review plan` and `review preview` say into the pull request's one comment")
    .requiredOption("--file <file...>", "what `review plan --out` or `review preview --out` wrote")
    .action(async (options) => (await actions()).writeComment(options));
  review
    .command("stacks")
    .description("the stacks to preview or to apply, in this order, as a job's output: stacks=[…]")
    .option("--since <ref>", "only those whose settings or program changed since then")
    .action(async (options) => (await actions()).listStacks(options));
  review
    .command("preview")
    .description("what `pulumi up` would do, and the digest that is approved with it")
    .requiredOption("--stack <name>", "the stack")
    .option("--approved <digest>", "fail unless the plan is this one")
    .option("--save-plan <file>", "write Pulumi's update plan there, for `pulumi up --plan`")
    .option("--out <file>", "write the comment's text there")
    .action(async (options) => (await actions()).preview(options));
  review
    .command("watch")
    .description("drift, strangers and status of a stack, kept in one issue")
    .requiredOption("--stack <name>", "the stack")
    .action(async (options) => (await actions()).watch(options));
  review
    .command("tag")
    .description("say on a stack, in its tags, which commit and pull request it is of, and whose")
    .requiredOption("--stack <name>", "the stack")
    .action(async (options) => (await actions()).tag(options));
  review
    .command("environments")
    .description(
      "the comment of each pull request that has a short-lived environment, and a word a day before its end",
    )
    .option("--stack <name>", "of this one only, also when it is gone")
    .action(async (options) => (await actions()).environments(options));
  return review;
}

/** `drift`: by hand what `review watch` says of it. */
export function driftCommand(): Command {
  const command = new Command("drift")
    .description(
      "what somebody changed at a vendor without Pulumi: since when, by whom, whether up would undo it, and the commands; changes nothing",
    )
    .option("--stack <name>", "the stack", "prod");
  for (const form of forms({ json: "for programs", markdown: "for an issue or a pull request" }))
    command.addOption(form);
  return command.action(async (options) => (await actions()).drift(options));
}
