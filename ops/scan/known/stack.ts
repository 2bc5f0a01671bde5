/** What the engine knows of a stack: its secrets, in memory only, and what it keeps and shows of them. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Stack } from "../../../engine/cli/stack.ts";
import { yamlIn } from "../../../engine/yaml.ts";
import { contract } from "../../../infra/contract.ts";
import type { Content } from "../model.ts";
import type { Secret } from "./secrets.ts";

/** Seconds that the state may take to come. */
const patience = { timeout: 120 };

/** A stack, through the Pulumi CLI. Nothing is changed. */
export class ScannedStack {
  private readonly stack: Stack;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  get name(): string {
    return this.stack.name;
  }

  /** State as it is stored and outputs as they are shown: both without decrypting anything. */
  async contents(): Promise<Content[]> {
    const [state, outputs] = await Promise.all([
      this.stack.ask(["stack", "export"], patience),
      this.stack.ask(["stack", "output", "--json"], patience),
    ]);
    return [
      { kind: "state", name: `state of ${this.name} (pulumi stack export)`, bytes: Buffer.from(state) },
      { kind: "outputs", name: `outputs of ${this.name} (pulumi stack output)`, bytes: Buffer.from(outputs) },
    ];
  }

  /** The contract's secret variables, and every setting that the stack file encrypts. */
  async secrets(): Promise<Secret[]> {
    const [outputs, settings, file] = await Promise.all([
      this.stack.outputs(patience),
      this.stack.settings(patience),
      readFile(path.join(this.stack.workspace.folder, `Pulumi.${this.name}.yaml`), "utf8").catch(() => ""),
    ]);
    // A stack that never was brought up has no such output.
    const { environment = {} } = outputs as { environment?: Record<string, unknown> };
    const variables = Object.entries(environment).flatMap(([name, value]) =>
      (contract as Record<string, { secret: boolean }>)[name]?.secret === true && typeof value === "string"
        ? [{ name, value }]
        : [],
    );
    const { config = {} } = (yamlIn(file, `Pulumi.${this.name}.yaml`) ?? {}) as {
      config?: Record<string, unknown>;
    };
    const encrypted = Object.entries(config).flatMap(([key, closed]) =>
      opened(key, closed, settings[key]?.objectValue ?? settings[key]?.value),
    );
    return [...variables, ...encrypted];
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
