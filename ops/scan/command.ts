/** `secrets:scan`: looks for credentials where none may be. */
import { Command, Option } from "commander";
import type { ScanOptions } from "./run.ts";

/** The command with its options. */
export function scanCommand(): Command {
  const scopes = ["history", "staged", "paths", "remember", "installHook", "uninstallHook"];
  const scope = (flags: string, description: string, own: string) =>
    new Option(flags, description).conflicts(scopes.filter((name) => name !== own));
  return new Command("secrets:scan")
    .description("look for credentials in files, history, stack files, state and outputs; shows no value")
    .option("--stack <names...>", "also look for these stacks' secrets, and into their state and outputs")
    .addOption(scope("--history", "only what git still has of earlier versions", "history"))
    .addOption(scope("--staged", "only what the next commit would bring", "staged"))
    .addOption(scope("--paths <paths...>", "only these files and folders", "paths"))
    .addOption(
      scope("--remember", "write digests of the stacks' secrets for machines without access", "remember"),
    )
    .addOption(scope("--install-hook", "search each commit before it is made", "installHook"))
    .addOption(scope("--uninstall-hook", "no longer do so", "uninstallHook"))
    .option("--json", "for programs")
    .action(async (options: ScanOptions) => (await import("./run.ts")).runScan(options));
}
