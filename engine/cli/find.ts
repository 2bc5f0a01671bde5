/** Finds the Pulumi CLI where a user would have it. Nothing is downloaded. */
import { access, constants, readdir, realpath } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { UserError } from "../errors.ts";

/** A Pulumi CLI that answered. */
export interface Engine {
  /** Path of the executable. */
  path: string;
  /** For example `3.255.0`. */
  version: string;
}

/**
 * The Pulumi CLI: on the PATH, in `~/.pulumi/bin`, where the official installer puts it, or the newest below
 * `~/.pulumi/versions`, where the npm package `pulumi` and the Automation API do. Undefined when there is none; see
 * https://www.pulumi.com/docs/install/.
 */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Engine | undefined> {
  const home = pulumiHome(environment);
  const folders = (environment.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  folders.push(path.join(home, "bin"));
  const versions = await readdir(path.join(home, "versions")).catch(() => []);
  versions.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  folders.push(...versions.map((version) => path.join(home, "versions", version, "bin")));
  const name = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  for (const folder of folders) {
    const file = path.join(folder, name);
    if (!(await isExecutable(file)) || (await isNpmWrapper(file))) continue;
    const { stdout, failed } = await execa(file, ["version"], {
      reject: false,
      timeout: 20_000,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    if (!failed) return { path: file, version: stdout.trim().replace(/^v/, "") };
  }
  return undefined;
}

/**
 * The same for who cannot do without.
 *
 * @param instead what else would do
 * @throws UserError that says where to get one
 */
export async function neededEngine(
  environment: NodeJS.ProcessEnv = process.env,
  instead = "",
): Promise<Engine> {
  const engine = await findEngine(environment);
  if (engine !== undefined) return engine;
  throw new UserError(
    `there is no Pulumi CLI on the PATH or in ~/.pulumi; install it (https://www.pulumi.com/docs/install/)${instead}`,
  );
}

/** The folder of plugins and versions; `PULUMI_HOME` moves it. */
export const pulumiHome = (environment: NodeJS.ProcessEnv = process.env) =>
  environment.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");

const isExecutable = (file: string) =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The command of the npm package `pulumi`, which would download a CLI that it does not have yet. */
async function isNpmWrapper(file: string): Promise<boolean> {
  return (await realpath(file)).endsWith(".js");
}
