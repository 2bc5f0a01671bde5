/** What the engine knows of a stack: its secrets, in memory only, and what it keeps and shows of them. Nothing is changed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Stack } from "../../engine/cli/stack.ts";
import { yamlIn } from "../../engine/yaml.ts";
import { contract } from "../../infra/contract.ts";
import type { Secret } from "./known.ts";
import type { Content } from "./model.ts";

/** Seconds that the state may take to come. */
const patience = { timeout: 120 };

/** State as it is stored and outputs as they are shown: both without decrypting anything. */
export async function contentsOf(stack: Stack): Promise<Content[]> {
  const [state, outputs] = await Promise.all([
    stack.ask(["stack", "export"], patience),
    stack.ask(["stack", "output", "--json"], patience),
  ]);
  return [
    { kind: "state", name: `state of ${stack.name} (pulumi stack export)`, bytes: Buffer.from(state) },
    { kind: "outputs", name: `outputs of ${stack.name} (pulumi stack output)`, bytes: Buffer.from(outputs) },
  ];
}

/** The contract's secret variables, and every setting that the stack file encrypts. */
export async function secretsOf(stack: Stack): Promise<Secret[]> {
  const fileName = `Pulumi.${stack.name}.yaml`;
  const [outputs, settings, file] = await Promise.all([
    stack.outputs(patience),
    stack.settings(patience),
    readFile(path.join(stack.workspace.folder, fileName), "utf8").catch(() => ""),
  ]);
  // A stack that never was brought up has no such output.
  const { environment = {} } = outputs as { environment?: Record<string, unknown> };
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    (contract as Record<string, { secret: boolean }>)[name]?.secret === true && typeof value === "string"
      ? [{ name, value }]
      : [],
  );
  const { config = {} } = (yamlIn(file, fileName) ?? {}) as { config?: Record<string, unknown> };
  const encrypted = Object.entries(config).flatMap(([key, closed]) =>
    opened(key, closed, settings[key]?.objectValue ?? settings[key]?.value),
  );
  return [...variables, ...encrypted];
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
