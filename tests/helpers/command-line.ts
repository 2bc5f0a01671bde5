/** For tests: what the real parser makes of a command line, without running it. */
import type { Command } from "commander";
import { kairosCommand } from "../../ops/main.ts";

/** What a command line says: the words of its command, the long options that it gives, its arguments. */
export interface Said {
  command: string;
  options: string[];
  args: string[];
}

/** @returns what is wrong with it, where the parser refuses it */
export async function said(args: readonly string[]): Promise<Said | { problem: string }> {
  let problem = "";
  let found: Said | undefined;
  const kairos = kairosCommand();
  for (const command of all(kairos)) {
    command.configureOutput({
      writeErr: (text) => {
        problem += text;
      },
      writeOut: () => {},
    });
    command.action((...given: unknown[]) => {
      const self = given.at(-1) as Command;
      const options = self.options.filter((one) => self.getOptionValueSource(one.attributeName()) === "cli");
      found = { command: wordsOf(self), options: options.map(({ long }) => String(long)), args: self.args };
    });
  }
  await kairos.parseAsync([...args], { from: "user" }).catch((error: Error) => {
    problem ||= error.message;
  });
  if (args.at(-1) === "--help")
    return { command: args.slice(0, -1).join(" "), options: ["--help"], args: [] };
  return found ?? { problem: problem.trim().replace(/^error: /, "") };
}

/** Every command that does something, by its words, with its long options. */
export function everyCommand(): Map<string, string[]> {
  const run = all(kairosCommand()).filter((command) => command.commands.length === 0 || hasAction(command));
  return new Map(
    run.map((command) => [wordsOf(command), command.options.map(({ long }) => String(long))] as const),
  );
}

/** Commander keeps it to itself. */
const hasAction = (command: Command) =>
  (command as unknown as { _actionHandler: unknown })._actionHandler !== null;

const wordsOf = (command: Command): string =>
  command.parent === null ? "" : `${wordsOf(command.parent)} ${command.name()}`.trim();

const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
