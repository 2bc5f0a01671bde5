/** The commands that an operator runs. */
import os from "node:os";
import { getSystemErrorMap } from "node:util";
import { Command, CommanderError } from "commander";
import { closest, distance } from "fastest-levenshtein";
import { UserError } from "../engine/errors.ts";
import { adoptCommand } from "./adopt/command.ts";
import { backupsCommand } from "./backups/command.ts";
import { contractCommand } from "./contract/command.ts";
import { envCommand } from "./env/command.ts";
import { planCommand } from "./plan/command.ts";
import { recapCommand } from "./recap/command.ts";
import { driftCommand, reviewCommand } from "./review/command.ts";
import { rotateCommand } from "./rotate/command.ts";
import { sandboxCommand } from "./sandbox/command.ts";
import { scanCommand } from "./scan/command.ts";
import { statusCommand } from "./status/command.ts";
import { refuseSwallowed } from "./swallowed.ts";
import { harmless, write } from "./terminal/output.ts";
import { program } from "./terminal/program.ts";

/** All commands, as one. */
export function kairosCommand(): Command {
  const kairos = new Command(program)
    .description("Kaïros' databases as code")
    .exitOverride()
    // The names of commands decide to which of them an option belongs.
    .enablePositionalOptions()
    .hook("preAction", (_, command) => refuseSwallowed(command, process.env))
    .addCommand(planCommand())
    .addCommand(sandboxCommand())
    .addCommand(statusCommand())
    .addCommand(recapCommand())
    .addCommand(driftCommand())
    .addCommand(contractCommand())
    .addCommand(reviewCommand())
    .addCommand(envCommand())
    .addCommand(adoptCommand())
    .addCommand(rotateCommand())
    .addCommand(backupsCommand())
    .addCommand(scanCommand());
  kairos.helpCommand(false).addCommand(helpOf(kairos));
  inherit(kairos);
  return kairos;
}

/** Help of any command, however deep: Commander's own takes the first name and no more. */
const helpOf = (kairos: Command): Command =>
  new Command("help")
    .description("display help for command")
    .argument("[command...]", "its name, and the names below it: backups drill")
    .action((names: readonly string[]) => {
      const found = names.reduce((above, name) => {
        const below = above.commands.find((one) => one.name() === name);
        if (below !== undefined) return below;
        const known = above.commands.map((one) => one.name()).join(", ");
        throw new UserError(
          `help: got "${name}"; expected ${known === "" ? "nothing more" : `one of ${known}`}`,
        );
      }, kairos);
      found.help();
    });

/** Parses the command line and runs the command; sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // Who reads has gone (`| head`): nobody is left to write for. What is only told beside it, on stderr, stops nothing.
  process.stdout.on("error", () => process.exit(brokenPipeCode));
  process.stderr.on("error", () => undefined);
  try {
    await kairosCommand().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else fail(error);
  }
  // What Pulumi's SDK keeps open (a server for callbacks) must not keep the process alive.
  await write("");
  process.exit();
}

/** What a shell says of a program that wrote to a pipe that nobody read: 128 and the number of SIGPIPE. */
const brokenPipeCode = 141;

/** Settings of the whole reach every command below. */
function inherit(parent: Command): void {
  // A mistake on the command line is one line too, with what would be right.
  parent.configureOutput({ outputError: (text, write) => write(harmless(mistake(parent, text))) });
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
}

/** What is wrong with a command line, in one line: Commander's words, and what it does not say. */
function mistake(command: Command, text: string): string {
  // What npm leaves of `npm run plan --stack staging` is `staging`, where no option could be named as missing.
  const isNpm =
    process.env.npm_lifecycle_script?.includes("ops/kairos.mjs") === true &&
    !command.args.some((one) => one.startsWith("-"));
  return `${wrong(command, text)}${isNpm ? `; npm keeps options for itself: put them behind --, or use ${program}` : ""}\n`;
}

function wrong(command: Command, text: string): string {
  const line = text
    .trim()
    .replace(/\n\(Did/, " (did")
    .replace(/\.$/, "");
  const [first = ""] = command.args;
  const known = command.commands.map((one) => one.name());
  const nearest = known.length === 0 ? "" : closest(first, known);
  const meant =
    first !== "" && nearest !== "" && distance(first, nearest) <= 2 ? `; did you mean ${nearest}?` : "";
  if (/^error: too many arguments/.test(line) && known.length > 0)
    return `error: unknown command '${first}'${meant === "" ? ";" : meant} ${meant === "" ? "there" : "There"} are ${known.join(", ")}`;
  if (!/^error: (missing required argument|required option)/.test(line)) return line;
  const [, name] = /^error: missing required argument '([^']+)'/.exec(line) ?? [];
  const choices = command.registeredArguments.find((one) => one.name() === name)?.argChoices ?? [];
  const expected =
    choices.length > 0 && !line.includes("; expected ") ? `; expected one of ${choices.join(", ")}` : "";
  const [usage = ""] = command.helpInformation().split("\n");
  return `${line}${meant}${expected}; ${usage.replace("Usage", "usage")}`;
}

function fail(error: unknown): void {
  const text = error instanceof UserError ? error.message : refusedBySystem(error);
  const defect = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    harmless(`error: ${text ?? `${defect} (a defect of this tool: KAIROS_DEBUG=1 shows where)`}\n`),
  );
  if (process.env.KAIROS_DEBUG === "1" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

/** What only whoever runs the machine can put right. */
const ofTheSystem = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN"];

/** What the operating system refused, in its own words; undefined for any other error. */
function refusedBySystem(error: unknown): string | undefined {
  const { code = "", errno = 0, path = "", syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT" && path.startsWith(os.tmpdir()))
    return `${os.tmpdir()}: there is no such folder for temporary files; set TMPDIR to one`;
  if (!ofTheSystem.includes(code)) return undefined;
  return `${path === "" ? syscall : path}: ${getSystemErrorMap().get(errno)?.[1] ?? "refused"} (${code})`;
}
