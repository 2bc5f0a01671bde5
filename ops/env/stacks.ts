/** The stacks of this project, as the Pulumi CLI knows them. */
import path from "node:path";
import { execa } from "execa";
import { oneLine, parsed } from "../../engine/cli/events.ts";
import { neededEngine } from "../../engine/cli/find.ts";
import { type Operation, type OperationOptions, operate } from "../../engine/cli/operation.ts";
import { types } from "../../infra/resources.ts";
import { UserError } from "../errors.ts";
import { projectRoot } from "../project.ts";

/** A stack, as it is listed. */
export interface StackSummary {
  name: string;
  /** Of its last `up`, if there was one. */
  lastUpdate?: string;
  /** Resources in its state, components included; undefined while it has never been brought up. */
  resourceCount?: number;
}

/** What of a stack's state matters here. */
export interface StackContents {
  /** Logical names of what was being made when the engine was killed: it may exist without being recorded. */
  interrupted: string[];
  /** Addresses of its web services. */
  urls: string[];
}

export class Stacks {
  private readonly cli: string;
  readonly folder: string;

  constructor(cli: string, folder: string) {
    this.cli = cli;
    this.folder = folder;
  }

  /** @throws UserError when there is no Pulumi CLI */
  static async open(folder = projectRoot): Promise<Stacks> {
    return new Stacks((await neededEngine()).path, folder);
  }

  async list(): Promise<StackSummary[]> {
    const listed = parsed<StackSummary[]>(await this.run(["stack", "ls", "--json"]));
    return listed ?? [];
  }

  async has(stack: string): Promise<boolean> {
    return (await this.list()).some(({ name }) => name === stack);
  }

  /** Makes an empty stack; which stack is the current one stays. */
  async create(stack: string, secretsProvider: string | undefined): Promise<void> {
    const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
    await this.run(["stack", "init", stack, "--no-select", ...provider]).catch((error: Error) => {
      if (!/already exists/.test(error.message)) throw error;
      throw new UserError(`env: ${stack} is being made by another up: wait for it, and run this again`);
    });
  }

  async tags(stack: string): Promise<Readonly<Record<string, string>>> {
    const printed = await this.run(["stack", "tag", "ls", "--json", "--stack", stack]);
    return parsed<Record<string, string>>(printed) ?? {};
  }

  async tag(stack: string, name: string, value: string): Promise<void> {
    await this.run(["stack", "tag", "set", name, value, "--stack", stack]);
  }

  /** Gives a stack a setting of another one's. What is encrypted is opened and closed again by Pulumi, not here. */
  async copySetting(from: string, key: string, to: string, target = key): Promise<void> {
    if (target === key) {
      await this.run(["config", "cp", key, "--path", "--stack", from, "--dest", to]);
      return;
    }
    const value = await this.run(["config", "get", key, "--path", "--stack", from]);
    await this.run(["config", "set", target, "--path", "--secret", "--stack", to], value.replace(/\n$/, ""));
  }

  async state(stack: string): Promise<StackContents> {
    const exported = parsed<ExportedState>(await this.run(["stack", "export", "--stack", stack]));
    const { resources = [], pending_operations: pending = [] } = exported?.deployment ?? {};
    return {
      interrupted: pending
        .filter(({ type }) => type === "creating")
        .map(({ resource }) => resource.urn.split("::").at(-1) ?? resource.urn),
      urls: resources
        .filter(({ type }) => type === types.web)
        .flatMap(({ outputs }) => (typeof outputs?.url === "string" ? [outputs.url] : [])),
    };
  }

  up(stack: string, policies: boolean, options: FollowOptions = {}): Operation {
    const pack = policies ? ["--policy-pack", path.join(this.folder, "infra", "policies")] : [];
    return this.operate(["up", "--yes", "--skip-preview", ...pack, "--stack", stack], options);
  }

  /** Looks first what is still there: what somebody else has deleted, or a killed run, cannot be deleted again. */
  destroy(stack: string, options: FollowOptions = {}): Operation {
    return this.operate(["destroy", "--refresh", "--yes", "--skip-preview", "--stack", stack], options);
  }

  /** Takes the lock away that a killed engine left. */
  async cancel(stack: string): Promise<void> {
    await this.run(["cancel", "--yes", "--stack", stack]);
  }

  /** Removes a stack that has no resources any more, and its stack file. */
  async remove(stack: string): Promise<void> {
    await this.run(["stack", "rm", "--yes", "--stack", stack]);
  }

  private operate(args: string[], options: FollowOptions): Operation {
    return operate(this.cli, args, { cwd: this.folder, apart: true, ...options });
  }

  private async run(args: string[], input?: string): Promise<string> {
    const { stdout, stderr, exitCode, signal } = await execa(this.cli, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
      reject: false,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
    });
    if (exitCode !== 0)
      throw new UserError(
        `pulumi ${args.slice(0, 2).join(" ")}: ${complaint(stderr) || `ended by ${signal ?? `itself, ${exitCode}`}`}`,
      );
    return stdout;
  }
}

type FollowOptions = Pick<OperationOptions, "onStep" | "onEvent">;

/** What went wrong; the CLI writes warnings before it and hints after it. */
function complaint(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const said = lines.filter((line) => line.startsWith("error: "));
  return oneLine((said.length > 0 ? said : lines.slice(-1)).join("; ").replaceAll("error: ", ""));
}

interface ExportedState {
  deployment: {
    resources?: { type: string; outputs?: { url?: unknown } }[];
    pending_operations?: { type: string; resource: { urn: string } }[];
  } | null;
}
