/** A project's folder with its stacks. */
import { Cli, type CliOptions } from "./cli.ts";
import { parsed } from "./events.ts";
import { neededEngine } from "./find.ts";
import { Stack } from "./stack.ts";

/** A stack, as it is listed. */
export interface StackSummary {
  name: string;
  /** Of its last `up`, if there was one. ISO 8601. */
  lastUpdate?: string;
  /** Resources in its state, components included; undefined while it has never been brought up. */
  resourceCount?: number;
}

export class Workspace extends Cli {
  /** @throws UserError when there is no Pulumi CLI */
  static async open(folder: string, options: CliOptions = {}): Promise<Workspace> {
    return new Workspace(await neededEngine(options.environment), folder, options);
  }

  stack(name: string): Stack {
    return new Stack(this, name);
  }

  async list(): Promise<StackSummary[]> {
    return parsed<StackSummary[]>(await this.ask(["stack", "ls", "--json"])) ?? [];
  }

  async has(stack: string): Promise<boolean> {
    return (await this.list()).some(({ name }) => name === stack);
  }
}
