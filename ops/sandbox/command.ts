/** `sandbox`: the whole stack on this machine, without an account. */
import { Command, InvalidArgumentError, Option } from "commander";

/** Name of the sandbox that `--keep` makes. */
export const kept = "sandbox";

/** Options of a run. */
export interface SandboxOptions {
  keep?: true;
  name: string;
  rehearse?: true;
  download?: true;
  redis?: string;
  /** A variable. */
  wrong?: string;
  /** Program and arguments, with blanks between them. */
  backend?: string;
  /** Milliseconds. */
  provisioning: number;
  json?: true;
}

const nameOption = () =>
  new Option("--name <name>", "which of the kept sandboxes").argParser(nameIn).default(kept);

/** The command with its own commands. */
export function sandboxCommand(): Command {
  const command = new Command("sandbox")
    .enablePositionalOptions()
    .description("run the whole stack on this machine: real providers, stand-ins of the vendors, no account")
    .option("--keep", "leave it running, and show how to use pulumi on it; again: go on from what is there")
    .addOption(nameOption())
    .addOption(
      new Option(
        "--redis <provider>",
        "another Redis than the settings say, which a kept one remembers",
      ).choices(["none", "upstash", "render", "redis-cloud"]),
    )
    .option("--wrong <variable>", "give a variable a wrong value afterwards, to see the deploy fail")
    .option("--backend <command>", "deploy this command instead of the small backend; it gets PORT")
    .addOption(
      new Option("--provisioning <seconds>", "how long vendors take to make a database")
        .argParser(secondsIn)
        .default(0, "0"),
    )
    .addOption(
      new Option("--rehearse", "do not use the Pulumi CLI, even if it is there").conflicts("download"),
    )
    .option(
      "--download",
      "download the Pulumi CLI, the providers' plugins and MongoDB where they are missing",
    )
    .option("--json", "for programs")
    .action(async (options: SandboxOptions, self: Command) => {
      if (!options.keep && self.getOptionValueSource("name") === "cli")
        self.error("error: --name: expected --keep beside it: what is not kept needs no name");
      await (await actions()).runSandboxCommand(options);
    });
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
      "run a command as an operator of a kept sandbox: sandbox operate npx kairos rotate mongodb --stack sandbox",
    )
    .argument("<command...>")
    .passThroughOptions()
    .addOption(nameOption())
    .action(async (words, options) => (await actions()).operate(words, options));
  command
    .command("exec")
    .description("run a command with the variables of the backend: sandbox exec npx kairos status --from-env")
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
    .description("end and remove a kept sandbox, whatever state it is in")
    .addOption(nameOption())
    .action(async (options) => (await actions()).reset(options));
  return command;
}

/** Loaded when one of them runs: the other commands need none of it. */
const actions = () => import("./actions.ts");

/** A part of a path. */
function nameIn(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(text) && !text.startsWith("run-")) return text;
  throw new InvalidArgumentError(
    "Expected up to 31 letters a-z, digits and dashes, and not run- in front, which others are named.",
  );
}

function secondsIn(text: string): number {
  if (/^\d{1,4}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  throw new InvalidArgumentError("Expected seconds, at most 9999, such as 5.");
}
