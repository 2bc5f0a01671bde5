/** `sandbox`: the whole stack on this machine, without an account. */
import { Command, Option } from "commander";
import type { SandboxOptions } from "./actions.ts";
import { kept } from "./name.ts";

const nameOption = () => new Option("--name <name>", "which of the kept sandboxes").default(kept);

/** The command with its own commands. */
export function sandboxCommand(): Command {
  const command = new Command("sandbox")
    .enablePositionalOptions()
    .description("run the whole stack on this machine: real providers, stand-ins of the vendors, no account")
    .option("--keep", "leave it running, and show how to use pulumi on it")
    .addOption(nameOption())
    .addOption(
      new Option("--redis <provider>", "another Redis than the settings say").choices([
        "none",
        "upstash",
        "render",
        "redis-cloud",
      ]),
    )
    .option("--wrong <variable>", "give a variable a wrong value afterwards, to see the deploy fail")
    .option("--backend <command>", "deploy this command instead of the small backend; it gets PORT")
    .option("--provisioning <seconds>", "how long vendors take to make a database", "0")
    .option("--rehearse", "do not use the Pulumi CLI, even if it is there")
    .option("--download", "download the Pulumi CLI and the providers' plugins if they are not there")
    .option("--json", "for programs")
    .action(async (options: SandboxOptions) => (await actions()).runSandboxCommand(options));
  command
    .command("status")
    .description("what a kept sandbox is doing")
    .addOption(nameOption())
    .option("--json", "for programs")
    .action(async (options) => (await actions()).status(options));
  command
    .command("pulumi")
    .description("run pulumi on a kept sandbox: sandbox pulumi preview --diff")
    .argument("<arguments...>")
    .allowUnknownOption()
    .passThroughOptions()
    .addOption(nameOption())
    .action(async (args, options) => (await actions()).pulumi(args, options));
  command
    .command("operate")
    .description(
      "run a command as an operator of a kept sandbox: sandbox operate npm run rotate -- mongodb --stack sandbox",
    )
    .argument("<command...>")
    .passThroughOptions()
    .addOption(nameOption())
    .action(async (words, options) => (await actions()).operate(words, options));
  command
    .command("exec")
    .description("run a command with the variables of the backend: sandbox exec npm run status -- --from-env")
    .argument("<command...>")
    .passThroughOptions()
    .addOption(nameOption())
    .action(async (words, options) => (await actions()).exec(words, options));
  command
    .command("down")
    .description("stop a kept sandbox; its data stays, and --keep brings it back")
    .addOption(nameOption())
    .action(async (options) => (await actions()).down(options));
  command
    .command("reset")
    .description("stop and remove a kept sandbox, also one that crashed")
    .addOption(nameOption())
    .action(async (options) => (await actions()).reset(options));
  return command;
}

/** Loaded when one of them runs: the other commands need none of it. */
const actions = () => import("./actions.ts");
