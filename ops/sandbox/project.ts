/** A Pulumi project of a sandbox: this checkout's program, a stack file and a state of its own. */
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Engine, pulumiHome } from "../../engine/cli/find.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { yamlIn, yamlOf } from "../../engine/yaml.ts";
import { contract } from "../../infra/contract.ts";
import { root } from "../bundle.mjs";

/** The stack that all sandboxes run. */
export const stack = "sandbox";

/** A stack's configuration, by key. */
export type Config = { [key: string]: unknown };

/** Reads `Pulumi.sandbox.yaml` of this checkout. */
export async function sandboxConfig(): Promise<Config> {
  const file = path.join(root, `Pulumi.${stack}.yaml`);
  return (yamlIn(await readFile(file, "utf8"), path.basename(file)) as { config: Config }).config;
}

/** A section of the settings. */
export const section = (config: Config, key: string) =>
  config[`kairos:${key}`] as { [name: string]: unknown };

/** Names of variables that the settings give in clear. */
export const plainVariables = (config: Config): string[] =>
  services(config).flatMap(({ variables = {} }) => Object.keys(variables));

/** Names of all variables that a service gets: those of the databases that are on, and its own. */
export function variablesOf(config: Config): string[] {
  const isOn = {
    mongodb: true,
    postgres: section(config, "postgres").enabled === true,
    redis: section(config, "redis").provider !== "none",
  };
  const ofContract = Object.entries(contract).filter(([, { owner }]) => isOn[owner]);
  const own = services(config).flatMap(({ variables = {}, secrets = {} }) =>
    Object.keys({ ...variables, ...secrets }),
  );
  return [...ofContract.map(([name]) => name), ...own];
}

const services = (config: Config) =>
  (config["kairos:backend"] ?? []) as { variables?: object; secrets?: object }[];

/** Where a sandbox has its project. */
export const projectFolder = (folder: string) => path.join(folder, "project");

/**
 * Makes the project's folder, or renews its stack file, but for a restored database. The program and the packages are links, so that the next run
 * sees what was edited meanwhile; the state and the stack file's own salt stay.
 */
export async function prepareProject(folder: string, config: Config): Promise<string> {
  const project = projectFolder(folder);
  await mkdir(path.join(project, "state"), { recursive: true, mode: 0o700 });
  for (const entry of ["package.json", "sdks", "node_modules", "infra", "vendors", "ops"])
    await symlink(path.join(root, entry), path.join(project, entry)).catch(ignoreExisting);
  await copyFile(path.join(root, "Pulumi.yaml"), path.join(project, "Pulumi.yaml"));
  const file = path.join(project, `Pulumi.${stack}.yaml`);
  const known = yamlIn(await readFile(file, "utf8").catch(() => "{}"), path.basename(file)) as {
    encryptionsalt?: string;
    config?: Config;
  };
  const salt = known.encryptionsalt === undefined ? {} : { encryptionsalt: known.encryptionsalt };
  await writeFile(file, yamlOf({ ...salt, config: withRestored(config, known.config ?? {}) }));
  return project;
}

/** A restored database stays what the stack leads to: `backups restore`, or its operator, has said so in the stack file. */
export function withRestored(config: Config, known: Config): Config {
  const kept = (["mongodb", "postgres"] as const).flatMap((key) => {
    const { restored, original, earlier } = section(known, key) ?? {};
    const said = Object.fromEntries(
      Object.entries({ restored, original, earlier }).filter(([, value]) => value !== undefined),
    );
    return Object.keys(said).length === 0 ? [] : [[`kairos:${key}`, { ...section(config, key), ...said }]];
  });
  return { ...config, ...Object.fromEntries(kept) };
}

/** The variables that `pulumi` runs with here: nothing of the user's own account, home folder or network. */
export async function engineEnvironment(
  engine: Engine,
  folder: string,
  passphrase: string,
  clouds: { [name: string]: string },
): Promise<{ [name: string]: string }> {
  // Of the user's Pulumi only the plugins; workspaces, logs and credentials stay in the sandbox.
  const home = path.join(folder, "pulumi");
  await mkdir(home, { recursive: true, mode: 0o700 });
  for (const entry of ["plugins", "dynamic_tf_plugins"])
    await symlink(path.join(pulumiHome(), entry), path.join(home, entry)).catch(ignoreExisting);
  return {
    PATH: `${path.dirname(engine.path)}${path.delimiter}${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ""}`,
    HOME: os.homedir(),
    ...(process.platform === "win32" && { SystemRoot: process.env.SystemRoot ?? "" }),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${path.join(projectFolder(folder), "state")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    // Also for whoever calls `pulumi` here by hand: it would ask Pulumi's own service, which is not here.
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...clouds,
  };
}

/** The sandbox's own stack, made unless it is there, and the current one: commands that name none are about it. */
export async function sandboxStack(workspace: Workspace): Promise<Stack> {
  await workspace.ask(["stack", "select", "--create", stack], {}, stack);
  return workspace.stack(stack);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
