/** `contract`: the variables that the backend gets, as code for the backend. */
import { Command, Option } from "commander";
import type { Options } from "./actions.ts";

/** The command with its options. */
export function contractCommand(): Command {
  return new Command("contract")
    .description("write what the backend gets as code for it: names, types, secrecy, its drivers' options")
    .addOption(
      new Option(
        "--lang <language>",
        "a class of pydantic-settings, a JSON Schema, or an example of a .env file",
      )
        .choices(["python", "json-schema", "dotenv"])
        .default("python"),
    )
    .option("--stack <name>", "with exactly the databases of this stack; of any stack otherwise")
    .option(
      "--check <file>",
      "write nothing: end with 1 when this file is not what would be written, and say where",
    )
    .action(async (options: Options) => (await import("./actions.ts")).contract(options));
}
