/** The commands: whether what documents tell people to type is what the code has, and docs/reference/commands.md. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Argument, Command, Option } from "commander";
import { root } from "../../ops/bundle.mjs";
import { said } from "../helpers/command-line.ts";
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

/** What is wrong with a line `npx kairos …` or `npm run …`; undefined when it can be typed as it stands. */
export async function problemOf(line: string): Promise<string | undefined> {
  const all = words(line);
  const ours = argumentsOf(line);
  if (all[0] === "npx") return misused(ours ?? []);
  const [, , script = "", dashes, ...args] = all;
  const runs = scripts[script];
  if (runs === undefined) return `package.json has no script ${script}`;
  if (dashes !== undefined && dashes !== "--") return `${dashes} needs -- before it`;
  return ours === undefined ? unknownTo(script, runs, args)[0] : misused(ours);
}

/** Of a script that is no command, the words that its own source does not have. */
function unknownTo(script: string, runs: string, args: readonly string[]): string[] {
  const file = /^tsx (\S+)$/.exec(runs)?.[1];
  const source = file === undefined ? "" : readFileSync(path.join(root, file), "utf8");
  return args.filter((word) => !source.includes(word)).map((word) => `${script} does not take ${word}`);
}

/** Commands whose arguments are another program's. */
const runsPrograms = ["sandbox exec", "sandbox operate"];

/** The words behind the program's own in a line that runs a command of ours; undefined for another script. */
export function argumentsOf(line: string): string[] | undefined {
  const all = words(line);
  if (all[0] === "npx") return all.slice(2);
  const [, , script = "", , ...args] = all;
  const name = /ops\/kairos\.mjs (\S+)$/.exec(scripts[script] ?? "")?.[1];
  return name === undefined ? undefined : [name, ...args];
}

async function misused(args: readonly string[]): Promise<string | undefined> {
  const found = await said(args);
  if ("problem" in found) return found.problem;
  const inner = found.args.join(" ");
  return runsPrograms.includes(found.command) && /^np[mx] /.test(inner) ? problemOf(inner) : undefined;
}

/** The whole of docs/reference/commands.md: what each command's own --help says. */
export function commandsReference(): string {
  const aliases = Object.entries(scripts).flatMap(([script, runs]) => {
    const command = commands.get(/ops\/kairos\.mjs (\S+)$/.exec(runs)?.[1] ?? "");
    return command === undefined ? [] : [section(command, script)];
  });
  const introduction =
    "Every command and option, as the commands describe themselves; `--help` behind a command shows the same in a terminal. From elsewhere than this folder: `node PATH/ops/kairos.mjs` in place of `npx kairos`. With `npm run`, options stand behind `--`: npm keeps others for itself.";
  return ["# Commands", introduction, ...aliases].join("\n\n");
}

function section(command: Command, script: string, words: readonly string[] = []): string {
  const options = command.options.filter(({ hidden }) => !hidden);
  const typed = [...words, ...command.registeredArguments.map(placeOf)];
  return [
    `${"#".repeat(words.length + 2)} ${[script, ...words].join(" ")}`,
    plain(sentence(command.description())),
    `\`${[`npx kairos ${script}`, ...typed].join(" ")}\``,
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
