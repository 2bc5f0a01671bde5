/** A Pulumi project of a sandbox: this checkout's program, a stack file and a state of its own. */
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { type Engine, pulumiHome } from "../../engine/cli/find.ts";
import { type Outcome as Ended, type Operation, operate, type Step } from "../../engine/cli/operation.ts";
import { root } from "../bundle.mjs";
import { UserError } from "../errors.ts";
import { type PolicyEvent, PolicyEvents, type PolicyVerdict, policyPack } from "./policies.ts";

/** The stack that all sandboxes run. */
export const stack = "sandbox";

/** A stack's configuration, by key. */
export type Config = { [key: string]: unknown };

/** Reads `Pulumi.sandbox.yaml` of this checkout. */
export async function sandboxConfig(): Promise<Config> {
  const file = path.join(root, `Pulumi.${stack}.yaml`);
  return (parse(await readFile(file, "utf8")) as { config: Config }).config;
}

/** Where a sandbox has its project. */
export const projectFolder = (folder: string) => path.join(folder, "project");

/**
 * Makes the project's folder, or renews its stack file. The program and the packages are links, so that the next run
 * sees what was edited meanwhile; the state and the stack file's own salt stay.
 */
export async function prepareProject(folder: string, config: Config): Promise<string> {
  const project = projectFolder(folder);
  await mkdir(path.join(project, "state"), { recursive: true, mode: 0o700 });
  for (const entry of ["package.json", "sdks", "node_modules", "infra", "vendors"])
    await symlink(path.join(root, entry), path.join(project, entry)).catch(ignoreExisting);
  await copyFile(path.join(root, "Pulumi.yaml"), path.join(project, "Pulumi.yaml"));
  const file = path.join(project, `Pulumi.${stack}.yaml`);
  const known = parse(await readFile(file, "utf8").catch(() => "{}")) as { encryptionsalt?: string };
  const salt = known.encryptionsalt === undefined ? {} : { encryptionsalt: known.encryptionsalt };
  await writeFile(file, stringify({ ...salt, config }));
  return project;
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
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...clouds,
  };
}

/** How a run of the engine ended. */
export interface Outcome extends Ended {
  /** What the policies say, where they were asked. */
  policies?: PolicyVerdict;
}

/** The Pulumi CLI on a sandbox's project. */
export class PulumiProject {
  private running: Operation | undefined;

  constructor(
    private readonly engine: Engine,
    readonly folder: string,
    private readonly environment: { [name: string]: string },
  ) {}

  /** Makes the stack unless it is there. */
  async select(): Promise<void> {
    const { exitCode, stderr } = await this.run(["stack", "select", "--create", stack]);
    if (exitCode !== 0) throw new UserError(lastLine(stderr));
  }

  /** With the policies: it is the `up` that knows every value. */
  up(onStep: (step: Step) => void): Promise<Outcome> {
    return this.operation(["up", "--yes", "--skip-preview", "--policy-pack", policyPack], onStep);
  }

  /** Without the policies, which would cost two seconds more to say the same again. */
  preview(): Promise<Outcome> {
    return this.operation(["preview"], () => undefined);
  }

  /** Runs any command of the CLI as a person would; resolves to its exit code. */
  async interactive(args: readonly string[]): Promise<number> {
    const { exitCode } = await execa(this.engine.path, args, { ...this.options(), stdio: "inherit" });
    return exitCode ?? 1;
  }

  /** Asks a running engine to stop in good order. */
  async interrupt(): Promise<void> {
    this.running?.interrupt();
    await this.running?.outcome;
  }

  private async operation(args: string[], onStep: (step: Step) => void): Promise<Outcome> {
    const policyEvents = new PolicyEvents();
    this.running = operate(this.engine.path, [...args, "--stack", stack], {
      cwd: this.folder,
      env: this.environment,
      extendEnv: false,
      onStep,
      onEvent: (event) => policyEvents.see(event as PolicyEvent),
    });
    const outcome = await this.running.outcome;
    this.running = undefined;
    const policies = policyEvents.verdict();
    return { ...outcome, ...(policies && { policies }) };
  }

  private run(args: string[]) {
    return execa(this.engine.path, [...args, "--non-interactive"], this.options());
  }

  private options() {
    return {
      cwd: this.folder,
      env: this.environment,
      extendEnv: false,
      reject: false,
      // A Ctrl-C on the terminal is for the command, which then asks the engine to stop.
      cleanup: true,
    } as const;
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
