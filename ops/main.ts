/** The commands that an operator runs. */
import { Command, CommanderError } from "commander";
import { UserError } from "../engine/errors.ts";
import { adoptCommand } from "./adopt/command.ts";
import { envCommand } from "./env/command.ts";
import { planCommand } from "./plan/command.ts";
import { recapCommand } from "./recap/command.ts";
import { reviewCommand } from "./review/command.ts";
import { rotateCommand } from "./rotate/command.ts";
import { sandboxCommand } from "./sandbox/command.ts";
import { scanCommand } from "./scan/command.ts";
import { statusCommand } from "./status/command.ts";
import { refuseSwallowed } from "./swallowed.ts";
import { write } from "./terminal/output.ts";

/** Parses the command line and runs the command; sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const kairos = new Command("kairos")
    .description("Kaïros' databases as code")
    .exitOverride()
    // The names of commands decide to which of them an option belongs.
    .enablePositionalOptions()
    // A mistake on the command line is one line too, hint included.
    .configureOutput({
      outputError: (text, write) =>
        write(
          text
            .trim()
            .replace(/\n\(Did/, " (did")
            .concat("\n"),
        ),
    })
    .hook("preAction", (_, command) => refuseSwallowed(command, process.env))
    .addCommand(planCommand())
    .addCommand(sandboxCommand())
    .addCommand(statusCommand())
    .addCommand(recapCommand())
    .addCommand(reviewCommand())
    .addCommand(envCommand())
    .addCommand(adoptCommand())
    .addCommand(rotateCommand())
    .addCommand(scanCommand());
  inherit(kairos);
  try {
    await kairos.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else fail(error);
  }
  // What Pulumi's SDK keeps open (a server for callbacks) must not keep the process alive.
  await write("");
  process.exit();
}

/** Settings of the whole reach every command below. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
}

function fail(error: unknown): void {
  const debug = process.env.KAIROS_DEBUG === "1";
  const text = error instanceof Error ? error.message : String(error);
  const known = error instanceof UserError;
  process.stderr.write(
    `error: ${text}${known ? "" : " (a defect of this tool: KAIROS_DEBUG=1 shows where)"}\n`,
  );
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
