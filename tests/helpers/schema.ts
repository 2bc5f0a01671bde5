/** A provider's own schema, as the real engine gives it, and how an SDK's tables depart from it. */
import type { Spec } from "../../sdks/bridge.ts";
import type { Members, Optional, Shape } from "../../sdks/shapes.ts";

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
  language?: { nodejs?: { requiredInputs?: string[]; requiredOutputs?: string[] } };
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
  resources: Record<string, ResourceSchema>;
  functions: Record<string, { inputs: ObjectSpec; outputs: ObjectSpec }>;
  types: Record<string, ObjectSpec>;
}

/** What the SDK says otherwise than the schema, one line each; an SDK may leave out what is optional. */
export function departures(schema: Pick<Schema, "types">, spec: Spec, real: RealSpec): string[] {
  return [
    ...new Comparison(schema, "in").members("inputs", spec.inputs, real.inputs),
    ...new Comparison(schema, "out").members("outputs", spec.outputs ?? {}, real.outputs),
  ];
}

interface RealSpec {
  inputs: ObjectSpec;
  outputs: ObjectSpec;
}

/** A resource's schema in the form that a function's has. */
export const ofResource = ({ inputProperties, requiredInputs, properties, required }: ResourceSchema) => ({
  inputs: { properties: inputProperties, required: requiredInputs ?? [] },
  outputs: { properties, required: required ?? [] },
});

/** The properties whose values the schema calls secret. */
export function secretsOf({ inputProperties, properties }: ResourceSchema): string[] {
  const all = Object.entries({ ...properties, ...inputProperties });
  return all.flatMap(([name, { secret }]) => (secret ? [name] : [])).sort();
}

class Comparison {
  constructor(
    private readonly schema: Pick<Schema, "types">,
    private readonly side: "in" | "out",
  ) {}

  members(path: string, ours: Members, real: ObjectSpec, nested = false): string[] {
    // A type that goes both ways has one list, and one of its own for the way that differs.
    const { requiredInputs, requiredOutputs } = real.language?.nodejs ?? {};
    const required = (this.side === "in" ? requiredInputs : requiredOutputs) ?? real.required ?? [];
    const told = Object.entries(ours).flatMap(([name, member]) => {
      const property = real.properties[name];
      if (property === undefined) return [`${path}.${name}: the provider has none`];
      const [shape, optional] = isOptional(member) ? [member.optional, true] : [member, false];
      return [
        ...this.necessity(`${path}.${name}`, optional, !required.includes(name), nested),
        ...this.shape(`${path}.${name}`, shape, property),
      ];
    });
    if (this.side === "out") return told;
    const lacking = required.filter((name) => ours[name] === undefined);
    return [...told, ...lacking.map((name) => `${path}.${name}: required by the provider, missing here`)];
  }

  /**
   * Bridges differ in what they make of a nested member that Terraform's provider requires: 1.1.3 calls the name
   * of an Essentials database's module required, one of July 2026 optional. An SDK that fits both asks for such a
   * member (what is given satisfies either) and does not count on it in what comes back. A resource's own
   * properties do not differ.
   */
  private necessity(path: string, ours: boolean, theirs: boolean, nested: boolean): string[] {
    if (ours === theirs) return [];
    if (this.side === "in") {
      if (nested && !ours) return [];
      return [ours ? `${path}: optional here, required by the provider` : `${path}: required here alone`];
    }
    return ours ? [] : [`${path}: always there here, the provider may leave it out`];
  }

  private shape(path: string, ours: Shape, real: Property): string[] {
    if (real.$ref !== undefined) {
      const type = this.schema.types[real.$ref.replace("#/types/", "")];
      if (type === undefined) throw new Error(`the schema has no type ${real.$ref}`);
      if (typeof ours === "object" && "object" in ours) return this.members(path, ours.object, type, true);
      return [`${path}: ${kindOf(ours)} here, object by the provider`];
    }
    const kind = { array: "list", object: "map", integer: "number" }[real.type as string] ?? real.type;
    if (kindOf(ours) !== kind) return [`${path}: ${kindOf(ours)} here, ${kind} by the provider`];
    if (typeof ours === "string") return [];
    if ("list" in ours) return this.shape(`${path}[]`, ours.list, real.items as Property);
    if ("map" in ours) return this.shape(`${path}{}`, ours.map, real.additionalProperties as Property);
    return [];
  }
}

const isOptional = (member: Shape | Optional): member is Optional =>
  typeof member === "object" && "optional" in member;

const kindOf = (shape: Shape) => (typeof shape === "string" ? shape : Object.keys(shape)[0]);
