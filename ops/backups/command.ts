/** `backups`: what there is, restored once in a while to see that it can be, and restored on the bad day. */
import { Argument, Command, Option } from "commander";
import type { BackupsOptions, DrillOptions, RestoreOptions } from "./actions.ts";
import { type BackedUp, backedUp } from "./model.ts";

/** The command with its options. */
export function backupsCommand(): Command {
  const command = new Command("backups")
    .description(
      "the backups of a stack's databases: the newest, its age, the window, the last drill; changes nothing",
    )
    .addOption(stack())
    .addOption(json())
    .action(async (options: BackupsOptions) => (await actions()).backups(options));
  command
    .command("drill")
    .description(
      "restore a backup into something new, compare it with its source, delete it again, and record how long that took; killed anywhere, the next run takes away what is left",
    )
    .addArgument(new Argument("[database]", "of which; all by default").choices(backedUp))
    .addOption(stack())
    .option(
      "--canary",
      "write a mark into the database first, and see that it comes back; it is taken away again",
    )
    .addOption(from())
    .addOption(ca())
    .option("--yes", "do not ask although it costs something")
    .addOption(json())
    .action(async (database: BackedUp | undefined, options: DrillOptions) =>
      (await actions()).drillAll(database, options),
    );
  command
    .command("restore")
    .description(
      "the bad day: a backup becomes a new database beside the old one, which stays; killed anywhere, the same command goes on",
    )
    .addArgument(new Argument("<database>", "which").choices(backedUp))
    .requiredOption(
      "--to <time|latest|snapshot>",
      "what to restore: a moment such as 2026-11-27T09:30:00Z, the newest, or a snapshot's id",
    )
    .addOption(stack())
    .option("--dry-run", "show every step and do nothing")
    .addOption(from())
    .addOption(ca())
    .option("--yes", "do not ask: neither for the cost nor before the stack file is written")
    .addOption(json())
    .action(async (database: BackedUp, options: RestoreOptions) =>
      (await actions()).restoreOne(database, options),
    );
  return command;
}

const stack = () => new Option("--stack <name>", "the stack").default("prod");
const json = () => new Option("--json", "for programs");
const ca = () => new Option("--ca <file>", "trust this authority too (PEM), for example the sandbox's");
const from = () =>
  new Option(
    "--from <place>",
    "compare from here, or from a service of the backend (a one-off job at Render); by default from there what cannot be reached from here",
  ).choices(["here", "backend"]);

/** Loaded when one of them runs: the other commands need none of it. */
const actions = () => import("./actions.ts");
