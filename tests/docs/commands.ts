/** The commands: whether what documents tell people to type is what the code has, and docs/reference/commands.md. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Argument, Command, type Option } from "commander";
import { root } from "../../ops/bundle.mjs";
import { words } from "./markdown.ts";
import { plain, table } from "./markers.ts";

const { scripts } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const makers = await commandsOfThisCheckout();
export const commands = new Map([...makers].map(([name, make]) => [name, make()]));

/** What every folder of ops/ with a command.ts exports as `…Command`. */
async function commandsOfThisCheckout(): Promise<Map<string, () => Command>> {
  const found = new Map<string, () => Command>();
  for (const folder of await readdir(path.join(root, "ops"))) {
    const file = path.join(root, "ops", folder, "command.ts");
    if (!existsSync(file)) continue;
    const exported = (await import(file)) as Record<string, unknown>;
    for (const [name, make] of Object.entries(exported)) {
      if (!name.endsWith("Command") || typeof make !== "function") continue;
      found.set((make() as Command).name(), make as () => Command);
    }
  }
  return found;
}

/** What is wrong with a line `npm run …`; nothing when the code takes it as it stands. */
export function problemsOf(line: string): string[] {
  const [, , script = "", dashes, ...args] = words(line);
  const runs = scripts[script];
  if (runs === undefined) return [`package.json has no script ${script}`];
  if (dashes !== undefined && dashes !== "--") return [`${dashes} needs -- before it`];
  const name = /ops\/kairos\.mjs (\S+)$/.exec(runs)?.[1];
  if (name === undefined) return unknownTo(script, runs, args);
  const make = makers.get(name);
  if (make === undefined) return [`there is no command ${name}`];
  const program = args.findIndex((word) => ["exec", "operate"].includes(word));
  if (args[program + 1] === "npm") return problemsOf(args.slice(program + 1).join(" "));
  // Alternatives stand in one line: status | down | reset.
  const [first = [], ...others] = alternatives(args);
  return [first, ...others].flatMap((words) => refusal(make(), words));
}

/** Of a script that is no command, the words that its own source does not have. */
function unknownTo(script: string, runs: string, args: readonly string[]): string[] {
  const file = /^tsx (\S+)$/.exec(runs)?.[1];
  const source = file === undefined ? "" : readFileSync(path.join(root, file), "utf8");
  return args.filter((word) => !source.includes(word)).map((word) => `${script} does not take ${word}`);
}

/** The command lines that a `|` between words stands for. */
function alternatives(args: readonly string[]): string[][] {
  const bar = args.indexOf("|");
  if (bar < 1) return [[...args]];
  const [before, one, rest] = [args.slice(0, bar - 1), args[bar - 1] ?? "", args.slice(bar + 1)];
  return [[...before, one], ...alternatives([...before, ...rest])];
}

/** What the command's own parser says against the words: options, choices, required arguments; nothing is run. */
function refusal(command: Command, args: readonly string[]): string[] {
  const parser = new Command("kairos").enablePositionalOptions().exitOverride();
  parser.configureOutput({ writeErr: () => undefined }).addCommand(command);
  const prepare = (one: Command): void => {
    if (one.parent !== null) one.copyInheritedSettings(one.parent);
    one.action(() => undefined).commands.forEach(prepare);
  };
  prepare(command);
  try {
    parser.parse([command.name(), ...args], { from: "user" });
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
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
