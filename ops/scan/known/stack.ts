/** What the engine knows of a stack: its secrets, in memory only, and what it keeps and shows of them. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import type { Engine } from "../../../engine/cli/find.ts";
import { contract } from "../../../infra/contract.ts";
import { UserError } from "../../errors.ts";
import type { Content } from "../model.ts";
import type { Secret } from "./secrets.ts";

/** A stack, through the Pulumi CLI. Nothing is changed. */
export class Stack {
  constructor(
    private readonly engine: Engine,
    private readonly project: string,
    readonly name: string,
  ) {}

  /** State as it is stored and outputs as they are shown: both without decrypting anything. */
  async contents(): Promise<Content[]> {
    const [state, outputs] = await Promise.all([
      this.pulumi("stack", "export"),
      this.pulumi("stack", "output", "--json"),
    ]);
    return [
      { kind: "state", name: `state of ${this.name} (pulumi stack export)`, bytes: Buffer.from(state) },
      { kind: "outputs", name: `outputs of ${this.name} (pulumi stack output)`, bytes: Buffer.from(outputs) },
    ];
  }

  /** The contract's secret variables, and every setting that the stack file encrypts. */
  async secrets(): Promise<Secret[]> {
    const [outputs, settings, file] = await Promise.all([
      this.pulumi("stack", "output", "--show-secrets", "--json"),
      this.pulumi("config", "--show-secrets", "--json"),
      readFile(path.join(this.project, `Pulumi.${this.name}.yaml`), "utf8").catch(() => ""),
    ]);
    // A stack that never was brought up has no such output.
    const { environment = {} } = JSON.parse(outputs) as { environment?: Record<string, unknown> };
    const variables = Object.entries(environment).flatMap(([name, value]) =>
      (contract as Record<string, { secret: boolean }>)[name]?.secret === true && typeof value === "string"
        ? [{ name, value }]
        : [],
    );
    const open = JSON.parse(settings) as Record<string, { value?: string; objectValue?: unknown }>;
    const { config = {} } = (parse(file) ?? {}) as { config?: Record<string, unknown> };
    const encrypted = Object.entries(config).flatMap(([key, closed]) =>
      opened(key, closed, open[key]?.objectValue ?? open[key]?.value),
    );
    return [...variables, ...encrypted];
  }

  private async pulumi(...args: string[]): Promise<string> {
    const { stdout, stderr, failed } = await execa(
      this.engine.path,
      [...args, "--stack", this.name, "--non-interactive"],
      { cwd: this.project, reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 120_000 },
    );
    if (!failed) return stdout;
    const reason = stderr.split("\n").find((line) => line.startsWith("error:")) ?? "error: no answer";
    throw new UserError(`--stack ${this.name}: pulumi ${args.slice(0, 2).join(" ")}: ${reason.slice(7)}`);
  }
}

/** The values at the places where the stack file has a ciphertext. Names are the settings' paths. */
function opened(name: string, closed: unknown, open: unknown): Secret[] {
  if (typeof closed !== "object" || closed === null) return [];
  if ("secure" in closed) return typeof open === "string" ? [{ name, value: open }] : [];
  const inner = (open ?? {}) as Record<string, unknown>;
  return Object.entries(closed).flatMap(([key, value]) =>
    opened(Array.isArray(closed) ? `${name}[${key}]` : `${name}.${key}`, value, inner[key]),
  );
}
