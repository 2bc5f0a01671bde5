/** Plans of every stack against a git version, each by the command `plan` in a process of its own. */
import { execa } from "execa";
import { root } from "../bundle.mjs";
import { compare } from "../plan/compare.ts";
import type { Comparison } from "../plan/comparison.ts";
import type { Plan } from "../plan/model.ts";
import { projectRoot } from "../project.ts";
import { stacksAt, stacksIn } from "./stacks.ts";

/** A stack that could be planned. `new`: the base has no such stack; compared with nothing. */
export interface ComparedReview {
  stack: string;
  kind: "compared" | "new";
  comparison: Comparison;
  plan: Plan;
}

/** What is known of one stack. */
export type Review =
  | ComparedReview
  /** The stack file is gone. */
  | { stack: string; kind: "removed" }
  /** It cannot be planned: one line for each mistake. */
  | { stack: string; kind: "failed"; errors: string[] };

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
  const against = base === undefined ? [] : ["--against", base];
  const { stdout, stderr, failed } = await execa(
    process.execPath,
    // The first is this very bundle.
    [process.argv[1] ?? "", "plan", "--stack", stack, ...against, "--json"],
    { cwd: root, reject: false, env: { NO_COLOR: "1" } },
  );
  if (failed) {
    const errors = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("note: "));
    return { stack, kind: "failed", errors: errors.map((line) => line.replace(/^error: /, "")) };
  }
  if (base === undefined) {
    const plan = JSON.parse(stdout) as Plan;
    return { stack, kind: "new", comparison: compare(nothing(plan), plan), plan };
  }
  const comparison = JSON.parse(stdout) as Comparison & { plan: Plan };
  return { stack, kind: "compared", comparison: withIdentity(comparison), plan: comparison.plan };
}

/** What is new is among the violations, too: once read from JSON they are equal, not the same. */
function withIdentity(comparison: Comparison): Comparison {
  const { policies } = comparison;
  if (policies === undefined) return comparison;
  const same = policies.added.map(
    (one) => policies.violations.find((other) => JSON.stringify(other) === JSON.stringify(one)) ?? one,
  );
  return { ...comparison, policies: { ...policies, added: same } };
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
