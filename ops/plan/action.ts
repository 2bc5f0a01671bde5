/** What `plan` does. */
import { UserError } from "../../engine/errors.ts";
import { diagramOf } from "../diagram/index.ts";
import { projectRoot } from "../project.ts";
import { json, write } from "../terminal/output.ts";
import { planAgainst } from "./against.ts";
import { compare } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import { comparisonMarkdown, planMarkdown } from "./markdown.ts";
import type { Plan } from "./model.ts";
import { program } from "./program.ts";
import { planOf } from "./run.ts";
import { readStackFile } from "./stack-file.ts";
import { comparisonText, planText } from "./text.ts";

export interface PlanOptions {
  stack: string;
  against?: string;
  json?: true;
  markdown?: true;
  diagram?: true;
  exitCode?: true;
}

export async function runPlan(options: PlanOptions): Promise<void> {
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
