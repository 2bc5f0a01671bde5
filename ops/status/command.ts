/** `status`: what the databases of an environment answer now. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { StatusCommandOptions } from "./actions.ts";

/** Seconds between two looks by default: every look opens connections. */
const pause = 10;

/** The command with its options. */
export function statusCommand(): Command {
  return new Command("status")
    .description("connect to the databases as the backend does, and say how they are; reads, changes nothing")
    .option("--stack <name>", "take the environment from this stack's outputs (default: prod)")
    .addOption(
      new Option("--env-file <file>", "take it from a file of lines NAME=value").conflicts([
        "stack",
        "fromEnv",
      ]),
    )
    .addOption(new Option("--from-env", "take it from this process, as on Render").conflicts("stack"))
    .option("--service <id>", "a service at Render that gets it, srv-…; may be repeated", collect, [])
    .addOption(
      new Option(
        "--from <place>",
        "look from here, or from a service of the backend (a one-off job at Render); by default from there what cannot be reached from here",
      ).choices(["here", "backend"]),
    )
    .option("--ca <file>", "trust this authority too (PEM), for example the sandbox's")
    .option("--strict", "exit 1 also when an optional database fails or something warns")
    .addOption(new Option("--json", "for programs").conflicts("markdown"))
    .option("--markdown", "for an issue or a pull request")
    .addOption(new Option("--lang <language>", "language").choices(["en", "fr"]).default("en"))
    .addOption(
      new Option("--watch [seconds]", "look again and again").argParser(secondsIn).preset(String(pause)),
    )
    .addHelpText("after", "\nRENDER_API_KEY: look at the services at Render, too.")
    .action(async (options: StatusCommandOptions) => (await import("./actions.ts")).status(options));
}

const collect = (value: string, before: string[]) => [...before, value];

function secondsIn(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 86_400)
    throw new InvalidArgumentError("Expected a whole number of seconds from 1 to 86400.");
  return Number(text);
}
