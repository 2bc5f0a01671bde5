/** From Pulumi's wire form to the values of a plan. The one place where a secret could slip through. */
import { createHash } from "node:crypto";
import type { Registration } from "../../engine/in-process/recorder.ts";
import { isSecret, unknownValue } from "../../engine/in-process/wire.ts";
import type { PlannedVariable, Value } from "./model.ts";
import type { Tokens } from "./tokens.ts";

/** A value of the wire form as a value of a plan: secrets by digest, tokens by what they stand for. */
export function valuesIn(wire: unknown, tokens: Tokens): Value {
  if (typeof wire === "string") return wire === unknownValue ? { $unknown: true } : tokens.readable(wire);
  if (wire === null || wire === undefined) return null;
  if (typeof wire === "number") return Number.isNaN(wire) ? { $unknown: true } : wire;
  if (typeof wire === "boolean") return wire;
  if (Array.isArray(wire)) return wire.map((item) => valuesIn(item, tokens));
  if (isSecret(wire)) return { $secret: digest(wire.value, tokens) };
  return Object.fromEntries(
    Object.entries(wire).map(([key, inner]) => [tokens.readable(key), valuesIn(inner, tokens)]),
  );
}

/**
 * A digest of the parts that a secret is put together from. It cannot reveal the secret: in a plan there is none,
 * only tokens in its place.
 */
function digest(wire: unknown, tokens: Tokens): string {
  const text = JSON.stringify(valuesIn(wire, tokens));
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The variables that a resource carries to a service; undefined when it is not one that does. */
export function ownerOfVariables(
  { type, inputs }: Registration,
  tokens: Tokens,
): PlannedVariable[] | undefined {
  const variables = inputs.envVars;
  if (!type.startsWith("render:") || typeof variables !== "object" || variables === null) return undefined;
  return Object.entries(opened(variables)).map(([name, entry]) => {
    const wire = opened(entry).value;
    return {
      name: tokens.readable(name),
      value: valuesIn(wire, tokens),
      from: tokens.resourcesOf(JSON.stringify(wire) ?? ""),
    };
  });
}

/** An object, out of the secret that it may be wrapped in. */
function opened(wire: unknown): Record<string, unknown> {
  return isSecret(wire) ? opened(wire.value) : (wire as Record<string, unknown>);
}
