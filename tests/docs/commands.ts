/** The commands: whether what documents tell people to type is what the code has, and docs/reference/commands.md. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Argument, Command, Option } from "commander";
import { root } from "../../ops/bundle.mjs";
import { words } from "./markdown.ts";
import { plain, table } from "./markers.ts";

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
  if (name === undefined) return unknownTo(script, runs, args);
  const command = commands.get(name);
  return command === undefined ? [`there is no command ${name}`] : misused(command, args);
}

/** Of a script that is no command, the words that its own source does not have. */
function unknownTo(script: string, runs: string, args: readonly string[]): string[] {
  const file = /^tsx (\S+)$/.exec(runs)?.[1];
  const source = file === undefined ? "" : readFileSync(path.join(root, file), "utf8");
  return args.filter((word) => !source.includes(word)).map((word) => `${script} does not take ${word}`);
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

/** The whole of docs/reference/commands.md: what each command's own --help says. */
export function commandsReference(): string {
  const aliases = Object.entries(scripts).flatMap(([script, runs]) => {
    const command = commands.get(/ops\/kairos\.mjs (\S+)$/.exec(runs)?.[1] ?? "");
    return command === undefined ? [] : [section(command, script)];
  });
  const introduction =
    "Every command and option, as the commands describe themselves. npm hands on only what stands behind `--`: `npm run plan -- --stack prod`. `-- --help` shows the same in a terminal.";
  return ["# Commands", introduction, ...aliases].join("\n\n");
}

function section(command: Command, script: string, words: readonly string[] = []): string {
  const options = command.options.filter(({ hidden }) => !hidden);
  const typed = [...words, ...command.registeredArguments.map(placeOf)];
  return [
    `${"#".repeat(words.length + 2)} ${[script, ...words].join(" ")}`,
    plain(sentence(command.description())),
    `\`${[`npm run ${script}`, ...(typed.length > 0 ? ["--", ...typed] : [])].join(" ")}\``,
    ...(options.length === 0 ? [] : [table(["option", "what it does", "default"], options.map(row))]),
    ...command.commands.map((one) => section(one, script, [...words, one.name()])),
  ].join("\n\n");
}

const placeOf = (argument: Argument) =>
  argument.argChoices === undefined
    ? argument.required
      ? `<${argument.name()}${argument.variadic ? "..." : ""}>`
      : `[${argument.name()}]`
    : argument.argChoices.join("|");

const row = (option: Option) => [
  `\`${option.flags}\``,
  plain(
    [option.description, option.argChoices && `one of ${option.argChoices.join(", ")}`]
      .filter(Boolean)
      .join("; "),
  ),
  defaultOf(option),
];

/** What an option is when nobody gives it; nothing for a switch that is off. */
function defaultOf({ defaultValue, defaultValueDescription, negate }: Option): string {
  if (negate || defaultValue === undefined || (Array.isArray(defaultValue) && defaultValue.length === 0))
    return "";
  return `\`${defaultValueDescription ?? String(defaultValue)}\``;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
