/** `plan`: what the program would provision, without an engine, an account, a passphrase or a network. */
import { Command } from "commander";
import { forms } from "../terminal/output.ts";
import type { PlanOptions } from "./action.ts";

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
    .action(async (options: PlanOptions) => (await import("./action.ts")).runPlan(options));
  for (const form of printed) command.addOption(form);
  return command;
}

const printed = forms({
  json: "for programs",
  markdown: "for a pull request",
  diagram: "the stack as a Mermaid flowchart",
});
