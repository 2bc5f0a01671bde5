/** Commands that are run on a kept sandbox as somebody would run them on real accounts. */
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa, type Options } from "execa";
import { UserError } from "../../engine/errors.ts";

/** What a command keeps of the user's own environment: how to write to the terminal. No account, no token. */
const kept =
  /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|USER|LOGNAME|SHELL|EDITOR|KAIROS_DEBUG)$/;

/**
 * The environment of an operator of a sandbox. Secret.
 *
 * @param engine what `pulumi` runs with here: addresses and keys of the stand-ins, and the proxy that refuses all else
 * @param project the folder with the sandbox's stack files
 */
export function operatorEnvironment(
  engine: Readonly<Record<string, string>>,
  project: string,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const { SSL_CERT_FILE: authority } = engine;
  const terminal = Object.entries(own).filter(
    (entry): entry is [string, string] => kept.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(terminal),
    ...engine,
    KAIROS_PROJECT: project,
    // The stand-ins restore every moment up to now (host.ts); the command waits a second for what the vendors take minutes.
    KAIROS_RECOVERY_LAG: "1000",
    // Drivers in Node trust the certificates of the databases here.
    ...(authority !== undefined && { NODE_EXTRA_CA_CERTS: authority }),
    // Node's own fetch goes by the proxy, too, where Node can do that (22.21 and 24 up): it refuses what is not here.
    NODE_USE_ENV_PROXY: "1",
    // npm would ask its registry for a newer npm, and be refused.
    npm_config_update_notifier: "false",
  };
}

/**
 * Makes a `pulumi` for the PATH that works on the sandbox's project wherever it is called, also from within a script:
 * in this checkout it would take the stack file of the real project, and write into it.
 *
 * @returns the folder that it is in; undefined on Windows, where only a program that is named is led there
 */
export async function ownPulumi(folder: string, cli: string, project: string): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  const bin = path.join(folder, "bin");
  await mkdir(bin, { recursive: true, mode: 0o700 });
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const script = `#!/bin/sh\nexec ${quoted(cli)} -C ${quoted(project)} "$@"\n`;
  await writeFile(path.join(bin, "pulumi"), script, { mode: 0o700 });
  return bin;
}

/** Whether it is the Pulumi CLI that is asked for. */
export const isPulumi = (program: string) => path.basename(program, ".exe") === "pulumi";

/**
 * Runs a program in the terminal; resolves to its exit code.
 *
 * @param command of `sandbox` that it is run by
 * @throws UserError when it cannot be started
 */
export async function runFor(
  command: string,
  program: string,
  args: readonly string[],
  options: Pick<Options, "env" | "extendEnv" | "cwd">,
): Promise<number> {
  // A Ctrl-C is the program's: it ends in its own time, and says what it left.
  const patient = () => undefined;
  process.on("SIGINT", patient);
  const { exitCode, signal, code } = await execa(program, args, {
    ...options,
    stdio: "inherit",
    reject: false,
  }).finally(() => process.off("SIGINT", patient));
  if (exitCode !== undefined) return exitCode;
  // As a shell says it of a program that was ended.
  if (signal !== undefined) return 128 + os.constants.signals[signal];
  throw new UserError(`${command}: ${program} could not be run (${code})`);
}
