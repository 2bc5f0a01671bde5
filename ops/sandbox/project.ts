/** A Pulumi project of a sandbox: this checkout's program, a stack file and a state of its own. */
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { root } from "../bundle.mjs";
import { type EngineEvent, isInternal, type Metadata, oneLine, parsed } from "../engine/events.ts";
import { type Engine, pulumiHome } from "../engine/find.ts";
import { UserError } from "../errors.ts";
import { type PolicyEvent, PolicyEvents, type PolicyVerdict, passes, policyPack } from "./policies.ts";

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
  for (const entry of ["package.json", "sdks", "node_modules", "infra"])
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

/** What the engine does to one resource, as it happens. */
export interface Step {
  name: string;
  type: string;
  op: string;
  state: "started" | "done" | "failed";
}

/** How a run of the engine ended. */
export interface Outcome {
  ok: boolean;
  /** Resources by operation: `create`, `update`, `delete`, `same`, …; components and the stack left out. */
  changes: { [op: string]: number };
  seconds: number;
  /** What went wrong, as the engine says it. */
  errors: string[];
  /** What the policies say, where they were asked. */
  policies?: PolicyVerdict;
}

/** The Pulumi CLI on a sandbox's project. */
export class PulumiProject {
  private running: { kill(signal: NodeJS.Signals): boolean; ended: Promise<unknown> } | undefined;

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
    this.running?.kill("SIGINT");
    await this.running?.ended;
  }

  private async operation(args: string[], onStep: (step: Step) => void): Promise<Outcome> {
    const started = Date.now();
    const changes: Outcome["changes"] = {};
    const errors: string[] = [];
    const policyEvents = new PolicyEvents();
    const command = [...args, "--stack", stack, "--json"];
    const child = execa(this.engine.path, [...command, "--non-interactive"], {
      ...this.options(),
      env: { ...this.environment, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
      lines: true,
    });
    this.running = { kill: (signal) => child.kill(signal), ended: child.catch(() => undefined) };
    for await (const line of child) {
      const event = parsed<EngineEvent & PolicyEvent>(line);
      if (event === undefined) continue;
      policyEvents.see(event);
      const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
      if (diagnosticEvent?.severity === "error" && !diagnosticEvent.ephemeral)
        errors.push(named(diagnosticEvent));
      for (const [found, state] of [
        [resourcePreEvent, "started"],
        [resOutputsEvent, "done"],
        [resOpFailedEvent, "failed"],
      ] as const) {
        const step = found && stepOf(found.metadata, state);
        if (step === undefined) continue;
        if (state === "done") changes[step.op] = (changes[step.op] ?? 0) + 1;
        if (step.op !== "same") onStep(step);
      }
    }
    const { exitCode, stderr } = await child;
    this.running = undefined;
    const policies = policyEvents.verdict();
    const stopped = policies !== undefined && !passes(policies);
    if (exitCode !== 0 && errors.length === 0 && !stopped) errors.push(lastLine([stderr].flat().join("\n")));
    return {
      ok: exitCode === 0,
      changes,
      seconds: (Date.now() - started) / 1000,
      errors,
      ...(policies && { policies }),
    };
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

function stepOf({ urn, type, op }: Metadata, state: Step["state"]): Step | undefined {
  if (isInternal(type)) return undefined;
  return { name: urn.split("::").at(-1) ?? urn, type, op, state };
}

/** A message with the resource that it is about. */
function named({ message, urn }: { message: string; urn?: string }): string {
  const name = urn?.split("::").at(-1);
  return name === undefined || name === "" ? oneLine(message) : `${name}: ${oneLine(message)}`;
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
