/** Options that were given and do not reach the command: they are refused before anything is done. */
import type { Command } from "commander";
import { UserError } from "../engine/errors.ts";
import { program } from "./terminal/program.ts";

/**
 * npm keeps options for itself: `npx kairos env sweep --dry-run` gives the command no `--dry-run`, and npm says so only for
 * options that it does not know. It leaves each in the environment of the script.
 * https://docs.npmjs.com/cli/commands/npm-run#description
 *
 * An option in front of a command's name belongs to the command above, and goes unheard.
 *
 * @throws UserError when npm, or a command above, has an option that the command was not given
 */
export function refuseSwallowed(command: Command, environment: NodeJS.ProcessEnv): void {
  const words = [program, ...names(command)].join(" ");
  for (const option of environment.npm_lifecycle_event === undefined ? [] : command.options) {
    const kept = environment[`npm_config_${option.name().replaceAll("-", "_")}`];
    if (isGiven(command, option.attributeName()) || kept === undefined || kept === "") continue;
    const typed = `${[words, ...command.args].join(" ")} --${option.name()}${option.isBoolean() ? "" : ` ${kept}`}`;
    throw new UserError(`--${option.name()}: npm kept it for itself; expected: ${typed}; nothing was done`);
  }
  for (let above = command.parent; above !== null; above = above.parent) {
    const stray = above.options.find((option) => isGiven(above, option.attributeName()));
    if (stray !== undefined)
      throw new UserError(
        `--${stray.name()}: got it in front of ${command.name()}; expected it behind: ${words} --${stray.name()}`,
      );
  }
}

const isGiven = (command: Command | null, option: string) => command?.getOptionValueSource(option) === "cli";

/** The words that lead to a command, without the program's own. */
export const names = (command: Command): string[] =>
  command.parent === null ? [] : [...names(command.parent), command.name()];
