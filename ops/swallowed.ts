/**
 * Options that npm kept for itself: `npm run env sweep --dry-run` gives the command no `--dry-run`, and npm says so only
 * for options that it does not know. It leaves each in the environment of the script, where it is found before anything
 * is done. https://docs.npmjs.com/cli/commands/npm-run#description
 */
import type { Command } from "commander";
import { UserError } from "../engine/errors.ts";

/** @throws UserError when npm has an option of the command that the command was not given */
export function refuseSwallowed(command: Command, environment: NodeJS.ProcessEnv): void {
  const script = environment.npm_lifecycle_event;
  if (script === undefined) return;
  for (const option of command.options) {
    const given = command.getOptionValueSource(option.attributeName()) === "cli";
    const kept = environment[`npm_config_${option.name().replaceAll("-", "_")}`];
    if (given || kept === undefined || kept === "") continue;
    const words = [...names(command), ...command.args].slice(1).join(" ");
    throw new UserError(
      `--${option.name()}: npm kept it for itself; expected it after two dashes: npm run ${script} -- ${words === "" ? "" : `${words} `}--${option.name()}${option.isBoolean() ? "" : ` ${kept}`}; nothing was done`,
    );
  }
}

/** The words that lead to a command, without the program's own. */
const names = (command: Command): string[] =>
  command.parent === null ? [] : [...names(command.parent), command.name()];
