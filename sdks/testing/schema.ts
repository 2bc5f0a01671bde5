/** A provider's own schema, from the real engine, in the form that declarations.ts reads from an SDK. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { BridgedPackage } from "../bridge.ts";
import { type Members, members, type Shape } from "./declarations.ts";

interface Property {
  type?: "string" | "number" | "integer" | "boolean" | "array" | "object";
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
  secret?: boolean;
}
type PropertyMap = Record<string, Property>;
interface ObjectSpec {
  properties: PropertyMap;
  required?: string[];
  language?: { nodejs?: { requiredOutputs?: string[] } };
}
export interface ResourceSchema extends ObjectSpec {
  inputProperties: PropertyMap;
  requiredInputs?: string[];
}
export interface Schema {
  name: string;
  version: string;
  parameterization: { baseProvider: { name: string; version: string }; parameter: string };
  config: { variables: PropertyMap };
  provider: ResourceSchema;
  resources: Record<string, ResourceSchema>;
  functions: Record<string, { inputs: ObjectSpec; outputs: ObjectSpec }>;
  types: Record<string, ObjectSpec>;
}

const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
const engine = [...(process.env.PATH ?? "").split(delimiter), join(home, "bin")]
  .map((directory) => join(directory, "pulumi"))
  .find(existsSync);

/** Why the comparison cannot be made, if it cannot. */
export function missing({ bridgeVersion, version }: BridgedPackage, source: string): string | undefined {
  if (engine === undefined) return "no pulumi engine here";
  // An interrupted installation leaves the directory behind, so look for the program itself.
  const bridge = `resource-terraform-provider-v${bridgeVersion}`;
  const plugin = join(home, "plugins", bridge, "pulumi-resource-terraform-provider");
  if (!existsSync(plugin)) return `no ${bridge} here`;
  // Below the name of the registry it came from. Not where the SDK says it is: that is to be compared.
  const cache = process.env.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR ?? join(home, "dynamic_tf_plugins");
  const registries = existsSync(cache) ? readdirSync(cache) : [];
  const installed = registries.some((it) => existsSync(join(cache, it, source.toLowerCase(), version)));
  return installed ? undefined : `no ${source} ${version} here`;
}

/** Asks the real engine for the schema. It keeps what state it needs in `state` and reaches no network. */
export async function schemaOf(pkg: BridgedPackage, source: string, state: string): Promise<Schema> {
  const request = ["package", "get-schema", `terraform-provider@${pkg.bridgeVersion}`, source, pkg.version];
  const { stdout } = await promisify(execFile)(engine as string, request, {
    cwd: state,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // A proxy where nothing listens, with no exception: whatever tries to leave fails at once.
      HTTP_PROXY: "http://127.0.0.1:1",
      HTTPS_PROXY: "http://127.0.0.1:1",
      NO_PROXY: "",
      no_proxy: "",
    },
  });
  return JSON.parse(stdout);
}

/** What the schema says of a set of properties, references followed. */
export function fromSchema(
  schema: Schema,
  properties: PropertyMap,
  required: string[],
  side: "in" | "out",
): Members {
  const shapeOf = (property: Property): Shape => {
    if (property.$ref !== undefined) return fromReference(schema, property.$ref, side);
    if (property.type === "array") return { list: shapeOf(property.items as Property) };
    if (property.type === "object") return { map: shapeOf(property.additionalProperties as Property) };
    return property.type === "integer" ? "number" : (property.type as Shape);
  };
  return members(
    Object.entries(properties).map(([name, property]) => [name, required.includes(name), shapeOf(property)]),
  );
}

/** What the schema says of a nested type. */
export function fromReference(schema: Schema, reference: string, side: "in" | "out"): Members {
  const spec = schema.types[reference.replace("#/types/", "")];
  if (spec === undefined) throw new Error(`the schema has no type ${reference}`);
  const known = side === "out" ? spec.language?.nodejs?.requiredOutputs : undefined;
  return fromSchema(schema, spec.properties, known ?? spec.required ?? [], side);
}

/** The properties whose values the schema calls secret. */
export function secretsOf({ inputProperties, properties }: ResourceSchema): string[] {
  const all = Object.entries({ ...properties, ...inputProperties });
  return all.flatMap(([name, { secret }]) => (secret ? [name] : [])).sort();
}
