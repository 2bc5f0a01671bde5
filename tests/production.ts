/** Production's stack file as somebody changes it, planned in process: what `plan` and `plan --against` show of it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readYaml, yamlIn, yamlOf } from "../engine/yaml.ts";
import { root } from "../ops/bundle.mjs";
import { exitCodeOf } from "../ops/plan/action.ts";
import { compare } from "../ops/plan/compare.ts";
import type { Comparison } from "../ops/plan/comparison.ts";
import { comparisonMarkdown, planMarkdown } from "../ops/plan/markdown.ts";
import type { Plan } from "../ops/plan/model.ts";
import { type Program, program } from "../ops/plan/program.ts";
import { planOf } from "../ops/plan/run.ts";
import { stackFileOf } from "../ops/plan/stack-file.ts";
import { comparisonText, planText } from "../ops/plan/text.ts";

/** A plan in each form that the command prints. */
export interface Shown {
  plan: Plan;
  text: string;
  markdown: string;
  json: string;
}

/** The same of what changed, and how the command ends with `--exit-code`. */
export interface Compared extends Comparison {
  plan: Plan;
  text: string;
  markdown: string;
  json: string;
  exitCode: number;
}

const name = "Pulumi.prod.yaml";
const original = readFile(path.join(root, name), "utf8");

export class Production {
  private constructor(
    private text: string,
    private committed: string,
  ) {}

  /** As it stands in this repository. */
  static async read(): Promise<Production> {
    return new Production(await original, await original);
  }

  /** Replaces a text; it has to be there. */
  edit(from: string, to: string): void {
    if (!this.text.includes(from)) throw new Error(`${name} does not contain ${from}`);
    this.text = this.text.replace(from, to);
  }

  /** The file now, and as it was committed last. */
  get texts(): { text: string; before: string } {
    return { text: this.text, before: this.committed };
  }

  /** Puts settings over those that are there: of MongoDB key by key, of others whole sections. */
  configure(changes: Readonly<Record<string, unknown>>): void {
    const { config } = yamlIn(this.text, name) as { config: Record<string, object> };
    const named = Object.entries(changes).map(([section, value]) => {
      const key = `kairos:${section}`;
      return [key, section === "mongodb" ? { ...config[key], ...(value as object) } : value];
    });
    this.text = yamlOf({ config: { ...config, ...Object.fromEntries(named) } });
  }

  /** What is compared from now on starts here. */
  commit(): void {
    this.committed = this.text;
  }

  /** Back to what was committed last. */
  restore(): void {
    this.text = this.committed;
  }

  /** @param run in place of the stack's own program */
  async plan(run?: Program["run"]): Promise<Shown> {
    const plan = await planOfText(this.text, run);
    return { plan, text: planText(plan), markdown: planMarkdown(plan), json: JSON.stringify(plan, null, 2) };
  }

  /** Against what was committed last. */
  async against(): Promise<Compared> {
    // The other version's plan comes from another process, or from a file.
    const before = JSON.parse(JSON.stringify(await planOfText(this.committed))) as Plan;
    const plan = await planOfText(this.text);
    const comparison = compare(before, plan);
    return {
      ...comparison,
      text: comparisonText(comparison, "HEAD"),
      markdown: comparisonMarkdown(comparison, "HEAD", plan),
      json: JSON.stringify({ against: "HEAD", ...comparison, plan }, null, 2),
      plan,
      exitCode: exitCodeOf(comparison),
    };
  }
}

async function planOfText(text: string, run?: Program["run"]): Promise<Plan> {
  const own = await program();
  return planOf(
    run === undefined ? own : { ...own, run },
    stackFileOf("kairos-infrastructure", "prod", readYaml(text, name)),
  );
}
