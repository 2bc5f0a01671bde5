/** Reads a stack file the way the engine does, except that what is encrypted stays closed. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { closest } from "fastest-levenshtein";
import { parse } from "yaml";
import { UserError } from "../../engine/errors.ts";

/** A stack's configuration: values as the program gets them, with a token in place of each encrypted one. */
export interface StackFile {
  project: string;
  stack: string;
  values: Record<string, string>;
  /** Top-level keys that hold an encrypted value somewhere. */
  secretKeys: string[];
}

/**
 * Reads `Pulumi.<stack>.yaml` beside `Pulumi.yaml`.
 *
 * @throws UserError when there is no such stack, or the file is not YAML
 */
export async function readStackFile(root: string, stack: string): Promise<StackFile> {
  const project = (await yamlFile(path.join(root, "Pulumi.yaml"))) as { name?: string };
  const name = `Pulumi.${stack}.yaml`;
  const names = (await readdir(root)).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
  if (!names.includes(name)) throw new UserError(noSuchStack(stack, names));
  const file = (await yamlFile(path.join(root, name))) as { config?: Record<string, unknown> } | null;
  return stackFileOf(project.name ?? "kairos", stack, file?.config ?? {});
}

/** The same for what would stand below `config:` in a stack file that is not there. */
export function stackFileOf(
  project: string,
  stack: string,
  config: Readonly<Record<string, unknown>>,
): StackFile {
  const entries = Object.entries(config);
  return {
    project,
    stack,
    values: Object.fromEntries(entries.map(([key, value]) => [key, asText(closed(value))])),
    secretKeys: entries.filter(([, value]) => holdsSecret(value)).map(([key]) => key),
  };
}

function noSuchStack(stack: string, files: string[]): string {
  const known = files.map((file) => file.replace(/^Pulumi\.|\.yaml$/g, ""));
  const tip = known.length > 0 ? `; did you mean "${closest(stack, known)}"?` : "";
  return `--stack: got "${stack}"; expected one of ${known.sort().join(", ")}${tip}`;
}

async function yamlFile(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(
      `${path.basename(file)}: not found; run the command in the folder that holds Pulumi.yaml`,
    );
  });
  return yamlIn(text, path.basename(file));
}

/** What a YAML text says. @throws UserError with the first line of what is wrong with it, and the file's name */
export function yamlIn(text: string, name: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    const [line = ""] = (error as Error).message.split("\n");
    throw new UserError(`${name}: ${line.replace(/:$/, "")}`);
  }
}

/** A value that is encrypted: `secure: <ciphertext>`. */
function isSecure(value: unknown): value is { secure: string } {
  return typeof value === "object" && value !== null && "secure" in value && Object.keys(value).length === 1;
}

/**
 * What stands in for an encrypted value: recognizable, the same for the same ciphertext, and nothing that could
 * be decrypted. A new ciphertext shows as a change, since nobody can tell that the value is the same.
 */
function closed(value: unknown): unknown {
  if (isSecure(value))
    return `qz${createHash("sha256").update(String(value.secure)).digest("hex").slice(0, 12)}zq`;
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
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

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
