/** Whether the commands that documents tell people to type are what the code has. Only for tests. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { root } from "../bundle.mjs";
import { words } from "./docs.ts";

const { scripts } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
export const commands = await commandsOfThisCheckout();

/** What every folder of ops/ with a command.ts exports as `…Command`. */
async function commandsOfThisCheckout(): Promise<Map<string, Command>> {
  const found = new Map<string, Command>();
  for (const folder of await readdir(path.join(root, "ops"))) {
    const file = path.join(root, "ops", folder, "command.ts");
    if (!existsSync(file)) continue;
    const exported = (await import(file)) as Record<string, unknown>;
    for (const [name, make] of Object.entries(exported)) {
      if (!name.endsWith("Command") || typeof make !== "function") continue;
      const command = make() as Command;
      found.set(command.name(), command);
    }
  }
  return found;
}

/** What is wrong with a line `npm run …`; nothing when the code has all of it. */
export function problemsOf(line: string): string[] {
  const [, , script = "", dashes, ...args] = words(line);
  const runs = scripts[script];
  if (runs === undefined) return [`package.json has no script ${script}`];
  if (dashes !== undefined && dashes !== "--") return [`${dashes} needs -- before it`];
  const name = /ops\/kairos\.mjs (\S+)$/.exec(runs)?.[1];
  if (name === undefined) return args.length === 0 ? [] : [`${script} takes no arguments`];
  const command = commands.get(name);
  return command === undefined ? [`there is no command ${name}`] : misused(command, args);
}

/** Commands whose arguments are another program's. */
const runsPrograms = ["pulumi", "exec", "operate"];

function misused(command: Command, args: readonly string[]): string[] {
  const problems: string[] = [];
  let positional = 0;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const sub = command.commands.find((one) => one.name() === word);
    if (sub !== undefined) {
      const rest = args.slice(index + 1);
      // Alternatives that README puts on one line.
      if (rest[0] === "|") continue;
      if (!runsPrograms.includes(sub.name())) return [...problems, ...misused(sub, rest)];
      return rest[0] === "npm" ? [...problems, ...problemsOf(rest.join(" "))] : problems;
    }
    if (word === "|") continue;
    if (word.startsWith("-")) {
      const option = command.options.find(({ long, short }) => long === word || short === word);
      if (option === undefined) problems.push(`${command.name()} has no option ${word}`);
      else if (option.required) {
        index += 1;
        const value = args[index];
        if (value === undefined) problems.push(`${word} wants a value`);
        else if (option.argChoices?.includes(value) === false)
          problems.push(`${word} does not take ${value}`);
      } else if (option.optional && /^\d/.test(args[index + 1] ?? "")) index += 1;
      continue;
    }
    const argument = command.registeredArguments[positional];
    positional += 1;
    if (argument === undefined) problems.push(`${command.name()} takes no argument ${word}`);
    else if (argument.argChoices?.includes(word) === false)
      problems.push(`${command.name()} does not take ${word}`);
  }
  return problems;
}
