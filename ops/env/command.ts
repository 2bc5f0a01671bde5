/** `env`: short-lived stacks, each with everything of its own, that end by themselves. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { milliseconds } from "../terminal/amounts.ts";
import type { EnvOptions, SweepOptions } from "./actions.ts";

/** The command with its options. */
export function envCommand(): Command {
  const json = () => new Option("--json", "for programs");
  const from = (what: string) => new Option("--from <stack>", what).default("staging");
  const command = new Command("env")
    .description("short-lived environments: env pr-123 up, env pr-123 down, env list, env sweep")
    .argument("<name>", "pr-<number>, or dev-<name>")
    .addArgument(new Argument("<what>", "what to do").choices(["plan", "up", "down"]))
    .addOption(from("the stack whose region, backend and access list it takes over"))
    .addOption(
      new Option("--for <time>", "how long it lives from now on: 90m, 12h, 3d")
        .argParser(lifetime)
        .default(lifetime("3d"), "3d"),
    )
    .option("--branch <branch>", "deploy this branch of the backend's repository")
    .option("--tag <tag>", "deploy this tag of the backend's image")
    .option("--copy-secrets", "give its services the secrets of the other stack's, too")
    .option("--no-policies", "do not run the policy pack")
    .addOption(json())
    .action(async (name: string, what: "plan" | "up" | "down", options: EnvOptions) =>
      (await actions())[what](name, options),
    );
  command
    .command("list")
    .description("the short-lived environments that there are, and how long each still lives")
    .addOption(json())
    .action(async (options) => (await actions()).list(options));
  command
    .command("sweep")
    .description("take down those whose time is over; all others stay as they are")
    .option("--dry-run", "only say which")
    .addOption(from("what an interrupted one was made from, should its stack file be somewhere else"))
    .addOption(json())
    .action(async (options: SweepOptions) => (await actions()).sweep(options));
  return command;
}

/** Loaded when one of them runs: the other commands need none of it. */
const actions = () => import("./actions.ts");

/** Longer than a month is no short life. */
const longest = 31 * 86_400_000;

/** `90m`, `12h`, `3d` in milliseconds. */
export function lifetime(text: string): number {
  const time = milliseconds(text, ["m", "h", "d"]) ?? 0;
  if (time === 0 || time > longest)
    throw new InvalidArgumentError("Expected minutes, hours or days, at most 31d, such as 90m, 12h or 3d.");
  return time;
}
