/** Plans of every stack against a git version. */
import { UserError } from "../../engine/errors.ts";
import { planAgainst } from "../plan/against.ts";
import { compare } from "../plan/compare.ts";
import type { Review } from "../plan/comparison.ts";
import type { Plan } from "../plan/model.ts";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { readStackFile } from "../plan/stack-file.ts";
import { projectRoot } from "../project.ts";
import { stacksAt, stacksIn } from "./stacks.ts";

/** All stacks of this checkout and of the base. One that cannot be planned does not keep the others from it. */
export async function reviewsAgainst(base: string): Promise<Review[]> {
  const [here, there] = await Promise.all([stacksIn(projectRoot), stacksAt(base, projectRoot)]);
  const reviews: Review[] = [];
  // One after the other: the first makes the bundle of the base, which the others find.
  for (const stack of here) reviews.push(await reviewOf(stack, there.includes(stack) ? base : undefined));
  const removed = there.filter((stack) => !here.includes(stack));
  return [...removed.map((stack): Review => ({ stack, kind: "removed" })), ...reviews];
}

async function reviewOf(stack: string, base: string | undefined): Promise<Review> {
  try {
    const plan = await planOf(await program(), await readStackFile(projectRoot, stack));
    const before = base === undefined ? nothing(plan) : await planAgainst(base, stack);
    return {
      stack,
      kind: base === undefined ? "new" : "compared",
      comparison: compare(before, plan),
      plan,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { stack, kind: "failed", errors: error.message.split("\n") };
  }
}

/** A plan without anything, on the same day and with the same rules. */
function nothing(plan: Plan): Plan {
  const { policies, cost } = plan;
  return {
    ...plan,
    resources: [],
    services: [],
    outputs: [],
    warnings: [],
    needed: [],
    ...(policies && { policies: { ...policies, violations: [], excused: [], unknown: [], unused: [] } }),
    ...(cost && { cost: { currency: cost.currency, lines: [], from: 0, to: 0, unknown: [], warnings: [] } }),
  };
}
