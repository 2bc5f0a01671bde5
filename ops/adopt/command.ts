/** `adopt`: takes over what somebody made by hand, without touching it. */
import { Command } from "commander";
import type { AdoptOptions } from "./run.ts";

/** The command with its options. */
export function adoptCommand(): Command {
  return new Command("adopt")
    .description(
      "take over the databases that exist: writes settings that describe them, and imports; changes nothing at a vendor",
    )
    .option("--stack <name>", "the stack: Pulumi.<name>.yaml", "prod")
    .option("--mongodb-project <id|name>", "the Atlas project")
    .option("--cluster <name>", "the cluster in it")
    .option("--user <name>", "the database user that the backend logs in as")
    .option("--access-list <cidr>", "an entry of the access list, repeatedly; all by default", collect)
    .option("--postgres <id|name|none>", "the Postgres on Render")
    .option("--service <id|name>", "a service of the backend, repeatedly", collect)
    .option("--redis <id|name|none>", "the Redis, at any of the four")
    .option("--password-stdin", "read the database user's password from the standard input")
    .option("--yes", "write the stack file without asking")
    .option("--dry-run", "show all of it and write nothing")
    .option("--finish", "after pulumi up: take the ids of the imports out of the stack file; asks no vendor")
    .option("--json", "for programs")
    .action(async (options: AdoptOptions & { json?: true }) => (await import("./run.ts")).runAdopt(options));
}

const collect = (value: string, before: string[] = []) => [...before, value];
