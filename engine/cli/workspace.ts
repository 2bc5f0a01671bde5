/** The Pulumi CLI in a project's folder with its stacks. Nothing else starts it on a stack. */
import { execa } from "execa";
import { visible } from "../../vendors/redaction.ts";
import { UserError } from "../errors.ts";
import { type Failure, whyFailed } from "./causes.ts";
import { parsed } from "./events.ts";
import { type Engine, neededEngine } from "./find.ts";
import { removeEmptySidecars } from "./sidecar.ts";
import { Stack } from "./stack.ts";

export interface CliOptions {
  /** All variables that reach the engine, the program and the providers. This process' own by default. */
  environment?: NodeJS.ProcessEnv;
  /** Told of what was put right on the way, such as a lock that a killed engine left. */
  say?: (text: string) => void;
}

/** How one command is run. */
export interface RunOptions {
  /** What the command reads from its standard input, so that it stands on no command line. */
  input?: string;
  /** Seconds after which it is given up. */
  timeout?: number;
  /** Beside the workspace's own, for this command only. */
  variables?: NodeJS.ProcessEnv;
}

/** What a command of the CLI printed. */
interface Answer extends Failure {
  ok: boolean;
  stdout: string;
}

/** An operation's process. */
export interface Started {
  lines: AsyncIterable<string>;
  ended: Promise<{ ok: boolean; stderr: string }>;
  interrupt(): void;
}

/** A stack, as it is listed. */
export interface StackSummary {
  name: string;
  /** Of its last `up`, if there was one. ISO 8601. */
  lastUpdate?: string;
  /** Resources in its state, components included; undefined while it has never been brought up. */
  resourceCount?: number;
}

export class Workspace {
  private readonly environment: NodeJS.ProcessEnv;
  readonly say: (text: string) => void;

  constructor(
    readonly engine: Engine,
    readonly folder: string,
    { environment = process.env, say }: CliOptions = {},
  ) {
    this.environment = environment;
    this.say = say ?? ((text) => void process.stderr.write(`${visible(text, "\n")}\n`));
  }

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

  /**
   * What a command prints.
   *
   * @param stack for messages, where the command is about one
   * @throws UserError in one line; of a command that opens secrets only what its words are known to mean
   */
  async ask(args: readonly string[], options: RunOptions = {}, stack = ""): Promise<string> {
    const answer = await this.run(args, options);
    if (answer.ok) return answer.stdout;
    const command = args.slice(0, args[0] === "config" || args[0] === "cancel" ? 1 : 2).join(" ");
    const opensSecrets = args[0] === "config" || args.includes("--show-secrets");
    throw new UserError(whyFailed(command, stack, answer, opensSecrets));
  }

  /** Never throws. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Answer> {
    const answer = await this.attempt(args, options);
    return !answer.ok && (await this.mended(answer.stderr)) ? this.attempt(args, options) : answer;
  }

  /**
   * Puts right what a killed engine left beside a state in files, of which every command says no more than EOF.
   *
   * @returns whether it is worth trying again
   */
  async mended(said: string): Promise<boolean> {
    if (!/\bEOF\b/.test(said)) return false;
    const { stdout } = await this.attempt(["whoami", "--verbose", "--json"], {});
    const url = parsed<{ url?: string }>(stdout)?.url ?? this.environment.PULUMI_BACKEND_URL ?? "";
    const removed = await removeEmptySidecars(url, this.folder);
    if (removed.length > 0)
      this.say(
        `the engine was killed while it wrote beside the state, which is whole: ${removed.join(", ")} removed`,
      );
    return removed.length > 0;
  }

  /**
   * Starts the CLI for an operation that is followed line by line.
   *
   * @param variables beside the workspace's own, for this operation only
   * @param apart in a group of its own, so that a terminal's Ctrl-C does not reach it
   */
  start(args: readonly string[], variables: NodeJS.ProcessEnv, apart: boolean): Started {
    const child = execa(this.engine.path, [...args, ...always], {
      ...this.surroundings({ ...variables, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" }),
      detached: apart,
      lines: true,
      stdin: "ignore",
      // Events carry whole states: they are read, not kept.
      buffer: { stdout: false },
    });
    const ended = child.then(({ failed, stderr }) => ({ ok: !failed, stderr: stderr.join("\n") }));
    return { lines: child, ended, interrupt: () => void child.kill("SIGINT") };
  }

  private async attempt(args: readonly string[], { input, timeout, variables }: RunOptions): Promise<Answer> {
    const { stdout, stderr, failed, signal, timedOut } = await execa(this.engine.path, [...args, ...always], {
      ...this.surroundings(variables),
      ...(input === undefined ? { stdin: "ignore" } : { input }),
      ...(timeout !== undefined && { timeout: timeout * 1000 }),
    });
    return { ok: !failed, stdout, stderr, signal, gaveUpAfter: timedOut ? timeout : undefined };
  }

  private surroundings(variables: NodeJS.ProcessEnv = {}) {
    return {
      cwd: this.folder,
      env: { ...this.environment, PULUMI_SKIP_UPDATE_CHECK: "true", ...variables },
      extendEnv: false,
      reject: false,
    } as const;
  }
}

/** Nobody is asked anything, and nobody sees colours. */
const always = ["--non-interactive", "--color", "never"];
