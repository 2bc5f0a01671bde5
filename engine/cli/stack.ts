/** A stack, as the Pulumi CLI knows it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { UserError } from "../errors.ts";
import { whyFailed } from "./causes.ts";
import { type EngineEvent, type PolicyFinding, parsed, policyFindings } from "./events.ts";
import { Operation, type OperationOptions } from "./operation.ts";
import type { RunOptions, Workspace } from "./workspace.ts";

/** A resource of an exported state. Secrets in it are encrypted. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** When it came into the state, ISO 8601: also by an import. */
  created?: string;
  /** Marked by the engine for deletion, which an interrupted run did not get to. */
  delete?: boolean;
  /** When an operation last changed it, ISO 8601, by the clock of whoever ran it. */
  modified?: string;
  inputs?: { [name: string]: unknown };
  outputs?: { [name: string]: unknown };
}

/** An operation of an exported state whose end nobody knows. */
export interface PendingOperation {
  resource: { urn: string };
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** What the last operation left. */
export interface Deployment {
  resources: readonly StateResource[];
  /** What a killed engine had begun, and did not live to note: it may exist without being recorded. */
  pending: readonly PendingOperation[];
}

/** A setting of the stack file, decrypted. Secret. */
export interface Setting {
  value?: string;
  /** For a setting that is a list or an object. */
  objectValue?: unknown;
}

/** What the engine can do to a stack. */
export type OperationKind = "preview" | "up" | "refresh" | "destroy";

export class Stack {
  /** @param file in place of the stack's own stack file */
  constructor(
    readonly workspace: Workspace,
    readonly name: string,
    private readonly file?: string,
  ) {}

  /** Makes it, empty; which stack is the current one stays. */
  async create(secretsProvider?: string): Promise<void> {
    const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
    await this.workspace.ask(["stack", "init", this.name, "--no-select", ...provider], {}, this.name);
  }

  /** Removes it when it has no resources any more, and its stack file. */
  async remove(): Promise<void> {
    await this.ask(["stack", "rm", "--yes"]);
  }

  /** What a command prints. @throws UserError in one line */
  ask(args: readonly string[], options?: RunOptions): Promise<string> {
    return this.workspace.ask([...args, ...this.flags()], options, this.name);
  }

  /** Its state; nothing in it before the first `up`. */
  async state(): Promise<Deployment> {
    const { deployment } = JSON.parse(await this.ask(["stack", "export"])) as {
      deployment: { resources?: StateResource[]; pending_operations?: PendingOperation[] } | null;
    };
    return { resources: deployment?.resources ?? [], pending: deployment?.pending_operations ?? [] };
  }

  /** Its outputs, decrypted. Secret. */
  async outputs(options?: RunOptions): Promise<Record<string, unknown>> {
    const printed = await this.ask(["stack", "output", "--json", "--show-secrets"], options);
    return parsed<Record<string, unknown>>(printed) ?? {};
  }

  /** All settings of its stack file, decrypted. Secret. */
  async settings(options?: RunOptions): Promise<Record<string, Setting>> {
    return JSON.parse(await this.ask(["config", "--show-secrets", "--json"], options)) as Record<
      string,
      Setting
    >;
  }

  /**
   * What a pack of policies says of its state as it is: the program does not run, and no vendor is asked.
   *
   * @throws UserError when the pack cannot be asked
   */
  async analyzed(pack: string): Promise<PolicyFinding[]> {
    const settings = Object.entries(await this.settings());
    const values = Object.fromEntries(settings.map(([key, { value = "" }]) => [key, value]));
    const { ok, stdout, ...failure } = await this.workspace.run(
      ["policy", "analyze", "--json", "--policy-pack", pack, ...this.flags()],
      // This command tells the pack neither the stack nor its settings (`LoadLocalPolicyPackAnalyzers` without options in
      // Pulumi 3.255): the SDK finds both in these.
      { variables: { PULUMI_NODEJS_STACK: this.name, PULUMI_CONFIG: JSON.stringify(values) } },
    );
    const events = stdout.split("\n").flatMap((line) => parsed<EngineEvent>(line) ?? []);
    const findings = policyFindings(events);
    if (!ok && !findings.some(({ level }) => level === "mandatory"))
      throw new UserError(whyFailed("policy analyze", this.name, failure, true));
    return findings;
  }

  /** One setting, decrypted; undefined when it is not there. */
  async setting(key: string): Promise<string | undefined> {
    const { ok, stdout } = await this.workspace.run(["config", "get", key, "--path", ...this.flags()]);
    return ok ? stdout.replace(/\n$/, "") : undefined;
  }

  /** Encrypts a setting as its secrets provider does. */
  async setSecret(key: string, value: string): Promise<void> {
    await this.ask(["config", "set", "--secret", "--path", key], { input: value });
  }

  /** Gives another stack a setting. What is encrypted is opened and closed again by Pulumi, not here. */
  async copySetting(key: string, to: Stack, target = key): Promise<void> {
    if (target === key) await this.ask(["config", "cp", key, "--path", "--dest", to.name]);
    else await to.setSecret(target, (await this.ask(["config", "get", key, "--path"])).replace(/\n$/, ""));
  }

  async tags(): Promise<Readonly<Record<string, string>>> {
    return parsed<Record<string, string>>(await this.ask(["stack", "tag", "ls", "--json"])) ?? {};
  }

  async tag(name: string, value: string): Promise<void> {
    await this.ask(["stack", "tag", "set", name, value]);
  }

  /** Takes a tag away; one that is not there is no mistake. */
  async untag(name: string): Promise<void> {
    if (name in (await this.tags())) await this.ask(["stack", "tag", "rm", name]);
  }

  /** Takes the lock away that a killed engine left. */
  async cancel(): Promise<void> {
    await this.ask(["cancel", "--yes"]);
  }

  /** Begins an operation. Nobody is asked whether to go on. */
  operate(kind: OperationKind, flags: readonly string[] = [], options?: OperationOptions): Operation {
    const looksOnly = kind === "preview" || flags.includes("--preview-only");
    const consent = looksOnly ? [] : ["--yes", "--skip-preview"];
    return new Operation(this, [kind, ...consent, ...flags, ...this.flags()], options);
  }

  /**
   * Works on the stack with another stack file in place of its own, which stays as it is. The other is there for a
   * while, where only this user can read it.
   */
  async withFile<T>(text: string, work: (stack: Stack, file: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-stack-"));
    try {
      const file = path.join(folder, `Pulumi.${this.name}.yaml`);
      await writeFile(file, text, { mode: 0o600 });
      return await work(new Stack(this.workspace, this.name, file), file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private flags(): string[] {
    return ["--stack", this.name, ...(this.file === undefined ? [] : ["--config-file", this.file])];
  }
}
