/** `rotate`: change a credential while the backend keeps working. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { milliseconds } from "../terminal/amounts.ts";
import type { Target } from "./actions.ts";
import type { RotateOptions } from "./run.ts";

const targets = ["mongodb", "postgres", "redis", "all"] as const satisfies readonly Target[];

/** The command with its options. */
export function rotateCommand(): Command {
  return new Command("rotate")
    .description(
      "change a database's credential: the new one is made, the services move to it, the old one goes; killed anywhere, the next run continues",
    )
    .addArgument(new Argument("[database]", "whose credential; not needed by --status").choices(targets))
    .option("--stack <name>", "the stack", "prod")
    .addOption(
      new Option("--grace <time>", "how long the old credential stays valid once every service is live")
        .argParser(duration)
        .default(600_000, "10m"),
    )
    .option("--leaked", "no grace, and whoever is still logged in with the old credential is put out")
    .option("--back", "mongodb: go back to the old credential, while it is not retired")
    .option("--yes", "do not ask where a vendor can only cut over")
    .option("--status", "only say where the rotation stands")
    .option("--json", "for programs")
    .hook("preAction", (_, command) => {
      if (command.args.length === 0 && command.opts<RotateOptions>().status !== true)
        command.error(
          `error: missing required argument 'database'; expected one of ${targets.join(", ")}, or --status`,
        );
    })
    .action(async (target: Target | undefined, options: RotateOptions) =>
      (await import("./actions.ts")).rotate(target ?? "all", options),
    );
}

function duration(text: string): number {
  const time = milliseconds(text, ["s", "m", "h"]);
  if (time === undefined)
    throw new InvalidArgumentError(
      "Expected a whole number of seconds, minutes or hours, such as 90s or 10m.",
    );
  return time;
}
