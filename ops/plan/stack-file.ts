/** Reads a stack file the way the engine does, except that what is encrypted stays closed. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { closest } from "fastest-levenshtein";
import { UserError } from "../../engine/errors.ts";
import { type Resolved, readYaml } from "../../engine/yaml.ts";
import { visible } from "../../vendors/redaction.ts";

/** A stack's configuration: values as the program gets them, with a token in place of each encrypted one. */
export interface StackFile {
  project: string;
  stack: string;
  values: Record<string, string>;
  /** Top-level keys that hold an encrypted value somewhere. */
  secretKeys: string[];
  /** What YAML makes something else of, by its place below `config:`. */
  resolved?: readonly Resolved[];
}

/** A whole stack file. */
interface Content {
  value: unknown;
  resolved?: readonly Resolved[];
}

/**
 * Reads `Pulumi.<stack>.yaml` beside `Pulumi.yaml`.
 *
 * @throws UserError when there is no such stack, or the file is not YAML
 */
export async function readStackFile(root: string, stack: string): Promise<StackFile> {
  const { value: project } = await yamlFile(path.join(root, "Pulumi.yaml"));
  const name = `Pulumi.${stack}.yaml`;
  const names = (await readdir(root)).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
  if (!names.includes(name)) throw new UserError(noSuchStack(stack, names));
  const file = await yamlFile(path.join(root, name));
  return stackFileOf((project as { name?: string }).name ?? "kairos", stack, file);
}

/**
 * The same for what would stand in a stack file that is not there.
 *
 * @throws UserError for a key that Pulumi does not take
 */
export function stackFileOf(project: string, stack: string, { value, resolved = [] }: Content): StackFile {
  const { config } = (value ?? {}) as { config?: Readonly<Record<string, unknown>> | null };
  const isGroup = typeof (config ?? {}) === "object" && !Array.isArray(config) && !Array.isArray(value);
  if (!isGroup || typeof (value ?? {}) !== "object")
    throw new UserError(`Pulumi.${stack}.yaml: got no group of settings; expected them below config:`);
  const keyOf = (key: string) => {
    const [namespace, name, ...more] = key.replace(/^([^:]*):config:/, "$1:").split(":");
    if (name === undefined) return `${project}:${key}`;
    if (more.length === 0) return `${namespace}:${name}`;
    throw new UserError(
      `Pulumi.${stack}.yaml: ${visible(key).slice(0, 100)}: got two colons; expected <namespace>:<name>`,
    );
  };
  const entries = Object.entries(config ?? {}).map(([key, value]) => [keyOf(key), value] as const);
  const below = resolved.filter(({ path: [top, key] }) => top === "config" && key !== undefined);
  return {
    project,
    stack,
    values: Object.fromEntries(entries.map(([key, value]) => [key, asText(closed(value))])),
    secretKeys: entries.filter(([, value]) => holdsSecret(value)).map(([key]) => key),
    resolved: below.map((one) => ({ ...one, path: [keyOf(String(one.path[1])), ...one.path.slice(2)] })),
  };
}

function noSuchStack(stack: string, files: string[]): string {
  const known = files.map((file) => file.replace(/^Pulumi\.|\.yaml$/g, ""));
  const tip = known.length > 0 ? `; did you mean "${closest(stack, known)}"?` : "";
  return `--stack: got "${stack}"; expected one of ${known.sort().join(", ")}${tip}`;
}

async function yamlFile(file: string): Promise<Content> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(
      `${path.basename(file)}: not found; run the command in the folder that holds Pulumi.yaml`,
    );
  });
  return readYaml(text, path.basename(file));
}

/** A value that is encrypted: `secure: <ciphertext>`. */
function isSecure(value: unknown): value is { secure: string } {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return false;
  return "secure" in value && typeof value.secure === "string";
}

/**
 * What stands in for an encrypted value: recognizable, the same for the same ciphertext, and nothing that could
 * be decrypted. A new ciphertext shows as a change, since nobody can tell that the value is the same.
 */
function closed(value: unknown): unknown {
  if (isSecure(value)) return `qz${createHash("sha256").update(value.secure).digest("hex").slice(0, 12)}zq`;
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, closed(inner)]),
    );
  return value;
}

/** True for what {@link closed} puts in place of an encrypted value. */
export const isClosed = (value: unknown): value is string =>
  typeof value === "string" && /^qz[0-9a-f]{12}zq$/.test(value);

/** Whether something encrypted stands in a value. */
export function holdsSecret(value: unknown): boolean {
  if (isSecure(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/** Numbers beyond JavaScript's are exact where Pulumi hands over a text, and the nearest one in JSON. */
function asText(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "bigint") return String(value);
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? Number(inner) : inner));
}
