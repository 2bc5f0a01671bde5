/** Values as they travel between a program and its engine. */
import * as pulumi from "@pulumi/pulumi";

const { specialSigKey: signature, specialSecretSig: secretSignature } = pulumi.runtime;

/** Marks an output as secret, as a provider does. */
export const secret = (value: unknown) => ({ [signature]: secretSignature, value });

/** The value with every secret in it closed: nothing but a mark that it is one. */
export function closed(wire: unknown): unknown {
  if (typeof wire !== "object" || wire === null) return wire;
  if (Array.isArray(wire)) return wire.map(closed);
  if ((wire as Record<string, unknown>)[signature] === secretSignature) return { $secret: "" };
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, closed(value)]));
}

/** The value with every secret in it opened. */
export function opened(wire: unknown): unknown {
  if (typeof wire !== "object" || wire === null) return wire;
  if (Array.isArray(wire)) return wire.map(opened);
  if ((wire as Record<string, unknown>)[signature] === secretSignature)
    return opened((wire as { value: unknown }).value);
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, opened(value)]));
}
