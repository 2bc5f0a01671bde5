/** `recap`: the document that says how the databases of a stack are configured, and how they stand. */
import { Command, Option } from "commander";
import type { Options } from "./actions.ts";

/** The command with its options. */
export function recapCommand(): Command {
  return new Command("recap")
    .description("write what is configured and how it stands, as a document; ticks only what it has seen")
    .option("--stack <name>", "the stack: Pulumi.<name>.yaml", "prod")
    .addOption(new Option("--lang <language>", "its language").choices(["fr", "en"]).default("fr"))
    .option("--html", "a page to look at or print, instead of Markdown")
    .option("--out <file>", "write it there instead of showing it")
    .addOption(
      new Option("--env-file <file>", "check the databases of these variables, NAME=value").conflicts([
        "fromEnv",
      ]),
    )
    .option("--from-env", "check the databases of this process' variables")
    .option(
      "--service <id>",
      "a service at Render that gets the variables, srv-…; may be repeated",
      collect,
      [],
    )
    .option("--ca <file>", "trust this authority too (PEM), for example the sandbox's")
    .option("--no-status", "check nothing: what the settings say is enough")
    .option("--show-hosts", "name hosts")
    .action(async (options: Options) => (await import("./actions.ts")).write(options));
}

const collect = (value: string, before: string[]) => [...before, value];
