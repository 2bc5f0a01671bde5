/** `plan`: what the program would provision, without an engine, an account, a passphrase or a network. */
import { Command } from "commander";
import { UserError } from "../../engine/errors.ts";
import { diagramOf } from "../diagram/index.ts";
import { projectRoot } from "../project.ts";
import { forms, json, write } from "../terminal/output.ts";
import { planAgainst } from "./against.ts";
import { compare } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import { comparisonMarkdown, planMarkdown } from "./markdown.ts";
import type { Plan } from "./model.ts";
import { program } from "./program.ts";
import { planOf } from "./run.ts";
import { readStackFile } from "./stack-file.ts";
import { comparisonText, planText } from "./text.ts";

interface PlanOptions {
  stack: string;
  against?: string;
  json?: true;
  markdown?: true;
  diagram?: true;
  exitCode?: true;
}

/** The command with its options. */
export function planCommand(): Command {
  const command = new Command("plan")
    .description("show what a stack would provision: resources, inputs, environment; needs no account")
    .option("--stack <name>", "the stack: Pulumi.<name>.yaml", "prod")
    .option("--against <ref|file>", "show what changed since a git ref or a saved plan (--json)")
    .option(
      "--exit-code",
      "with --against: exit 2 when something changed, 3 when data would be lost, 4 when a policy forbids it",
    )
    .action(runPlan);
  for (const form of printed) command.addOption(form);
  return command;
}

const printed = forms({
  json: "for programs",
  markdown: "for a pull request",
  diagram: "the stack as a Mermaid flowchart",
});

async function runPlan(options: PlanOptions): Promise<void> {
  if (options.exitCode && options.against === undefined)
    throw new UserError("--exit-code: expected --against beside it: without it nothing is compared");
  // The other version's plan runs beside this one, and ends in good order when this one fails.
  const other = options.against === undefined ? undefined : planAgainst(options.against, options.stack);
  const otherEnded = other?.catch(() => undefined);
  const plan = await thisPlan(options.stack).finally(() => otherEnded);
  const before = await other;
  if (options.diagram) {
    await write(diagramOf(plan));
    return;
  }
  if (before === undefined || options.against === undefined) {
    await write(options.json ? json(plan) : options.markdown ? planMarkdown(plan) : planText(plan));
    return;
  }
  const comparison = compare(before, plan);
  await write(
    options.json
      ? json({ against: options.against, ...comparison, plan })
      : options.markdown
        ? comparisonMarkdown(comparison, options.against, plan)
        : comparisonText(comparison, options.against),
  );
  if (options.exitCode) process.exitCode = exitCodeOf(comparison);
}

/** What `--exit-code` ends with: the gravest of what a change does. */
export function exitCodeOf({ resources, variables, policies }: Comparison): 0 | 2 | 3 | 4 {
  if (resources.some(({ losesData }) => losesData)) return 3;
  if (policies?.violations.some(({ level }) => level === "mandatory")) return 4;
  return resources.length + variables.length > 0 ? 2 : 0;
}

async function thisPlan(stack: string): Promise<Plan> {
  return planOf(await program(), await readStackFile(projectRoot, stack));
}
